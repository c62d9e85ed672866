"""Scanning anew, with a real clamd: by command, by button, by several processes at once."""

import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from threading import Barrier
from time import sleep

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from applications import scans
from applications.models import FieldChange, Message, StoredFile
from ikz import antivirus
from tests import clamd
from tests.factories import PDF, ApplicationFactory, ResolutionFactory, StoredFileFactory, UserFactory
from tests.municipal_people import member_of

pytestmark = pytest.mark.django_db
NOWHERE = "unix:/nirgends/clamd.sock"


@pytest.fixture
def case():
    return ApplicationFactory()


def document(case, content=PDF, scan="pending", **fields):
    scanned_at = timezone.now() if scan in ("clean", "infected") else None
    file = ContentFile(content, name="beschluss.pdf")
    return StoredFileFactory(application=case, file=file, scan=scan, scanned_at=scanned_at, **fields)


def command(*arguments):
    out = StringIO()
    call_command("rescan_uploads", *arguments, stdout=out)
    return out.getvalue().strip()


def scan_of(stored):
    stored.refresh_from_db()
    return stored.scan, stored.scanned_at is not None, stored.scan_claimed_at


def test_command_scans_what_nobody_has_scanned(scanner, case):
    pending, unscanned, clean = (document(case, scan=scan) for scan in ("pending", "unscanned", "clean"))
    before = clean.scanned_at

    said = command()

    assert said == "2 Dokumente ohne Befund, 0 beanstandet, 0 weiter ungeprüft, 0 übergangen."
    assert [scan_of(each) for each in (pending, unscanned)] == [("clean", True, None)] * 2
    assert StoredFile.objects.get(pk=clean.pk).scanned_at == before


def test_command_is_bounded_and_goes_on_next_time(scanner, case):
    for _ in range(3):
        document(case)

    assert command("--limit", "2") == "2 Dokumente ohne Befund, 0 beanstandet, 0 weiter ungeprüft, 0 übergangen."
    assert command("--limit", "2") == "1 Dokument ohne Befund, 0 beanstandet, 0 weiter ungeprüft, 0 übergangen."
    assert command("--limit", "2") == "0 Dokumente ohne Befund, 0 beanstandet, 0 weiter ungeprüft, 0 übergangen."


def test_absent_scanner_ends_the_command_and_spoils_no_verdict(settings, case):
    settings.IKZ_CLAMD = NOWHERE
    clean, pending = document(case, scan="clean"), document(case)

    with pytest.raises(CommandError, match="nicht erreichbar"):
        command("--all")
    with pytest.raises(CommandError, match="nicht erreichbar"):
        command()

    assert [scan_of(each) for each in (clean, pending)] == [("clean", True, None), ("pending", False, None)]


def test_without_a_scanner_the_document_says_so(settings, case):
    settings.IKZ_CLAMD = ""
    pending = document(case)

    assert command() == "0 Dokumente ohne Befund, 0 beanstandet, 1 weiter ungeprüft, 0 übergangen."
    assert scan_of(pending) == ("unscanned", False, None)


def test_document_that_is_gone_stays_without_a_verdict(scanner, case, settings, caplog):
    stored = document(case)
    (settings.MEDIA_ROOT / stored.file.name).unlink()

    assert command() == "0 Dokumente ohne Befund, 0 beanstandet, 1 weiter ungeprüft, 0 übergangen."
    assert caplog.messages == [f"Stored document {stored.uuid} is gone."]


