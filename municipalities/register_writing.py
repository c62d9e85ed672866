"""Writing what a reading of a register file found: a fixed number of statements, however long the file."""

from dataclasses import dataclass, field

from municipalities.models import Municipality
from municipalities.register import Reading
from municipalities.register_statements import insert, update
from municipalities.register_trace import said

# One statement over all columns that an import may change.
CHANGEABLE = ["name", "ars", "population", "population_date", "area_km2", "seat", "postal_code", "street"]
CHANGEABLE += ["latitude", "longitude", "valid_from", "valid_to", "email", "note", "district", "successor"]
REFERRING = ("district", "successor")  # in the findings the key of another body


@dataclass
class Written:
    """The bodies that are new, and those that were changed with their fields as (old, new), each said as text."""

    created: list[Municipality] = field(default_factory=list)
    changed: list[tuple[Municipality, dict[str, tuple[str, str]]]] = field(default_factory=list)


def write(reading: Reading, bodies: list[Municipality]) -> Written:
    """Kreise before their members, successors last. `bodies` is the register as it was read, locked."""
    by_ags = {body.ags: body for body in bodies if body.ags}
    new = [row for row in reading.to_write if row.body is None]
    created = _insert([row for row in new if len(row.ags or "") == 5], by_ags)
    created += _insert([row for row in new if len(row.ags or "") != 5], by_ags)
    _set_successors([row for row in new if "successor" in row.changes], by_ags)
    changed = [(row.body, _changed(row, by_ags)) for row in reading.to_write if row.body is not None]
    update(Municipality, [body for body, _ in changed], CHANGEABLE)
    return Written(created, changed)


def _insert(rows, by_ags) -> list[Municipality]:
    """Write new bodies and learn their numbers, so that others may refer to them."""
    if not rows:
        return []
    bodies = [_new_body(row, by_ags) for row in rows]
    insert(Municipality, bodies)
    numbers = {
        ags or (name, kind): number
        for number, ags, name, kind in Municipality.objects.order_by("pk").values_list("pk", "ags", "name", "kind")
    }
    for body in bodies:
        body.pk = numbers[body.ags or (body.name, body.kind)]
        if body.ags:
            by_ags[body.ags] = body
    return bodies


def _new_body(row, by_ags):
    changes = {name: value for name, value in row.changes.items() if name not in REFERRING}
    changes.setdefault("name", row.name)
    changes.setdefault("kind", row.values["kind"])
    return Municipality(district=by_ags.get(row.changes.get("district")), **changes)


def _changed(row, by_ags):
    """Set the new values on the body; the old and the new ones as text."""
    before = said(row.body, row.changes)
    for name, value in row.changes.items():
        setattr(row.body, name, by_ags.get(value) if name in REFERRING else value)
    after = said(row.body, row.changes)
    return {name: (before[name], after[name]) for name in row.changes}


def _set_successors(rows, by_ags) -> None:
    for row in rows:
        by_ags[row.ags].successor = by_ags[row.changes["successor"]]
    update(Municipality, [by_ags[row.ags] for row in rows], ["successor"])
