"""What became of a body of the register, as people read it: when, by whom, which field from what to what."""

from dataclasses import dataclass
from datetime import datetime

from auditlog import get_logentry_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import ForeignKey

from municipalities.models import Kind, Municipality

FIELDS = {field.name: field for field in Municipality._meta.concrete_fields}
NOTHING = ("", "None")  # as auditlog stores it
WITHOUT_A_PERSON = "Befehl"
VERBS = ("angelegt", "geändert", "entfernt", "angesehen")  # in the order of auditlog's actions


@dataclass(frozen=True)
class Change:
    at: datetime
    by: str
    what: str
    details: list[str]


def entries_of(object_pk: str):
    """The changes of one body, the newest first."""
    content_type = ContentType.objects.get_for_model(Municipality)
    entries = get_logentry_model().objects.filter(content_type=content_type, object_pk=object_pk)
    return entries.select_related("actor").order_by("-timestamp", "-pk")


def told(entries) -> list[Change]:
    """A new body is told by that alone; of a changed one each field."""
    entries = list(entries)
    names = _names_of_referred(entries)
    return [
        Change(
            entry.timestamp,
            str(entry.actor or entry.actor_email or WITHOUT_A_PERSON),
            VERBS[entry.action] + _from_file(entry),
            _details(entry, names) if entry.action == entry.Action.UPDATE else [],
        )
        for entry in entries
    ]


def displayed(value) -> str:
    """A value of a body with German date and number; a dash for none."""
    if value is None or value == "":
        return "–"
    if hasattr(value, "strftime"):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, Kind):
        return value.label
    return str(value) if isinstance(value, str) else f"{value:,}".translate(str.maketrans(",.", ".,"))


def _from_file(entry):
    name = (entry.additional_data or {}).get("file")
    return f" durch die Datei „{name}“" if name else ""


def _details(entry, names):
    """In the order of the form: a database does not keep that of the entry."""
    pairs = entry.changes or {}
    return [
        f"{field.verbose_name}: {_value(name, pairs[name][0], names)} → {_value(name, pairs[name][1], names)}"
        for name, field in FIELDS.items()
        if name in pairs
    ]


def _value(name, stored, names):
    if stored in NOTHING:
        return displayed(None)
    field = FIELDS[name]
    if isinstance(field, ForeignKey):
        return names.get(int(stored), f"Nr. {stored}")
    return dict(field.choices).get(stored, stored) if field.choices else displayed(field.to_python(stored))


def _names_of_referred(entries):
    """Number → name of every body that a change refers to, in one query."""
    referring = {name for name, field in FIELDS.items() if isinstance(field, ForeignKey)}
    numbers = {
        int(stored)
        for entry in entries
        for name, pair in (entry.changes or {}).items()
        if name in referring
        for stored in pair
        if stored not in NOTHING
    }
    bodies = Municipality.objects.select_related("district").in_bulk(numbers) if numbers else {}
    return {number: f"{body} ({body.ags})" if body.ags else str(body) for number, body in bodies.items()}
