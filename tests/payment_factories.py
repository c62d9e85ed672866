"""Accounts, and cases that can be paid."""

from datetime import date

from applications import payments
from applications.models import BankAccount, PayingAccount
from ikz import clock
from tests.date_factories import DateFactsFactory
from tests.factories import case_in, clerk, treasurer

# Examples that banks and registries publish for tests; none of them belongs to a municipality.
IBANS = ["DE02120300000000202051", "DE02100500000054540402", "DE02500105170137075030", "DE89370400440532013000"]
UNKNOWN_BANK = "DE37999999990123456789"  # right digits, and no bank of this code


def account_of(municipality, *, iban=IBANS[0], confirmed_by=None, **fields):
    """A confirmed account."""
    account = BankAccount(municipality=municipality, holder=fields.get("holder", "Gemeindekasse"), iban=iban)
    BankAccount.objects.enter(account, by=clerk())
    account.confirm(by=confirmed_by or treasurer())
    return account


def paying_account(**fields):
    facts = {"valid_from": date(2026, 1, 1), "holder": "Hessisches Ministerium des Innern", "iban": IBANS[3], **fields}
    return PayingAccount.objects.create(**facts)


def payable_case(**fields):
    """Granted and final, and the lead's account is confirmed."""
    case = case_in("approved", **fields)
    DateFactsFactory(application=case, waived_on=clock.today())
    account_of(case.lead)
    return case


def order_of(*cases, split=False, by=None):
    return payments.prepare({case.pk: split for case in cases}, by=by or treasurer())
