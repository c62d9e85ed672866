from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.savings import Saving, saving

EURO = st.decimals(0, Decimal("9999999999.99"), places=2)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([], Decimal(1), None),
        ([Decimal(1), None], Decimal(1), None),
        ([Decimal(1)], None, None),
        ([Decimal("1.10"), Decimal("2.20")], Decimal("3.00"), Saving(Decimal("3.30"), Decimal("3.00"))),
    ],
)
def test_saving_needs_every_figure(before, after, expected):
    assert saving(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "amount", "percent", "reaches_15"),
    [
        ("100", "85", "15", "15", True),
        ("100", "85.01", "14.99", "14.99", False),
        ("100", "0", "100", "100", True),
        ("100", "110", "-10", "-10", False),
        ("0", "0", "0", "0", False),
        ("0", "10", "-10", "0", False),
    ],
)
def test_saving_of_a_year(before, after, amount, percent, reaches_15):
    found = Saving(Decimal(before), Decimal(after))

    assert (found.amount, found.percent) == (Decimal(amount), Decimal(percent))
    assert found.reaches(Decimal(15)) is reaches_15


@given(before=st.lists(EURO, min_size=1, max_size=26), after=EURO)
def test_saving_is_reached_exactly_when_the_cents_say_so(before, after):
    cents_before, cents_after = int(sum(before) * 100), int(after * 100)

    reached = saving(before, after).reaches(Decimal(15))

    assert reached is (cents_before > 0 and (cents_before - cents_after) * 100 >= cents_before * 15)
