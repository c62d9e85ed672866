"""BGB §§ 187–193 as tables: leap years, ends of months and years, Saturdays, Sundays, the holidays of Hessen."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.periods import (
    is_working_day,
    last_day_of_days,
    last_day_of_months,
    last_day_of_year_after,
    last_day_of_years,
    months_before,
    working_day_from,
    working_day_until,
)

DAYS = st.dates(date(1991, 1, 1), date(2100, 12, 31))
MONTHS = st.integers(1, 36)


@pytest.mark.parametrize(
    ("day", "holiday"),
    [
        (date(2026, 1, 1), "Neujahr"),
        (date(2026, 4, 3), "Karfreitag"),
        (date(2026, 4, 6), "Ostermontag"),
        (date(2026, 5, 1), "Tag der Arbeit"),
        (date(2026, 5, 14), "Christi Himmelfahrt"),
        (date(2026, 5, 25), "Pfingstmontag"),
        (date(2026, 6, 4), "Fronleichnam"),
        (date(2025, 10, 3), "Tag der Deutschen Einheit"),
        (date(2026, 12, 25), "1. Weihnachtstag"),
        (date(2025, 12, 26), "2. Weihnachtstag"),
        (date(2017, 10, 31), "Reformationstag, 2017 in ganz Deutschland"),
        (date(2026, 8, 1), "ein Samstag"),
        (date(2026, 8, 2), "ein Sonntag"),
    ],
)
def test_a_day_off_in_hessen(day, holiday):
    assert not is_working_day(day), holiday


@pytest.mark.parametrize(
    ("day", "elsewhere"),
    [
        (date(2025, 1, 6), "Heilige Drei Könige"),
        (date(2024, 10, 31), "Reformationstag"),
        (date(2024, 11, 1), "Allerheiligen"),
        (date(2026, 12, 24), "Heiligabend ist ein Werktag"),
        (date(2026, 12, 31), "Silvester ist ein Werktag"),
        (date(2026, 8, 3), "ein Montag"),
    ],
)
def test_a_working_day_in_hessen(day, elsewhere):
    assert is_working_day(day), elsewhere


@pytest.mark.parametrize(
    ("day", "later", "earlier"),
    [
        (date(2026, 8, 5), date(2026, 8, 5), date(2026, 8, 5)),  # a Wednesday
        (date(2026, 8, 1), date(2026, 8, 3), date(2026, 7, 31)),  # a Saturday
        (date(2026, 8, 2), date(2026, 8, 3), date(2026, 7, 31)),  # a Sunday
        (date(2026, 6, 4), date(2026, 6, 5), date(2026, 6, 3)),  # Fronleichnam, a Thursday
        (date(2026, 4, 3), date(2026, 4, 7), date(2026, 4, 2)),  # Good Friday to Easter Monday
        (date(2026, 12, 25), date(2026, 12, 28), date(2026, 12, 24)),  # Christmas, then a Sunday
        (date(2024, 12, 25), date(2024, 12, 27), date(2024, 12, 24)),
        (date(2022, 1, 1), date(2022, 1, 3), date(2021, 12, 31)),  # over the end of the year
    ],
)
def test_the_working_day_beside_a_day_off(day, later, earlier):
    assert (working_day_from(day), working_day_until(day)) == (later, earlier)


@pytest.mark.parametrize(
    ("event", "days", "last_day"),
    [
        (date(2026, 6, 1), 4, date(2026, 6, 5)),
        (date(2028, 2, 26), 4, date(2028, 3, 1)),
        (date(2027, 2, 26), 4, date(2027, 3, 2)),
        (date(2026, 12, 30), 3, date(2027, 1, 2)),
    ],
)
def test_last_day_of_a_period_of_days(event, days, last_day):
    assert last_day_of_days(event, days) == last_day


@pytest.mark.parametrize(
    ("event", "months", "last_day"),
    [
        (date(2026, 3, 12), 1, date(2026, 4, 12)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 1, 30), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 1, date(2028, 3, 29)),  # not the end of March
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2027, 2, 28), 12, date(2028, 2, 28)),  # not the 29th
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 24, date(2028, 12, 15)),
        (date(2096, 2, 29), 48, date(2100, 2, 28)),  # 2100 is a common year
    ],
)
def test_last_day_of_a_period_of_months(event, months, last_day):
    assert last_day_of_months(event, months) == last_day


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2026, 12, 31), 3, date(2026, 9, 30)),
        (date(2027, 5, 31), 3, date(2027, 2, 28)),
        (date(2028, 5, 31), 3, date(2028, 2, 29)),
        (date(2027, 1, 15), 3, date(2026, 10, 15)),
        (date(2027, 3, 31), 15, date(2025, 12, 31)),
    ],
)
def test_months_before_a_day(day, months, earlier):
    assert months_before(day, months) == earlier


@pytest.mark.parametrize(
    ("start", "years", "last_day"),
    [
        (date(2027, 1, 1), 5, date(2031, 12, 31)),
        (date(2027, 6, 15), 5, date(2032, 6, 14)),
        (date(2027, 3, 1), 5, date(2032, 2, 29)),
        (date(2028, 3, 1), 5, date(2033, 2, 28)),
        (date(2028, 2, 29), 4, date(2032, 2, 28)),
        (date(2028, 2, 29), 5, date(2033, 2, 28)),
        (date(2096, 2, 29), 4, date(2100, 2, 28)),  # 2100 is a common year
        (date(1996, 2, 29), 4, date(2000, 2, 28)),  # 2000 is a leap year
        (date(2027, 1, 1), 10, date(2036, 12, 31)),
        (date(2027, 1, 1), 0, date(2026, 12, 31)),
        (date(9994, 1, 1), 5, date(9998, 12, 31)),
        (date(9999, 1, 1), 5, date.max),
    ],
)
def test_last_day_of_a_period_of_years(start, years, last_day):
    assert last_day_of_years(start, years) == last_day


@pytest.mark.parametrize(
    ("day", "years", "last_day"),
    [
        (date(2026, 1, 1), 10, date(2036, 12, 31)),
        (date(2026, 12, 31), 10, date(2036, 12, 31)),
        (date(2028, 2, 29), 1, date(2029, 12, 31)),
        (date(9995, 6, 1), 10, date(9999, 12, 31)),
    ],
)
def test_last_day_of_the_year_so_many_years_after(day, years, last_day):
    assert last_day_of_year_after(day, years) == last_day


@given(start=st.dates(date(1900, 1, 1), date(2200, 12, 31)), years=st.integers(1, 50))
def test_a_day_less_is_a_day_less(start, years):
    last = last_day_of_years(start, years)

    assert last_day_of_years(start + timedelta(days=1), years) >= last
    assert start.year + years - 1 <= last.year <= start.year + years


@given(day=DAYS)
def test_the_working_day_beside_is_near_and_no_day_off(day):
    later, earlier = working_day_from(day), working_day_until(day)

    assert is_working_day(later)
    assert is_working_day(earlier)
    assert day - timedelta(days=5) < earlier <= day <= later < day + timedelta(days=5)
    assert is_working_day(day) == (earlier == day) == (later == day)


@given(day=DAYS, months=MONTHS)
def test_a_period_of_months_keeps_the_number_of_its_day(day, months):
    last = last_day_of_months(day, months)

    assert last.day == min(day.day, monthrange(last.year, last.month)[1])
    assert (last.year - day.year) * 12 + last.month - day.month == months


@given(day=DAYS, months=MONTHS)
def test_a_later_event_never_ends_earlier(day, months):
    assert last_day_of_months(day + timedelta(days=1), months) >= last_day_of_months(day, months) > day
    assert months_before(day + timedelta(days=1), months) >= months_before(day, months)
    assert months_before(day, months) < day
