"""One statement for many rows of any model.

executemany instead of bulk_create and bulk_update: those split into statements of 999 parameters on SQLite.
"""

from collections.abc import Iterable, Sized

from django.db import connection


def insert(model, records: Sized) -> None:
    """Write new rows. The records may be made one by one while they are written; how many is known before."""
    if not len(records):
        return
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(_quoted(field.column) for field in fields)
    _run_for_each(
        f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})",  # noqa: S608
        (_prepared(record, fields) for record in records),
    )


def update(model, records: list, names: list[str]) -> None:
    """Write the named fields of rows that exist."""
    if not records:
        return
    fields = [model._meta.get_field(name) for name in names]
    assignments = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    _run_for_each(
        f"UPDATE {_quoted(model._meta.db_table)} SET {assignments} WHERE id = %s",  # noqa: S608
        ([*_prepared(record, fields), record.pk] for record in records),
    )


def _run_for_each(statement, rows: Iterable) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def _prepared(record, fields):
    return [field.get_db_prep_save(getattr(record, field.attname), connection) for field in fields]


def _quoted(name):
    return connection.ops.quote_name(name)