def test_later_finding_locks_the_document_and_tells_clerk_and_uploader(scanner, case, client):
    uploader = member_of(case.participants[1].municipality)
    member_of(case.participants[0].municipality)  # has nothing to do with it
    stored = document(case, clamd.EICAR, scan="clean", participant=case.participants[1], uploaded_by=uploader)
    ResolutionFactory(participant=case.participants[1], file=stored)
    entries = list(case.history.values_list("hash", flat=True))

    said = command("--all")
    again = command("--all")

    assert said == "0 Dokumente ohne Befund, 1 beanstandet, 0 weiter ungeprüft, 0 übergangen."
    assert again == "0 Dokumente ohne Befund, 0 beanstandet, 0 weiter ungeprüft, 1 übergangen."
    assert scan_of(stored)[0] == "infected"
    told = Message.objects.filter(event="document_infected")
    assert {each.recipient for each in told} == {uploader, case.clerk}
    assert all("Test.Eicar" in each.text and "Die Datei ist gesperrt" in each.text for each in told)
    assert list(case.history.values_list("hash", flat=True)) == entries
    assert FieldChange.objects.filter(object_pk=stored.pk).first().changes["scan"] == ["clean", "infected"]
    client.force_login(case.clerk)
    assert client.get(reverse("document", args=[stored.uuid])).status_code == 403


def test_claim_of_somebody_else_is_respected_until_it_is_old(scanner, case):
    stored = document(case)
    StoredFile.objects.update(scan_claimed_at=timezone.now())
    respected = scans.rescan(stored)
    StoredFile.objects.update(scan_claimed_at=timezone.now() - scans.CLAIM - timedelta(seconds=1))

    assert (respected, scans.rescan(stored).status) == (None, "clean")


def test_list_that_others_worked_through_meanwhile_is_not_scanned_again(scanner, case, monkeypatch):
    """Two workers begin with the same list; whoever is slower finds nothing left of it."""
    documents = [document(case) for _ in range(3)]
    waiting = list(StoredFile.objects.awaiting_scan())
    for each in documents:
        scans.rescan(each)

    done = scans.rescan_all(waiting, limit=20)

    assert done.outcomes == {None: 3}


def test_verdict_of_a_claim_that_was_lost_does_not_count(scanner, case, monkeypatch):
    stored = document(case)
    later = timezone.now() + timedelta(minutes=11)

    def slow(file):
        StoredFile.objects.update(scan_claimed_at=later)  # somebody else took over meanwhile
        return antivirus.ScanResult("clean", antivirus.NO_FINDINGS)

    monkeypatch.setattr(antivirus, "scan", slow)

    assert scans.rescan(stored) is None
    assert scan_of(stored) == ("pending", False, later)


# ── No document keeps the others waiting ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("why", "is_away"), [(detail, True) for detail in scans.WHY_AWAY] + [(antivirus.NO_VERDICT, False)]
)
def test_scanner_that_does_not_answer_is_asked_once_in_a_round(case, monkeypatch, why, is_away):
    for _ in range(3):
        document(case)
    monkeypatch.setattr(antivirus, "scan", lambda file: antivirus.ScanResult("pending", why))

    done = scans.rescan_all(StoredFile.objects.awaiting_scan(), limit=20)

    assert (done.is_away, done.outcomes["pending"]) == (is_away, 1 if is_away else 3)


def test_hanging_scanner_keeps_a_round_for_one_document(case, settings, tmp_path):
    settings.IKZ_CLAMD, settings.IKZ_CLAMD_SECONDS = f"unix:{tmp_path}/clamd.sock", 1
    for _ in range(3):
        document(case)

    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(f"{tmp_path}/clamd.sock")
        silent.listen()
        done = scans.rescan_all(StoredFile.objects.awaiting_scan(), limit=20)

    assert (done.is_away, done.outcomes["pending"]) == (True, 1)
    assert StoredFile.objects.exclude(scan_tried_at=None).count() == 1


def test_documents_without_an_answer_keep_no_other_one_waiting(scanner, case, settings):
    settings.IKZ_CLAMD = "unix:/nirgends/clamd.sock"
    lost = [document(case) for _ in range(3)]
    for each in lost:
        scans.rescan(each)
    fresh = document(case)

    assert [each.pk for each in StoredFile.objects.awaiting_scan()] == [fresh.pk, *(each.pk for each in lost)]
    assert list(StoredFile.objects.due_for_scan(timezone.now())) == [fresh]
    assert len(StoredFile.objects.due_for_scan(timezone.now() + timedelta(minutes=1))) == 4


