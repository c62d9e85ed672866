"""The expenditure table as a file: the template with its columns, and what municipalities send back.

One row for each participant with its expenditure so far, one last row with the totals of all once they cooperate. The
key decides who is meant; only bodies without one are known by name and Kreis. Nothing is saved here.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

import openpyxl
from openpyxl.styles import Font

from ikz import typed_euros
from ikz.german import counted
from ikz.tables import as_text
from municipalities.register_files import Formula, Sheet, UnreadableFile, is_blank, sheets
from municipalities.register_names import fold_letters
from municipalities.register_values import INVISIBLE, Refused, read_key, shown

AGS, NAME, PLACE = "AGS", "Kommune", "Kreis"
PERSONNEL, MATERIAL = "Personalausgaben (€/Jahr)", "Sachausgaben (€/Jahr)"
COLUMNS = (AGS, NAME, PLACE, PERSONNEL, MATERIAL)
TOTALS = "Nachher, alle zusammen"
MAX_BYTES = 1024 * 1024
MAX_UNPACKED_BYTES = 5 * 1024 * 1024
HEADER_WITHIN = 10  # rows in which the header may stand: people put a title above it
MOST_SENTENCES = 10
TOO_MUCH = Decimal(10) ** 10
SPREADSHEET_NOISE = Decimal("0.000001")  # a spreadsheet stores 122.07 as 122.06999999999999
USE_TEMPLATE = "Bitte verwenden Sie die Vorlage."


@dataclass(frozen=True)
class Row:
    """Yearly euros of one participant, or of all together after. `key` is the caller's name for it."""

    key: object
    name: str
    ags: str = ""
    place: str = ""
    personnel: Decimal | None = None
    material: Decimal | None = None


class TableRefused(Exception):
    """The file was not taken. `sentences` say what to mend, with row and column."""

    def __init__(self, *sentences: str):
        self.sentences = sentences
        super().__init__(" ".join(sentences))


# ── The template ──────────────────────────────────────────────────────────────────────────────────────────────────────


