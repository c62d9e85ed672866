"""How the law counts days, months and years: BGB §§ 187–193, with the holidays of Hessen.

Every other period of this project is built on these functions; applications/due_dates.py says which law asks for which.
"""

from calendar import monthrange
from datetime import MAXYEAR, date, timedelta

import holidays

# Hessen as a whole, Fronleichnam included; outside these years only Saturdays and Sundays count.
# Taken at once: the library fills in a year while it is asked for it, and two threads would see half a year.
HOLIDAY_YEARS = range(1991, 2101)
_HOLIDAYS = frozenset(holidays.country_holidays("DE", subdiv="HE", years=HOLIDAY_YEARS))
SATURDAY = 5
MONTHS = 12


def is_working_day(day: date) -> bool:
    """BGB § 193: neither a Saturday nor a Sunday nor a holiday that Hessen recognises at the place."""
    return day.weekday() < SATURDAY and day not in _HOLIDAYS


def working_day_from(day: date) -> date:
    """BGB § 193: the day itself, or the next working day in its place."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_day_until(day: date) -> date:
    """The day itself or the last working day before it: for what must not come late. No law asks for it."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def last_day_of_days(event: date, days: int) -> date:
    """The last day of a period of days.

    BGB § 187 Abs. 1: the day of the event does not count; § 188 Abs. 1: the period ends with its last day.
    """
    return event + timedelta(days=days)


def last_day_of_months(event: date, months: int) -> date:
    """The last day of a period of months that an event on a day sets going.

    BGB § 187 Abs. 1 with § 188 Abs. 2 Alt. 1: it ends with the day that bears the number of the day of the event;
    § 188 Abs. 3: where the month has no such day, with the last day of the month. 31.01. and one month: 28. or 29.02.
    """
    return _same_number(event, months)


def months_before(day: date, months: int) -> date:
    """Counted backwards from a day, BGB §§ 187, 188 applied accordingly: the day of equal number, or the month's last."""
    return _same_number(day, -months)


def last_day_of_years(start: date, years: int) -> date:
    """The last day of a period of whole years whose first day counts in full.

    BGB § 187 Abs. 2 with § 188 Abs. 2 Alt. 2: the period ends with the day before the one that bears the number of its
    first day. It begins on 01.01.2027 and lasts five years: it ends on 31.12.2031.
    """
    if start.year + years > MAXYEAR:
        return date.max  # beyond the calendar; who types 9999 means „for ever“
    first_day_after = _same_number(start, MONTHS * years)
    if first_day_after.day != start.day:
        return first_day_after  # § 188 Abs. 3: 29.02. and a common year; the period ends with 28.02. itself
    return first_day_after - timedelta(days=1)


def last_day_of_year_after(day: date, years: int) -> date:
    """31 December of the year that lies so many years after the year of the day."""
    return date(min(day.year + years, MAXYEAR), 12, 31)


def _same_number(day: date, months: int) -> date:
    """The day of equal number so many months later, negative: earlier; else the last day of that month."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
