"""What machines are told: that the process lives, and whether all is there that it needs."""

import threading
import time
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from post_office.models import STATUS, Email

from applications.models import DailyRun, StoredFile
from applications.models.stored_file import Scan
from ikz import health
from tests.applications.demonstration import LOOPBACK
from tests.factories import ApplicationFactory, StoredFileFactory
from tests.ikz.test_antivirus import fake

FINE = {"ok": True, "why": ""}


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch):
    monkeypatch.setattr(health, "_kept", health.Kept(health.CHECKS))


def ask():
    response = Client().get("/-/bereit")
    checks = response.json()["checks"]
    return response.status_code, {name: each["why"] for name, each in checks.items() if not each["ok"]}


def test_process_that_lives_says_so_without_a_database():
    client = Client()
    client.cookies["sessionid"] = "a" * 32

    response = client.get("/-/lebt")

    assert (response.status_code, response.json()) == (200, {"lives": True})
    assert not response.cookies


@pytest.mark.django_db(transaction=True)
def test_ready_when_everything_answers(scanner):
    response = Client().get("/-/bereit")

    assert response.status_code == 200
    assert response.json() == {"ready": True, "checks": dict.fromkeys(health.CHECKS, FINE)}
    assert not list(default_storage.listdir("incoming")[1])


@pytest.mark.parametrize("path", ["/-/lebt", "/-/bereit"])
def test_foreign_host_is_refused_as_everywhere(settings, path):
    settings.ALLOWED_HOSTS = LOOPBACK

    assert Client().get(path, headers={"host": "fremd.example"}).status_code == 400


@pytest.mark.parametrize("path", ["/-/lebt", "/-/bereit"])
@pytest.mark.django_db(transaction=True)
def test_neighbour_without_https_is_answered(settings, path):
    settings.SECURE_SSL_REDIRECT = True

    assert Client().get(path).status_code == 200
    assert Client().get("/konto/anmelden/").status_code == 301


@pytest.mark.django_db(transaction=True)
def test_scanner_that_is_away(settings):
    settings.IKZ_CLAMD = "127.0.0.1:1"

    assert ask() == (503, {"scanner": "Der Virenscanner antwortet nicht."})


@pytest.mark.django_db(transaction=True)
def test_scanner_that_says_something_else(settings):
    with fake(lambda peer: (peer.recv(10), peer.sendall(b"HTTP/1.1 400\0"))) as where:
        settings.IKZ_CLAMD = "{}:{}".format(*where.target)

        assert ask() == (503, {"scanner": "Der Virenscanner antwortet nicht."})


@pytest.mark.django_db(transaction=True)
def test_storage_that_cannot_be_written(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "a file"
    settings.MEDIA_ROOT.write_text("")

    assert ask() == (503, {"storage": "Die Ablage lässt sich nicht beschreiben oder nicht lesen."})


def away():
    raise DatabaseError("password authentication failed for user ikz")


def test_database_that_is_away_tells_no_secrets(monkeypatch):
    monkeypatch.setattr(health, "_kept", health.Kept({"database": away}))

    assert ask() == (503, {"database": "Die Datenbank antwortet nicht."})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("status", "minutes", "answer"),
    [
        (STATUS.queued, 59, (200, {})),
        (STATUS.queued, 61, (503, {"mails": "Die älteste E-Mail wartet seit 61 Minuten."})),
        (STATUS.requeued, 300, (503, {"mails": "Die älteste E-Mail wartet seit 300 Minuten."})),
        (STATUS.sent, 300, (200, {})),
    ],
)
def test_mail_that_waits_too_long(status, minutes, answer):
    email = Email.objects.create(status=status, from_email="a@example.org", to=["b@example.org"])
    Email.objects.filter(pk=email.pk).update(created=timezone.now() - timedelta(minutes=minutes, seconds=5))

    assert ask() == answer


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("scan", "minutes", "answer"),
    [
        (Scan.PENDING, 59, (200, {})),
        (Scan.PENDING, 61, (503, {"scans": "Die älteste Virenprüfung wartet seit 61 Minuten."})),
        (Scan.UNSCANNED, 61, (200, {})),
    ],
)
def test_scan_that_waits_too_long(scanner, scan, minutes, answer):
    stored = StoredFileFactory(application=ApplicationFactory())
    since = timezone.now() - timedelta(minutes=minutes, seconds=5)
    StoredFile.objects.filter(pk=stored.pk).update(scan=scan, scanned_at=None, uploaded_at=since)

    assert ask() == answer


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("days", "is_fine"), [(0, True), (1, True), (2, False)])
def test_daily_work_that_stopped(days, is_fine):
    now, day = timezone.now(), timezone.localdate() - timedelta(days=days)
    DailyRun.objects.create(day=day, started_at=now, finished_at=now)
    DailyRun.objects.create(day=timezone.localdate() + timedelta(days=1), started_at=now)

    why = f"Die tägliche Arbeit wurde zuletzt am {day:%d.%m.%Y} erledigt."
    assert ask() == ((200, {}) if is_fine else (503, {"daily_work": why}))


def test_hanging_check_ends_with_the_time_given_and_is_not_asked_twice(monkeypatch):
    released, asked = threading.Event(), []
    monkeypatch.setattr(health, "SECONDS", 0.2)
    monkeypatch.setattr(health, "KEPT_SECONDS", 0)
    kept = health.Kept({"storage": lambda: asked.append(1) or (released.wait(10) and "")})
    start = time.monotonic()

    reports = [kept.report(), kept.report()]

    assert reports == [{"storage": health.NO_ANSWER}] * 2
    assert time.monotonic() - start < 2
    assert asked == [1]
    released.set()
    while kept.report() != {"storage": ""}:
        assert time.monotonic() - start < 5


def test_report_is_kept_for_a_moment(monkeypatch):
    asked = []
    monkeypatch.setattr(health, "_kept", health.Kept({"database": lambda: asked.append(1) or ""}))

    assert [ask(), ask()] == [(200, {})] * 2
    assert asked == [1]
