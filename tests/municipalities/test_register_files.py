"""Files that are no register at all: each is answered with one sentence, before it can do harm."""

import io
import zipfile

import openpyxl
import pytest

from municipalities.register_files import UnreadableFile
from municipalities.register_import import RegisterFile, preview
from tests.municipalities.register_samples import BENSHEIM, HEADER, csv_bytes, xlsx_bytes

pytestmark = pytest.mark.django_db


XLSX = xlsx_bytes([HEADER, BENSHEIM])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Die Datei ist leer. Bitte wählen Sie eine Datei mit einer Überschriftenzeile und Daten."),
        (
            b"\xef\xbb\xbf\r\n",
            "Die Datei ist leer. Bitte wählen Sie eine Datei mit einer Überschriftenzeile und Daten.",
        ),
        (
            b"%PDF-1.7 ...",
            "Die Datei ist ein PDF und keine Tabelle. Bitte speichern Sie sie als XLSX oder CSV und laden "
            "Sie sie erneut "
            "hoch.",
        ),
        (
            b"<html><table><tr><td>AGS</td></tr></table></html>",
            "Die Datei ist eine Webseite (HTML oder XML) und keine Tabelle. Bitte speichern Sie sie als XLSX "
            "oder CSV und "
            "laden Sie sie erneut hoch.",
        ),
        (
            OLE,
            "Die Datei hat das alte Excel-Format (.xls). Bitte speichern Sie sie als XLSX oder CSV und laden "
            "Sie sie erneut "
            "hoch.",
        ),
        (
            OLE + "EncryptedPackage".encode("utf-16-le"),
            "Die Datei ist mit einem Passwort geschützt. Bitte entfernen Sie den Schutz.",
        ),
        (
            XLSX[: len(XLSX) // 2],
            "Die XLSX-Datei ist beschädigt und lässt sich nicht öffnen. Bitte speichern Sie sie als XLSX "
            "oder CSV und laden "
            "Sie sie erneut hoch.",
        ),
        (
            b"Irgendein Text ohne Tabelle",
            "In der Datei wurde keine Überschriftenzeile gefunden. Bitte geben Sie den Spalten Überschriften "
            "wie „AGS“, "
            "„Name“ und „Einwohner“.",
        ),
        (
            csv_bytes([["Name", "Einwohner", "PLZ"], ["Bensheim", "42.012", "64625"]]),
            "In der Überschrift (Zeile 1) fehlt die Spalte mit dem Schlüssel. Bitte ergänzen Sie eine Spalte "
            "„AGS“ oder "
            "„Regionalschlüssel“.",
        ),
        (
            bytes(range(256)) * 40,
            None,
        ),
        (b"x" * (20 * 1024 * 1024 + 1), "Die Datei ist größer als 20 MB. Bitte teilen Sie sie auf."),
    ],
)
def test_unreadable_file_gets_one_sentence(data, sentence):
    with pytest.raises(UnreadableFile) as refused:
        preview(RegisterFile(data, "datei"))

    if sentence is not None:
        assert str(refused.value) == sentence


def _repacked(**parts):
    """The workbook with some of its parts replaced or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(XLSX)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in parts:
                target.writestr(name, source.read(name))
        for name, content in parts.items():
            target.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            _repacked(**{"xl/media/bomb.bin": b"\0" * (201 * 1024 * 1024)}),
            "Die XLSX-Datei ist entpackt zu groß. Bitte speichern Sie nur die Tabelle mit den Daten.",
        ),
        (
            _repacked(
                **{"xl/sharedStrings.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaa">]><sst>&a;</sst>'}
            ),
            "Die XLSX-Datei enthält Anweisungen, die in Tabellen nichts zu suchen haben. Bitte speichern Sie "
            "sie als XLSX "
            "oder CSV und laden Sie sie erneut hoch.",
        ),
        (
            csv_bytes([HEADER, *[["x"]] * 50_001]),
            "Die Datei hat mehr als 50.000 Zeilen. Bitte teilen Sie sie auf.",
        ),
    ],
)
def test_bombs_are_refused_before_they_are_unpacked(data, sentence):
    with pytest.raises(UnreadableFile) as refused:
        preview(RegisterFile(data, "datei"))

    assert str(refused.value) == sentence


# --- what nobody sees in a workbook


def workbook(rows, *, hidden_rows=(), hidden_columns=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for number in hidden_rows:
        book.active.row_dimensions[number].hidden = True
    for letter in hidden_columns:
        book.active.column_dimensions[letter].hidden = True
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("hidden", "notes"),
    [
        ({}, []),
        ({"hidden_rows": [2]}, ["Ausgeblendete Zeilen wurden mitgelesen: 2."]),
        ({"hidden_rows": [2, 3, 4, 6, 90]}, ["Ausgeblendete Zeilen wurden mitgelesen: 2–4, 6."]),
        ({"hidden_columns": ["D"]}, ["Ausgeblendete Spalten wurden mitgelesen: D."]),
        (
            {"hidden_rows": [3], "hidden_columns": ["C", "D", "XFD"]},
            ["Ausgeblendete Zeilen wurden mitgelesen: 3.", "Ausgeblendete Spalten wurden mitgelesen: C–D."],
        ),
    ],
)
def test_hidden_rows_and_columns_are_read_and_named(hidden, notes):
    reading = preview(RegisterFile(workbook([HEADER, *[BENSHEIM] * 5], **hidden), "datei.xlsx"))

    assert reading.notes == notes
    assert [row.row for row in reading.rows] == [2, 3, 4, 5, 6]
