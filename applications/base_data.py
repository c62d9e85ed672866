"""What the ministry starts with: task fields, programme versions, rules of delivery and base rates, from fixtures/.

All are the ministry's own from then on: what is there is never overwritten, and what was deleted from a version does
not come back.
"""

import csv
import json
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import transaction

from applications.models import BaseRate, DeliveryRule, Programme, TaskField, Variant
from ikz.german import counted, day

FIXTURES = settings.BASE_DIR / "fixtures"
# Where the data does not say so: no public source asks these variants for an agreement (open).
WITHOUT_AGREEMENT = {"fire_brigade", "preparation"}
AMOUNTS = ["amount_per_unit", "cap", "min_saving_percent"]


def rows(name):
    """The lines of a CSV file of fixtures/."""
    with (FIXTURES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def records(name):
    """The content of a JSON file of fixtures/."""
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


@transaction.atomic
def load():
    """Load what is missing. Returns sentences that say what is new, or why it stays away."""
    sentences = [
        _load_task_fields(),
        *(_load_programme(record) for record in records("programmes.json")),
        _load_dated(DeliveryRule, "delivery_rules.csv"),
        _load_dated(BaseRate, "base_rates.csv"),
    ]
    return [sentence for sentence in sentences if sentence]


def _load_task_fields():
    codes = set(TaskField.objects.values_list("code", flat=True))
    labels = set(TaskField.objects.values_list("label", flat=True))
    new = [
        TaskField(position=position, **row)
        for position, row in enumerate(rows("task_fields.csv"), start=1)
        if row["code"] not in codes and row["label"] not in labels
    ]
    for field in new:
        field.save()
    return f"{counted(len(new), 'Aufgabenfeld', 'Aufgabenfelder')} neu angelegt." if new else ""


def _load_dated(model, name):
    """The rows of a table whose rows are known by the day from which they hold."""
    present = {f"{day:%Y-%m-%d}" for day in model.objects.values_list("valid_from", flat=True)}
    new = [model(**row) for row in rows(name) if row["valid_from"] not in present]
    for row in new:
        row.full_clean()
        row.save()
    names = model._meta
    return f"{counted(len(new), names.verbose_name, names.verbose_name_plural)} neu angelegt." if new else ""


def _load_programme(record):
    variants = record.pop("variants")
    programme = Programme(**{**record, **_dates(record)})
    if present := programme.overlapping():
        return _why_not(programme, present)
    programme.save()
    for variant in variants:
        _load_variant(programme, variant)
    return f"„{programme}“ mit {counted(len(variants), 'Variante', 'Varianten')} neu angelegt."


def _why_not(programme, present):
    if present.valid_from == programme.valid_from:
        return ""
    return f"„{programme}“ bleibt weg: Für dieselben Tage gilt schon „{present}“ (ab {day(present.valid_from)})."


def _dates(record):
    return {name: date.fromisoformat(record[name]) if record[name] else None for name in ["valid_from", "valid_to"]}


def _load_variant(programme, record):
    amounts = {name: Decimal(record[name]) if record[name] is not None else None for name in AMOUNTS}
    agreement = {"requires_agreement": record["code"] not in WITHOUT_AGREEMENT}
    Variant.objects.create(programme=programme, **{**agreement, **record, **amounts})
