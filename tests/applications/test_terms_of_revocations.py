"""What a revocation may say of days, money and interest: HVwVfG §§ 48, 49 and 49a, as tables."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from applications import payments, revocation_terms, steps_with_letters, workflow
from applications.models import Application
from tests.applications import letter_samples
from tests.factories import case_in, decider, treasurer
from tests.payment_factories import order_of, payable_case, paying_account
from tests.stationery import stationery

pytestmark = pytest.mark.django_db

RELEASED, EXECUTED = date(2027, 3, 1), date(2027, 3, 31)
REASON = {"reason": "Eine Kommune ist ausgeschieden.", "no_hearing_reason": "Sie haben selbst darum gebeten."}
PART = {"amount": Decimal(25000), **REASON}


# ── The day of payment ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def paid_by_list(time_machine):
    """Released on 1 March, carried out by the bank on 31 March."""
    time_machine.move_to(f"{RELEASED} 10:00")
    stationery()
    case = payable_case(cooperation=letter_samples.cooperation())
    paying_account()
    payments.release(order_of(case), execute_on=EXECUTED, by=treasurer())
    return Application.objects.get()


def test_money_leaves_on_the_day_on_which_the_bank_carries_out_the_list(paid_by_list):
    assert paid_by_list.paid_on == EXECUTED


def test_money_paid_by_other_ways_left_on_the_day_of_the_step(time_machine):
    time_machine.move_to(f"{RELEASED} 10:00")

    assert (case_in("paid").paid_on, case_in("approved").paid_on) == (RELEASED, None)


@pytest.mark.parametrize(("today", "proposed"), [(date(2027, 3, 30), None), (EXECUTED, EXECUTED)])
def test_interest_is_proposed_from_the_payment_once_it_happened(paid_by_list, today, proposed):
    assert revocation_terms.first_terms(paid_by_list, today)["interest_since"] == proposed


def test_no_interest_for_days_before_the_money_was_sent(paid_by_list, time_machine):
    time_machine.move_to("2027-06-01 10:00")
    days = {"due_on": date(2027, 7, 1), "interest_until": date(2027, 6, 30)}

    with pytest.raises(workflow.AnswerRefused) as refusal:
        steps_with_letters.take(
            paid_by_list,
            "revoke_part",
            by=decider(),
            **PART,
            **days,
            interest_since=EXECUTED - timedelta(days=1),
        )

    assert (refusal.value.field, str(refusal.value)) == (
        "interest_since",
        "Zinsen laufen frühestens seit der Auszahlung am 31.03.2027 (HVwVfG § 49a Abs. 3).",
    )
