"""The dates that follow from a notice: each row can be checked by hand with a calendar of Hessen."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import due_dates
from applications.due_dates import DeliveryDays
from applications.periods import is_working_day

LAW = [DeliveryDays(date(1977, 1, 1), 3), DeliveryDays(date(2025, 1, 1), 4)]
DAYS = st.dates(date(1991, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("posted_on", "days"),
    [
        (date(2024, 12, 31), 3),
        (date(2025, 1, 1), 4),
        (date(2026, 6, 1), 4),
        (date(1977, 1, 1), 3),
    ],
)
def test_days_of_the_fiction_go_by_the_day_of_posting(posted_on, days):
    assert due_dates.delivery_days(LAW, posted_on) == days
    assert due_dates.delivery_days(LAW[::-1], posted_on) == days


def test_without_a_rule_for_the_day_of_posting_there_is_no_date():
    with pytest.raises(due_dates.NoDeliveryRule) as refused:
        due_dates.delivery_days(LAW, date(1976, 12, 31))

    assert str(refused.value) == (
        "Für Schreiben, die am 31.12.1976 zur Post gegeben wurden, ist keine Zustellungsregel eingetragen. "
        "Bitte lassen Sie sie durch die Rolle Stammdaten ergänzen."
    )


@pytest.mark.parametrize(
    ("posted_on", "notified_on"),
    [
        # Four days.
        (date(2026, 6, 8), date(2026, 6, 12)),  # Monday to Friday
        (date(2026, 6, 9), date(2026, 6, 15)),  # Saturday, so Monday
        (date(2026, 6, 10), date(2026, 6, 15)),  # Sunday, so Monday
        (date(2026, 5, 29), date(2026, 6, 2)),  # Friday to Tuesday
        (date(2026, 5, 31), date(2026, 6, 5)),  # Fronleichnam, so Friday
        (date(2026, 12, 21), date(2026, 12, 28)),  # Christmas Day, so Monday
        (date(2026, 12, 22), date(2026, 12, 28)),
        (date(2026, 12, 28), date(2027, 1, 4)),  # New Year's Day, a Friday
        (date(2026, 3, 30), date(2026, 4, 7)),  # Good Friday, so the Tuesday after Easter
        (date(2028, 2, 25), date(2028, 2, 29)),
        # Three days, until the end of 2024.
        (date(2024, 6, 3), date(2024, 6, 6)),
        (date(2024, 5, 27), date(2024, 5, 31)),  # Fronleichnam 2024, so Friday
        (date(2024, 12, 23), date(2024, 12, 27)),  # 26 December, so Friday
        # Around New Year 2024/25: the day of posting decides.
        (date(2024, 12, 30), date(2025, 1, 2)),
        (date(2024, 12, 31), date(2025, 1, 3)),
        (date(2025, 1, 1), date(2025, 1, 6)),  # Sunday the 5th, so Monday; no holiday in Hessen
        (date(2025, 1, 2), date(2025, 1, 6)),
    ],
)
def test_notification_by_post(posted_on, notified_on):
    assert due_dates.notification(posted_on=posted_on, retrieved_on=None, rules=LAW) == notified_on


@pytest.mark.parametrize(
    ("posted_on", "retrieved_on", "notified_on"),
    [
        (None, None, None),
        (None, date(2026, 6, 8), date(2026, 6, 9)),
        (None, date(2026, 6, 12), date(2026, 6, 13)),  # a Saturday stays: retrieval is a fact
        (None, date(2026, 12, 31), date(2027, 1, 1)),
        (date(2026, 6, 8), date(2026, 6, 9), date(2026, 6, 10)),
        (date(2026, 6, 8), date(2026, 6, 20), date(2026, 6, 12)),
    ],
)
def test_notification_by_retrieval(posted_on, retrieved_on, notified_on):
    assert due_dates.notification(posted_on=posted_on, retrieved_on=retrieved_on, rules=LAW) == notified_on


@pytest.mark.parametrize(
    ("notified_on", "month", "year"),
    [
        (date(2026, 6, 12), date(2026, 7, 13), date(2027, 6, 14)),  # both a Saturday or Sunday
        (date(2026, 6, 15), date(2026, 7, 15), date(2027, 6, 15)),
        (date(2028, 1, 31), date(2028, 2, 29), date(2029, 1, 31)),
        (date(2029, 1, 31), date(2029, 2, 28), date(2030, 1, 31)),
        (date(2028, 2, 29), date(2028, 3, 29), date(2029, 2, 28)),
        (date(2026, 11, 25), date(2026, 12, 28), date(2027, 11, 25)),  # Christmas Day
        (date(2026, 12, 1), date(2027, 1, 4), date(2027, 12, 1)),  # New Year's Day
        (date(2026, 5, 4), date(2026, 6, 5), date(2027, 5, 4)),  # Fronleichnam
        (date(2026, 4, 14), date(2026, 5, 15), date(2027, 4, 14)),  # Ascension
        (date(2025, 4, 3), date(2025, 5, 5), date(2026, 4, 7)),  # Good Friday to Easter Monday
    ],
)
def test_objection_period(notified_on, month, year):
    assert due_dates.objection_ends(notified_on) == month
    assert due_dates.objection_ends(notified_on, instructed=False) == year


@pytest.mark.parametrize(
    ("given", "final_on"),
    [
        ({"notified_on": None}, None),
        ({"notified_on": date(2026, 6, 15)}, date(2026, 7, 16)),
        ({"notified_on": date(2026, 6, 12)}, date(2026, 7, 14)),  # the period ended on Monday the 13th
        ({"notified_on": date(2026, 6, 15), "instructed": False}, date(2027, 6, 16)),
        ({"notified_on": date(2026, 6, 15), "waived_on": date(2026, 6, 20)}, date(2026, 6, 20)),
        ({"notified_on": date(2026, 6, 15), "waived_on": date(2026, 6, 12)}, date(2026, 6, 12)),
        ({"notified_on": date(2026, 6, 15), "waived_on": date(2026, 7, 16)}, date(2026, 7, 16)),
        ({"notified_on": date(2026, 6, 15), "waived_on": date(2026, 9, 1)}, date(2026, 7, 16)),
        ({"notified_on": None, "waived_on": date(2026, 6, 20)}, date(2026, 6, 20)),
        ({"notified_on": date(2026, 6, 15), "action_pending": True}, None),
        ({"notified_on": date(2026, 6, 15), "waived_on": date(2026, 6, 20), "action_pending": True}, None),
    ],
)
def test_finality(given, final_on):
    assert due_dates.finality(**given) == final_on


@pytest.mark.parametrize(
    ("final_on", "payable_on"),
    [
        (date(2026, 7, 16), date(2026, 7, 16)),
        (date(2026, 7, 18), date(2026, 7, 20)),
        (date(2026, 12, 25), date(2026, 12, 28)),
    ],
)
def test_payment_earliest(final_on, payable_on):
    assert due_dates.payment_earliest(final_on) == payable_on


def test_the_group_is_bound_for_the_years_of_its_variant():
    assert due_dates.binding_ends(date(2027, 1, 1), 5) == date(2031, 12, 31)
    assert due_dates.binding_ends(date(2028, 2, 29), 5) == date(2033, 2, 28)
    assert due_dates.binding_ends(date(2027, 1, 2), 5) == date(2032, 1, 1)  # a holiday stays: nothing is owed that day


@pytest.mark.parametrize(
    ("stated_on", "due_on", "reminded_on"),
    [
        (date(2029, 6, 29), date(2029, 6, 29), date(2029, 3, 29)),
        (date(2029, 6, 30), date(2029, 7, 2), date(2029, 3, 29)),  # 2 April is Easter Monday, so Maundy Thursday
        (date(2029, 12, 31), date(2029, 12, 31), date(2029, 9, 28)),  # 30 September is a Sunday
        (date(2028, 5, 31), date(2028, 5, 31), date(2028, 2, 29)),
    ],
)
def test_report_and_its_reminder(stated_on, due_on, reminded_on):
    assert due_dates.report_due(stated_on) == due_on
    assert due_dates.report_reminder(due_on, 3) == reminded_on


@pytest.mark.parametrize(
    ("known_on", "last_day"),
    [
        (date(2026, 6, 15), date(2027, 6, 15)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2026, 6, 12), date(2027, 6, 12)),  # a Saturday stays
        (date(2026, 12, 31), date(2027, 12, 31)),
    ],
)
def test_one_year_for_the_revocation(known_on, last_day):
    assert due_dates.revocation_ends(known_on) == last_day


def test_the_file_is_kept_from_the_end_of_the_year():
    assert due_dates.retention_ends(date(2032, 1, 1), 10) == date(2042, 12, 31)
    assert due_dates.retention_ends(date(2032, 12, 31), 10) == date(2042, 12, 31)
    assert due_dates.retention_ends(date(2033, 1, 1), 10) == date(2043, 12, 31)


@given(posted_on=DAYS, days=st.integers(1, 7))
def test_a_letter_is_never_received_on_a_day_off_nor_before_its_time(posted_on, days):
    notified_on = due_dates.notified_by_post(posted_on, days)

    assert is_working_day(notified_on)
    assert notified_on >= posted_on + timedelta(days=days)
    assert due_dates.notified_by_post(posted_on + timedelta(days=1), days) >= notified_on


@given(notified_on=DAYS, instructed=st.booleans())
def test_an_objection_period_never_ends_on_a_day_off_nor_before_its_time(notified_on, instructed):
    last_day = due_dates.objection_ends(notified_on, instructed=instructed)

    assert is_working_day(last_day)
    assert last_day >= notified_on + timedelta(days=28 if instructed else 365)
    assert due_dates.objection_ends(notified_on + timedelta(days=1), instructed=instructed) >= last_day


@given(notified_on=DAYS, waived_after=st.none() | st.integers(0, 800), instructed=st.booleans())
def test_a_waiver_brings_finality_forward_and_never_back(notified_on, waived_after, instructed):
    waived_on = None if waived_after is None else notified_on + timedelta(days=waived_after)
    without = due_dates.finality(notified_on, instructed=instructed)
    final_on = due_dates.finality(notified_on, waived_on=waived_on, instructed=instructed)

    assert without == due_dates.objection_ends(notified_on, instructed=instructed) + timedelta(days=1)
    assert notified_on <= final_on <= without
    assert is_working_day(due_dates.payment_earliest(final_on))


@given(stated_on=DAYS, months=st.integers(1, 12))
def test_a_reminder_comes_on_a_working_day_before_the_report(stated_on, months):
    due_on = due_dates.report_due(stated_on)
    reminded_on = due_dates.report_reminder(due_on, months)

    assert is_working_day(reminded_on)
    assert reminded_on < due_on
    assert due_dates.report_reminder(due_on + timedelta(days=1), months) >= reminded_on
