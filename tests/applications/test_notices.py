"""Letters of a case: made once, never changed, mended by others."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from applications import evidence, notices, timeline, workflow
from applications.letter_kinds import LetterKind
from applications.models import Letterhead, Notice, StoredFile, TextBlock
from applications.models.notice import UNCHANGED
from applications.typesetting import LetterRefused
from tests.applications import letter_samples, pdf_reading
from tests.factories import UserFactory, case_in, decider
from tests.stationery import stationery

pytestmark = pytest.mark.django_db

ADDRESS = ["Magistrat der Stadt A", "64625 A"]
SALUTATION = "Sehr geehrte Damen und Herren,"


@pytest.fixture
def application():
    stationery()
    return letter_samples.case()


def text_of(notice):
    lines = pdf_reading.lines(notices.content(notice))
    return lines[lines.index(SALUTATION) + 1 : lines.index("Mit freundlichen Grüßen")]


def test_preview_writes_nothing(application):
    letter_samples.preview(LetterKind.GRANT, application)

    assert (Notice.objects.count(), StoredFile.objects.count(), application.history.count()) == (0, 0, 1)


def test_letter_is_kept_with_what_it_was_made_from(application):
    notice = letter_samples.issue(LetterKind.GRANT, application)
    stored = Notice.objects.get(pk=notice.pk)
    versions = stored.text_versions.order_by("block__place", "block__position").values_list("block__key", flat=True)

    assert (stored.kind, stored.file_number, stored.dated_on) == ("grant", application.file_number, letter_samples.DAY)
    assert stored.recipient == ["Magistrat der Stadt Bensheim", "64625 Bensheim"]
    assert (stored.data["amount"], stored.data["draft"]) == ("70.000 €", False)
    assert sorted(versions) == sorted(
        TextBlock.objects.filter(kind="grant", is_standard=True).values_list("key", flat=True)
    )
    assert (stored.file.purpose, stored.file.pages, stored.file.uploaded_by) == ("letter", 3, application.clerk)
    assert pikepdf.open(io.BytesIO(notices.content(stored))).docinfo is not None


def test_letter_enters_the_chain_of_evidence_and_moves_nothing(application):
    notice = notices.issue(application, LetterKind.RECEIPT, by=application.clerk)
    entry = application.history.last()

    assert (entry.source, entry.target, entry.by) == ("drafted", "drafted", application.clerk)
    assert entry.data == {"letter": "receipt", "code": notice.code, "sha256": notice.file.sha256}
    assert evidence.prove(application).broken is None
    assert [event.text for event in timeline.events(application) if event.is_step] == [
        "Schreiben ausgefertigt: Eingangsbestätigung",
        "Fall angelegt",
    ]


def test_step_back_leads_past_a_letter():
    stationery()
    application = case_in("rejected")
    notices.issue(application, LetterKind.REFUSAL, by=application.clerk, recipient=ADDRESS, reasons="Zu spät.")

    application = workflow.take(application, "undo", by=decider(), reason="Versehentlich.")

    assert application.state == "drafted"


@pytest.mark.parametrize("kind", [LetterKind.GRANT, LetterKind.REFUSAL, LetterKind.WITHDRAWAL])
def test_there_is_one_that_holds(application, kind):
    first = letter_samples.issue(kind, application)

    with pytest.raises(LetterRefused) as refusal:
        letter_samples.issue(kind, application)

    assert str(refusal.value) == (
        f"{first} gibt es schon. Einen Fehler beheben Sie mit einem Schreiben, das es berichtigt oder ersetzt."
    )


def test_the_database_keeps_it_at_one_too(application):
    first = letter_samples.issue(LetterKind.GRANT, application)
    first.pk, first.code, first._state.adding = None, "ANOTHER", True
    first.file.pk, first.file._state.adding, first.file.uuid = None, True, "7f2c1e0e-4e0b-4a53-9a9d-0d4d4a3a1a11"
    first.file.save()
    first.file = first.file

    with pytest.raises(IntegrityError), transaction.atomic():
        first.save()


def test_a_replaced_letter_is_replaced_only_once(application):
    first = letter_samples.issue(LetterKind.GRANT, application)
    second = letter_samples.issue(LetterKind.GRANT, application, refers_to=first)

    with pytest.raises(LetterRefused, match="gibt es schon"):
        letter_samples.issue(LetterKind.GRANT, application, refers_to=first)
    third = letter_samples.issue(LetterKind.GRANT, application, refers_to=second)

    assert list(application.notices.holding()) == [third]


def test_voided_letter_stays_and_makes_room(application):
    first = letter_samples.issue(LetterKind.GRANT, application)

    notices.void(first, by=application.clerk, reason="Nicht versandt, falscher Betrag.")
    second = letter_samples.issue(LetterKind.GRANT, application)

    assert list(application.notices.order_by("pk")) == [first, second]
    assert list(application.notices.holding()) == [second]


@pytest.mark.parametrize("kind", [LetterKind.REMINDER, LetterKind.HEARING, LetterKind.REVOCATION])
def test_other_letters_may_be_written_again(application, kind):
    letter_samples.issue(kind, application)
    letter_samples.issue(kind, application)

    assert application.notices.filter(kind=kind).count() == 2


def test_correction_needs_what_it_corrects(application):
    with pytest.raises(LetterRefused, match="Bitte wählen Sie das Schreiben, das berichtigt wird"):
        letter_samples.issue(LetterKind.CORRECTING, application, refers_to=None)


def test_letter_refers_to_its_own_case_only(application):
    stranger = case_in("drafted")
    foreign = notices.issue(stranger, LetterKind.RECEIPT, by=stranger.clerk, recipient=ADDRESS)

    with pytest.raises(LetterRefused, match="ein gültiges Schreiben desselben Falls"):
        letter_samples.issue(LetterKind.CORRECTING, application, refers_to=foreign)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("subject", "anders"),
        ("data", {}),
        ("code", "ANDERS"),
        ("recipient", []),
        ("dated_on", date(2020, 1, 1)),
        ("kind", "refusal"),
    ],
)
def test_nothing_of_a_letter_can_be_changed(application, name, value):
    notice = letter_samples.issue(LetterKind.GRANT, application)
    setattr(notice, name, value)

    with pytest.raises(ValidationError) as refusal:
        notice.save()

    assert refusal.value.messages == [UNCHANGED]


def test_letter_can_be_neither_deleted_nor_updated(application):
    notice = letter_samples.issue(LetterKind.RECEIPT, application)

    for attempt in (
        notice.delete,
        Notice.objects.all().delete,
        lambda: Notice.objects.update(code="X"),
    ):
        with pytest.raises(ValidationError) as refusal:
            attempt()
        assert refusal.value.messages == [UNCHANGED]


REFUSALS = {
    "no letterhead": (
        lambda application: {"on": date(2020, 1, 1)},
        "Für heute ist kein Briefkopf eingerichtet. Bitte wenden Sie sich an die Rolle Stammdaten.",
    ),
    "no period": (
        lambda application: {"period": None},
        "Der Textbaustein „Bewilligungszeitraum“ braucht {{bewilligungszeitraum}} (erster und letzter Tag). Bitte ergänzen "
        "Sie die Angabe oder ändern Sie den Text.",
    ),
    "unknown block": (
        lambda application: {"texts": {"refusal-kosten": "x"}},
        "Diesen Textbaustein gibt es für dieses Schreiben nicht: refusal-kosten.",
    ),
    "unknown placeholder in an edited block": (
        lambda application: {"texts": {"grant-kosten": "{{kosten"}},
        "Textbaustein „Kosten“: Ein Platzhalter ist nicht geschlossen. Bitte schreiben Sie ihn so: {{betrag}}.",
    ),
    "hidden character": (
        lambda application: {"purpose": "Bau\u202ehof"},
        "In „Die Zuwendung ist zweckgebunden. Zuwendungszweck: Bau�hof“ steht ein Zeichen, das in einem Schreiben nicht "
        "vorkommen darf: (U+202E RIGHT-TO-LEFT OVERRIDE). Bitte entfernen Sie es.",
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_refused_letter_leaves_everything_as_it_was(application, name):
    changes, sentence = REFUSALS[name]

    with pytest.raises(LetterRefused) as refusal:
        letter_samples.issue(LetterKind.GRANT, application, **changes(application))

    assert str(refusal.value) == sentence
    assert (Notice.objects.count(), StoredFile.objects.count(), application.history.count()) == (0, 0, 1)


def test_without_a_signatory_no_letter_goes_out():
    stationery(signatory="")

    with pytest.raises(LetterRefused) as refusal:
        letter_samples.issue(LetterKind.RECEIPT)

    assert str(refusal.value) == (
        "Für das Schreiben fehlt noch: Name der unterzeichnenden Person (Briefkopf). Bitte ergänzen Sie die Angabe."
    )


def test_lead_without_a_postal_code_is_named(application):
    lead = application.lead
    lead.postal_code = ""
    lead.save()

    with pytest.raises(LetterRefused) as refusal:
        letter_samples.issue(LetterKind.RECEIPT, application)

    assert str(refusal.value) == (
        "Für die Anschrift von Bensheim fehlt im Register die Postleitzahl. Bitte lassen Sie das von der Rolle Stammdaten "
        "unter „Kommunen“ eintragen."
    )


def test_without_an_account_nothing_is_asked_back(application):
    """The delivered letterhead names none; the letter would refer to „das am Ende genannte Konto“."""
    stationery(bank="")

    with pytest.raises(LetterRefused) as refusal:
        letter_samples.issue(LetterKind.REVOCATION, application)
    nothing_comes_back = letter_samples.issue(
        LetterKind.REVOCATION, application, texts={"revocation-anhoerung": ""}, repayment=Decimal(0), interest=[]
    )

    assert str(refusal.value) == (
        "Im Briefkopf fehlt die Bankverbindung, auf die zu erstatten ist. Bitte lassen Sie sie von der Rolle Stammdaten "
        "unter „Briefköpfe“ eintragen."
    )
    assert nothing_comes_back.data["notes"] == ["Hinweise zum Datenschutz: innen.hessen.de/datenschutz."]


def test_notices_of_a_case_that_nobody_may_see_are_not_shown(application):
    """The lead's draft is its own until it is handed in."""
    letter_samples.issue(LetterKind.RECEIPT, application)
    type(application).objects.filter(pk=application.pk).update(handed_in_by=None, handed_in_at=None)

    assert list(Notice.objects.visible_to(application.clerk)) == []