def test_command_goes_on_behind_documents_without_an_answer(scanner, case, settings):
    gone, fresh = document(case), document(case, content=PDF + b"\n%")
    (settings.MEDIA_ROOT / gone.file.name).unlink()

    command("--limit", "1")
    command("--limit", "1")

    assert [scan_of(each)[0] for each in (gone, fresh)] == ["pending", "clean"]


def test_without_a_scanner_nothing_is_tried_that_is_known_to_be_unscanned(case, settings):
    settings.IKZ_CLAMD = ""
    document(case, scan="unscanned")
    pending = document(case)

    assert list(StoredFile.objects.due_for_scan(timezone.now())) == [pending]


def test_whoever_stops_scans_nothing_more(scanner, case):
    for _ in range(3):
        document(case)
    stops = iter([False, True])

    done = scans.rescan_all(StoredFile.objects.awaiting_scan(), limit=20, is_stopping=lambda: next(stops))

    assert (done.outcomes["clean"], StoredFile.objects.awaiting_scan().count()) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_never_do_two_scan_the_same_document(scanner, case, monkeypatch):
    stored, barrier, at_it, most = document(case), Barrier(6, timeout=60), [], []

    def scan(file):
        at_it.append(1)
        most.append(len(at_it))
        sleep(0.2)
        at_it.pop()
        return antivirus.ScanResult("clean", antivirus.NO_FINDINGS)

    def run(_number):
        try:
            barrier.wait()
            return scans.rescan(stored)
        finally:
            connection.close()

    monkeypatch.setattr(antivirus, "scan", scan)
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(run, range(6)))

    assert [result.status for result in results if result] == ["clean"]
    assert most == [1]
    assert scan_of(stored) == ("clean", True, None)


# ── In the admin ──────────────────────────────────────────────────────────────────────────────────────────────────────


def press(client, stored):
    response = client.post(reverse("admin:applications_storedfile_rescan", args=[stored.pk]), follow=True)
    return response.status_code, [str(each) for each in response.context["messages"]]


def test_clerk_has_a_document_scanned_anew(scanner, case, client):
    stored = document(case)
    client.force_login(case.clerk)

    assert press(client, stored) == (200, [antivirus.NO_FINDINGS])
    assert scan_of(stored)[0] == "clean"


def test_button_says_when_somebody_else_is_at_it(case, client):
    stored = document(case, scan="infected")
    client.force_login(case.clerk)

    assert press(client, stored) == (200, ["Dieses Dokument wird gerade geprüft oder ist gesperrt."])


@pytest.mark.parametrize("role", ["Revision", "Bewilligung"])
def test_others_have_no_button(case, client, role):
    stored = document(case)
    client.force_login(UserFactory(roles=[role]))

    page = client.get(reverse("admin:applications_storedfile_change", args=[stored.pk]))
    answer = client.post(reverse("admin:applications_storedfile_rescan", args=[stored.pk]))

    assert "Erneut auf Viren prüfen" not in page.content.decode()
    assert answer.status_code == 403


def test_clerk_has_several_documents_scanned_at_once(scanner, case, client, monkeypatch):
    monkeypatch.setattr("applications.admin.documents.AT_ONCE", 2)
    stored = [document(case) for _ in range(3)]
    client.force_login(case.clerk)

    response = client.post(
        reverse("admin:applications_storedfile_changelist"),
        {"action": "rescan", "_selected_action": [each.pk for each in stored]},
        follow=True,
    )

    assert [str(each) for each in response.context["messages"]] == [
        "2 Dokumente ohne Befund, 0 beanstandet, 0 weiter ungeprüft, 0 übergangen.",
        "1 weiteres Dokument wird nicht geprüft: höchstens 2 auf einmal.",
    ]


def test_action_says_that_the_scanner_is_away(settings, case, client):
    settings.IKZ_CLAMD = NOWHERE
    client.force_login(case.clerk)

    response = client.post(
        reverse("admin:applications_storedfile_changelist"),
        {"action": "rescan", "_selected_action": [document(case).pk]},
        follow=True,
    )

    assert [str(each) for each in response.context["messages"]][-1] == scans.AWAY
