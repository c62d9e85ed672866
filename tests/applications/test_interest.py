"""Interest on repayments: each row can be checked by hand with a calendar and the table of the Bundesbank."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import base_data
from applications.interest import InterestLine, NoBaseRate, Rate, interest, is_start_of_half_year, total

RATES = [
    Rate(date.fromisoformat(row["valid_from"]), Decimal(row["percent"])) for row in base_data.rows("base_rates.csv")
]
DAYS = st.dates(date(2004, 1, 1), date(2026, 6, 30))
AMOUNTS = st.decimals(Decimal("0.01"), Decimal(1_000_000), places=2)


def test_worked_example():
    """75,000 € paid on 16.10.2023, paid back on 15.02.2025.

    2023: 76 days (17.10.–31.12.) at 3.12 + 5 = 8.12 %: 75,000 × 8.12 × 76 / 36,500 = 1,268.0548 …
    2024: 182 of 366 days at 8.62 %: 75,000 × 8.62 × 182 / 36,600 = 3,214.8361 …; 184 days at 8.37 %: 3,155.9016 …
    2025: 46 days (1.1.–15.2.) at 7.27 %: 75,000 × 7.27 × 46 / 36,500 = 687.1644 …
    """
    lines = interest(Decimal(75000), since=date(2023, 10, 16), until=date(2025, 2, 15), rates=RATES)

    assert lines == [
        InterestLine(date(2023, 10, 17), date(2023, 12, 31), 76, Decimal("8.12"), Decimal("1268.05")),
        InterestLine(date(2024, 1, 1), date(2024, 6, 30), 182, Decimal("8.62"), Decimal("3214.84")),
        InterestLine(date(2024, 7, 1), date(2024, 12, 31), 184, Decimal("8.37"), Decimal("3155.90")),
        InterestLine(date(2025, 1, 1), date(2025, 2, 15), 46, Decimal("7.27"), Decimal("687.16")),
    ]
    assert total(lines) == Decimal("8325.95")


@pytest.mark.parametrize(
    ("since", "until", "amount"),
    [
        (date(2020, 12, 31), date(2021, 12, 31), Decimal("412.00")),  # a common year at 4.12 %: exactly the yearly rate
        (date(2019, 12, 31), date(2020, 12, 31), Decimal("412.00")),  # a leap year too
        (date(2021, 3, 1), date(2021, 3, 2), Decimal("1.13")),  # 1.1287… for one day
        (date(2021, 3, 1), date(2021, 3, 1), Decimal(0)),  # paid back on the day of payment
        (date(2021, 3, 2), date(2021, 3, 1), Decimal(0)),
        (date(2023, 6, 30), date(2023, 7, 1), Decimal("2.22")),  # 8.12 %, not yet 6.62 %
        (date(2023, 6, 29), date(2023, 6, 30), Decimal("1.81")),  # 6.62 %
        (date(2020, 2, 28), date(2020, 3, 1), Decimal("2.25")),  # two days, for there was a 29th
    ],
)
def test_interest_on_ten_thousand_euros(since, until, amount):
    assert total(interest(Decimal(10000), since=since, until=until, rates=RATES)) == amount


def test_half_a_cent_is_rounded_upwards():
    rates = [Rate(date(2021, 1, 1), Decimal("-2.5"))]

    (line,) = interest(Decimal(1), since=date(2020, 12, 31), until=date(2021, 3, 14), rates=rates)

    assert (line.days, line.amount) == (73, Decimal("0.01"))  # 1 × 2.5 × 73 / 36,500 = 0.005


def test_half_year_without_a_rate_stops_the_sum():
    with pytest.raises(NoBaseRate) as refused:
        interest(Decimal(100), since=date(2026, 6, 1), until=date(2026, 7, 1), rates=RATES)

    assert str(refused.value) == (
        "Für das Halbjahr ab 01.07.2026 ist kein Basiszinssatz eingetragen. Bitte lassen Sie ihn durch die Rolle Stammdaten "
        "ergänzen."
    )


def test_delivered_rates_have_no_gap():
    starts = [rate.valid_from for rate in RATES]

    assert starts == [date(2004 + number // 2, 7 if number % 2 else 1, 1) for number in range(len(starts))]
    assert all(is_start_of_half_year(start) for start in starts)
    assert (RATES[-1], RATES[0]) == (Rate(date(2026, 1, 1), Decimal("1.27")), Rate(date(2004, 1, 1), Decimal("1.14")))


@given(amount=AMOUNTS, since=DAYS, until=DAYS)
def test_lines_cover_every_day_once_and_never_more_than_a_half_year(amount, since, until):
    lines = interest(amount, since=since, until=until, rates=RATES)

    days = [line.first_day + timedelta(days=number) for line in lines for number in range(line.days)]
    assert days == [since + timedelta(days=number) for number in range(1, (until - since).days + 1)]
    assert all(line.days <= 184 and line.amount >= 0 for line in lines)


@given(amount=AMOUNTS, since=DAYS, days=st.tuples(st.integers(0, 800), st.integers(0, 800)))
def test_more_days_never_cost_less(amount, since, days):
    shorter, longer = (min(since + timedelta(days=number), date(2026, 6, 30)) for number in sorted(days))

    assert total(interest(amount, since=since, until=shorter, rates=RATES)) <= total(
        interest(amount, since=since, until=longer, rates=RATES)
    )
