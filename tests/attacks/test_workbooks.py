"""Hostile workbooks, for the register of municipalities and for the table of expenditure: refused, or nothing but cells."""

import io
import struct
import zipfile
import zlib

import openpyxl
import pytest

from applications import expenditure_table
from applications.expenditure_table import COLUMNS, TOTALS, Row, TableRefused
from municipalities.register_files import UnreadableFile
from municipalities.register_import import RegisterFile, preview
from tests.municipalities.register_samples import BENSHEIM, HEADER, xlsx_bytes

pytestmark = pytest.mark.django_db

SHEET, WORKBOOK, LINKS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
TYPES = "[Content_Types].xml"
AGS = "06431002"
ENTITY = '<!DOCTYPE x [<!ENTITY a "verraten">]>'
FOREIGN_ENTITY = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
SAVE_AS = "Bitte speichern Sie sie als XLSX oder CSV und laden Sie sie erneut hoch."
INSTRUCTIONS = f"Die XLSX-Datei enthält Anweisungen, die in Tabellen nichts zu suchen haben. {SAVE_AS}"
TOO_LARGE = "Die XLSX-Datei ist entpackt zu groß. Bitte speichern Sie nur die Tabelle mit den Daten."
DAMAGED = f"Die XLSX-Datei ist beschädigt und lässt sich nicht öffnen. {SAVE_AS}"


def rebuilt(data, change=None, **added):
    """The workbook with other parts: `change` gets name → content."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts |= added
    if change:
        change(parts)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def with_entity(declaration, encoding="utf-8", name=SHEET):
    """The key of the first body is an entity, whatever the sheet is called and however it is written."""

    def change(parts):
        sheet = parts.pop(SHEET).decode().replace(AGS, "&a;")
        label = {"utf-8": "UTF-8"}.get(encoding, "UTF-16")
        parts[name] = f'<?xml version="1.0" encoding="{label}"?>{declaration}{sheet}'.encode(encoding)
        for each in (TYPES, LINKS):
            parts[each] = parts[each].replace(f"/{SHEET}".encode(), f"/{name}".encode())

    return lambda data: rebuilt(data, change)


def with_foreign_sheet(data):
    def change(parts):
        parts[LINKS] = parts[LINKS].replace(
            f'Target="/{SHEET}"'.encode(), b'Target="http://192.0.2.1/sheet.xml" TargetMode="External"'
        )

    return rebuilt(data, change)


def claiming_to_be_small(data):
    """A sheet of 30 MB of blanks that says of itself, at both places, that it has a hundred bytes."""
    blanks = b" " * (30 << 20)
    packed = rebuilt(data, lambda parts: parts.update({SHEET: parts[SHEET] + blanks}))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        part = archive.getinfo(SHEET)
    sizes = struct.pack("<LLL", zlib.crc32(b""), part.compress_size, 100)
    return packed.replace(struct.pack("<LLL", part.CRC, part.compress_size, part.file_size), sizes)


def of_many_parts(data):
    return rebuilt(data, **{f"xl/media/{number}.bin": b"" for number in range(2_001)})


REFUSED = {
    "entity": (with_entity(ENTITY), INSTRUCTIONS),
    "entity of a file": (with_entity(FOREIGN_ENTITY), INSTRUCTIONS),
    "entity in a part of another name": (with_entity(ENTITY, name="xl/worksheets/sheet1.dat"), INSTRUCTIONS),
    "entity in UTF-16": (with_entity(ENTITY, "utf-16"), INSTRUCTIONS),
    "entity in UTF-16 that does not say so": (with_entity(ENTITY, "utf-16-le"), INSTRUCTIONS),
    "entity in UTF-16, the other way round": (with_entity(ENTITY, "utf-16-be"), INSTRUCTIONS),
    "wrong size": (claiming_to_be_small, DAMAGED),
    "too many parts": (of_many_parts, TOO_LARGE),
}
REGISTER = xlsx_bytes([HEADER, BENSHEIM])
TABLE = xlsx_bytes([COLUMNS, [AGS, "Bensheim", "", 100, 50]])
ROWS = [Row(1, "Bensheim", AGS), Row("after", TOTALS)]


@pytest.mark.parametrize("attack", REFUSED)
def test_hostile_workbook_is_refused_by_both_imports(attack):
    build, sentence = REFUSED[attack]

    with pytest.raises(UnreadableFile) as register:
        preview(RegisterFile(build(REGISTER), "register.xlsx"))
    with pytest.raises(TableRefused) as table:
        expenditure_table.unpacked(build(TABLE))

    assert (str(register.value), str(table.value)) == (sentence, sentence)


def test_sheet_at_a_foreign_address_is_not_fetched():
    with pytest.raises(UnreadableFile) as register:
        preview(RegisterFile(with_foreign_sheet(REGISTER), "register.xlsx"))
    with pytest.raises(TableRefused) as table:
        expenditure_table.read(expenditure_table.unpacked(with_foreign_sheet(TABLE)), ROWS)

    assert str(register.value).startswith("In der Datei wurde keine Überschriftenzeile gefunden.")
    assert str(table.value).startswith("Die Datei hat keine Überschriftenzeile mit AGS,")


def png_that_claims_to_be(width, height):
    header = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">L", 13) + chunk + struct.pack(">L", zlib.crc32(chunk))


def archive_of_blanks(megabytes):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"\0" * (megabytes << 20))
    return stream.getvalue()


HARMLESS = {
    "archive in the archive": {"xl/embeddings/a.zip": archive_of_blanks(30)},
    "image of ten thousand megapixels": {"xl/media/image1.png": png_that_claims_to_be(100_000, 100_000)},
    "macro": {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 Shell"},
    "link to another workbook": {
        "xl/externalLinks/externalLink1.xml": b'<externalLink><externalBook r:id="rId1"/></externalLink>',
        "xl/externalLinks/_rels/externalLink1.xml.rels": b'<Relationships><Relationship Id="rId1" '
        b'Target="http://192.0.2.1/a.xlsx" TargetMode="External"/></Relationships>',
    },
    "climbing name": {"../../../../tmp/evil.sh": b"rm -rf"},
}


@pytest.mark.parametrize("part", HARMLESS)
def test_what_is_no_cell_is_neither_opened_nor_followed(part):
    """No network in the tests: whoever followed a link would fail."""
    register = preview(RegisterFile(rebuilt(REGISTER, **HARMLESS[part]), "register.xlsx"))
    table = expenditure_table.read(expenditure_table.unpacked(rebuilt(TABLE, **HARMLESS[part])), ROWS)

    assert [row.ags for row in register.rows] == [AGS]
    assert table == {1: (100, 50)}


@pytest.mark.parametrize("formula", ["=[1]Ausgaben!A1", '=WEBSERVICE("http://192.0.2.1/")', "=cmd|' /C calc'!A0"])
def test_formula_to_the_outside_is_no_amount(formula):
    workbook = openpyxl.load_workbook(io.BytesIO(TABLE))
    workbook.active["D2"] = formula
    stream = io.BytesIO()
    workbook.save(stream)

    with pytest.raises(TableRefused) as refusal:
        expenditure_table.read(expenditure_table.unpacked(stream.getvalue()), ROWS)

    assert refusal.value.sentences == (
        f"Zeile 2, Spalte „Personalausgaben (€/Jahr)“: „{formula}“ ist eine Formel. Bitte fügen Sie das Ergebnis als "
        "Wert ein.",
    )
