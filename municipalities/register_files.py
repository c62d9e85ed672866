"""From the bytes of a file to rows of cells: CSV in any usual encoding and delimiter, and XLSX.

Nothing is interpreted here. Formulas stay text, dates and numbers stay what the spreadsheet says they are. Whatever
cannot be read ends in `UnreadableFile` with one German sentence that says what to do.
"""

import codecs
import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError

import openpyxl
from lxml.etree import LxmlError
from openpyxl.utils.exceptions import InvalidFileException

from municipalities import register_hidden

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_PARTS = 2_000
MAX_ROWS = 50_000
MAX_COLUMNS = 300
DELIMITERS = {";": "Semikolon", ",": "Komma", "\t": "Tabulator", "|": "senkrechter Strich"}

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
SAVE_AS = "Bitte speichern Sie sie als XLSX oder CSV und laden Sie sie erneut hoch."
BROKEN_XLSX = f"Die XLSX-Datei ist beschädigt und lässt sich nicht öffnen. {SAVE_AS}"
# What openpyxl and the modules below it raise on files that are no proper workbooks; each was seen on damaged files.
DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    InvalidFileException,
    ParseError,
    LxmlError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
    EOFError,
    ArithmeticError,
    NotImplementedError,
    RuntimeError,
    AssertionError,
)


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the message is one German sentence for people."""


class Formula(str):
    """The text of a formula. It is never evaluated."""

    __slots__ = ()


@dataclass
class Sheet:
    """The rows of one table that hold anything, each with its number as a spreadsheet shows it."""

    rows: list[tuple[int, list]]
    encoding: str = ""
    delimiter: str = ""
    delimiter_sign: str = ""
    title: str = ""
    notes: list[str] = field(default_factory=list)


def sheets(data: bytes, *, max_unpacked: int = MAX_UNPACKED_BYTES) -> list[Sheet]:
    """Every way to read the file as a table: the sheets of a workbook, or a text with each possible delimiter."""
    _refuse_by_size(data)
    if data.startswith(b"PK"):
        return _workbook(data, max_unpacked)
    _refuse_other_formats(data)
    return _text_tables(*decode(data))


def _refuse_by_size(data):
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise UnreadableFile("Die Datei ist leer. Bitte wählen Sie eine Datei mit einer Überschriftenzeile und Daten.")
    if len(data) > MAX_BYTES:
        raise UnreadableFile("Die Datei ist größer als 20 MB. Bitte teilen Sie sie auf.")


def _refuse_other_formats(data):
    if data.startswith(OLE):
        if ENCRYPTED in data:
            raise UnreadableFile("Die Datei ist mit einem Passwort geschützt. Bitte entfernen Sie den Schutz.")
        raise UnreadableFile(f"Die Datei hat das alte Excel-Format (.xls). {SAVE_AS}")
    start = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"%pdf"):
        raise UnreadableFile(f"Die Datei ist ein PDF und keine Tabelle. {SAVE_AS}")
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<head", b"<body", b"<meta")):
        raise UnreadableFile(f"Die Datei ist eine Webseite (HTML oder XML) und keine Tabelle. {SAVE_AS}")


# --- CSV ---------------------------------------------------------------------------------------------------------


def decode(data: bytes) -> tuple[str, str]:
    """Text and the name of its encoding: byte order marks first, then UTF-8, then what German Windows writes."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decoded(data, "utf-16"), "UTF-16"
    if silent := _utf16_without_mark(data):
        return _decoded(data, silent), "UTF-16"
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return _decoded(data, "cp1252"), "Windows-1252"


def _decoded(data, encoding):
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableFile(
            "Der Zeichensatz der Datei ist nicht erkennbar. Bitte speichern Sie sie als „CSV UTF-8“ oder als XLSX."
        ) from None


def _utf16_without_mark(data):
    """Every second byte of German text in UTF-16 is zero; which one tells the byte order."""
    sample = data[:2000]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) < len(sample) * 0.3 or min(even, odd) > len(sample) * 0.05:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _text_tables(text, encoding):
    controls = sum(1 for character in text[:20_000] if character < " " and character not in "\t\r\n\x0c")
    if controls > len(text[:20_000]) * 0.05:
        raise UnreadableFile(f"Die Datei enthält keinen lesbaren Text. {SAVE_AS}")
    announced = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    found, failures = [], []
    for delimiter, name in DELIMITERS.items():
        if delimiter not in text or (announced and announced[1] != delimiter):
            continue
        try:
            found.append(Sheet(_csv_rows(text, delimiter), encoding=encoding, delimiter=name, delimiter_sign=delimiter))
        except UnreadableFile as failure:
            failures.append(failure)
    if failures and not found:
        raise failures[0]
    return found


