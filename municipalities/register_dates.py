"""One cell, one day: dates as clerks and spreadsheets write them. Refused where two readings are possible."""

import re
from datetime import date, datetime

from municipalities.register_files import Formula
from municipalities.register_values import Read, Refused, number_text, shown

MONTHS = ["januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november"]
MONTHS.append("dezember")


def read_date(value, *, today: date | None = None) -> Read | Refused:
    """A day. `today` bounds two-digit years: 24 is 2024, and nothing is meant to lie in the far future."""
    if isinstance(value, datetime):
        return _plausible(value.date(), value)
    if isinstance(value, date):
        return _plausible(value, value)
    if isinstance(value, Formula):
        return Refused(f"Das Datum {shown(value)} ist eine Formel. Bitte fügen Sie es als Wert ein.")
    if not isinstance(value, str):
        return _no_date(value)
    text = re.sub(r"^stand:? ?|(?<=[0-9]{4})\.$", "", number_text(value).casefold())
    return _date_text(value, re.sub(r" ?\. ?", ".", text), today)


def _date_text(value, text, today):
    readers = [
        (r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]00:00(?::00(?:\.0+)?)?)?", lambda m: _day(value, m[1], m[2], m[3])),
        (r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: 00:00(?::00)?)?", lambda m: _day(value, m[3], m[2], m[1])),
        (r"(\d{1,2})\.(\d{1,2})\.(\d{2})", lambda m: _two_digit_year(value, m, today)),
        (r"(\d{1,2})[. ]([a-zä]{3,9})[. ](\d{4})", lambda m: _written_month(value, m)),
        (r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", lambda m: _slashed(value, m)),
    ]
    for pattern, reader in readers:
        if found := re.fullmatch(pattern, text, re.ASCII):
            return reader(found)
    return _no_date(value)


def _no_date(value):
    return Refused(f"Das Datum {shown(value)} ist nicht lesbar. Bitte schreiben Sie es wie 31.12.2024.")


def _day(value, year, month, day, repaired=""):
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return Refused(f"Das Datum {shown(value)} gibt es nicht. Bitte berichtigen Sie es.")
    return _plausible(found, value, repaired)


def _plausible(day, value, repaired=""):
    if not 1800 <= day.year <= 2200:
        return Refused(f"Das Datum {shown(value)} ist nicht plausibel. Bitte berichtigen Sie es.")
    return Read(day, repaired)


def _two_digit_year(value, found, today):
    year = 2000 + int(found[3])
    if today is None or year > today.year:
        return Refused(
            f"Im Datum {shown(value)} ist das Jahrhundert unklar. Bitte schreiben Sie das Jahr mit vier Ziffern."
        )
    return _day(value, year, found[2], found[1], f"Das Jahr im Datum {shown(value)} wurde als {year} gelesen.")


def _written_month(value, found):
    months = [number for number, name in enumerate(MONTHS, start=1) if name.startswith(found[2])]
    return _day(value, found[3], months[0], found[1]) if len(months) == 1 else _no_date(value)


def _slashed(value, found):
    first, second = int(found[1]), int(found[2])
    if first != second and first <= 12 and second <= 12:
        return Refused(
            f"Im Datum {shown(value)} ist unklar, was Tag und was Monat ist. Bitte schreiben Sie es wie 31.12.2024."
        )
    day, month = (first, second) if second <= 12 else (second, first)
    return _day(value, found[3], month, day)
