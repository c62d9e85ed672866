"""What must never be true of accounts and payments, done past all forms (see test_constraints.py)."""

from datetime import UTC, date, datetime

from applications.models import BankAccount, Payment, PaymentOrder
from tests.factories import clerk
from tests.payment_factories import IBANS

NOW = datetime(2026, 10, 1, tzinfo=UTC)


def _account(case, **fields):
    facts = {
        "municipality": case.lead,
        "holder": "Kasse",
        "iban": IBANS[0],
        "entered_by": case.clerk,
        "entered_at": NOW,
    }
    return BankAccount.objects.create(**{**facts, **fields})


def _confirmed(case):
    return {"confirmed_by": clerk(), "confirmed_at": NOW}


def _two_accounts(state):
    return lambda case: [_account(case, **state(case)) for _ in range(2)]


def _order(case, **fields):
    return PaymentOrder.objects.create(**{"prepared_by": case.clerk, "prepared_at": NOW, **fields})


def _payment(case, order=None, **fields):
    facts = {"application": case, "municipality": case.lead, "holder": "Kasse", "iban": IBANS[0], "amount": 1, **fields}
    return Payment.objects.create(order=order or _order(case), **facts)


PAYMENT_VIOLATIONS = {
    "bank_account_one_per_municipality": ("drafted", _two_accounts(_confirmed)),
    "bank_account_one_waits": ("drafted", _two_accounts(lambda case: {})),
    "bank_account_confirmed_by_and_at": ("drafted", lambda case: _account(case, confirmed_at=NOW)),
    "bank_account_confirmed_by_another": (
        "drafted",
        lambda case: _account(case, confirmed_by=case.clerk, confirmed_at=NOW),
    ),
    "bank_account_ended_by_and_at": ("drafted", lambda case: _account(case, ended_by=case.clerk)),
    "payment_order_released_as_a_whole": ("drafted", lambda case: _order(case, released_by=clerk(), released_at=NOW)),
    "payment_order_released_by_another": (
        "drafted",
        lambda case: _order(
            case, released_by=case.clerk, released_at=NOW, execute_on=date(2026, 10, 2), file="<Document/>"
        ),
    ),
    "payment_once_per_case_and_municipality": ("approved", lambda case: [_payment(case) for _ in range(2)]),
    "payment_positive": ("approved", lambda case: _payment(case, amount=0)),
    "payment_left_out_by_and_at": ("approved", lambda case: _payment(case, left_out_at=NOW)),
}
