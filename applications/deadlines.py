"""By which day somebody has to act, over many cases at once: a number of queries that does not depend on the cases."""

from datetime import UTC, date, datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from applications import case_dates, due_dates
from applications.case_dates import OWED_IN, CaseDate, What
from applications.models import (
    Application,
    CorrectionRequest,
    FileNote,
    Hearing,
    Notice,
    Opinion,
    Programme,
    Revocation,
)
from applications.models.usage_report import Verdict
from applications.states import UNDECIDED

NO_CASE_YET = datetime(1900, 1, 1, tzinfo=UTC)
ALMOST_A_YEAR = timedelta(days=364)  # less than any period of twelve months: SQL looks through a sieve, Python counts


def owed_dates(cases, until: date, at_most: int) -> list[tuple[Application, CaseDate]]:
    """The first of the dates after the decision by which somebody still has to act, up to and including a day.

    Of each kind at most so many: the stored day that a date is counted from puts them in order. Four queries.
    """
    found = []
    for what in SIEVES:
        found += _owed(cases, what, until, at_most)
    return found + list(repayments(cases, until, at_most))


def _owed(cases, what, until, at_most=None):
    """SQL looks through a sieve, Python counts."""
    order, sieve = SIEVES[what]
    some = cases.filter(sieve(until), state__in=OWED_IN[what]).order_by(order, "file_number")[:at_most]
    for case in some.select_related("cooperation__agreement", "variant__programme", "date_facts", "report_of_use"):
        owed = case_dates.owed(case.facts_of_dates, case.state)
        yield from ((case, each) for each in owed if each.what == what and each.day <= until)


def repayments(cases, until, at_most=None):
    """What has to be repaid by the day. A case may owe more than one; while an action is pending none is due (VwGO § 80 Abs. 1)."""
    owed = Revocation.objects.to_be_repaid().filter(decision__application__in=cases.order_by(), due_on__lte=until)
    owed = owed.exclude(decision__application__date_facts__action_pending=True).order_by("due_on", "pk")
    for each in owed.select_related("decision__application__cooperation")[:at_most]:
        if (day := due_dates.repayment_due(each.due_on)) <= until:
            yield each.decision.application, CaseDate(What.REPAYMENT, day)


def _kept_until(day: date):
    """Files of ended cases whose time of keeping is over by the day, exactly as due_dates.retention_ends() counts it."""
    last_year_over = day.year if (day.month, day.day) == (12, 31) else day.year - 1
    periods = Programme.objects.order_by("retention_years").values_list("retention_years", flat=True).distinct()
    ended_before = {years: _new_year(last_year_over - years + 1) for years in periods}
    by_period = (Q(variant__programme__retention_years=y, state_since__lt=t) for y, t in ended_before.items())
    by_the_index = Q(state_since__lt=max(ended_before.values(), default=NO_CASE_YET))
    return reduce(or_, by_period, Q(pk=None)) & by_the_index


def _new_year(year: int) -> datetime:
    """The moment in which a year begins: it finds rows by the index, while the year of each row would be reckoned row by row."""
    return datetime(year, 1, 1, tzinfo=timezone.get_default_timezone()) if year > NO_CASE_YET.year else NO_CASE_YET


def _report_until(day: date):
    is_not_here = Q(report_of_use=None) | Q(report_of_use__verdict=Verdict.OBJECTED)
    return Q(date_facts__report_on__lte=day) & is_not_here


# What is owed → the stored day that it is counted from, and the condition that lets no case through the net.
SIEVES = {
    What.REPORT: ("date_facts__report_on", _report_until),
    What.REVOCATION_END: ("date_facts__known_on", lambda until: Q(date_facts__known_on__lte=until - ALMOST_A_YEAR)),
    What.RETENTION_END: ("state_since", _kept_until),
}


def with_a_day_between(cases, first: date, last: date):
    """Those of the cases for which something falls due on a day from first to last: before and after the decision."""
    days = (first, last)
    corrections = CorrectionRequest.objects.unanswered().filter(due_on__range=days).order_by()
    opinions = Opinion.objects.unsettled().filter(due_on__range=days)
    notes = FileNote.objects.filter(is_done=False, follow_up_on__range=days)
    letters = Notice.objects.unsent_decisions().filter(dated_on__range=days)
    hearings = Hearing.objects.awaiting_dispatch().filter(notice__dated_on__range=days)
    plain = _plain(cases)
    owed = {
        case.pk
        for what in (What.REPORT, What.REVOCATION_END)
        for case, each in _owed(plain, what, last)
        if each.day >= first
    }
    owed |= {case.pk for case, each in repayments(plain, last) if each.day >= first}
    kept = _kept_until(last)
    if first > date.min:
        kept &= ~_kept_until(first - timedelta(days=1))
    every = Application.objects
    return cases.found_in_any_of(
        every.filter(pk__in=corrections.values("application"), state__in=UNDECIDED),
        every.filter(pk__in=opinions.values("application"), state__in=UNDECIDED),
        every.filter(pk__in=notes.values("application")),
        every.filter(pk__in=letters.values("application")),
        every.filter(pk__in=hearings.values("application")),
        every.filter(pk__in=owed),
        every.filter(kept, state__in=OWED_IN[What.RETENTION_END]),
    )


def to_be_repaid(cases):
    """Those of the cases from which money has to come back, due or not."""
    return cases.filter(Exists(Revocation.objects.to_be_repaid().filter(decision__application=OuterRef("pk"))))


def kept_long_enough(cases, today: date):
    """Files of ended cases whose time of keeping is over: to be offered to the Landesarchiv before anything else happens to them."""
    return cases.filter(_kept_until(today - timedelta(days=1)), state__in=OWED_IN[What.RETENTION_END])


def _plain(cases):
    """The same cases without what their list annotates and orders by."""
    return Application.objects.filter(Exists(cases.order_by().filter(pk=OuterRef("pk"))))
