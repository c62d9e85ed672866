"""What a Sentry server receives of an error: kind and places, and nothing about people."""

import json
import subprocess
import sys

import pytest
from django.conf import settings as project_settings

from tests.listener import listening

SECRET = "anna.arndt@example.org"
# A program of its own, as a running Sentry would stay in this one. The error rises where it needs no database.
PROGRAM = f"""
import django, logging, sentry_sdk
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
django.setup()
from django.test import Client
from ikz import health

def fail():
    address = "{SECRET}"
    raise ValueError(f"Die Adresse {{address}} gibt es schon.")

health._kept.report = fail
client = Client(raise_request_exception=False, headers={{"host": "localhost", "X-Request-ID": "anfrage-0001"}})
print(client.get("/-/bereit?name={SECRET}").status_code)
logging.getLogger("applications.test").error("Ein Dokument fehlt in der Ablage: %s", "{SECRET}")
sentry_sdk.flush(10)
"""


@pytest.fixture
def sentry():
    with listening() as server:
        yield server


def run(program, tmp_path, dsn):
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=project_settings.BASE_DIR,
        env={"IKZ_VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "ikz.settings", "IKZ_SENTRY_DSN": dsn},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_error_is_reported_without_people(sentry, tmp_path):
    (tmp_path / "static").mkdir()

    done = run(PROGRAM, tmp_path, f"http://schluessel@127.0.0.1:{sentry.server_port}/1")

    assert done.stdout.strip() == "500", done.stderr
    events = [json.loads(each.splitlines()[2]) for each in sentry.received]
    error, message = sorted(events, key=lambda event: "logentry" in event)
    assert [each["type"] for each in error["exception"]["values"]] == ["ValueError"]
    assert error["exception"]["values"][0]["stacktrace"]["frames"][-1]["function"] == "fail"
    assert error["tags"]["request"] == "anfrage-0001"
    assert message["logentry"] == {"message": "Ein Dokument fehlt in der Ablage: %s"}
    assert SECRET.encode() not in b"".join(sentry.received)
    assert b"bereit" not in b"".join(sentry.received)


def test_unreadable_address_stops_the_start_with_a_sentence(tmp_path):
    done = run("import django; django.setup()", tmp_path, "sentry.example")

    assert done.returncode == 1
    assert "ImproperlyConfigured: IKZ_SENTRY_DSN ist nicht lesbar." in done.stderr
    assert "sentry.example" not in done.stderr.splitlines()[-1].partition("zum Beispiel")[0]


def test_reports_do_not_go_over_a_network_in_the_clear(tmp_path):
    """Nor does the error that says so."""
    done = run("import django; django.setup()", tmp_path, "http://schluessel@sentry.ikz.example/1")

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "django.core.exceptions.ImproperlyConfigured: IKZ_SENTRY_DSN führt mit http:// zu einem anderen Rechner: "
        "Fehlerberichte gingen unverschlüsselt über das Netz. Bitte nehmen Sie eine Adresse mit https://."
    )
