"""Taking a register file into the register: preview, one transaction, a record of who did it and what was refused."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from municipalities.models import Municipality, RegisterImport
from municipalities.register import Outcome, Reading, read_register
from municipalities.register_judgement import Options
from municipalities.register_trace import keep_trace
from municipalities.register_writing import write

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
    return _read(file, _bodies(Municipality.objects.all()))


@transaction.atomic
def import_register(file: RegisterFile, *, by, expected: str | None = None) -> Reading:
    """Write what the preview showed. With `expected` (its fingerprint) nothing else may be written.

    The rows of the register are locked first, so that nobody changes them between reading and writing.
    """
    bodies = _bodies(Municipality.objects.select_for_update())
    reading = _read(file, bodies)
    if expected is not None and fingerprint(reading) != expected:
        raise PreviewOutdated(reading)
    if reading.to_write:
        keep_trace(write(reading, bodies), by=by, file_name=file.name)
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


def _bodies(everybody) -> list[Municipality]:
    """With their Kreise and successors, which are among them: joined here, as no guess of the database can slow it down."""
    bodies = {body.pk: body for body in everybody}
    for body in bodies.values():
        if body.district_id in bodies:
            body.district = bodies[body.district_id]
        if body.successor_id in bodies:
            body.successor = bodies[body.successor_id]
    return list(bodies.values())


def _read(file, bodies):
    seen_before = RegisterImport.objects.filter(sha256=file.sha256).exists()
    options = Options(timezone.localdate(), file.all_states, file.new_keys, file.keep_existing, seen_before)
    return read_register(file.data, file.name, bodies, options)


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