def test_blocks_are_edited_left_out_and_added(application):
    texts = {
        "reminder-erinnerung": "nur dieser Satz zu {{vorhaben}}.",
        "reminder-folge": "Auch das noch.",
    }

    notice = letter_samples.issue(LetterKind.REMINDER, application, texts=texts)
    kept = letter_samples.issue(LetterKind.RECEIPT, application, texts={"receipt-kein-anspruch": None})

    assert text_of(notice) == ["nur dieser Satz zu Gemeinsamer Bauhof.", "Hinweis", "Auch das noch."]
    assert "Hinweis" not in text_of(kept)


def test_letter_keeps_the_words_that_were_valid_when_it_was_made(application):
    block = TextBlock.objects.get(key="withdrawal-bestaetigung")
    old = block.version
    before = letter_samples.issue(LetterKind.WITHDRAWAL, application)

    new = block.write("Neu: {{vorhaben}}.", by=application.clerk)
    after = letter_samples.issue(LetterKind.WITHDRAWAL, application, refers_to=before)

    assert (old.number, new.number) == (1, 2)
    assert (list(before.text_versions.all()), list(after.text_versions.all())) == ([old], [new])
    assert text_of(after)[-1] == "Neu: Gemeinsamer Bauhof."


def test_letterhead_is_the_one_of_the_day(application):
    newer = Letterhead.objects.get()
    newer.pk, newer.valid_from, newer.signatory, newer._state.adding = None, date(2027, 1, 1), "N. Neu", True
    newer.save()

    signed = [
        letter_samples.issue(LetterKind.RECEIPT, application, on=day).data["signatory"]["signatory"]
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    ]

    assert signed == ["Dr. Maria Muster", "N. Neu"]


