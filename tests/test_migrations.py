"""A new database takes the short way through the migrations, one that is under way the long one; both end at the same tables."""

from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader

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
