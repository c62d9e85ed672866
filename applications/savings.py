"""The efficiency gain: what doing a task together saves in a year.

`1 − after / Σ before_i`, on the sum of all participants (OZG leaflet; Antragsunterlagen). Exact: no rounding takes part in
the decision.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Saving:
    """Yearly expenditure in euros before (sum of the participants) and after (in total)."""

    before: Decimal
    after: Decimal

    @property
    def amount(self) -> Decimal:
        return self.before - self.after

    @property
    def percent(self) -> Decimal:
        """For people to read; decisions use reaches(). Zero where nothing was spent before."""
        return self.amount * 100 / self.before if self.before else Decimal(0)

    def reaches(self, minimum_percent: Decimal) -> bool:
        """Cross-multiplied, so that no division rounds 14.999… up to 15."""
        return self.before > 0 and self.amount * 100 >= self.before * minimum_percent


def saving(before: Iterable[Decimal | None], after: Decimal | None) -> Saving | None:
    """The saving, or None while a figure is missing."""
    figures = list(before)
    if after is None or not figures or None in figures:
        return None
    return Saving(sum(figures, Decimal(0)), after)