def test_version_of_a_block_is_never_changed(application):
    version = TextBlock.objects.first().version
    version.text = "anders"

    for attempt in (version.save, version.delete):
        with pytest.raises(ValidationError, match="Eine Fassung wird nie geändert"):
            attempt()


def test_same_words_are_no_new_version(application):
    block = TextBlock.objects.first()

    assert block.write(block.version.text, by=application.clerk) == block.version


def selection(application, number=3):
    for _ in range(number):
        letter_samples.issue(LetterKind.RECEIPT, application)
    return Notice.objects.select_related("file").order_by("pk")


def test_selection_as_zip(application):
    letters, target = selection(application), io.BytesIO()

    notices.as_zip(letters.iterator(), target)

    with zipfile.ZipFile(target) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            f"{application.file_number} Eingangsbestätigung {each.code}.pdf": notices.content(each) for each in letters
        }


def test_selection_as_one_pdf_begins_each_letter_on_a_new_sheet(application):
    letters, target = selection(application), io.BytesIO()

    notices.as_print_pdf(letters.iterator(), target)

    pages = [" ".join(words) for words in pdf_reading.words_of_pages(target.getvalue())]
    assert [page == "" for page in pages] == [False, True] * 3
    assert [each.code in page for each, page in zip(letters, pages[::2], strict=True)] == [True] * 3


def test_damaged_letter_is_not_handed_out(application, settings):
    notice = letter_samples.issue(LetterKind.RECEIPT, application)
    path = settings.MEDIA_ROOT / notice.file.file.name
    path.chmod(0o600)
    path.write_bytes(b"%PDF-1.7 anders")

    with pytest.raises(LetterRefused, match="stimmt nicht mehr mit seiner Prüfsumme überein"):
        notices.as_zip([notice], io.BytesIO())


def test_letter_is_downloaded_through_the_guarded_door(client, application):
    notice = letter_samples.issue(LetterKind.RECEIPT, application)
    url = reverse("document", args=[notice.file.uuid])

    client.force_login(UserFactory())
    stranger = client.get(url)
    client.force_login(application.clerk)
    clerk = client.get(url)

    assert (stranger.status_code, clerk.status_code) == (404, 200)
    assert b"".join(clerk.streaming_content) == notices.content(notice)


def test_notices_are_visible_to_whoever_may_see_cases(application):
    notice = letter_samples.issue(LetterKind.RECEIPT, application)

    assert list(Notice.objects.visible_to(application.clerk)) == [notice]
    assert list(Notice.objects.visible_to(UserFactory())) == []


def test_letter_of_today_bears_the_date_of_today(application):
    assert notices.issue(application, LetterKind.RECEIPT, by=application.clerk).dated_on == timezone.localdate()
