"""What would become of the budget if these cases were granted as proposed. Reads only."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Value, When

from applications import grants
from applications.models import Application, Budget
from applications.states import UNDECIDED, State
from ikz import clock
from ikz.german import euros

MOST = 200  # cases on one page


@dataclass(frozen=True)
class Candidate:
    """A case that waits, what is proposed for it, and, where it is marked, what the line would still hold after it."""

    application: Application
    amount: Decimal | None  # None: its variant knows no formula
    is_marked: bool
    left: Decimal | None

    @property
    def is_beyond(self) -> bool:
        return self.left is not None and self.left < 0


@dataclass(frozen=True)
class Page:
    candidates: list[Candidate]
    lines: list[Budget]
    line: Budget | None
    room: Decimal
    is_cut: bool  # whether more cases wait than one page holds

    @property
    def marked(self) -> list[Candidate]:
        return [each for each in self.candidates if each.is_marked]

    @property
    def total(self) -> Decimal:
        return sum((each.amount for each in self.marked), Decimal(0))

    @property
    def left(self) -> Decimal:
        return self.room - self.total

    @property
    def verdict(self) -> str:
        if self.left < 0:
            return f"Das Geld reicht nicht: Es fehlen {euros(-self.left)}."
        return f"Das Geld reicht: Es bleiben {euros(self.left)}."


def page(user, query) -> Page:
    """`query` is the form as it was sent; before it is, the cases that wait for a decision are marked."""
    this_year = clock.today().year
    lines = list(Budget.objects.filter(year__gte=this_year).order_by("year", "title").with_books())
    line = next((each for each in lines if str(each.pk) == query.get("haushalt")), lines[0] if lines else None)
    room = line.room(this_year) if line else Decimal(0)
    cases = list(_waiting(user)[: MOST + 1])
    return Page(_candidates(cases[:MOST], _marks(query), room), lines, line, room, is_cut=len(cases) > MOST)


def _marks(query):
    marked = set(query.getlist("fall"))
    return (lambda case: str(case.pk) in marked) if "haushalt" in query else (lambda case: case.state == State.CHECKED)


def _waiting(user):
    """Those that wait for a decision first, then the others in the order of their arrival."""
    waiting = Application.objects.visible_to(user).filter(state__in=UNDECIDED)
    decision_first = Case(When(state=State.CHECKED, then=Value(0)), default=Value(1))
    related = waiting.select_related("cooperation__lead", "variant").with_units()
    return related.order_by(decision_first, "received_on", "pk")


def _candidates(cases, is_marked, room) -> list[Candidate]:
    found = []
    for case in cases:
        proposal = grants.propose(case.variant, case.sql_units) if case.sql_units else None
        amount = proposal.total if proposal else None
        marked = amount is not None and is_marked(case)
        room -= amount if marked else 0
        found.append(Candidate(case, amount, marked, room if marked else None))
    return found
