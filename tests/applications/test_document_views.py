"""The guarded way out: who gets a document, in which way, and what is left of it."""

import uuid
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from applications.document_views import RUNS_NOTHING
from applications.models import DocumentView, StoredFile
from applications.models.stored_file import WITHHELD, Scan
from tests.factories import PDF, ApplicationFactory, StoredFileFactory, UserFactory, clerk
from tests.municipal_people import member_of

pytestmark = pytest.mark.django_db
WAYS = ["document", "document_inline"]


@pytest.fixture
def case():
    return ApplicationFactory()


@pytest.fixture
def document(client, case):
    file = StoredFileFactory(application=case, participant=case.participants[0])
    client.force_login(file.uploaded_by)
    return file


def get(client, way, document):
    return client.get(reverse(way, args=[document.uuid]))


@pytest.mark.parametrize(
    ("way", "disposition", "policy"),
    [
        ("document", 'attachment; filename="beschluss.pdf"', "default-src 'self'"),
        ("document_inline", 'inline; filename="beschluss.pdf"', RUNS_NOTHING),
    ],
)
def test_document_is_handed_out_uncached(client, document, way, disposition, policy):
    response = get(client, way, document)

    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"] == disposition
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert set(policy.split("; ")) <= set(response["Content-Security-Policy"].split("; "))


@pytest.mark.parametrize(
    ("who", "answers"),
    [
        ("stranger", [404, 404]),
        ("nobody", [302, 302]),
        ("participant", [200, 404]),
        ("staff without a role", [404] * 2),
    ],
)
def test_document_is_not_handed_out_to_others(client, case, document, who, answers):
    people = {
        "stranger": lambda: UserFactory(is_staff=False),
        "participant": lambda: member_of(case.participants[0].municipality),
        "staff without a role": UserFactory,
    }
    client.logout()
    if who in people:
        client.force_login(people[who]())

    responses = [get(client, way, document) for way in WAYS]

    assert [response.status_code for response in responses] == answers
    assert [b"".join(each.streaming_content) for each in responses if each.streaming] == [PDF] * answers.count(200)


def test_unknown_document_is_404(client, document):
    assert client.get(reverse("document", args=[uuid.uuid4()])).status_code == 404


@pytest.mark.parametrize("way", WAYS)
def test_changed_document_is_an_alarm_and_no_download(client, settings, caplog, document, way):
    (settings.MEDIA_ROOT / document.file.name).write_bytes(PDF + b" ")

    response = get(client, way, document)

    assert response.status_code == 409
    assert caplog.messages[0] == f"Stored document {document.uuid} differs from its checksum."
    assert DocumentView.objects.count() == 0


def test_document_that_is_gone_is_an_alarm_and_no_error(client, caplog, document):
    Path(document.file.path).unlink()

    response = get(client, "document", document)

    assert response.status_code == 409
    assert caplog.messages[0] == f"Stored document {document.uuid} is gone."


# ── Quarantine ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("scan", "scanner", "sentence"),
    [
        ("clean", "", None),
        ("clean", "unix:/run/clamd", None),
        ("unscanned", "", None),
        ("unscanned", "unix:/run/clamd", WITHHELD[Scan.PENDING]),
        ("pending", "", WITHHELD[Scan.PENDING]),
        ("pending", "unix:/run/clamd", WITHHELD[Scan.PENDING]),
        ("infected", "", WITHHELD[Scan.INFECTED]),
        ("infected", "unix:/run/clamd", WITHHELD[Scan.INFECTED]),
    ],
)
def test_only_what_was_found_clean_leaves_where_a_scanner_is_configured(settings, scan, scanner, sentence):
    settings.IKZ_CLAMD = scanner

    assert StoredFile(scan=scan).why_withheld == sentence


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("scan", ["pending", "infected"])
def test_document_in_quarantine_goes_to_nobody(client, case, document, scan, way):
    StoredFile.objects.update(scan=scan)

    for person in [clerk(), document.uploaded_by, UserFactory(is_superuser=True)]:
        client.force_login(person)
        response = get(client, way, document)

        assert response.status_code == 403
        assert WITHHELD[Scan(scan)] in response.content.decode()
    assert DocumentView.objects.count() == 0


def test_pages_name_a_document_in_quarantine_without_a_link(client, case, document):
    StoredFile.objects.update(scan="pending", purpose="other")
    page = reverse("admin:applications_application_change", args=[case.pk])
    portal = reverse("portal:other_documents", args=[case.uuid, case.participants[0].pk])
    link = f'href="{reverse("document", args=[document.uuid])}'

    ministry = client.get(page).content.decode()
    client.force_login(member_of(case.participants[0].municipality))
    outside = client.get(portal).content.decode()

    assert [text.count("noch nicht geprüft") > 0 for text in (ministry, outside)] == [True, True]
    assert [text.count(link) for text in (ministry, outside)] == [0, 0]
    assert WITHHELD[Scan.PENDING] in outside


# ── Who looked ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_look_of_staff_is_recorded(client, case, document):
    audit = UserFactory(roles=["Revision"])
    for person, way in [(case.clerk, "document_inline"), (audit, "document"), (audit, "document")]:
        client.force_login(person)
        b"".join(get(client, way, document).streaming_content)

    assert [(each.file, each.by, each.way) for each in DocumentView.objects.order_by("pk")] == [
        (document, case.clerk, "shown"),
        (document, audit, "downloaded"),
        (document, audit, "downloaded"),
    ]


def test_own_side_leaves_no_trace(client, case, document):
    client.force_login(member_of(case.participants[0].municipality))

    b"".join(get(client, "document", document).streaming_content)

    assert DocumentView.objects.count() == 0


def test_record_of_a_look_is_never_changed(document):
    look = DocumentView.objects.create(file=document, by=document.uploaded_by, way="shown")
    look.way = "downloaded"

    for change in (
        look.save,
        look.delete,
        DocumentView.objects.all().delete,
        lambda: DocumentView.objects.update(way="shown"),
    ):
        with pytest.raises(ValidationError):
            change()

    assert [each.way for each in DocumentView.objects.all()] == ["shown"]


@pytest.mark.parametrize(("role", "sees"), [("Revision", True), ("Sachbearbeitung", False), ("Bewilligung", False)])
def test_audit_sees_who_looked(client, document, role, sees):
    DocumentView.objects.create(file=document, by=document.uploaded_by, way="shown")
    client.force_login(UserFactory(roles=[role]))

    page = client.get(reverse("admin:applications_storedfile_change", args=[document.pk])).content.decode()

    assert ("1 Einsicht, die neuesten zuerst:" in page) == sees
    assert (f"Uhr: {document.uploaded_by}, angesehen" in page) == sees


def test_list_of_looks_is_bounded(client, document, django_assert_num_queries):
    DocumentView.objects.bulk_create(
        DocumentView(file=document, by=document.uploaded_by, way="shown") for _ in range(60)
    )
    client.force_login(UserFactory(is_superuser=True))
    address = reverse("admin:applications_storedfile_change", args=[document.pk])
    client.get(address)

    with django_assert_num_queries(9):
        page = client.get(address).content.decode()

    assert page.count("Uhr: ") == 50
    assert "60 Einsichten, die neuesten zuerst:" in page
