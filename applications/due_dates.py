"""Periods and deadlines, each with the paragraph that it is counted by."""

from datetime import MAXYEAR, date, timedelta


def last_day_of_years(start: date, years: int) -> date:
    """The last day of a period of whole years whose first day counts in full.

    BGB § 187 Abs. 2 with § 188 Abs. 2 Alt. 2: the period ends with the day before the one that bears the number of its
    first day. It begins on 01.01.2027 and lasts five years: it ends on 31.12.2031.
    """
    if start.year + years > MAXYEAR:
        return date.max  # beyond the calendar; who types 9999 means „for ever“
    first_day_after = _same_day(start, years)
    return first_day_after - timedelta(days=1)


def _same_day(start: date, years: int) -> date:
    """The day of equal number `years` later; 29 February of a common year is taken as 1 March."""
    if (start.month, start.day) == (2, 29) and not _is_leap(start.year + years):
        return date(start.year + years, 3, 1)
    return start.replace(year=start.year + years)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
