"""Interest on a grant that has to be paid back: HVwVfG § 49a Abs. 3, five points above the Basiszinssatz of BGB § 247.

Day count: calendar days. The first day does not count, the last one does (BGB § 187 Abs. 1, § 188 Abs. 1). The law says „jährlich“,
so that a whole year bears exactly the yearly rate: a day is one 365th of it, in a leap year one 366th (method „act/act“).
Rounding: each line to whole cents, half a cent upwards; the total is the sum of the lines, so that the table of the notice adds
up. No interest on interest (BGB § 289 applied accordingly). No law prescribes day count and rounding for § 49a: both are the
usual reading and are confirmed by the ministry before use.

Pure: the rates are handed in. Amounts are Decimal euros, rates are Decimal percent.
"""

from calendar import isleap
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from ikz.german import day as german_day

POINTS_ABOVE = Decimal(5)  # HVwVfG § 49a Abs. 3 Satz 1
CENT = Decimal("0.01")
ONE_DAY = timedelta(days=1)
JULY = 7


class Rate(NamedTuple):
    """A Basiszinssatz in percent, from the first day of a half-year on."""

    valid_from: date
    percent: Decimal


class InterestLine(NamedTuple):
    """Days of equal rate, the first and the last one included; the rate in percent per year."""

    first_day: date
    last_day: date
    days: int
    rate: Decimal
    amount: Decimal


class NoBaseRate(ValueError):
    """The rate of a half-year is not known; says so in a German sentence."""


def is_start_of_half_year(day: date) -> bool:
    """BGB § 247 Abs. 1 Satz 2: the rate changes on 1 January and on 1 July."""
    return day == half_year_of(day)


def half_year_of(day: date) -> date:
    """The first day of the half-year in which the day lies."""
    return date(day.year, JULY if day.month >= JULY else 1, 1)


def interest(amount: Decimal, *, since: date, until: date, rates: Iterable[Rate]) -> list[InterestLine]:
    """What an amount owes from the day after `since` up to and including `until`, one line per half-year.

    `since` is the day on which the notice became ineffective, at the earliest the day of payment; `until` the day on which the
    money comes back. Empty if there is no day between. Raises NoBaseRate where a half-year has no rate.
    """
    known = {rate.valid_from: rate.percent for rate in rates}
    return [_line(amount, first, last, known) for first, last in _half_years(since + ONE_DAY, until)]


def total(lines: Iterable[InterestLine]) -> Decimal:
    return sum((line.amount for line in lines), Decimal(0))


def _half_years(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The days from first to last, cut where a half-year begins."""
    while first <= last:
        start = half_year_of(first)
        next_start = date(start.year, JULY, 1) if start.month == 1 else date(start.year + 1, 1, 1)
        yield first, min(last, next_start - ONE_DAY)
        first = next_start


def _line(amount: Decimal, first: date, last: date, known: dict[date, Decimal]) -> InterestLine:
    start = half_year_of(first)
    if start not in known:
        raise NoBaseRate(
            f"Für das Halbjahr ab {german_day(start)} ist kein Basiszinssatz eingetragen. Bitte lassen Sie ihn durch die Rolle "
            f"Stammdaten ergänzen."
        )
    days = (last - first).days + 1
    rate = known[start] + POINTS_ABOVE
    days_of_year = 366 if isleap(first.year) else 365
    owed = amount * rate * days / (100 * days_of_year)
    return InterestLine(first, last, days, rate, owed.quantize(CENT, rounding=ROUND_HALF_UP))
