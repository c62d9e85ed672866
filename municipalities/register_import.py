"""Taking a register file into the register: preview, one transaction, a record of who did it and what was refused."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from municipalities.models import Municipality, RegisterImport
from municipalities.register import Outcome, Reading, read_register
from municipalities.register_judgement import Options

FIXTURES = ["municipalities.csv", "municipalities_former.csv"]
RECORDED_FINDINGS = 500  # refused and repaired rows kept with the record; the report holds all of them


@dataclass(frozen=True)
class RegisterFile:
    """A file as it was handed in, and what it may do."""

    data: bytes
    name: str
    all_states: bool = False
    new_keys: bool = False
    keep_existing: bool = False

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def preview(file: RegisterFile) -> Reading:
    """What the file would do; nothing is written. Raises UnreadableFile."""
    return _read(file, Municipality.objects.all())


@transaction.atomic
def import_register(file: RegisterFile, *, by, expected: str | None = None) -> Reading:
    """Write what the preview showed. With `expected` (its fingerprint) nothing else may be written.

    The rows of the register are locked first, so that nobody changes them between reading and writing.
    """
    reading = _read(file, Municipality.objects.select_for_update(of=("self",)))
    if expected is not None and fingerprint(reading) != expected:
        raise PreviewOutdated(reading)
    if reading.to_write:
        _write(reading)
    if reading.to_write or reading.counts[Outcome.REPAIRED]:
        _record(file, reading, by)
    return reading


class PreviewOutdated(Exception):
    """The register changed since the preview, so that the file would now do something else."""

    def __init__(self, reading):
        super().__init__("Das Register wurde seit der Vorschau geändert.")
        self.reading = reading


def fingerprint(reading: Reading) -> str:
    """Equal for readings that would write the same."""
    told = [[row.row, row.outcome, row.ags, row.changes, row.messages] for row in reading.rows]
    return hashlib.sha256(json.dumps(told, default=str, sort_keys=True).encode()).hexdigest()


def load_register() -> list[Reading]:
    """The delivered register. Safe to repeat: existing bodies only get newer figures and the date of their end."""
    folder = settings.BASE_DIR / "fixtures"
    return [
        import_register(
            RegisterFile(Path(folder / name).read_bytes(), name, new_keys=True, keep_existing=True),
            by=None,
        )
        for name in FIXTURES
    ]


def report(reading: Reading) -> str:
    return json.dumps([row.as_report() for row in reading.rows], ensure_ascii=False, indent=1)


def _read(file, bodies):
    seen_before = RegisterImport.objects.filter(sha256=file.sha256).exists()
    options = Options(timezone.localdate(), file.all_states, file.new_keys, file.keep_existing, seen_before)
    return read_register(file.data, file.name, list(bodies.select_related("district", "successor")), options)


def _record(file, reading, by):
    counts = {str(outcome): count for outcome, count in reading.counts.items()}
    told = [row.as_report() for row in reading.rows if row.outcome in (Outcome.REFUSED, Outcome.REPAIRED)]
    RegisterImport.objects.create(
        file_name=file.name[:200],
        sha256=file.sha256,
        by=by,
        at=timezone.now(),
        findings=told[:RECORDED_FINDINGS],
        **counts,
    )


# --- writing -----------------------------------------------------------------------------------------------------


def _write(reading: Reading) -> None:
    """Kreise before their members, successors last: a fixed number of statements, however long the file."""
    new = [row for row in reading.to_write if row.body is None]
    _insert(row for row in new if len(row.ags or "") == 5)
    _insert((row for row in new if len(row.ags or "") != 5), keys := _keys())
    changed = [row for row in reading.to_write if row.body is not None]
    _update(changed, _keys() if new and changed else keys)
    _set_successors([row for row in new if "successor" in row.changes])


def _keys() -> dict[str, int]:
    return dict(Municipality.objects.exclude(ags=None).values_list("ags", "pk"))


def _insert(rows: Iterable, keys=None) -> None:
    fields = [field for field in Municipality._meta.concrete_fields if not field.primary_key]
    bodies = [_new_body(row, keys or {}) for row in rows]
    _run_for_each(
        f"INSERT INTO {_table()} ({', '.join(map(_column, fields))}) VALUES ({', '.join(['%s'] * len(fields))})",  # noqa: S608
        [_prepared(body, fields) for body in bodies],
    )


def _new_body(row, keys):
    changes = {name: value for name, value in row.changes.items() if name not in ("district", "successor")}
    changes.setdefault("name", row.name)
    changes.setdefault("kind", row.values["kind"])
    return Municipality(district_id=keys.get(row.changes.get("district")), **changes)


def _update(rows, keys) -> None:
    """One statement over all columns that an import may change."""
    names = ["name", "ars", "population", "population_date", "area_km2", "seat", "postal_code"]
    names += ["latitude", "longitude", "valid_from", "valid_to", "email", "note", "district", "successor"]
    fields = [Municipality._meta.get_field(name) for name in names]
    for row in rows:
        for name, value in row.changes.items():
            if name in ("district", "successor"):
                setattr(row.body, f"{name}_id", keys.get(value))
            else:
                setattr(row.body, name, value)
    assignments = ", ".join(f"{_column(field)} = %s" for field in fields)
    _run_for_each(
        f"UPDATE {_table()} SET {assignments} WHERE id = %s",  # noqa: S608
        [[*_prepared(row.body, fields), row.body.pk] for row in rows],
    )


def _set_successors(rows) -> None:
    if not rows:
        return
    keys = _keys()
    _run_for_each(
        f"UPDATE {_table()} SET successor_id = %s WHERE ags = %s",  # noqa: S608
        [[keys[row.changes["successor"]], row.ags] for row in rows],
    )


def _run_for_each(statement, rows) -> None:
    """executemany instead of bulk_create, which splits into statements of 999 parameters on SQLite."""
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)


def _prepared(body, fields):
    return [field.get_db_prep_save(getattr(body, field.attname), connection) for field in fields]


def _table():
    return connection.ops.quote_name(Municipality._meta.db_table)


def _column(field):
    return connection.ops.quote_name(field.column)
