"""Disk, scanner, mail server and clock fail under the application; what it said it had done, it had done."""

import contextlib
import signal
import subprocess
import sys

import pytest
from django.conf import settings as project_settings
from django.urls import reverse
from post_office import mail as post_office
from post_office.models import STATUS, Email

from applications.models import StoredFile
from applications.models.stored_file import Scan
from applications.tidying import tidy
from tests import clamd, mail_server, web_server
from tests.applications import pdf_samples
from tests.factories import ApplicationFactory, CooperationFactory, MunicipalityFactory, case_in
from tests.faults.damage import Fault
from tests.faults.interruptions import until
from tests.municipal_people import member_of
from tests.ports import free_port
from tests.web_client import Upload, Visitor, step_page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
KIB = 1024


class Uploader:
    """A person of the lead of a case of its own."""

    def __init__(self, port):
        towns = MunicipalityFactory.create_batch(2)
        self.case = ApplicationFactory(cooperation=CooperationFactory(participants=towns))
        self.visitor = Visitor(member_of(self.case.lead), port)
        self.path = reverse("portal:other_documents", args=[self.case.uuid, self.case.participants[0].pk])

    def upload(self, content=None):
        content = content or pdf_samples.unlike_others(size=100 * KIB, number=1)
        return self.visitor.submit(self.path, [("files", Upload("unterlage.pdf", content))])


def manage(given, *arguments):
    options = {"env": given, "cwd": project_settings.BASE_DIR, "stdout": subprocess.DEVNULL}
    subprocess.run([sys.executable, "manage.py", *arguments], check=True, **options)


# ── Disk ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def small_disk(tmp_path):
    """One MiB for documents, of a file system of its own."""
    folder = tmp_path / "documents"
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip(
            "Volle Platte: Dieser Rechner erlaubt kein eigenes Dateisystem (mount). Abhilfe: als root ausführen."
        )
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_disk_full_while_uploading(small_disk, server):
    fault = Fault("disk full while uploading")
    person = Uploader(server.port)

    answers = [person.upload() for _ in range(14)]

    kept = StoredFile.objects.count()
    fault.tried, fault.acknowledged = len(answers), sum(each.status == 302 for each in answers)
    fault.lost = abs(fault.acknowledged - kept)
    assert {each.status for each in answers} == {302, 503}
    assert "Bitte versuchen Sie es" in answers[-1].body.decode()
    left = tidy(older_than_seconds=0, dry_run=True)
    assert (left.orphans, left.parts) == ([], 0)
    assert fault.look_around().damage == (0, 0, 0, 0)


# ── Scanner ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@contextlib.contextmanager
def scanned_by(environment, folder):
    """The application with a scanner that may listen in this folder, and what it needs to know of it."""
    given = environment | {"IKZ_CLAMD": f"unix:{folder}/clamd.sock", "IKZ_CLAMD_SECONDS": "1"}
    with web_server.running(given) as server:
        yield server, given


@pytest.fixture
def place_of_clamd(tmp_path_factory):
    if clamd.program() is None:
        pytest.skip("clamd FEHLT: Der Virenscanner wird nicht geprüft. Abhilfe: apt-get install clamav-daemon.")
    return tmp_path_factory.mktemp("clamd")


def virus():
    return pdf_samples.plain().replace(b"%PDF-", b"%PDF-", 1) + b"\n%" + clamd.EICAR + b"\n%%EOF\n"


def test_scanner_dead(environment, place_of_clamd):
    """Documents are taken and withheld; once it is there, the worker has them scanned, and locks what is infected."""
    fault = Fault("clamd dead")
    with scanned_by(environment, place_of_clamd) as (server, given):
        people = [Uploader(server.port) for _ in range(3)]
        answers = [people[0].upload(), people[1].upload(), people[2].upload(virus())]
        before = set(StoredFile.objects.values_list("scan", flat=True))
        with clamd.running(place_of_clamd):
            manage(given, "worker", "--once")
        after = list(StoredFile.objects.order_by("pk").values_list("scan", flat=True))

    fault.tried, fault.acknowledged = len(answers), sum(each.status == 302 for each in answers)
    fault.lost = fault.acknowledged - StoredFile.objects.count()
    assert (fault.acknowledged, before) == (3, {Scan.PENDING})
    assert after == [Scan.CLEAN, Scan.CLEAN, Scan.INFECTED]
    assert fault.look_around().damage == (0, 0, 0, 0)


