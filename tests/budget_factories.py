"""Entries in the books of the budget."""

from decimal import Decimal

from applications.models import BudgetTransfer, CommitmentAuthorisation
from ikz import clock
from tests.factories import BudgetFactory, treasurer


def transfer(**fields):
    """From the reserve, unless another line is named, to the line of the year."""
    lines = {
        "source": fields.pop("source", None) or BudgetFactory(title="Rücklage"),
        "target": fields.pop("target", None) or BudgetFactory(),
    }
    facts = {**lines, "amount": Decimal(1000), "reason": "Mehrbedarf.", "by": treasurer(), **fields}
    return BudgetTransfer.objects.create(**facts)


def authorisation(**fields):
    """For this year, at the expense of the next."""
    year = clock.today().year
    facts = {"year": year, "amount": Decimal(100000), **fields}
    return CommitmentAuthorisation.objects.create(
        budget=facts.pop("budget", None) or BudgetFactory(year=year + 1), **facts
    )
