"""What an OpenTelemetry collector receives of a request: how long what took, and nothing about people."""

import subprocess
import sys

import pytest
from django.conf import settings as project_settings
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from ikz import traces
from tests.listener import listening

pytestmark = pytest.mark.same_on_every_database
SECRET = "anna.arndt@example.org"
# A program of its own, as a running exporter would stay in this one. Its queries need no tables of ours.
PROGRAM = f"""
import django
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
django.setup()
from django.db import connection
from django.test import Client
from ikz import health

def ask(columns):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {{columns}} FROM "sqlite_master" WHERE name = %s', ["{SECRET}"])

client = Client(raise_request_exception=False, headers={{"host": "localhost", "X-Request-ID": "anfrage-0001"}})
health._kept.report = lambda: ask("name") or {{}}
print(client.get("/-/bereit?name={SECRET}").status_code)
health._kept.report = lambda: ask("no_such_column")
print(client.get("/-/bereit?name={SECRET}").status_code)
print(client.get("/?name={SECRET}").status_code)
"""  # noqa: S608 - a table and a column, both of this file


def run(tmp_path, address, **more):
    (tmp_path / "static").mkdir()
    given = {"IKZ_VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "ikz.settings", "IKZ_OTLP_URL": address, **more}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=project_settings.BASE_DIR,
        env=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def spans(bodies):
    requests = [ExportTraceServiceRequest.FromString(body) for body in bodies]
    scopes = [scope for request in requests for each in request.resource_spans for scope in each.scope_spans]
    return [span for scope in scopes for span in scope.spans]


def facts(span):
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The spans that the collector received, and all bytes of them."""
    with listening() as collector:
        done = run(tmp_path_factory.mktemp("traces"), f"http://127.0.0.1:{collector.server_port}")
    assert done.stdout.split() == ["200", "500", "302"], done.stderr
    return spans(collector.received), b"".join(collector.received)


def test_requests_and_their_queries_are_told(told):
    requests = [span for span in told[0] if span.kind == span.SPAN_KIND_SERVER]
    queries = [[span.name for span in told[0] if span.parent_span_id == request.span_id] for request in requests]

    assert [request.name for request in requests] == ["GET", "GET", "GET home"]
    assert queries == [["SELECT sqlite_master"], ["SELECT sqlite_master"], []]
    assert facts(requests[2]) == {
        "ikz.request": "anfrage-0001",
        "http.request.method": "GET",
        "http.response.status_code": 302,
        "http.route": "home",
    }


def test_nothing_about_people_is_told(told):
    assert SECRET.encode() not in told[1]
    assert b"bereit" not in told[1]


def test_failed_request_and_query_are_told_by_kind(told):
    failed = [span for span in told[0] if span.status.code == span.status.STATUS_CODE_ERROR]

    assert [span.name for span in failed] == ["SELECT sqlite_master", "GET"]
    assert facts(failed[0])["error.type"] == "OperationalError"
    assert [(span.status.message, list(span.events)) for span in failed] == [("", []), ("", [])]


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ('SELECT "a"."id", COUNT(*) FROM "a" INNER JOIN "b" ON 1', "SELECT a"),
        ('INSERT INTO "a" ("id") VALUES (%s)', "INSERT INTO a"),
        ('UPDATE "a" SET "b" = (SELECT 1 FROM "c")', "UPDATE a"),
        ('DELETE FROM "a" WHERE "id" IN (SELECT "id" FROM "b")', "DELETE FROM a"),
        ('(SELECT 1 FROM "a") UNION (SELECT 1 FROM "b")', "SELECT a"),
        ("RELEASE SAVEPOINT x", "RELEASE"),
    ],
)
def test_query_is_told_by_verb_and_table(sql, name):
    assert traces._verb_and_table(sql) == name


def test_collector_that_is_away_stops_nobody(tmp_path):
    # By itself it tries for ten seconds to tell the last of it.
    done = run(tmp_path, "http://127.0.0.1:9", OTEL_EXPORTER_OTLP_TIMEOUT="1")

    assert done.stdout.split() == ["200", "500", "302"]
