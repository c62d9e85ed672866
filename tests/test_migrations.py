"""A new database takes the short way through the migrations, one that is under way the long one; both end at the same tables."""

import pytest
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from applications.models import StoredFile
from tests.factories import ApplicationFactory, StoredFileFactory

SHORT = ("applications", "0001_squashed_0037_scans_that_somebody_asked_for")
LONG = ("applications", "0037_scans_that_somebody_asked_for")


def tables_after(migration):
    return MigrationLoader(None, replace_migrations=False).project_state([migration])


def differences(before, after):
    changes = MigrationAutodetector(before, after).changes(graph=MigrationLoader(None).graph)
    return [operation.describe() for migration in changes.get("applications", []) for operation in migration.operations]


def test_both_ways_lead_to_the_same_tables():
    short, long = tables_after(SHORT), tables_after(LONG)

    assert differences(short, long) == []
    assert differences(long, short) == []


def test_new_database_takes_the_short_way():
    assert SHORT in MigrationLoader(None).graph.nodes
    assert LONG not in MigrationLoader(None).graph.nodes


@pytest.mark.django_db(transaction=True)
def test_requests_for_scans_of_nobody_end():
    """Before the person was kept there were times alone."""
    case = ApplicationFactory()
    documents = [StoredFileFactory(application=case), StoredFileFactory(application=case, scan="pending")]
    MigrationExecutor(connection).migrate([SHORT])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE applications_storedfile SET scan_requested_at = %s", [timezone.now()])

    MigrationExecutor(connection).migrate([("applications", "0038_who_asked_for_a_scan")])

    asked = StoredFile.objects.order_by("pk").values_list("pk", "scan_requested_by", "scan_requested_at")
    assert list(asked) == [(each.pk, None, None) for each in documents]
    assert list(StoredFile.objects.awaiting_scan()) == documents[1:]
