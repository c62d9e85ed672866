"""What a fault may not leave behind, looked for in everything that is there; and the table of all faults."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from applications.evidence import prove
from applications.models import Application, Budget, Decision, Message, Notice
from applications.states import GRANTED
from applications.tidying import tidy

HEADINGS = ("tried", "acknowledged", "lost", "half done", "chains broken", "sums wrong")
TABLE = []
PAGE = Path(__file__).parents[2] / "docs" / "operations.md"


@dataclass
class Fault:
    """One row of the table. `lost` counts acknowledged work that is not there; all but the first two must be 0."""

    name: str
    tried: int = 0
    acknowledged: int = 0
    lost: int = 0
    half_done: int = 0
    chains_broken: int = 0
    sums_wrong: int = 0

    def look_around(self):
        """Count what is damaged, and write the row."""
        self.half_done += len(half_done())
        self.chains_broken += sum(prove(case).broken is not None for case in Application.objects.all())
        self.sums_wrong += sum(not _adds_up(budget) for budget in Budget.objects.all())
        TABLE.append(self)
        return self

    @property
    def counts(self):
        return (self.tried, self.acknowledged, *self.damage)

    @property
    def damage(self):
        return (self.lost, self.half_done, self.chains_broken, self.sums_wrong)


def half_done() -> list[str]:
    """What has one half of itself without the other."""
    binding = Counter(Decision.objects.binding().values_list("application", flat=True))
    letters = Counter(Notice.objects.filter(voided_at=None, kind="grant").values_list("application", flat=True))
    found = [
        f"{case}: {case.state}"
        for case in Application.objects.all()
        if binding[case.pk] != (case.state in GRANTED) or letters[case.pk] > 1
    ]
    found += [f"{message}: no mail" for message in Message.objects.filter(email=None)]
    return found + [f"{name}: no document" for name in tidy(older_than_seconds=0, dry_run=True).missing]


def _adds_up(budget) -> bool:
    granted = Decision.objects.binding().filter(budget=budget, application__state__in=GRANTED)
    return budget.committed() == sum((each.bound for each in granted), Decimal(0)) <= budget.available()


def lines() -> list[str]:
    """The table, as docs/operations.md shows it."""
    head = ["fault", *HEADINGS]
    rows = [[fault.name, *map(str, fault.counts)] for fault in TABLE]
    return [f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows]]


def missing() -> list[str]:
    """The faults of the table in docs/operations.md that were not tried; without root or clamd some are skipped."""
    tried = {fault.name for fault in TABLE}
    return [name for name in _listed(PAGE.read_text(encoding="utf-8")) if name not in tried]


def _listed(page) -> list[str]:
    head = f"| fault | {' | '.join(HEADINGS)} |"
    rows = page.partition(head)[2].partition("\n\n")[0].splitlines()
    return [row.split("|")[1].strip() for row in rows if row.startswith("| ") and not row.startswith("| ---")]
