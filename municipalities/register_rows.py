"""One row of a register file: which values its cells hold, before anybody looks into the register."""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from municipalities import register_position
from municipalities.keys import REGIERUNGSBEZIRKE, ags_of, belong_together
from municipalities.models import Kind
from municipalities.register_columns import LABELS, UNITS, Columns, fold_heading
from municipalities.register_dates import read_date
from municipalities.register_files import is_blank
from municipalities.register_names import fold_letters, is_kind_as_we_write_it, read_kind
from municipalities.register_quotes import swallowed_line
from municipalities.register_values import (
    Read,
    Refused,
    convention,
    read_area,
    read_degrees,
    read_email,
    read_key,
    read_line,
    read_name,
    read_population,
    read_postal_code,
    read_text,
    shown,
)


class Outcome(StrEnum):
    IMPORTED = "imported"
    REPAIRED = "repaired"
    REFUSED = "refused"
    SKIPPED = "skipped"
    UNCHANGED = "unchanged"

    @property
    def label(self):
        return OUTCOME_LABELS[self]


OUTCOME_LABELS = {
    Outcome.IMPORTED: "übernommen",
    Outcome.REPAIRED: "berichtigt",
    Outcome.REFUSED: "abgelehnt",
    Outcome.SKIPPED: "übersprungen",
    Outcome.UNCHANGED: "unverändert",
}


@dataclass
class RowFinding:
    """What one row of the file says and what becomes of it."""

    row: int
    outcome: Outcome | None = None
    ags: str | None = None
    name: str = ""
    names: list[str] = field(default_factory=list)  # what contradicting columns say
    values: dict = field(default_factory=dict)
    changes: dict = field(default_factory=dict)
    body: object = None
    problems: list[str] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    last_row: int | None = None  # of many empty lines that are told as one

    @property
    def lines(self) -> int:
        return (self.last_row or self.row) - self.row + 1

    @property
    def messages(self) -> list[str]:
        """For whoever reads them without a table: each says its row."""
        return [f"Zeile {self.row}: {text}" for text in self._texts]

    @property
    def sentences(self) -> list[str]:
        """For a table that has a column with the row."""
        return [text[:1].upper() + text[1:] for text in self._texts]

    @property
    def _texts(self) -> list[str]:
        return self.problems + self.repairs + self.hints

    def refuse(self, problem):
        self.outcome = Outcome.REFUSED
        self.problems.append(problem)

    def skip(self, reason):
        self.outcome = Outcome.SKIPPED
        self.hints.append(reason)

    def as_report(self) -> dict:
        return {
            "row": self.row,
            "outcome": str(self.outcome),
            "ags": self.ags,
            "name": self.name,
            "messages": self.messages,
        } | ({"last_row": self.last_row} if self.last_row else {})


TOTAL = re.compile(
    r"(summe|zwischensumme|gesamtsumme|landessumme|kreissumme|gesamt|gesamtergebnis|ergebnis|insgesamt|insg|zusammen"
    r"|total|durchschnitt|mittelwert|anzahl|davon|darunter|alle (gemeinden|kommunen|städte))\b|[σ∑]"
    r"|((land )?hessen|deutschland|bundesrepublik)\b"
    r"|(regierungsbezirk|reg\.?\s?-?\s?bez\.?|(rb|rp) (darmstadt|gießen|kassel))\b|.*\b(summe|gesamt|insgesamt|zusammen)\s*:?$",
    re.IGNORECASE,
)
FOOTER = re.compile(
    r"(quelle|hinweis|anmerkung|stand|erläuterung|legende|fußnote|copyright|erstellt|bearbeite|seite|datei|druck)\w*\b"
    r"|©|\(c\)|\*|\d\)|[-–_]+\s*\d{0,3}\s*[-–_]*$",
    re.IGNORECASE,
)
NO_DISTRICT = {"", "kreisfrei", "kreisfreiestadt", "entfaellt", "keiner", "ka"}


