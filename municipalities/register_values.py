"""One cell, one value: numbers, dates, keys and texts as clerks have them.

Each reader answers with `Read` (the value, and what was repaired on the way) or `Refused` (what is wrong and what to
do). Where two readings are possible it refuses.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from municipalities.register_files import Formula, is_blank

MAX_POPULATION = 20_000_000
MAX_AREA = Decimal(20_000)
BLANKS = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# What a spreadsheet shows where a formula has no result, in German and in English.
ERROR_VALUE = re.compile(
    r"#(NV|N/A|BEZUG!|REF!|DIV/0!|WERT!|VALUE!|NAME\?|ZAHL!|NUM!|NULL!|ÜBERLAUF!|SPILL!|KALK!|CALC!|GETTING_DATA)",
    re.IGNORECASE,
)
ENTER = "Bitte tragen Sie {} ein."


@dataclass(frozen=True)
class Read:
    value: object
    repaired: str = ""


@dataclass(frozen=True)
class Refused:
    message: str


def shown(value) -> str:
    """A value inside a message: as a spreadsheet shows it, in one line, not too long."""
    text = " ".join(_as_displayed(value).split())
    return f"„{text[:60]}…“" if len(text) > 60 else f"„{text}“"


def _as_displayed(value):
    if isinstance(value, bool):
        return "WAHR" if value else "FALSCH"
    if isinstance(value, datetime):
        return f"{value:%d.%m.%Y %H:%M}" if value.time() != time() else f"{value:%d.%m.%Y}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, float):
        return str(int(value) if value.is_integer() else value).replace(".", ",")
    return str(value)


# --- texts -------------------------------------------------------------------------------------------------------


def read_text(value) -> Read | Refused:
    """Trimmed text in NFC. Invisible characters and blanks of other widths are repaired, control characters refused."""
    if isinstance(value, bool):
        return Read("WAHR" if value else "FALSCH")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    if ERROR_VALUE.fullmatch(text.strip()):
        return Refused(
            f"{shown(value)} ist ein Fehlerwert der Tabellenkalkulation. Bitte tragen Sie den richtigen Wert ein oder "
            "leeren Sie das Feld."
        )
    if not text.isprintable() and (bad := _unreadable_character(text)):
        return Refused(f"Das Feld {shown(bad)} enthält Steuerzeichen. Bitte tippen Sie den Text neu ein.")
    if "\ufffd" in text:
        return Refused(f"Das Feld {shown(text)} enthält zerstörte Zeichen. Bitte speichern Sie die Datei als UTF-8.")
    visible = INVISIBLE.sub("", text)
    plain = re.sub(f"[{BLANKS}]", " ", visible)
    trimmed = unicodedata.normalize("NFC", _unescaped(plain.strip()))
    if plain != text:
        return Read(trimmed, f"Aus {shown(trimmed)} wurden geschützte Leerzeichen oder unsichtbare Zeichen entfernt.")
    return Read(trimmed)


def _unreadable_character(text):
    controls = [c for c in text if unicodedata.category(c) in ("Cc", "Cs", "Co") and c not in "\t\r\n"]
    return "".join(c if c.isprintable() else "�" for c in text) if controls else ""


def _unescaped(text):
    """Our exports put an apostrophe before what a spreadsheet would take for a formula."""
    return text[1:] if re.match(r"'[=+\-@\t\r]", text) else text


def read_line(value) -> Read | Refused:
    """Text without line breaks and with single blanks: a name, an abbreviation."""
    read = read_text(value)
    if isinstance(read, Refused):
        return read
    line = " ".join(read.value.split())
    return Read(
        line, read.repaired or (f"Überzählige Leerzeichen in {shown(line)} entfernt." if line != read.value else "")
    )


def read_name(value) -> Read | Refused:
    """A name without the mark of a footnote behind it."""
    read = read_line(value)
    if isinstance(read, Refused):
        return read
    name = re.sub(r"\s*(\*+|[¹²³]|\s\d\))+$", "", read.value)
    return Read(name, f"Aus {shown(read.value)} wurde das Fußnotenzeichen entfernt.") if name != read.value else read


def read_email(value) -> Read | Refused:
    read = read_line(value)
    if isinstance(read, Refused):
        return read
    try:
        validate_email(read.value)
    except ValidationError:
        return Refused(f"{shown(value)} ist keine E-Mail-Adresse. Bitte berichtigen Sie sie.")
    return read


# --- keys --------------------------------------------------------------------------------------------------------


def read_key(value) -> Read | Refused:
    """The digits of a key: 5 (Kreis), 8 (AGS) or 12 (ARS), with the zero that Excel took away put back."""
    if isinstance(value, (datetime, date, time, bool)):
        return Refused(
            f"Der Schlüssel {shown(value)} ist kein Schlüssel. Bitte tragen Sie ihn als Text mit 8 Ziffern ein."
        )
    if isinstance(value, Formula):
        return _literal_formula(value)
    if isinstance(value, float) and not value.is_integer():
        return Refused(
            f"Der Schlüssel {shown(value)} ist eine Kommazahl. " + ENTER.format("ihn als Text mit 8 Ziffern")
        )
    read = read_text(int(value) if isinstance(value, float) else value)
    if isinstance(read, Refused):
        return read
    return _key_digits(read.value, shown(value), spotless=str(value) == read.value)


def _literal_formula(value):
    """="06411000" is how people keep Excel from taking the zero; it holds nothing to calculate."""
    if literal := re.fullmatch(r'="([\d ]+)"', str(value)):
        return _key_digits(literal[1], shown(value))
    return Refused(f"Der Schlüssel {shown(value)} ist eine Formel. Bitte fügen Sie ihn als Wert ein.")


def _key_digits(text, original, *, spotless=True):
    if re.fullmatch(r"\d+([.,]\d+)?[eE]\+?\d+", text):
        return Refused(
            f"Der Schlüssel {original} ist in wissenschaftlicher Schreibweise; die letzten Ziffern sind verloren. "
            "Bitte tragen Sie ihn als Text mit 8 Ziffern ein."
        )
    if literal := re.fullmatch(r'="?([\d ]+)"?', text):
        text = literal[1]
    digits = re.sub(r"[.,]0$", "", re.sub(r"^(AGS|ARS)(?=0)|[\s'’‘`´]", "", re.sub(r"\s+", "", text)))
    if re.fullmatch(r"\d{1,2}(\.\d{3}){1,3}|0?\d[-./]?\d[-./]?\d\d[-./](\d{4}[-./])?\d{3}", digits):
        digits = re.sub("[-./]", "", digits)
    if not re.fullmatch(r"[0-9]+", digits):
        return Refused(f"Der Schlüssel {original} besteht nicht nur aus Ziffern. " + ENTER.format("die 8 Ziffern"))
    if len(digits) in (4, 7, 11) and digits[0] != "0":
        return Read("0" + digits, f"Im Schlüssel {original} fehlte die führende Null; gelesen als {'0' + digits}.")
    if len(digits) not in (2, 3, 5, 8, 12):
        return Refused(
            f"Der Schlüssel {original} hat {len(digits)} Ziffern statt 8 (Landkreis 5, Regionalschlüssel 12). "
            "Bitte berichtigen Sie ihn."
        )
    changed = not spotless or original != f"„{digits}“"
    return Read(digits, f"Der Schlüssel {original} wurde als {digits} gelesen." if changed else "")


def read_postal_code(value) -> Read | Refused:
    read = read_line(value)
    if isinstance(read, Refused):
        return read
    code = re.sub(r"^(D|DE)[- ]*(?=\d)", "", read.value)
    code = re.sub(r"\.0$", "", code)
    if re.fullmatch(r"[0-9]{5}", code) and code != "00000":
        repaired = f"Die Postleitzahl {shown(value)} wurde als {code} gelesen." if code != read.value else read.repaired
        return Read(code, repaired)
    return Refused(f"Die Postleitzahl {shown(value)} hat nicht 5 Ziffern. Bitte berichtigen Sie sie.")


# --- numbers -----------------------------------------------------------------------------------------------------

PLAIN = re.compile(r"[0-9]+")
GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([.,' ’])[0-9]{3})(?:\1[0-9]{3})*")
GERMAN = re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[1-9][0-9]{0,2}(?:[' ’][0-9]{3})+),[0-9]+")
ENGLISH = re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,2}(?:[' ’][0-9]{3})+)\.[0-9]+")


def readings(text: str) -> dict[str, Decimal]:
    """What the digits mean for somebody who writes German, and for somebody who writes English numbers."""
    found = {}
    if PLAIN.fullmatch(text):
        return {"german": Decimal(text), "english": Decimal(text)}
    if grouped := GROUPED.fullmatch(text):
        value = Decimal(re.sub(r"[^0-9]", "", text))
        if grouped[1] not in ".,":
            return {"german": value, "english": value}
        found["german" if grouped[1] == "." else "english"] = value
    if GERMAN.fullmatch(text):
        found["german"] = Decimal(re.sub(r"[.' ’]", "", text).replace(",", "."))
    if ENGLISH.fullmatch(text):
        found["english"] = Decimal(re.sub(r"[,' ’]", "", text))
    return found


def convention(cells) -> str:
    """„german“ or „english“ if those cells that can be read in one way only agree; else empty."""
    only = {next(iter(found)) for found in map(_text_readings, cells) if len(found) == 1}
    return only.pop() if len(only) == 1 else ""


def _text_readings(cell):
    if not isinstance(cell, str) or is_blank(cell):
        return {}
    return readings(number_text(cell))


def number_text(text):
    return re.sub(f"[{BLANKS} ]+", " ", INVISIBLE.sub("", text)).strip()


def _not_a_number(value, what):
    """The sentence for cells that hold no number at all, or None."""
    if isinstance(value, Formula) or (isinstance(value, str) and value.lstrip().startswith("=")):
        return Refused(f"{what}: {shown(value)} ist eine Formel. Bitte fügen Sie das Ergebnis als Wert ein.")
    if isinstance(value, (datetime, date, time)):
        return Refused(
            f"{what}: {shown(value)} ist ein Datum, keine Zahl. Excel hat die Zahl wohl umgewandelt; "
            + ("bitte tragen Sie sie neu ein.")
        )
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        return Refused(
            f"{what}: {shown(value)} ist keine Zahl. Bitte tragen Sie eine Zahl ein oder lassen Sie das Feld leer."
        )
    return None


def _number(value, what):
    """All readings of a cell, or the refusal."""
    if refused := _not_a_number(value, what):
        return refused
    found = _text_number(value) if isinstance(value, str) else _native_number(value)
    if isinstance(found, dict):
        return found
    return Refused(f"{what}: {shown(value)} {found}")


NO_NUMBER = "ist keine Zahl. Bitte tragen Sie eine Zahl ein oder lassen Sie das Feld leer."
NEGATIVE = "ist negativ. Bitte tragen Sie eine Zahl größer als null ein."
SCIENTIFIC = "ist in wissenschaftlicher Schreibweise. Bitte tragen Sie die ganze Zahl ein."


def _native_number(value):
    number = Decimal(str(value))
    if not number.is_finite():
        return NO_NUMBER
    return {"german": number, "english": number} if number >= 0 else NEGATIVE


def _text_number(value):
    text = number_text(value)
    if re.match(r"[-−–]\s*[0-9]", text):
        return NEGATIVE
    if re.fullmatch(r"[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+", text):
        return SCIENTIFIC
    return readings(text) or NO_NUMBER


def read_population(value) -> Read | Refused:
    """A whole number. Groups of three digits can only be thousands here: nobody counts thousandths of people."""
    what = "Einwohner"
    found = _number(value, what)
    if isinstance(found, Refused):
        return found
    text = number_text(value) if isinstance(value, str) else ""
    if GROUPED.fullmatch(text):
        number = max(found.values())
    else:
        number = next(iter(found.values()))
        if number != number.to_integral_value():
            return Refused(f"{what}: {shown(value)} ist keine ganze Zahl. Bitte tragen Sie die Zahl ohne Komma ein.")
    if not 0 < number <= MAX_POPULATION:
        return Refused(f"{what}: {shown(value)} ist nicht möglich. Bitte prüfen Sie die Zahl.")
    return Read(int(number))


def read_area(value, number_convention: str = "") -> Read | Refused:
    """Square kilometres with two decimals. „1.234“ may mean both: then the other cells of the column decide."""
    what = "Fläche"
    found = _number(value, what)
    if isinstance(found, Refused):
        return found
    if len(set(found.values())) == 1:
        number = next(iter(found.values()))
    elif number_convention in found:
        number = found[number_convention]
    else:
        return Refused(
            f"{what}: {shown(value)} kann zweierlei bedeuten (Tausenderpunkt oder Komma). "
            "Bitte schreiben Sie die Zahl mit zwei Nachkommastellen."
        )
    if not 0 < number <= MAX_AREA:
        return Refused(f"{what}: {shown(value)} km² ist nicht möglich. Bitte prüfen Sie die Zahl und die Einheit.")
    rounded = number.quantize(Decimal("0.01"))
    # A spreadsheet stores 122.07 as 122.06999999999999; only what people typed was really rounded.
    exact = abs(rounded - number) < Decimal("0.000001")
    return Read(rounded, "" if exact else f"{what}: {shown(value)} wurde auf zwei Nachkommastellen gerundet.")


ENTER_DEGREES = "Bitte tragen Sie Grad mit Komma ein, zum Beispiel 49,872238."


def read_degrees(value, what: str) -> Read | Refused:
    """Degrees with a decimal separator. Without one nobody knows where it belongs; a whole degree is 100 km wide."""
    if isinstance(value, str):
        value = re.sub(r"\s*(°|Grad)?\s*[NOE]?$", "", number_text(value)) or value
    if refused := _not_a_number(value, what):
        return refused
    text = str(value).strip().replace(",", ".")
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]+)?", text):
        degrees = Decimal(text)
        if degrees == degrees.to_integral_value():
            return Refused(f"{what}: {shown(value)} hat keine Nachkommastellen. {ENTER_DEGREES}")
        return Read(degrees.quantize(Decimal("0.000001")))
    if re.fullmatch(r"[0-9.]{6,}", text):
        return Refused(f"{what}: In {shown(value)} fehlt das Komma oder steht mehrmals. {ENTER_DEGREES}")
    return Refused(f"{what}: {shown(value)} ist keine Gradzahl. {ENTER_DEGREES}")
