"""Accounts of the demonstration: the published examples of IBANs that banks use in their own manuals."""

from datetime import date

from applications.models import Application, BankAccount, PayingAccount
from applications.states import State

EXAMPLES = ["DE02120300000000202051", "DE02500105170137075030", "DE02100500000054540402"]
PAYER = {"holder": "Hessisches Ministerium des Innern (Demo)", "iban": "DE89370400440532013000"}


def create(people):
    """The leads of the cases that wait for their payment have said where they want it; all but the last are confirmed."""
    PayingAccount.objects.get_or_create(valid_from=date(2026, 1, 1), defaults=PAYER)
    waiting = Application.objects.filter(
        state=State.APPROVED, taken_over_at=None, cooperation__lead__bank_accounts=None
    )
    leads = {case.lead.pk: case.lead for case in waiting.select_related("cooperation__lead").order_by("pk")}
    for number, lead in enumerate(leads.values()):
        account = BankAccount(
            municipality=lead, holder=f"Kasse {lead.name}"[:70], iban=EXAMPLES[number % len(EXAMPLES)]
        )
        BankAccount.objects.enter(account, by=people["sachbearbeitung"])
        if number < len(leads) - 1 or len(leads) == 1:
            account.confirm(by=people["haushalt"])
