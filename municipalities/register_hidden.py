"""Rows and columns of a sheet that nobody sees: they are read like the others, and whoever reads them in must know it.

Often a filter hides rows. openpyxl does not tell while it streams, so the part of the workbook is looked through once.
"""

from itertools import groupby

from openpyxl.utils import get_column_letter
from openpyxl.xml.functions import iterparse

MARKS = (b'hidden="1"', b"hidden='1'", b'hidden="true"', b"hidden='true'")


def notes(open_part, rows: list[tuple[int, list]]) -> list[str]:
    """What is hidden among the rows that hold anything, as sentences. `open_part` gives the XML of the sheet."""
    with open_part() as stream:
        if not _mentions_hidden(stream):
            return []
    filled = {number for number, _ in rows}
    width = max((len(cells) for _, cells in rows), default=0)
    with open_part() as stream:
        hidden_rows, hidden_columns = _hidden(stream, width)
    hidden_rows &= filled
    found = [
        ("Zeilen", _spans(sorted(hidden_rows), str)),
        ("Spalten", _spans(sorted(hidden_columns), get_column_letter)),
    ]
    return [f"Ausgeblendete {what} wurden mitgelesen: {spans}." for what, spans in found if spans]


def _mentions_hidden(stream):
    tail = b""
    while chunk := stream.read(1 << 20):
        if any(mark in tail + chunk for mark in MARKS):
            return True
        tail = chunk[-20:]
    return False


def _hidden(stream, width):
    """Numbers of hidden rows and of hidden columns within the width."""
    rows, columns = set(), set()
    for _, element in iterparse(stream):
        tag = element.tag.rpartition("}")[2]
        if element.get("hidden") in ("1", "true"):
            if tag == "row" and element.get("r", "").isdecimal():
                rows.add(int(element.get("r")))
            if tag == "col":
                last = min(int(element.get("max", "0")), width)
                columns |= set(range(int(element.get("min", "1")), last + 1))
        if tag == "row":
            element.clear()
    return rows, columns


def _spans(numbers, name):
    """1, 2, 3, 7 as „1–3, 7“."""
    spans = []
    for _, pairs in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        run = [number for _, number in pairs]
        spans.append(name(run[0]) if len(run) == 1 else f"{name(run[0])}–{name(run[-1])}")
    return ", ".join(spans)