class RowReader:
    """Reads the rows below one header. The number convention of a column is that of all its rows."""

    def __init__(self, columns: Columns, rows, today: date, delimiter: str = ""):
        self.columns = columns
        self.today = today
        self.delimiter = delimiter
        self.heading = [fold_heading(cell) if cell is not None else "" for cell in columns.header]
        self.convention = self._column_convention(rows)

    def _column_convention(self, rows):
        for name in ("area_km2", "population"):
            if (index := self.columns.index.get(name)) is None:
                continue
            cells = [cells[index] for _, cells in rows if index < len(cells)]
            grouped = [c for c in cells if name == "area_km2" or re.search(r"[.,]\d{3}\b", str(c))]
            if name == "population":
                return _convention_of_thousands(grouped)
            if found := convention(grouped):
                return found
            if _contradictory(grouped):
                return ""
        return ""

    def read(self, number, cells) -> RowFinding:
        finding = RowFinding(number, name=self._plain_name(cells))
        if line := swallowed_line(cells, self.delimiter, len(self.columns.header)):
            finding.refuse(
                f"In einem Feld dieser Zeile steckt die Zeile {shown(line)}; vermutlich fehlt davor ein schließendes "
                "Anführungszeichen. Bitte berichtigen Sie die Datei an dieser Stelle, sonst gehen Zeilen verloren."
            )
            return finding
        if reason := self._reason_to_skip(cells):
            finding.skip(reason)
            return finding
        extra = [cell for cell in cells[len(self.columns.header) :] if not is_blank(cell)]
        if extra:
            finding.refuse(
                f"Die Zeile hat mehr Felder als die Überschrift ({shown(extra[0])}). Vermutlich steht ein Trennzeichen "
                "im Text; bitte setzen Sie diesen Text in Anführungszeichen."
            )
            return finding
        self._read_key(finding, cells)
        self._read_values(finding, cells)
        return finding

    def cell(self, cells, name):
        index = self.columns.index.get(name)
        if index is None or index >= len(cells) or is_blank(cells[index]):
            return None
        return cells[index]

    def _read_candidates(self, finding, cells):
        """Where columns contradict each other about the name, the key decides between them."""
        for index in self.columns.candidates.get("name", []):
            if index >= len(cells) or is_blank(cells[index]):
                continue
            read = read_name(cells[index])
            if isinstance(read, Refused):
                finding.refuse(read.message)
            elif read.value:
                finding.names.append(read.value)
        if finding.names:
            finding.name = finding.values["name"] = finding.names[0]

    def _plain_name(self, cells):
        return " ".join(str(self.cell(cells, "name") or "").split())[:200]

    def _reason_to_skip(self, cells):
        key = self.cell(cells, "ags")
        key = self.cell(cells, "ars") if key is None else key
        if self._is_land_or_region(key, cells):
            return "Schlüssel des Landes oder eines Regierungsbezirks, keine Kommune."
        if key is not None and re.search(r"\d{4}", str(key)) and not FOOTER.match(str(key)):
            return ""  # whoever has a key is judged by it
        folded = [fold_heading(cell) if not is_blank(cell) else "" for cell in cells]
        if [text for text in folded if text] == [text for text in self.heading if text]:
            return "wiederholte Überschrift, keine Daten."
        if all(text in UNITS or not text for text in folded):
            return "Zeile mit Einheiten unter der Überschrift, keine Daten."
        if _is_column_numbering(cells):
            return "Spaltennummern, keine Daten."
        return self._reason_without_key(cells, key)

    def _reason_without_key(self, cells, key):
        """Totals and footers have no key of a body."""
        texts = [str(cell).strip() for cell in cells if isinstance(cell, str) and not is_blank(cell)]
        if any(TOTAL.match(text) for text in self._naming(cells, texts)):
            return "Summenzeile, keine Kommune."
        filled = sum(1 for cell in cells if not is_blank(cell))
        if texts and filled <= 2 and FOOTER.match(texts[0]):
            return "Fußzeile, keine Kommune."
        if texts and filled == 1 and (key is not None or _is_sentence(texts[0])):
            return "einzelne Bemerkung, keine Kommune."
        return ""

    def _naming(self, cells, texts):
        """What a row calls itself: name and key. Where the column for names is empty, a total stands in the first cell.

        A Land or Regierungsbezirk in a column of its own says where a body lies, not that it is one.
        """
        indexes = [self.columns.index.get(name) for name in ("name", "ags", "ars")]
        indexes += self.columns.candidates.get("name", [])
        said = [str(cells[i]).strip() for i in indexes if i is not None and i < len(cells) and not is_blank(cells[i])]
        named = "name" in self.columns.index or "name" in self.columns.candidates
        return said or (texts[:1] if named else [])

    def _is_land_or_region(self, key, cells):
        """Keys such as 06, 064 or 06000000, unless the row names a municipality."""
        digits = re.sub(r"\s", "", str(key))
        name = str(self.cell(cells, "name") or "Hessen").strip()
        named = TOTAL.match(name) or name in REGIERUNGSBEZIRKE.values()
        return bool(named and re.fullmatch(r"0?6[456]?|0?6[0456]00(0{3})?(0{4})?", digits))

    # --- the key

    def _read_key(self, finding, cells):
        ags, ars = (self._key_cell(finding, cells, name) for name in ("ags", "ars"))
        if finding.problems:
            return
        if ags and len(ags) == 12:
            ags, ars = self._from_ars(finding, ags), ags
        elif ars and not ags:
            ags = self._from_ars(finding, ars)
        # A Kreis may come with the 12 digits that end in zeros.
        if ags and len(ars) == 12 and not belong_together(ags, ars) and not belong_together(ags + "000", ars):
            finding.refuse(
                f"Der Schlüssel {ags} und der Regionalschlüssel {ars} gehören nicht zusammen. Bitte prüfen Sie beide."
            )
        finding.ags = ags or None
        if ars:
            finding.values["ars"] = ars

    def _key_cell(self, finding, cells, name):
        value = self.cell(cells, name)
        if value is None:
            return ""
        read = read_key(value)
        if isinstance(read, Refused):
            finding.refuse(read.message)
            return ""
        if read.repaired:
            finding.repairs.append(read.repaired)
        return read.value

    def _from_ars(self, finding, ars):
        if len(ars) != 12:
            return ars
        ags = ags_of(ars)
        finding.repairs.append(f"Der Regionalschlüssel {ars} wurde in den Gemeindeschlüssel {ags} übersetzt.")
        return ags

    # --- the other columns

    def _read_values(self, finding, cells):
        readers = {
            "name": read_name,
            "kind": self._read_kind,
            "district": read_line,
            "district_key": read_line,
            "regierungsbezirk": read_line,
            "state": read_line,
            "population": read_population,
            "population_date": self._read_day,
            "area_km2": lambda value: read_area(value, self.convention),
            "seat": read_line,
            "postal_code": read_postal_code,
            "street": read_line,
            "latitude": lambda value: read_degrees(value, LABELS["latitude"]),
            "longitude": lambda value: read_degrees(value, LABELS["longitude"]),
            "valid_from": self._read_day,
            "valid_to": self._read_day,
            "successor": read_key,
            "email": read_email,
            "note": read_text,
        }
        for name, reader in readers.items():
            value = self.cell(cells, name)
            if value is not None:
                self._keep(finding, name, reader(value))
        self._read_candidates(finding, cells)
        self._date_of_heading(finding)
        _check_lengths(finding)
        _check_position(finding)

    def _keep(self, finding, name, read):
        if isinstance(read, Refused):
            finding.refuse(read.message)
            return
        if read.repaired:
            finding.repairs.append(read.repaired)
        if read.value == "":
            return
        finding.values[name] = read.value
        if name == "name":
            finding.name = read.value

    def _read_kind(self, value):
        read = read_line(value)
        if isinstance(read, Refused):
            return read
        kind = read_kind(read.value)
        if kind is None:
            return Refused(
                f"Die Art {shown(value)} ist nicht bekannt. Bitte schreiben Sie zum Beispiel Gemeinde, Stadt, "
                "kreisfreie Stadt oder Landkreis."
            )
        if is_kind_as_we_write_it(read.value):
            return Read(kind, read.repaired)
        return Read(kind, f"Die Art {shown(value)} wurde als „{kind.label}“ gelesen.")

    def _read_day(self, value):
        return read_date(value, today=self.today)

    def _date_of_heading(self, finding):
        values = finding.values
        if "population" in values and "population_date" not in values and self.columns.population_date:
            values["population_date"] = self.columns.population_date
        stated = values.get("population_date")
        if stated and stated > self.today:
            finding.refuse(f"Der Stand {stated:%d.%m.%Y} liegt in der Zukunft. Bitte berichtigen Sie das Datum.")