def as_csv(rows: Sequence[Row]) -> bytes:
    """What Excel in German opens by a double click."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        amounts = ["" if each is None else f"{each:.2f}".replace(".", ",") for each in (row.personnel, row.material)]
        writer.writerow([row.ags, as_text(row.name), as_text(row.place), *amounts])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Sequence[Row]) -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Ausgaben"
    sheet.append(COLUMNS)
    for row in rows:
        sheet.append([row.ags, as_text(row.name), as_text(row.place), row.personnel, row.material])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in zip("ABCDE", (12, 36, 30, 28, 28), strict=True):
        sheet.column_dimensions[column].width = width
    for amounts in sheet.iter_rows(min_row=2, min_col=4):
        for cell in amounts:
            cell.number_format = "#,##0.00"
    data = io.BytesIO()
    workbook.save(data)
    return data.getvalue()


# ── One amount ────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_euros(value) -> Decimal | Refused | None:
    """An amount as Germans write it, None for an empty cell. What could mean two things is refused."""
    if is_blank(value):
        return None
    if isinstance(value, Formula) or str(value).lstrip().startswith("="):
        return Refused(f"{shown(value)} ist eine Formel. Bitte fügen Sie das Ergebnis als Wert ein.")
    number = typed_euros.read(INVISIBLE.sub("", value)) if isinstance(value, str) else _native(value)
    if isinstance(number, str):
        return Refused(number)
    if number is None or number < 0:
        return Refused(f"{shown(value)} ist kein Betrag. {typed_euros.EXAMPLE}")
    return _cents(number, value)


def german(amount: Decimal) -> str:
    """`Decimal("1234.5")` → „1.234,50“, as read_euros() reads it."""
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def _native(value) -> Decimal | None:
    if isinstance(value, bool | date | time) or not isinstance(value, int | float | Decimal):
        return None
    number = Decimal(str(value))
    return number if number.is_finite() and number >= 0 else None


def _cents(number: Decimal, value) -> Decimal | Refused:
    if number >= TOO_MUCH:
        return Refused(f"{shown(value)} ist zu groß. Bitte prüfen Sie den Betrag.")
    rounded = number.quantize(Decimal("0.01"))
    if abs(rounded - number) > SPREADSHEET_NOISE:
        return Refused(f"{shown(value)} hat mehr als zwei Nachkommastellen. Bitte geben Sie Euro und Cent an.")
    return rounded


# ── What comes back ───────────────────────────────────────────────────────────────────────────────────────────────────


def unpacked(data: bytes) -> list[Sheet]:
    """The sheets of the file, nothing interpreted. Raises TableRefused."""
    if len(data) > MAX_BYTES:
        raise TableRefused(f"Die Datei ist größer als 1 MB. {USE_TEMPLATE}")
    try:
        return sheets(data, max_unpacked=MAX_UNPACKED_BYTES)
    except UnreadableFile as failure:
        raise TableRefused(str(failure)) from None


def read(found_sheets: Sequence[Sheet], rows: Sequence[Row]) -> dict:
    """key → (personnel, material) for the rows that the file holds. Raises TableRefused."""
    table, columns, header = _table(found_sheets)
    found, sentences, first_seen = {}, [], {}
    for number, cells in table.rows:
        if number <= header or all(map(is_blank, cells)):
            continue
        values = {column: cells[place] if place < len(cells) else None for column, place in columns.items()}
        row = _whose(values, rows)
        if isinstance(row, Refused):
            sentences.append(f"Zeile {number}, {row.message}")
        elif row.key in first_seen:
            sentences.append(f"Zeile {number}: {row.name} steht schon in Zeile {first_seen[row.key]}.")
        else:
            first_seen[row.key] = number
            found[row.key] = _amounts(values, number, sentences)
    return _complete(found, sentences)


def _complete(found, sentences):
    if len(sentences) > MOST_SENTENCES:
        more = counted(len(sentences) - MOST_SENTENCES, "weitere Stelle", "weitere Stellen")
        sentences = [*sentences[:MOST_SENTENCES], f"Dazu {more}."]
    if sentences:
        raise TableRefused(*sentences)
    if not found:
        raise TableRefused(f"Unter der Überschriftenzeile stehen keine Angaben. {USE_TEMPLATE}")
    return found


def _table(found: Sequence[Sheet]):
    """The sheet with our columns, column → place, and the number of its header row."""
    lacking = None
    for sheet in found:
        for number, cells in sheet.rows[:HEADER_WITHIN]:
            columns = _columns(cells)
            missing = [each for each in (AGS, NAME, PERSONNEL, MATERIAL) if each not in columns]
            if not missing:
                return sheet, columns, number
            if len(missing) < 3:
                lacking = lacking or (number, missing)
    if lacking:
        named = " und ".join(f"„{each}“" for each in lacking[1])
        raise TableRefused(f"In der Überschrift (Zeile {lacking[0]}) fehlt: {named}. {USE_TEMPLATE}")
    raise TableRefused(f"Die Datei hat keine Überschriftenzeile mit {', '.join(COLUMNS)}. {USE_TEMPLATE}")


def _columns(cells) -> dict[str, int]:
    """Columns by their first word: what follows, such as the unit, people change."""
    first_words = {fold_letters(column.split()[0]): column for column in COLUMNS}
    found = {}
    for place, cell in enumerate(cells):
        words = str(cell).split() if isinstance(cell, str) else []
        column = first_words.get(fold_letters(words[0])) if words else None
        if column:
            found.setdefault(column, place)
    return found


def _whose(values, rows) -> Row | Refused:
    """The row of the table that a row of the file means."""
    if not is_blank(values[AGS]):
        return _by_key(values[AGS], rows)
    name, place = (fold_letters(str(values.get(column) or "")) for column in (NAME, PLACE))
    if name.startswith("nachher"):
        return next(row for row in rows if row.name == TOTALS)
    named = [row for row in rows if not row.ags and fold_letters(row.name) == name]
    if len(named) > 1:
        named = [row for row in named if fold_letters(row.place) == place]
    if len(named) == 1:
        return named[0]
    if any(row.ags and fold_letters(row.name) == name for row in rows):
        return Refused(f"Spalte „{AGS}“: Der Schlüssel von {shown(values[NAME])} fehlt. Bitte tragen Sie ihn ein.")
    return Refused(f"Spalte „{NAME}“: {shown(values.get(NAME) or '')} gehört nicht zu den Beteiligten. {MEND_GROUP}")


MEND_GROUP = "Bitte löschen Sie die Zeile oder nehmen Sie die Kommune auf der Seite „Beteiligte“ auf."


def _by_key(value, rows) -> Row | Refused:
    key = read_key(value)
    if isinstance(key, Refused):
        return Refused(f"Spalte „{AGS}“: {key.message}")
    row = next((each for each in rows if each.ags and each.ags == key.value), None)
    return row or Refused(f"Spalte „{AGS}“: {key.value} gehört nicht zu den Beteiligten. {MEND_GROUP}")


def _amounts(values, number, sentences) -> tuple[Decimal | None, Decimal | None]:
    read = [read_euros(values[column]) for column in (PERSONNEL, MATERIAL)]
    for column, amount in zip((PERSONNEL, MATERIAL), read, strict=True):
        if isinstance(amount, Refused):
            sentences.append(f"Zeile {number}, Spalte „{column}“: {amount.message}")
    return tuple(read)
