"""Somebody asks for a document to be scanned anew: where a worker runs, it waits for it, and the last verdict counts until then."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications import scans
from applications.admin.documents import ASKED, NEVER_AGAIN
from applications.file_state import what_the_file_lacks
from applications.models import FieldChange, Message, StoredFile
from ikz import antivirus, health
from tests import clamd
from tests.factories import PDF, ApplicationFactory, ResolutionFactory, StoredFileFactory, clerk

pytestmark = pytest.mark.django_db
ALL_ASKED = (
    "{} erneut geprüft, meist innerhalb weniger Minuten. Bis dahin gilt das bisherige Ergebnis. Das neue steht dann auf "
    "der Seite des Dokuments; wird etwas gefunden, erhält die Sachbearbeitung des Falls eine Nachricht."
)
WAITS = "Uhr hat Konrad Kern eine erneute Virenprüfung angefordert."
IN_THE_LIST = "geprüft, ohne Befund<br>erneute Prüfung angefordert"


@pytest.fixture(autouse=True)
def _house_with_a_worker(settings):
    """And a scanner that does not answer yet: whoever asks it notices."""
    settings.IKZ_MAIL_AT_ONCE, settings.IKZ_CLAMD = False, "unix:/nirgends/clamd.sock"


@pytest.fixture
def case(client):
    case = ApplicationFactory()
    case.clerk.first_name, case.clerk.last_name = "Konrad", "Kern"
    case.clerk.save()
    client.force_login(case.clerk)
    return case


def document(case, scan="clean", content=PDF, name="beschluss.pdf"):
    scanned_at = timezone.now() if scan in ("clean", "infected") else None
    file = ContentFile(content, name=name)
    return StoredFileFactory(application=case, file=file, original_name=name, scan=scan, scanned_at=scanned_at)


def press(client, stored):
    response = client.post(reverse("admin:applications_storedfile_rescan", args=[stored.pk]), follow=True)
    return [str(each) for each in response.context["messages"]]


def choose(client, *documents, follow=True):
    chosen = {"action": "rescan", "_selected_action": [each.pk for each in documents]}
    response = client.post(reverse("admin:applications_storedfile_changelist"), chosen, follow=follow)
    return [str(each) for each in response.context["messages"]] if follow else response.status_code


def page_of(client, stored):
    return client.get(reverse("admin:applications_storedfile_change", args=[stored.pk])).content.decode()


def listed(client, **filters):
    """The names in the list of documents, and how many of them wait for another scan."""
    response = client.get(reverse("admin:applications_storedfile_changelist"), filters)
    return sorted(each.original_name for each in response.context["cl"].result_list), response.text.count(IN_THE_LIST)


def state_of(stored):
    """Its verdict, and whether somebody waits for another."""
    stored.refresh_from_db()
    return stored.scan, stored.awaits_another_scan


@pytest.mark.parametrize("scan", ["clean", "pending", "unscanned"])
def test_request_waits_for_the_worker_and_changes_no_verdict(client, case, scan):
    stored = document(case, scan)
    before = stored.scanned_at

    assert press(client, stored) == [ASKED]

    assert (state_of(stored), stored.scanned_at, stored.scan_tried_at) == ((scan, True), before, None)
    assert list(StoredFile.objects.due_for_scan(timezone.now())) == [stored]
    assert WAITS in page_of(client, stored)


def test_list_shows_and_finds_what_waits_for_another_scan(client, case):
    asked, locked, pending = (document(case, scan, name=f"{scan}.pdf") for scan in ("clean", "infected", "pending"))
    document(case, name="andere.pdf")
    choose(client, asked, pending)
    StoredFile.objects.filter(pk=locked.pk).update(scan_requested_by=case.clerk, scan_requested_at=timezone.now())

    assert listed(client) == (["andere.pdf", "clean.pdf", "infected.pdf", "pending.pdf"], 1)
    assert listed(client, requested="yes") == (["clean.pdf", "pending.pdf"], 1)


@pytest.mark.parametrize("scan", ["clean", "pending", "unscanned"])
def test_worker_answers_the_request(client, case, settings, socket_of_clamd, scan):
    stored = document(case, scan)
    press(client, stored)
    asked = timezone.now()
    settings.IKZ_CLAMD = f"unix:{socket_of_clamd}"

    call_command("worker", once=True)

    assert (state_of(stored), stored.scanned_at > asked) == (("clean", False), True)
    assert (stored.scan_requested_by, stored.scan_requested_at) == (None, None)
    assert not StoredFile.objects.due_for_scan(timezone.now()).exists()
    assert WAITS not in page_of(client, stored)


@pytest.mark.parametrize(
    ("scan", "status", "lacks"),
    [
        ("clean", 200, ""),
        ("pending", 403, "ist noch nicht auf Viren geprüft"),
        ("unscanned", 403, "ist nicht auf Viren"),
    ],
)
def test_document_that_waits_is_read_and_relied_on_as_before(client, case, settings, scan, status, lacks):
    settings.IKZ_ACCEPT_UNSCANNED = False
    stored = document(case, scan)
    press(client, stored)
    stored.refresh_from_db()

    response = client.get(reverse("document", args=[stored.uuid]))
    response.close()

    assert response.status_code == status
    assert lacks in (said := what_the_file_lacks(stored, "Der Beschluss", case))
    assert bool(said) == bool(lacks)


def test_request_that_finds_a_virus_locks_the_document_and_tells_the_clerk(client, case, settings, socket_of_clamd):
    stored = document(case, content=clamd.EICAR)
    ResolutionFactory(participant=case.participants[1], file=stored)
    press(client, stored)
    settings.IKZ_CLAMD = f"unix:{socket_of_clamd}"

    call_command("worker", once=True)

    assert state_of(stored) == ("infected", False)
    assert case.clerk in {each.recipient for each in Message.objects.filter(event="document_infected")}
    assert FieldChange.objects.filter(object_pk=stored.pk).first().changes["scan"] == ["clean", "infected"]
    assert client.get(reverse("document", args=[stored.uuid])).status_code == 403


def test_what_is_infected_stays_so_and_waits_for_nothing(client, case):
    stored = document(case, "infected")

    assert press(client, stored) == [f"Das Dokument bleibt gesperrt. {NEVER_AGAIN}"]
    assert choose(client, stored) == [f"1 Dokument bleibt gesperrt. {NEVER_AGAIN}"]

    assert (state_of(stored), stored.scan_requested_at) == (("infected", False), None)


def test_request_waits_for_a_scanner_that_does_not_answer(client, case):
    stored = document(case)
    press(client, stored)

    call_command("worker", once=True)

    now = timezone.now()
    assert state_of(stored) == ("clean", True)
    assert not StoredFile.objects.due_for_scan(now).exists()
    assert list(StoredFile.objects.due_for_scan(now + timedelta(minutes=1))) == [stored]


def test_request_is_tried_at_once_though_the_last_try_was_a_moment_ago(client, case):
    stored = document(case, "pending")
    scans.rescan(stored)
    assert not StoredFile.objects.due_for_scan(timezone.now()).exists()

    press(client, stored)

    assert list(StoredFile.objects.due_for_scan(timezone.now())) == [stored]


@pytest.mark.parametrize(("verdict", "waits"), [("clean", True), ("infected", False)])
def test_request_during_a_scan_is_not_answered_by_it(client, case, monkeypatch, verdict, waits):
    """The scanner may have learned of the virus meanwhile."""
    stored = document(case)

    def scan(file):
        press(client, stored)
        return antivirus.ScanResult(verdict, antivirus.NO_FINDINGS)

    monkeypatch.setattr(antivirus, "scan", scan)
    scans.rescan(stored)

    assert state_of(stored) == (verdict, waits)
    assert StoredFile.objects.due_for_scan(timezone.now()).exists() == waits


def test_several_are_asked_for_at_once(client, case):
    clean, pending, infected = (document(case, scan) for scan in ("clean", "pending", "infected"))

    assert choose(client, clean, pending, infected) == [
        ALL_ASKED.format("2 Dokumente werden"),
        f"1 Dokument bleibt gesperrt. {NEVER_AGAIN}",
    ]
    assert [state_of(each) for each in (clean, pending, infected)] == [
        ("clean", True),
        ("pending", True),
        ("infected", False),
    ]


def test_no_more_than_so_many_are_asked_for_at_once(client, case, monkeypatch):
    monkeypatch.setattr("applications.admin.documents.AT_ONCE", 2)
    documents = [document(case) for _ in range(4)]

    assert choose(client, *documents) == [
        ALL_ASKED.format("2 Dokumente werden"),
        "2 weitere Dokumente werden nicht geprüft: höchstens 2 auf einmal.",
    ]
    assert sorted(state_of(each)[1] for each in documents) == [False, False, True, True]


@pytest.mark.parametrize("number", [1, 3])
def test_request_takes_the_same_queries_for_one_and_for_three(client, case, number):
    documents = [document(case) for _ in range(number)]
    choose(client, documents[0])

    with CaptureQueriesContext(connection) as queries:
        assert choose(client, *documents, follow=False) == 302

    assert len(queries) == 8


def test_house_without_a_scanner_says_so_and_nothing_waits(client, case, settings):
    settings.IKZ_CLAMD = ""
    stored = document(case)

    assert press(client, stored) == [antivirus.NO_SCANNER]
    assert choose(client, stored) == [
        "0 Dokumente ohne Befund, 0 beanstandet, 1 weiter ungeprüft, 0 übergangen.",
    ]
    assert state_of(stored) == ("clean", False)


def test_request_outlasts_a_time_without_a_scanner(client, case, settings):
    stored = document(case)
    press(client, stored)
    settings.IKZ_CLAMD = ""

    assert not StoredFile.objects.due_for_scan(timezone.now()).exists()
    assert state_of(stored) == ("clean", True)


def test_command_answers_requests_too(client, case, scanner, capsys):
    asked, other = document(case), document(case)
    press(client, asked)

    call_command("rescan_uploads")

    assert capsys.readouterr().out == "1 Dokument ohne Befund, 0 beanstandet, 0 weiter ungeprüft, 0 übergangen.\n"
    assert [state_of(each) for each in (asked, other)] == [("clean", False)] * 2


def test_who_asks_again_waits_since_the_first_time(client, case):
    stored = document(case)
    press(client, stored)
    first = timezone.now() - timedelta(minutes=50)
    StoredFile.objects.update(scan_requested_at=first, scan_tried_at=first)

    client.force_login(colleague := clerk())
    press(client, stored)

    stored.refresh_from_db()
    assert colleague != case.clerk
    assert (stored.scan_requested_by, stored.scan_requested_at, stored.scan_tried_at) == (case.clerk, first, None)


def test_request_for_what_is_gone_ends(client, case, caplog):
    stored = document(case)
    press(client, stored)
    stored.file.storage.delete(stored.file.name)
    stored.refresh_from_db()

    assert scans.rescan(stored).detail == scans.GONE

    assert state_of(stored) == ("clean", False)
    assert f"Stored document {stored.uuid} is gone." in caplog.text


@pytest.mark.parametrize(("minutes", "why"), [(59, ""), (61, "Die älteste Virenprüfung wartet seit 61 Minuten.")])
def test_request_that_waits_too_long_is_told_to_whoever_watches(client, case, minutes, why):
    stored = document(case)
    StoredFile.objects.update(uploaded_at=timezone.now() - timedelta(days=300))
    press(client, stored)
    StoredFile.objects.update(scan_requested_at=timezone.now() - timedelta(minutes=minutes, seconds=5))

    assert health.scans() == why
