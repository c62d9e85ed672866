from decimal import Decimal

import pytest

from applications.grants import Line, Proposal, propose
from tests.programme_factories import VariantFactory

PARAMETERS = {
    "standard": {},
    **{name: {name: True} for name in ("ozg", "gvv", "fire_brigade", "accession", "preparation")},
}


def variant(code):
    return VariantFactory.build(programme=None, **PARAMETERS[code])


@pytest.mark.parametrize(
    ("code", "totals"),  # for 1, 2, 3, 4, 5 and 26 units
    [
        ("standard", [25000, 50000, 75000, 100000, 100000, 100000]),
        ("ozg", [25000, 50000, 75000, 100000, 100000, 100000]),
        ("gvv", [150000, 300000, 450000, 600000, 750000, 3900000]),
        ("fire_brigade", [15000, 30000, 45000, 60000, 75000, 390000]),
        ("accession", [25000, 50000, 75000, 100000, 125000, 650000]),
        ("preparation", [None] * 6),
    ],
)
def test_proposed_amounts(code, totals):
    proposals = [propose(variant(code), units) for units in (1, 2, 3, 4, 5, 26)]

    assert [proposal.total for proposal in proposals] == totals
    assert [sum(line.amount for line in proposal.lines) for proposal in proposals] == [total or 0 for total in totals]


@pytest.mark.parametrize("code", PARAMETERS)
def test_nothing_to_multiply_is_refused(code):
    with pytest.raises(ValueError, match=r"^Ein Vorschlag braucht mindestens eine Einheit\.$"):
        propose(variant(code), 0)


@pytest.mark.parametrize(
    ("code", "units", "lines"),
    [
        ("standard", 1, [("1 Kommune × 25.000 €", 25000)]),
        ("standard", 4, [("4 Kommunen × 25.000 €", 100000)]),
        (
            "standard",
            5,
            [("5 Kommunen × 25.000 €", 125000), ("Begrenzung auf den Höchstbetrag von 100.000 €", -25000)],
        ),
        ("fire_brigade", 1, [("1 Ortsteilfeuerwehr × 15.000 €", 15000)]),
        ("fire_brigade", 2, [("2 Ortsteilfeuerwehren × 15.000 €", 30000)]),
        ("accession", 1, [("1 beitretende Kommune × 25.000 €", 25000)]),
        ("accession", 2, [("2 beitretende Kommunen × 25.000 €", 50000)]),
    ],
)
def test_lines_of_a_proposal(code, units, lines):
    expected = tuple(Line(text, Decimal(amount)) for text, amount in lines)

    assert propose(variant(code), units) == Proposal(expected, sum(line.amount for line in expected))


def test_amounts_in_cents_stay_exact():
    odd = VariantFactory.build(programme=None, amount_per_unit=Decimal("33333.33"), cap=Decimal("99999.98"))

    assert propose(odd, 3).total == Decimal("99999.98")
