from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.formats import date_format

from ikz.german import beginning, counted, day, euros, listing, percent


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0 €"),
        ("0.01", "0,01 €"),
        ("1234.5", "1.234,50 €"),
        ("75000.00", "75.000 €"),
        ("1234567.89", "1.234.567,89 €"),
        ("-1234.5", "−1.234,50 €"),
    ],
)
def test_euros(amount, text):
    assert euros(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        ("15", "15,00 %"),
        ("14.999999999999", "14,99 %"),
        ("0.004", "0,00 %"),
        ("-0.004", "0,00 %"),
        ("-8.339", "−8,33 %"),
        ("100", "100,00 %"),
    ],
)
def test_percent_is_cut_off_and_never_rounded_up(share, text):
    assert percent(Decimal(share)) == text


def test_day():
    assert day(date(2026, 3, 1)) == "01.03.2026"


def test_days_in_the_admin_look_like_those_of_our_own_pages():
    assert date_format(date(2026, 3, 1)) == day(date(2026, 3, 1))
    assert date_format(datetime(2026, 3, 1, 9, 5, tzinfo=UTC), "DATETIME_FORMAT") == "01.03.2026 09:05"


@pytest.mark.parametrize(
    ("names", "text"),
    [([], ""), (["A"], "A"), (["A", "B"], "A und B"), (["A", "B", "C"], "A, B und C")],
)
def test_listing(names, text):
    assert listing(names) == text


@pytest.mark.parametrize(("number", "text"), [(0, "0 Fälle"), (1, "1 Fall"), (2, "2 Fälle")])
def test_counted(number, text):
    assert counted(number, "Fall", "Fälle") == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("denselben", "denselben"),
        ("mit\ndenselben", "mit denselben"),
        ("mit denselben Beteiligten", "mit denselben …"),
        ("und mit denselben", "und mit …"),
        ("Verpflichtungsermächtigung", "Verpflichtung …"),
    ],
)
def test_beginning_ends_after_a_word(text, shown):
    assert beginning(text, 13) == shown
