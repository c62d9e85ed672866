"""The worker: mails, scans and the daily work; nothing twice, nothing lost, and an end when it is asked to."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings as project_settings
from django.core import mail
from django.core.files.base import ContentFile
from django.core.mail import send_mail
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone
from post_office.models import STATUS, Email

from applications import corrections, daily, scans, usage_reports
from applications.models import DailyRun, Message, StoredFile
from ikz import expired, outbox
from tests import counting_scanner, mail_server, own_database
from tests.factories import PDF, ApplicationFactory, CorrectionRequestFactory, StoredFileFactory, case_in
from tests.faults.interruptions import until
from tests.municipal_people import member_of
from tests.ports import free_port

pytestmark = pytest.mark.django_db

NIGHT, MORNING = (datetime(2026, 10, 1, hour, tzinfo=timezone.get_default_timezone()) for hour in (3, 4))


def test_round_sends_what_waits(settings, capsys):
    settings.IKZ_MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.IKZ_MAIL_AT_ONCE = False
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.EMAIL_BACKEND = "ikz.outbox.OutboxBackend"
    send_mail("Betreff", "Text", None, ["a@example.org"])

    with mail_server.serving(settings.EMAIL_PORT) as mailbox:
        call_command("worker", once=True)
        call_command("worker", once=True)

    assert len(mailbox.received) == 1
    assert Email.objects.get().status == STATUS.sent


def test_worker_outlives_a_database_that_does_not_answer(monkeypatch, caplog):
    rounds = []

    def broken(limit, is_stopping):
        rounds.append(limit)
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(outbox, "send_due", broken)
    call_command("worker", once=True)

    assert rounds == [50]
    assert "Die Datenbank antwortet nicht" in caplog.text


def test_daily_work_is_done_once_from_its_hour_on():
    assert [daily.run_if_due(each) for each in (NIGHT, MORNING, MORNING, MORNING + timedelta(days=1))] == [
        False,
        True,
        False,
        True,
    ]
    assert [each.day for each in DailyRun.objects.all()] == [date(2026, 10, 2), date(2026, 10, 1)]


@pytest.mark.parametrize(("minutes", "is_taken_up"), [(59, False), (61, True)])
def test_work_of_a_killed_worker_is_taken_up_again(minutes, is_taken_up):
    started = timezone.now() - timedelta(minutes=minutes)
    DailyRun.objects.create(day=MORNING.date(), started_at=started)

    assert daily.run_if_due(MORNING) == is_taken_up
    assert (DailyRun.objects.get().finished_at is not None) == is_taken_up


def test_part_of_the_daily_work_that_fails_stops_no_other(monkeypatch, caplog):
    """What expired is forgotten though the reminders of reports and the sweep failed."""
    done = []
    monkeypatch.setattr(usage_reports, "remind", _failing)
    monkeypatch.setattr(daily, "tidy", _failing)
    monkeypatch.setattr(expired, "forget", done.append)

    assert daily.run_if_due(MORNING)

    assert (done, DailyRun.objects.get().finished_at is not None) == ([MORNING], True)
    assert [(each.levelname, each.getMessage()) for each in caplog.records] == [
        ("ERROR", "Erinnerungen an Verwendungsnachweise: nicht erledigt, alles andere geht weiter."),
        ("ERROR", "Aufräumen der Ablage: nicht erledigt, alles andere geht weiter."),
    ]


def test_daily_work_that_is_stopped_begins_no_other_part_and_is_given_back(monkeypatch):
    done, stop = [], threading.Event()
    monkeypatch.setattr(usage_reports, "remind", lambda today: stop.set())
    monkeypatch.setattr(daily, "tidy", _failing)
    monkeypatch.setattr(expired, "forget", done.append)

    assert daily.run_if_due(MORNING, is_stopping=stop.is_set)

    assert (done, DailyRun.objects.count()) == ([], 0)
    monkeypatch.undo()
    assert daily.run_if_due(MORNING)
    assert DailyRun.objects.get().finished_at is not None


def test_daily_work_that_somebody_else_took_over_is_not_given_back():
    slow = DailyRun.objects.claim(MORNING.date())
    DailyRun.objects.update(started_at=slow.started_at + timedelta(hours=2))

    slow.give_back()

    assert DailyRun.objects.count() == 1


def test_worker_hands_its_stop_to_the_daily_work(monkeypatch):
    given = []
    monkeypatch.setattr(daily, "run_if_due", lambda now, *, is_stopping: given.append(is_stopping()))

    call_command("worker", once=True)

    assert given == [False]


def _failing(*args, **kwargs):
    raise OverflowError("date value out of range")


def test_correction_request_that_cannot_be_reminded_of_stops_no_other(monkeypatch, caplog):
    broken, (_item, person) = due(0)[0].request, due(0)
    told = corrections.remind
    monkeypatch.setattr(corrections, "remind", lambda each, day: _failing() if each == broken else told(each, day))

    assert daily.remind(date(2026, 10, 1)) == 1

    assert [each.recipient for each in Message.objects.all()] == [person]
    assert [each.getMessage() for each in caplog.records] == [
        f"Erinnerung an eine Nachforderung, Fall {broken.application_id}: nicht erledigt, alles andere geht weiter."
    ]


def due(days, case=None):
    """A request that is due so many days from the first of October, and somebody who has to answer."""
    case = case or ApplicationFactory()
    participant = case.participants[1]
    person = member_of(participant.municipality)
    request = CorrectionRequestFactory(application=case, due_on=date(2026, 10, 1) + timedelta(days=days))
    return request.items.create(participant=participant, text="Siegel"), person


@pytest.mark.parametrize(("days", "told"), [(4, 0), (3, 1), (0, 1), (-1, 1)])
def test_reminder_comes_three_days_before_and_when_it_is_overdue(days, told):
    due(days)

    assert [daily.remind(date(2026, 10, 1)) for _ in range(2)] == [told, 0]


def test_reminder_comes_again_once_after_the_due_date():
    _item, person = due(2)

    told = [daily.remind(date(2026, 10, 1) + timedelta(days=days)) for days in range(10)]

    assert told == [1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert {each.recipient for each in Message.objects.all()} == {person}


def test_whoever_answered_is_left_in_peace():
    item, person = due(0)
    corrections.submit(item, by=person)
    due(0, case=case_in("checked"))

    assert daily.remind(date(2026, 10, 1)) == 0


# ── No part keeps the others waiting ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def parts_done(monkeypatch):
    """The parts of a round that were reached; each breaks in a way that nobody expects."""
    done = []

    def breaks(name):
        def part(*given, **options):
            done.append(name)
            raise KeyError(name)

        return part

    monkeypatch.setattr(outbox, "send_due", breaks("mails"))
    monkeypatch.setattr(scans, "rescan_all", breaks("scans"))
    monkeypatch.setattr(daily, "run_if_due", breaks("daily"))
    return done


def test_fault_in_one_part_ends_neither_the_worker_nor_the_other_parts(parts_done, caplog):
    call_command("worker", once=True)

    assert parts_done == ["mails", "scans", "daily"]
    assert caplog.messages.count("Ein Teil der Arbeit ist gescheitert; das Übrige geht weiter.") == 3


def test_mail_that_nobody_can_send_lets_everything_else_go_on(settings, monkeypatch):
    settings.IKZ_MAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.IKZ_MAIL_AT_ONCE = False
    bad = Email.objects.create(from_email="a@b.de", to=["=?utf-8?q?=0a?=@example.org"], status=STATUS.queued)
    settings.EMAIL_BACKEND = "ikz.outbox.OutboxBackend"
    send_mail("Betreff", "Text", None, ["a@example.org"])
    monkeypatch.setattr(timezone, "localtime", lambda: MORNING)

    call_command("worker", once=True)

    bad.refresh_from_db()
    assert (bad.status, [each.to for each in mail.outbox]) == (STATUS.failed, [["a@example.org"]])
    assert DailyRun.objects.get().finished_at is not None


# ── Real processes ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def start(tmp_path, settings):
    """Starts a worker on the database of the test; call it with more of its environment."""
    settings.EMAIL_BACKEND, settings.IKZ_MAIL_AT_ONCE = "ikz.outbox.OutboxBackend", False
    environment = {**os.environ, "DATABASE_URL": own_database.address(), "IKZ_VAR_DIR": str(tmp_path)}
    started = []

    def starts(*options, **more):
        process = subprocess.Popen(
            [sys.executable, "manage.py", "worker", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=project_settings.BASE_DIR,
            env=environment | more,
        )
        started.append(process)
        return process

    yield starts
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.django_db(transaction=True)
def test_worker_ends_when_it_is_asked_to(start):
    worker = start()
    assert worker.stdout.readline() == "INFO applications.management.commands.worker: Bereit.\n"

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(30) == 0


@pytest.mark.django_db(transaction=True)
def test_worker_that_is_asked_to_end_finishes_its_mail_and_begins_no_other(start):
    for number in range(3):
        send_mail(f"Nachricht {number}", "Text", None, [f"person{number}@example.org"])
    mailbox, port = mail_server.SlowMailbox(), free_port()
    mailbox.answers_are_held()

    with mail_server.serving(port, mailbox):
        worker = start(IKZ_SMTP_URL=f"smtp://127.0.0.1:{port}")
        until(lambda: mailbox.is_holding, "a worker in the middle of a mail")
        worker.send_signal(signal.SIGTERM)
        time.sleep(0.5)  # it could end now, if it did not finish what it is at
        assert worker.poll() is None
        mailbox.let_go()
        assert worker.wait(30) == 0

    assert [recipients for recipients, _content in mailbox.received] == [["person0@example.org"]]
    assert list(Email.objects.order_by("pk").values_list("status", "number_of_retries")) == [
        (STATUS.sent, 1),
        (STATUS.queued, None),
        (STATUS.queued, None),
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="Mehrere Rechner arbeiten auf PostgreSQL zusammen.")
def test_four_workers_send_each_mail_once(start):
    everybody = [f"person{number}@example.org" for number in range(60)]
    for address in everybody:
        send_mail("Nachricht", "Text", None, [address])
    port = free_port()

    with mail_server.serving(port) as mailbox:
        workers = [start(IKZ_SMTP_URL=f"smtp://127.0.0.1:{port}") for _ in range(4)]
        for worker in workers:  # before that, SIGTERM ends it like any program
            assert worker.stdout.readline() == "INFO applications.management.commands.worker: Bereit.\n"
        until(lambda: not Email.objects.exclude(status=STATUS.sent).exists(), "60 mails that are sent", seconds=90)
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        assert [worker.wait(30) for worker in workers] == [0] * 4

    assert sorted(to for recipients, _content in mailbox.received for to in recipients) == sorted(everybody)
    assert set(Email.objects.values_list("number_of_retries", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="Mehrere Rechner arbeiten auf PostgreSQL zusammen.")
def test_two_workers_share_all_their_work_and_do_none_of_it_twice(start):
    """Both are held in the middle of a mail, so that from there on they meet at everything else."""
    item, person = due((timezone.localdate() - date(2026, 10, 1)).days)
    documents, lost = waiting_documents(item.request.application)
    addresses = [f"person{number}@example.org" for number in range(12)]
    for address in addresses:
        send_mail("Nachricht", "Text", None, [address])
    mailbox, port = mail_server.SlowMailbox(), free_port()
    mailbox.answers_are_held()

    with mail_server.serving(port, mailbox), counting_scanner.listening() as scanner:
        given = {"IKZ_SMTP_URL": f"smtp://127.0.0.1:{port}", "IKZ_CLAMD": scanner.address, "IKZ_DAILY_HOUR": "0"}
        workers = [start(IKZ_MAIL_AT_ONCE="off", **given) for _ in range(2)]
        until(lambda: len(mailbox.received) == 2, "two workers in the middle of a mail", seconds=60)
        mailbox.let_go()
        until(lambda: is_all_done(mails=len(addresses) + 1), "an end of all work", seconds=60)
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        said = "".join(worker.communicate(timeout=30)[0] for worker in workers)

    assert [worker.returncode for worker in workers] == [0, 0]
    assert sorted(to for to, _content in mailbox.received) == sorted([[each] for each in [*addresses, person.email]])
    assert sorted(scanner.scanned) == sorted(documents)
    assert said.splitlines().count(f"ERROR applications.daily: Ein Dokument fehlt in der Ablage: {lost}") == 1
    assert said.count("ERROR") == 1


def waiting_documents(case):
    """The contents of four that nobody has scanned and of four of which somebody wants it again; and what one is called that is lost."""
    contents = [PDF + f"\n% {number}".encode() for number in range(9)]
    stored = [
        StoredFileFactory(application=case, file=ContentFile(content, name="beschluss.pdf")) for content in contents
    ]
    StoredFile.objects.filter(pk__in=[each.pk for each in stored[:4]]).update(scan="pending", scanned_at=None)
    StoredFile.objects.filter(pk__in=[each.pk for each in stored[:8]]).ask_for_scan(by=case.clerk)
    lost = stored[8].file.name
    stored[8].file.storage.delete(lost)
    return contents[:8], lost


def is_all_done(*, mails) -> bool:
    are_sent = Email.objects.filter(status=STATUS.sent).count() == mails
    return (
        are_sent
        and not StoredFile.objects.awaiting_scan().exists()
        and DailyRun.objects.filter(finished_at__isnull=False).exists()
    )


@pytest.mark.django_db(transaction=True)
def test_every_line_of_a_worker_is_json(start):
    worker = start("--once", IKZ_LOG="json")

    lines = [json.loads(line) for line in worker.communicate(timeout=60)[0].splitlines()]

    assert [(line["level"], line["message"]) for line in lines] == [("INFO", "Bereit.")]
