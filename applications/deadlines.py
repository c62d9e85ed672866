"""By which day somebody has to act, over many cases at once: a number of queries that does not depend on the cases."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from applications import case_dates
from applications.case_dates import CaseDate
from applications.models import Application, CorrectionRequest, FileNote, Opinion
from applications.models.application_queries import OPEN_STATES
from applications.models.states import GRANTED

ALMOST_A_YEAR = timedelta(days=364)  # less than any period of twelve months: SQL looks through a sieve, Python counts


def owed_dates(cases, until: date) -> list[tuple[Application, CaseDate]]:
    """The dates after the decision by which somebody still has to act, up to and including a day. One query."""
    may_be_due = (
        Q(date_facts__report_on__lte=until)
        | Q(date_facts__known_on__lte=until - ALMOST_A_YEAR)
        | Q(completed_at__year__lt=until.year)
    )
    found = cases.filter(may_be_due, state__in=GRANTED)
    found = found.select_related("cooperation", "variant__programme", "date_facts").order_by("file_number")
    return [
        (case, each) for case in found for each in case_dates.owed(case.facts_of_dates, case.state) if each.day <= until
    ]


def with_a_day_between(cases, first: date, last: date):
    """Those of the cases for which something falls due on a day from first to last: before and after the decision."""
    days = (first, last)
    of_case = {"application": OuterRef("pk")}
    corrections = CorrectionRequest.objects.unanswered().filter(**of_case, due_on__range=days)
    opinions = Opinion.objects.filter(**of_case, received_on=None, waived_reason="", due_on__range=days)
    notes = FileNote.objects.filter(**of_case, is_done=False, follow_up_on__range=days)
    owed = {case.pk for case, each in owed_dates(_plain(cases), last) if each.day >= first}
    return cases.filter(
        Q(state__in=OPEN_STATES) & (Exists(corrections) | Exists(opinions)) | Exists(notes) | Q(pk__in=owed)
    )


def _plain(cases):
    """The same cases without what their list annotates and orders by."""
    return Application.objects.filter(pk__in=cases.order_by().values("pk"))