def _csv_rows(text, delimiter):
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return _filled(reader)
    except csv.Error:
        raise UnreadableFile(
            "Die CSV-Datei ist beschädigt, vermutlich ist ein Anführungszeichen nicht geschlossen. "
            "Bitte prüfen Sie die Datei oder speichern Sie sie als XLSX."
        ) from None


# --- both --------------------------------------------------------------------------------------------------------


def _filled(rows: Iterable) -> list[tuple[int, list]]:
    filled = []
    for number, cells in enumerate(rows, start=1):
        values = list(cells)
        while values and is_blank(values[-1]):
            values.pop()
        if not values:
            continue
        if len(values) > MAX_COLUMNS:
            raise UnreadableFile(f"Zeile {number} hat mehr als {MAX_COLUMNS} Spalten. Das ist keine Registerdatei.")
        if len(filled) == MAX_ROWS:
            raise UnreadableFile(
                f"Die Datei hat mehr als {MAX_ROWS:,} Zeilen. Bitte teilen Sie sie auf.".replace(",", ".")
            )
        filled.append((number, values))
    return filled


def is_blank(value) -> bool:
    """Also blanks of other widths and invisible characters: nobody sees anything in that cell."""
    return value is None or (
        isinstance(value, str) and not value.strip("\u200b\ufeff\u00ad\u2060 \t\r\n\u00a0\u202f\u2007")
    )


# --- XLSX --------------------------------------------------------------------------------------------------------


def _workbook(data, max_unpacked):
    # Warnings of openpyxl concern styles and extensions, never the cells.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            _refuse_bombs(data, max_unpacked)
            found = _visible_sheets(data)
        except DAMAGE:
            raise UnreadableFile(BROKEN_XLSX) from None
    return found


def _refuse_bombs(data, max_unpacked):
    """Bounds before anything is unpacked. A workbook never needs a document type, so one is an attack."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if any(part.flag_bits & 1 for part in parts):
            raise UnreadableFile("Die Datei ist mit einem Passwort geschützt. Bitte entfernen Sie den Schutz.")
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > max_unpacked:
            raise UnreadableFile(
                "Die XLSX-Datei ist entpackt zu groß. Bitte speichern Sie nur die Tabelle mit den Daten."
            )
        names = {part.filename for part in parts}
        if "mimetype" in names:
            raise UnreadableFile(f"Die Datei ist eine OpenDocument-Datei (.ods). {SAVE_AS}")
        if not any(name.endswith("workbook.xml") for name in names):
            raise UnreadableFile(f"Die Datei ist ein ZIP-Archiv und keine Excel-Tabelle. {SAVE_AS}")
        for part in parts:  # whatever its name: the workbook itself says which part holds a sheet
            _refuse_document_type(archive, part)


def _refuse_document_type(archive, part):
    with archive.open(part) as stream:
        tail = b""
        while chunk := stream.read(1 << 20):
            window = tail + chunk
            letters = window.replace(b"\0", b"")  # UTF-16 without a byte order mark is read as well
            if b"<!DOCTYPE" in letters or b"<!ENTITY" in letters or window.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise UnreadableFile(
                    f"Die XLSX-Datei enthält Anweisungen, die in Tabellen nichts zu suchen haben. {SAVE_AS}"
                )
            tail = chunk[-40:]


def _visible_sheets(data):
    workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    try:
        visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
        hidden = len(workbook.worksheets) - len(visible)
        notes = [f"{hidden} ausgeblendete Tabellenblätter wurden nicht gelesen."] if hidden > 1 else []
        notes += ["Ein ausgeblendetes Tabellenblatt wurde nicht gelesen."] if hidden == 1 else []
        return [_sheet(sheet, notes) for sheet in visible]
    finally:
        workbook.close()


def _sheet(sheet, notes):
    rows = _sheet_rows(sheet)
    return Sheet(rows, title=sheet.title, notes=[*notes, *register_hidden.notes(sheet._get_source, rows)])


def _sheet_rows(sheet):
    # Claimed dimensions are often wrong (one formatted cell in the last row); the cells themselves count.
    sheet.reset_dimensions()
    return _filled([_cell_value(cell) for cell in row] for row in sheet.iter_rows())


def _cell_value(cell):
    value = cell.value
    if cell.data_type == "f":
        return Formula(getattr(value, "text", None) or (value if isinstance(value, str) else "="))
    return value
