"""The findings of a reading as people see them: what a row would change, as sentences, and all rows as a table."""

import csv
import io

from ikz.tables import as_text
from municipalities.history import displayed
from municipalities.models import Municipality
from municipalities.register import Reading
from municipalities.register_columns import LABELS
from municipalities.register_rows import RowFinding

HEADER = ["Zeile", "Ergebnis", "Schlüssel", "Name", "Befund", "Änderungen"]


def changes_of(row: RowFinding) -> list[str]:
    """What the row would write; of a known body from what to what."""
    return [
        f"{LABELS[name]}: {_old(row.body, name)} → {displayed(value)}"
        if row.body
        else f"{LABELS[name]}: {displayed(value)}"
        for name, value in row.changes.items()
        if row.body is not None or name != "ags"
    ]


def lines_of(row: RowFinding) -> list[str]:
    return row.messages + [f"Zeile {row.row}: {change}" for change in changes_of(row)]


def as_csv(reading: Reading) -> bytes:
    """Every row of the file with its outcome, as a German Excel opens it with a double click."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADER)
    for row in reading.rows:
        told = [row.outcome.label, row.ags or "", row.name, "\n".join(row.sentences), "\n".join(changes_of(row))]
        writer.writerow([row.row, *map(as_text, told)])
    return text.getvalue().encode("utf-8-sig")


def _old(body, name):
    value = getattr(body, name)
    return displayed(value.ags if isinstance(value, Municipality) else value)
