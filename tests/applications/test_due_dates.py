from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.due_dates import last_day_of_years


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


@given(start=st.dates(date(1900, 1, 1), date(2200, 12, 31)), years=st.integers(1, 50))
def test_a_day_less_is_a_day_less(start, years):
    last = last_day_of_years(start, years)

    assert last_day_of_years(start + timedelta(days=1), years) >= last
    assert start.year + years - 1 <= last.year <= start.year + years