def _convention_of_thousands(cells):
    """In the population column a group of three digits tells which sign separates thousands."""
    dots = any(re.search(r"\d\.\d{3}\b", cell) for cell in cells if isinstance(cell, str))
    commas = any(re.search(r"\d,\d{3}\b", cell) for cell in cells if isinstance(cell, str))
    return "" if dots == commas else ("german" if dots else "english")


def _contradictory(cells):
    """Whether some cells of the column are surely German and others surely English."""
    one_way = [cell for cell in cells if isinstance(cell, str) and convention([cell])]
    return bool(one_way) and not convention(one_way)


def _is_sentence(text):
    return len(text.split()) > 3 or (len(text.split()) > 1 and text.endswith("."))


def _is_column_numbering(cells):
    numbers = [str(cell).strip(" ().") for cell in cells if not is_blank(cell)]
    return len(numbers) > 2 and numbers == [str(i) for i in range(1, len(numbers) + 1)]


def _check_lengths(finding):
    if len(finding.values.get("name", "")) > 200:
        finding.refuse("Der Name ist länger als 200 Zeichen. Bitte kürzen Sie ihn.")
    if len(finding.values.get("seat", "")) > 100:
        finding.refuse("Der Sitz ist länger als 100 Zeichen. Bitte tragen Sie nur den Ort ein.")
    if len(finding.values.get("street", "")) > 120:
        finding.refuse(
            "Die Straße ist länger als 120 Zeichen. Bitte tragen Sie nur Straße und Hausnummer oder das Postfach ein."
        )
    if len(finding.values.get("email", "")) > 254:
        finding.refuse("Die E-Mail-Adresse ist zu lang. Bitte berichtigen Sie sie.")


def _check_position(finding):
    """Where one of the two degrees was refused itself, the other is not alone."""
    latitude, longitude = finding.values.get("latitude"), finding.values.get("longitude")
    if finding.problems and (latitude is None or longitude is None):
        return
    if problem := register_position.objection(latitude, longitude, finding.ags):
        finding.refuse(problem)


def means_no_district(text: str) -> bool:
    return fold_letters(text) in NO_DISTRICT or read_kind(text) == Kind.INDEPENDENT_CITY