def test_scanner_hangs(environment, place_of_clamd):
    """The upload ends after IKZ_CLAMD_SECONDS, and the document waits."""
    fault = Fault("clamd hanging")
    with scanned_by(environment, place_of_clamd) as (server, given), clamd.running(place_of_clamd) as listening:
        process = clamd.process_at(listening)
        process.send_signal(signal.SIGSTOP)
        answer = Uploader(server.port).upload()
        before = StoredFile.objects.get().scan
        process.send_signal(signal.SIGCONT)
        until(lambda: _scanned(given), "a scan by the scanner that goes on")

    fault.tried, fault.acknowledged = 1, int(answer.status == 302)
    fault.lost = fault.acknowledged - StoredFile.objects.filter(scan=Scan.CLEAN).count()
    assert (answer.status, before, answer.seconds < 10) == (302, Scan.PENDING, True)
    assert fault.look_around().damage == (0, 0, 0, 0)


def _scanned(given):
    manage(given, "worker", "--once")
    return StoredFile.objects.get().scan == Scan.CLEAN


def test_scanner_restarts(environment, tmp_path_factory, place_of_clamd):
    fault = Fault("clamd restarting")
    with scanned_by(environment, place_of_clamd) as (server, given):
        person = Uploader(server.port)
        for _ in range(3):
            with clamd.running(place_of_clamd):
                fault.acknowledged += person.upload().status == 302
            fault.acknowledged += person.upload().status == 302
            fault.tried += 2
        with clamd.running(place_of_clamd):
            manage(given, "worker", "--once")

    fault.lost = fault.acknowledged - StoredFile.objects.filter(scan=Scan.CLEAN).count()
    assert fault.acknowledged == fault.tried
    assert fault.look_around().damage == (0, 0, 0, 0)


# ── Mail and clock ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_mail_server_down_for_hours(environment):
    """A worker asks every hour; the mail server comes back after eight hours, and each mail arrives once."""
    fault = Fault("mail server down for hours", tried=5)
    port = free_port()
    given = environment | {"IKZ_SMTP_URL": f"smtp://127.0.0.1:{port}"}
    for number in range(fault.tried):
        post_office.send(
            [f"person{number}@example.org"], "ikz@example.org", subject=f"Nachricht {number}", message="Text"
        )

    for hours in range(9):
        _work_of_the_worker(given, hours)
    assert Email.objects.filter(status=STATUS.sent).count() == 0
    with mail_server.serving(port) as mailbox:
        for hours in (10, 11):
            _work_of_the_worker(given, hours)

    fault.acknowledged = Email.objects.filter(status=STATUS.sent).count()
    fault.lost = fault.tried - len({to for recipients, _content in mailbox.received for to in recipients})
    assert (fault.acknowledged, len(mailbox.received)) == (5, 5)
    assert fault.look_around().damage == (0, 0, 0, 0)


def _work_of_the_worker(given, hours):
    """One round of a worker whose clock is so many hours ahead."""
    command = [sys.executable, "-m", "tests.other_clock", str(hours), "manage", "worker", "--once"]
    subprocess.run(command, check=True, env=given, cwd=project_settings.BASE_DIR, stdout=subprocess.DEVNULL)


def test_clock_moved_back(environment):
    """The chain counts by its numbers, not by the clock: steps in the past of others are taken and proved."""
    fault = Fault("clock moved back")
    case = case_in("agreement_signed")

    for hours in (0, -1, -24, -400 * 24, 0):
        with web_server.running(environment, processes=1, clock=hours) as server:
            person = Visitor(case.clerk, server.port)
            for name, filled in (("check_application", {}), ("undo", {"reason": "Uhr."})):
                answer = person.submit(step_page(case, name), **filled)
                fault.tried, fault.acknowledged = fault.tried + 1, fault.acknowledged + (answer.status == 302)

    taken = case.history.filter(step__in=["check_application", "undo"])
    fault.lost = fault.acknowledged - taken.count()
    assert fault.acknowledged == fault.tried
    assert [entry.sequence for entry in case.history.all()] == list(range(1, 4 + fault.tried))
    assert len({entry.at.year for entry in taken}) > 1
    assert fault.look_around().damage == (0, 0, 0, 0)
