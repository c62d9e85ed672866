"""One line for each request, which nobody can forge, and which names people by key alone."""

import io
import json
import logging
import os
import subprocess
import sys

import pytest
from django.conf import settings as project_settings
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone

from applications.models import Resolution
from ikz.request_log import JsonFormatter, TextFormatter
from ikz.urls import urlpatterns as own_urlpatterns
from tests.factories import (
    ApplicationFactory,
    FileNoteFactory,
    StoredFileFactory,
    UserFactory,
    case_in,
)
from tests.municipal_people import MessageFactory, member_of

own_logger = logging.getLogger("applications.test")
SECRET = "anna.arndt@example.org"


def warn(request):
    own_logger.warning("Dokument %s fehlt.", "7\nINFO gefälscht")
    return fail(request)


def fail(request):
    raise ValueError(f"Die Adresse {SECRET} gibt es schon.")


urlpatterns = [*own_urlpatterns, path("warn/", warn)]


@pytest.fixture
def lines():
    """Call it for what was logged, line by line, as in production."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonFormatter())
    root, requests = logging.getLogger(), logging.getLogger("ikz.request_log")
    level = requests.level
    root.addHandler(handler)
    requests.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.removeHandler(handler)
    requests.setLevel(level)


def without_time(line):
    assert line["time"].endswith("+00:00")
    assert isinstance(line.get("milliseconds", 0), int)
    return {name: value for name, value in line.items() if name not in ("time", "milliseconds")}


def request_line(lines):
    (line,) = [without_time(line) for line in lines() if line["logger"] == "ikz.request_log"]
    return {name: value for name, value in line.items() if name not in ("level", "logger", "message")}


def test_request_leaves_one_line(lines, db):
    response = Client().get(reverse("account_login") + "?next=/portal/&email=" + SECRET)

    assert request_line(lines) == {
        "request": response["X-Request-ID"],
        "route": "account_login",
        "method": "GET",
        "status": 200,
    }


@pytest.mark.parametrize("given", ["a1b2c3d4", "2f1e-4.d_9" * 6])
def test_sane_request_id_is_taken_over(given):
    assert Client().get("/-/lebt", headers={"X-Request-ID": given})["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "kurz", "a" * 65, "mit leerzeichen", "a1b2c3d4;x", "übergross"])
def test_strange_request_id_is_replaced(given):
    made = Client().get("/-/lebt", headers={"X-Request-ID": given})["X-Request-ID"]

    assert len(made) == 32
    assert made != given


def test_case_and_account_are_named_by_key_in_the_portal(lines, db, client):
    case = ApplicationFactory()
    person = member_of(case.participants[0].municipality)
    client.force_login(person)

    response = client.get(reverse("portal:case", args=[case.uuid]))

    assert response.status_code == 200
    assert request_line(lines) == {
        "request": response["X-Request-ID"],
        "route": "portal:case",
        "user": person.pk,
        "case": str(case.uuid),
        "method": "GET",
        "status": 200,
    }


@pytest.mark.parametrize("page", ["change", "timeline"])
def test_case_is_named_in_the_admin(lines, db, client, page):
    case, clerk = ApplicationFactory(), UserFactory(roles=["Sachbearbeitung"])
    client.force_login(clerk)

    client.get(reverse(f"admin:applications_application_{page}", args=[case.pk]))

    line = request_line(lines)
    assert (line["user"], line["case"], line["status"]) == (clerk.pk, str(case.pk), 200)


@pytest.fixture
def pages():
    """Pages of one case whose address does not say it, each by its name."""
    case = case_in("checked")
    stored = StoredFileFactory(application=case, scan="clean", scanned_at=timezone.now())
    note, opinion, resolution = FileNoteFactory(application=case), case.opinions.first(), Resolution.objects.first()
    return case, {
        "document": reverse("document", args=[stored.uuid]),
        "storedfile": reverse("admin:applications_storedfile_change", args=[stored.pk]),
        "rescan": reverse("admin:applications_storedfile_rescan", args=[stored.pk]),
        "resend": reverse("admin:applications_message_resend", args=[MessageFactory(application=case).pk]),
        "note": reverse("admin:applications_filenote_change", args=[note.pk]),
        "new note": reverse("admin:applications_filenote_add") + f"?parent={case.pk}",
        "opinion": reverse("admin:applications_opinion_change", args=[opinion.pk]),
        "resolution": reverse("admin:applications_resolution_change", args=[resolution.pk]),
        "entry": reverse("admin:applications_entry_change", args=[case.history.first().pk]),
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["document", "storedfile", "rescan", "resend", "note", "new note", "opinion", "resolution", "entry"]
)
def test_case_is_named_where_the_address_does_not_say_it(lines, client, pages, name):
    case, addresses = pages
    client.force_login(case.clerk)

    is_button = name in ("rescan", "resend")
    (client.post if is_button else client.get)(addresses[name]).close()

    line = request_line(lines)
    assert (line["case"], line["status"]) == (str(case.pk), 302 if is_button else 200)


def test_other_records_are_no_case(lines, db, client):
    client.force_login(UserFactory(roles=["Sachbearbeitung"]))

    client.get(reverse("admin:municipalities_municipality_change", args=[7]))

    assert "case" not in request_line(lines)


@pytest.mark.urls(__name__)
def test_lines_hold_nobodys_data_and_cannot_be_forged(lines):
    client = Client(raise_request_exception=False)

    client.get(f"/warn/?name={SECRET}", REMOTE_ADDR="192.0.2.7", headers={"user-agent": SECRET, "referer": SECRET})
    client.get(f"/{SECRET}/%0aINFO%20gefälscht")

    assert [(line["logger"], line["message"]) for line in lines()] == [
        ("applications.test", "Dokument 7\nINFO gefälscht fehlt."),
        ("django.request", "…: …"),
        ("ikz.request_log", "request"),
        ("ikz.request_log", "request"),
        ("django.request", "…: …"),
    ]
    written = json.dumps(lines())
    assert [word for word in (SECRET, "192.0.2.7", "/warn/") if word in written] == []


@pytest.mark.urls(__name__)
def test_error_is_told_by_kind_and_place(lines):
    Client(raise_request_exception=False).get("/warn/")

    error = next(line for line in lines() if line["logger"] == "django.request")
    assert (error["error"], error["level"], error["route"]) == (
        "ValueError",
        "ERROR",
        "tests.ikz.test_request_log.warn",
    )
    assert error["traceback"][-1].rpartition(":")[0] == __file__
    assert error["traceback"][-1].endswith(" fail")


def record(name, message, *arguments):
    return logging.LogRecord(name, logging.INFO, __file__, 1, message, arguments, None)


@pytest.mark.parametrize(
    ("name", "message", "arguments", "written"),
    [
        ("ikz.outbox", "Mail %s wartet.", (7,), "Mail 7 wartet."),
        ("gunicorn.error", "WORKER TIMEOUT (pid:%s)", (7,), "WORKER TIMEOUT (pid:7)"),
        ("gunicorn.error", "Invalid request from ip=%s: %s", ("192.0.2.7", "x"), "Invalid request from ip=…: …"),
        ("boto3", "Found %(name)s", ({"name": "Anna"},), "Found %(name)s"),
        ("boto3", "100 %", (), "100 %"),
    ],
)
def test_messages_of_others_keep_only_numbers(name, message, arguments, written):
    line = json.loads(JsonFormatter().format(record(name, message, *arguments)))

    assert line["message"] == written


@pytest.mark.parametrize("sign", ["\n", "\r", "\x85", "\u2028", "\x1b"])
def test_no_sign_begins_a_line_of_its_own(sign):
    forged = record("ikz.test", "Datei %s fehlt.", f"a{sign}INFO b")

    assert TextFormatter("%(message)s").format(forged) == "Datei a…INFO b fehlt."
    assert sign not in JsonFormatter().format(record("ikz.test", "Datei %s fehlt.", f"a{sign}INFO b"))


# What Python says of it. The last one ends the process.
STRAYS = [
    (
        "import threading; t = threading.Thread(target=int, args=[{secret!r}]); t.start(); t.join()",
        ("CRITICAL", "ValueError"),
    ),
    ("type('Odd', (), {{'__del__': lambda self: int({secret!r})}})()", ("CRITICAL", "ValueError")),
    ("import sys, threading; t = threading.Thread(target=sys.exit); t.start(); t.join()", None),
    ("import warnings; warnings.warn({secret!r}, UserWarning)", ("WARNING", "UserWarning")),
    ("raise KeyError({secret!r})", ("CRITICAL", "KeyError")),
]


def test_what_python_says_itself_is_a_line_of_json_without_a_text(tmp_path):
    code = "\n".join(each for each, _told in STRAYS).format(secret=SECRET)
    given = {**os.environ, "IKZ_LOG": "json", "IKZ_VAR_DIR": str(tmp_path), "PYTHONWARNINGS": "default::UserWarning"}

    run = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        env=given,
        cwd=project_settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    said = [json.loads(line) for line in (run.stdout + run.stderr).splitlines()]
    assert [(line["level"], line["error"]) for line in said] == [told for _each, told in STRAYS if told]
    assert SECRET not in run.stdout + run.stderr
