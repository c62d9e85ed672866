"""Two people on one form: who saves second keeps what both typed, and loses nothing of what the first one saved."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.models import Cooperation, Participant, Resolution, Signature
from tests.applications.portal.browsing import url
from tests.factories import PDF, AgreementFactory, ApplicationFactory, SignatureFactory, StoredFileFactory, clerk
from tests.municipal_people import member_of

pytestmark = pytest.mark.django_db

OF_ORGAN = {"is_positive": "on", "organ": "Gemeindevertretung"}
FINAL = "Bitte vergleichen Sie und speichern Sie erneut."


@pytest.fixture
def case():
    return ApplicationFactory()


def change_url(record):
    return reverse(f"admin:applications_{record._meta.model_name}_change", args=[record.pk])


def opened(client, address):
    return client.get(address).context["adminform"].form["seen"].value()


def sent(client, address, data):
    response = client.post(address, data)
    return response.context["adminform"].form if response.context else None


def as_it_stands(form):
    """What a browser sends of the form that came back."""
    found = {"seen": form["seen"].value()}
    for bound in form:
        if bound.name not in ("seen", "upload") and bound.value() not in (None, False):
            found[bound.html_name] = "on" if bound.value() is True else bound.value()
    return found


def test_field_that_was_left_alone_takes_what_a_colleague_saved(client, case):
    resolution = Resolution.objects.create(participant=case.participants[0], number="alt", resolved_on=date(2026, 6, 1))
    address, colleague = change_url(resolution), clerk(first_name="Ina", last_name="Kollegin")
    client.force_login(case.clerk)
    seen = opened(client, address)
    same = {"seen": seen, "resolved_on": "01.06.2026", **OF_ORGAN}
    client.force_login(colleague)
    client.post(address, {**same, "number": "NR-VON-A"})
    client.force_login(case.clerk)

    form = sent(client, address, {**same, "number": "alt", "is_public": "on", "wording": "Wortlaut von B"})

    assert form.errors == {
        "__all__": [
            f"Der Vorgang wurde inzwischen von Ina Kollegin geändert ({resolution}). Bitte prüfen Sie den neuen Stand. "
            f"Ihre Eingaben stehen noch im Formular: {FINAL} "
            "Aus dem neuen Stand übernommen, weil Sie es nicht geändert hatten: Beschlussnummer und "
            "Öffentlich."
        ]
    }
    assert sent(client, address, as_it_stands(form)) is None
    stored = Resolution.objects.get()
    assert (stored.number, stored.is_public, stored.wording) == ("NR-VON-A", False, "Wortlaut von B")


@pytest.mark.parametrize(
    ("field", "of_a", "of_b", "stored"),
    [
        ("number", "2", "3", "„2“"),
        ("number", "", "3", "leer"),
        ("resolved_on", "02.06.2026", "03.06.2026", "„02.06.2026“"),
        ("votes_for", "20", "21", "„20“"),
    ],
)
def test_field_that_both_changed_says_what_is_stored_and_keeps_what_was_typed(client, case, field, of_a, of_b, stored):
    resolution = Resolution.objects.create(participant=case.participants[0], number="alt", resolved_on=date(2026, 6, 1))
    client.force_login(case.clerk)
    address = change_url(resolution)
    same = {
        "seen": opened(client, address),
        "number": "alt",
        "resolved_on": "01.06.2026",
        **OF_ORGAN,
    }
    client.post(address, {**same, field: of_a})

    form = sent(client, address, {**same, field: of_b})

    assert form.errors[field] == [
        f"Inzwischen gespeichert: {stored}. Ihr Eintrag steht noch im Feld und ersetzt es, wenn Sie erneut speichern."
    ]
    assert form.non_field_errors()[0].endswith(FINAL)
    assert sent(client, address, {**same, "seen": form["seen"].value(), field: of_b}) is None


def test_choices_and_goals_are_joined_and_said_in_words(client, case):
    cooperation = Cooperation.objects.get()
    client.force_login(case.clerk)
    address = change_url(cooperation)
    same = {"title": cooperation.title, "task_field": cooperation.task_field_id, "lead": cooperation.lead_id}
    same |= {"seen": opened(client, address), "legal_form": cooperation.legal_form, "purpose": cooperation.purpose}
    other = next(each for each in case.participants if each.municipality_id != cooperation.lead_id)
    same |= {"starts_on": f"{cooperation.starts_on:%d.%m.%Y}" if cooperation.starts_on else ""} | rows_of(case)
    client.post(address, {**same, "lead": other.municipality_id, "legal_form": "working_group"})

    form = sent(client, address, {**same, "title": "Neu", "legal_form": "special_purpose_association"})

    assert form["lead"].value() == str(other.municipality_id)
    assert form.errors["legal_form"][0].startswith("Inzwischen gespeichert: „Kommunale Arbeitsgemeinschaft“.")
    assert form.taken == ["Federführende Kommune"]


def test_row_of_a_table_is_joined_like_the_form(client, case):
    cooperation = Cooperation.objects.get()
    client.force_login(case.clerk)
    address = change_url(cooperation)
    same = {"title": cooperation.title, "task_field": cooperation.task_field_id, "lead": cooperation.lead_id}
    same |= {"seen": opened(client, address)} | rows_of(case, personnel_before="100,00", material_before="")
    Participant.objects.update(personnel_before=Decimal(100))
    same["seen"] = opened(client, address)
    client.post(address, {**same, "participants-0-personnel_before": "200", "participants-1-personnel_before": "300"})

    response = client.post(
        address, {**same, "participants-0-material_before": "50", "participants-1-personnel_before": "400"}
    )

    first, second = response.context["inline_admin_formsets"][0].formset.forms[:2]
    assert first.errors == {"__all__": ["Aus dem neuen Stand übernommen: Personalausgaben bisher (€/Jahr)."]}
    assert (first["personnel_before"].value(), first["material_before"].value()) == ("200,00", "50")
    assert second.errors == {
        "personnel_before": [
            "Inzwischen gespeichert: „300,00“. Ihr Eintrag steht noch im Feld und ersetzt es, wenn Sie erneut speichern."
        ]
    }
    assert second["personnel_before"].value() == "400"


def test_file_that_was_replaced_meanwhile_is_said_at_its_field(client, case):
    participant = case.participants[0]
    resolution = Resolution.objects.create(participant=participant, number="1")
    client.force_login(case.clerk)
    address = change_url(resolution)
    same = {"seen": opened(client, address), "number": "1", **OF_ORGAN}
    Resolution.objects.update(file=StoredFileFactory(application=case, participant=participant))

    without = sent(client, address, {**same, "number": "2"})
    with_file = sent(client, address, {**same, "number": "2", "upload": SimpleUploadedFile("b.pdf", PDF)})

    assert (without.taken, "upload" in without.errors) == (["PDF"], False)
    assert with_file.errors["upload"] == [
        "Inzwischen wurde eine andere Datei gespeichert. Bitte wählen Sie Ihre Datei nur dann noch einmal aus, wenn sie "
        "diese ersetzen soll."
    ]


def test_file_is_to_be_picked_again_where_the_page_was_old(client, case):
    resolution = Resolution.objects.create(participant=case.participants[0], number="1")
    client.force_login(case.clerk)
    address = change_url(resolution)
    same = {"seen": opened(client, address), "number": "1", **OF_ORGAN}
    Resolution.objects.update(number="2")

    form = sent(client, address, {**same, "upload": SimpleUploadedFile("b.pdf", PDF)})

    assert form.errors["upload"] == ["Bitte wählen Sie die Datei noch einmal aus: Der Browser behält sie nicht."]


def test_without_knowing_what_was_seen_nothing_is_written_over_unsaid(client, case):
    resolution = Resolution.objects.create(participant=case.participants[0], number="1")
    client.force_login(case.clerk)

    form = sent(client, change_url(resolution), {"number": "2", **OF_ORGAN})

    assert form.errors["number"][0].startswith("Inzwischen gespeichert: „1“.")


def test_signatures_that_a_colleague_began_leave_the_prepared_rows_as_they_are(client, case):
    agreement = AgreementFactory(cooperation=case.cooperation, file=None, signed=False)
    first, second = case.participants[:2]
    client.force_login(case.clerk)
    address = change_url(agreement)
    same = {
        "starts_on": "01.01.2027",
        "ends_on": "31.12.2031",
        "signatures-TOTAL_FORMS": 2,
        "signatures-INITIAL_FORMS": 0,
    }
    same |= {"signatures-0-participant": first.pk, "signatures-1-participant": second.pk}
    same["seen"] = opened(client, address)
    SignatureFactory(agreement=agreement, participant=first)

    form = sent(client, address, {**same, "published_in": "Amtsblatt"})

    assert form.non_field_errors()[0].endswith(FINAL)
    assert sent(client, address, {**same, "published_in": "Amtsblatt", "seen": form["seen"].value()}) is None
    assert Signature.objects.count() == 1


def test_signature_in_the_portal_is_kept_when_the_lead_had_an_old_page(client, case):
    agreement = AgreementFactory(cooperation=case.cooperation, signed=False)
    first, second = case.participants[:2]
    client.force_login(member_of(case.cooperation.lead))
    address = url("agreement", case)
    same = {"seen": client.get(address).context["form"]["seen"].value(), "starts_on": "2027-01-01"}
    same["ends_on"] = "2031-12-31"
    for each in (first, second):
        same |= {f"signature-{each.pk}-{name}": "" for name in ("signatory_1", "signatory_2", "signed_on")}
    theirs = SignatureFactory(agreement=agreement, participant=first)
    typed = {
        f"signature-{first.pk}-signatory_2": "Wir Selbst",
        f"signature-{second.pk}-signatory_1": "A. Neu",
        f"signature-{second.pk}-signatory_2": "B. Neu",
        f"signature-{second.pk}-signed_on": "2026-06-02",
    }

    form = client.post(address, {**same, **typed}).context["form"]

    name = first.municipality.display_name
    assert form.taken == [f"erste Unterschrift von {name}", f"unterschrieben am von {name}"]
    assert form.signatures[0]["signatory_1"].value() == theirs.signatory_1
    assert form.signatures[0].errors["signatory_2"][0].startswith(f"Inzwischen gespeichert: „{theirs.signatory_2}“.")
    again = {f"signature-{first.pk}-{each}": form.signatures[0][each].value() for each in form.signatures[0].fields}
    client.post(address, {**same, **typed, **again, "seen": form["seen"].value()})
    stored = Signature.objects.get(participant=first)
    assert (stored.signatory_1, stored.signatory_2) == (theirs.signatory_1, "Wir Selbst")
    assert Signature.objects.filter(participant=second, signatory_1="A. Neu").exists()


def rows_of(case, **fields):
    found = {"participants-TOTAL_FORMS": len(case.participants), "participants-INITIAL_FORMS": len(case.participants)}
    for number, each in enumerate(case.participants):
        row = {"id": each.pk, "municipality": each.municipality_id, **fields}
        found |= {f"participants-{number}-{name}": value for name, value in row.items()}
    return found
