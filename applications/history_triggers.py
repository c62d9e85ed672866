"""Triggers that make the history append-only in the database itself, on SQLite and PostgreSQL.

The one way out is the record that a whole file was deleted (disposal.py). A migration that rebuilds that record's table
on SQLite must remove the triggers first and install them again.
"""

TABLE = "applications_entry"
RECORDS = "applications_deletion"
REFUSAL = "append-only: applications_entry"
_IS_DELETED = f"EXISTS (SELECT 1 FROM {RECORDS} WHERE application_key = OLD.application_id)"  # noqa: S608 (constants only)

_SQLITE = {
    "entry_no_update": f"BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    "entry_no_delete": f"BEFORE DELETE ON {TABLE} WHEN NOT {_IS_DELETED} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    # INSERT OR REPLACE deletes without asking the DELETE trigger.
    "entry_no_replace": (
        f"BEFORE INSERT ON {TABLE} WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id "  # noqa: S608 (constants only)
        "OR (application_id = NEW.application_id AND sequence = NEW.sequence)) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    ),
}
_POSTGRESQL = {
    "entry_no_change": f"BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION entry_append_only()",
    "entry_no_truncate": f"BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION entry_append_only()",
}
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION entry_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN "
    f"IF TG_OP = 'DELETE' THEN IF {_IS_DELETED} THEN RETURN OLD; END IF; END IF; "
    f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$"
)


def _triggers(connection) -> dict[str, str]:
    return _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE


def install(connection) -> None:
    """Create what is missing. Before the records exist, the first migrations need no way out."""
    if RECORDS not in connection.introspection.table_names():
        return
    present = installed(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for name, definition in _triggers(connection).items():
            if name not in present:
                cursor.execute(f"CREATE TRIGGER {name} {definition}")


def remove(connection) -> None:
    """For migrations that rebuild the table, and for tests that empty it."""
    suffix = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in installed(connection):
            cursor.execute(f"DROP TRIGGER {name}{suffix}")


def installed(connection) -> set[str]:
    """The names of our triggers that exist."""
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = to_regclass(%s)"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
    with connection.cursor() as cursor:
        cursor.execute(query, [TABLE])
        return {name for (name,) in cursor.fetchall()} & set(_triggers(connection))


def missing(connection) -> set[str]:
    return set(_triggers(connection)) - installed(connection)
