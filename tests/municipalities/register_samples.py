"""Register files as they arrive, built in code."""

import io

import openpyxl

HEADER = ["AGS", "Gemeinde/Stadt", "Art", "Einwohner", "Stand", "Fläche (km²)", "PLZ", "Breite", "Länge"]
DARMSTADT = [
    "06411000",
    "Darmstadt, Wissenschaftsstadt",
    "kreisfreie Stadt",
    "167.029",
    "31.12.2024",
    "122,07",
    "64283",
    "49,872238",
    "8,653838",
]
BENSHEIM = ["06431002", "Bensheim, Stadt", "Stadt", "42.012", "31.12.2024", "57,83", "64625", "49,679991", "8,621004"]
BIBLIS = ["06431003", "Biblis", "Gemeinde", "9.234", "31.12.2024", "40,44", "68647", "49,691000", "8,450000"]
BERGSTRASSE = ["06431", "Bergstraße", "Landkreis", "274.169", "31.12.2024", "719,49", "", "49,622201", "8,527102"]
REGISTER = [DARMSTADT, BERGSTRASSE, BENSHEIM, BIBLIS]


def csv_bytes(rows, *, delimiter=";", encoding="utf-8", newline="\r\n"):
    def cell(value):
        text = "" if value is None else str(value)
        return '"' + text.replace('"', '""') + '"' if delimiter in text or '"' in text or "\n" in text else text

    return "".join(delimiter.join(map(cell, row)) + newline for row in rows).encode(encoding)


def xlsx_bytes(rows, *, title="Register", before=(), hidden=()):
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name in before:
        workbook.create_sheet(name).append(["Erläuterungen"])
    sheet = workbook.create_sheet(title)
    for row in rows:
        sheet.append(row)
    for name in hidden:
        workbook.create_sheet(name).sheet_state = "hidden"
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def changed(row, **cells):
    """The row with some cells of other content, by heading."""
    places = {
        "ags": 0,
        "name": 1,
        "kind": 2,
        "population": 3,
        "date": 4,
        "area": 5,
        "postal_code": 6,
        "latitude": 7,
        "longitude": 8,
    }
    copy = list(row)
    for name, value in cells.items():
        copy[places[name]] = value
    return copy
