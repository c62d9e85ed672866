"""The grant proposal, line by line, from the parameters of a programme version's variant.

Decimal in, Decimal out, in euros. It is a proposal: the decider may grant another amount with a written reason
(Rahmenvereinbarung, Förderhöhe).
"""

from dataclasses import dataclass
from decimal import Decimal

from ikz.german import counted, euros

UNIT_WORDS = {
    "municipality": ("Kommune", "Kommunen"),
    "brigade": ("Ortsteilfeuerwehr", "Ortsteilfeuerwehren"),
    "joining_municipality": ("beitretende Kommune", "beitretende Kommunen"),
}
NO_FORMULA = "Diese Variante kennt keinen festen Betrag; die Höhe wird im Einzelfall festgesetzt und begründet."


@dataclass(frozen=True)
class Line:
    text: str
    amount: Decimal


@dataclass(frozen=True)
class Proposal:
    """The lines add up to the total. The total is None where the variant has no formula."""

    lines: tuple[Line, ...]
    total: Decimal | None


def propose(variant, units: int) -> Proposal:
    """Propose a grant for a number of units (municipalities, brigades or joining municipalities).

    `variant` has amount_per_unit, cap (both Decimal or None) and unit. Raises ValueError for fewer than one unit.
    """
    if units < 1:
        raise ValueError("Ein Vorschlag braucht mindestens eine Einheit.")
    if variant.amount_per_unit is None:
        return Proposal((), None)
    amount = variant.amount_per_unit * units
    lines = [Line(f"{counted(units, *UNIT_WORDS[variant.unit])} × {euros(variant.amount_per_unit)}", amount)]
    if variant.cap is not None and amount > variant.cap:
        lines.append(Line(f"Begrenzung auf den Höchstbetrag von {euros(variant.cap)}", variant.cap - amount))
    return Proposal(tuple(lines), sum((line.amount for line in lines), Decimal(0)))
