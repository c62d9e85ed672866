"""What must never be true of the end of a file, done past all forms (see test_constraints.py)."""

from datetime import date

from applications.models import ArchiveAnswer
from tests.disposal_factories import DeletionFactory


def _answer(case, **fields):
    facts = {"offered_on": date(2026, 3, 1), "answered_on": date(2026, 4, 1), "verdict": "worthless", **fields}
    return ArchiveAnswer.objects.create(application=case, recorded_by=case.clerk, **facts)


DISPOSAL_VIOLATIONS = {
    "archive_answered_after_the_offer": ("drafted", lambda case: _answer(case, answered_on=date(2026, 2, 1))),
    "archive_takes_what_it_wants": ("drafted", lambda case: _answer(case, handed_over_on=date(2026, 5, 1))),
    "deletion_after_the_years_of_keeping": ("drafted", lambda case: DeletionFactory(deleted_on=date(2020, 12, 31))),
    "deletion_keeps_the_books": ("drafted", lambda case: DeletionFactory(bound=75_000)),
}
