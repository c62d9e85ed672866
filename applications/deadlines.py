"""By which day somebody has to act, over many cases at once: a number of queries that does not depend on the cases."""

from collections.abc import Callable
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
A_DAY = timedelta(days=1)
ALMOST_A_YEAR = timedelta(days=364)  # less than any period of twelve months: SQL looks through a sieve, Python counts


def owed_dates(cases, until: date, at_most: int) -> list[tuple[Application, CaseDate]]:
    """The first of the dates after the decision by which somebody still has to act, up to and including a day.

    Of each kind at most so many: the stored day that a date is counted from puts them in order. Four queries.
    """
    found = []
    for what in SIEVES:
        found += _owed(cases, what, until, at_most)
    return found + list(repayments(cases, until, at_most))


def _owed(cases, what, until, at_most):
    """SQL looks through a sieve, Python counts."""
    order, sieve = SIEVES[what]
    some = cases.filter(sieve(until), state__in=OWED_IN[what]).order_by(order, "file_number")[:at_most]
    for case in some.select_related("cooperation__agreement", "variant__programme", "date_facts", "report_of_use"):
        owed = case_dates.owed(case.facts_of_dates, case.state)
        yield from ((case, each) for each in owed if each.what == what and each.day <= until)


def repayments(cases, until, at_most=None):
    """What has to be repaid by the day. A case may owe more than one."""
    owed = _owed_repayments().filter(decision__application__in=cases.order_by(), due_on__lte=until)
    for each in owed.order_by("due_on", "pk").select_related("decision__application__cooperation")[:at_most]:
        if (day := due_dates.repayment_due(each.due_on)) <= until:
            yield each.decision.application, CaseDate(What.REPAYMENT, day)


def _owed_repayments():
    """While an action is pending none is due (VwGO § 80 Abs. 1)."""
    return Revocation.objects.to_be_repaid().exclude(decision__application__date_facts__action_pending=True)


def _kept_until(day: date):
    return _kept_for(_years_of_keeping(), day)


def _years_of_keeping() -> list[int]:
    return list(Programme.objects.order_by("retention_years").values_list("retention_years", flat=True).distinct())


def _kept_for(every_years: list[int], day: date):
    """Files of ended cases whose time of keeping is over by the day, exactly as due_dates.retention_ends() counts it."""
    last_year_over = day.year if (day.month, day.day) == (12, 31) else day.year - 1
    ended_before = {years: _new_year(last_year_over - years + 1) for years in every_years}
    by_period = (Q(variant__programme__retention_years=y, state_since__lt=t) for y, t in ended_before.items())
    by_the_index = Q(state_since__lt=max(ended_before.values(), default=NO_CASE_YET))
    return reduce(or_, by_period, Q(pk=None)) & by_the_index


def _new_year(year: int) -> datetime:
    """The moment in which a year begins: it finds rows by the index, while the year of each row would be reckoned row by row."""
    return datetime(year, 1, 1, tzinfo=timezone.get_default_timezone()) if year > NO_CASE_YET.year else NO_CASE_YET


REPORT_IS_NOT_HERE = Q(report_of_use=None) | Q(report_of_use__verdict=Verdict.OBJECTED)


def _report_until(day: date):
    return Q(date_facts__report_on__lte=day) & REPORT_IS_NOT_HERE


# What is owed → the stored day that it is counted from, and the condition that lets no case through the net.
SIEVES = {
    What.REPORT: ("date_facts__report_on", _report_until),
    What.REVOCATION_END: ("date_facts__known_on", lambda until: Q(date_facts__known_on__lte=until - ALMOST_A_YEAR)),
    What.RETENTION_END: ("state_since", _kept_until),
}


# What is owed → the stored day, how it is counted from there, and how many days that takes at least.
COUNTED = {
    What.REPORT: ("date_facts__report_on", due_dates.report_due, timedelta(0)),
    What.REVOCATION_END: ("date_facts__known_on", due_dates.revocation_ends, ALMOST_A_YEAR),
}


def with_a_day_between(cases, first: date, last: date):
    """Those of the cases for which something falls due on a day from first to last: before and after the decision.

    One query beside that of the cases.
    """
    days = (first, last)
    corrections = CorrectionRequest.objects.unanswered().filter(due_on__range=days).order_by()
    opinions = Opinion.objects.unsettled().filter(due_on__range=days)
    notes = FileNote.objects.filter(is_done=False, follow_up_on__range=days)
    letters = Notice.objects.unsent_decisions().filter(dated_on__range=days)
    hearings = Hearing.objects.awaiting_dispatch().filter(notice__dated_on__range=days)
    repaid = _owed_repayments().filter(due_on__lte=_latest(due_dates.repayment_due, last, timedelta()))
    if first > date.min:
        repaid = repaid.filter(due_on__gt=_latest(due_dates.repayment_due, first - A_DAY, timedelta()))
    years = _years_of_keeping()
    kept = _kept_for(years, last)
    if first > date.min:
        kept &= ~_kept_for(years, first - A_DAY)
    every = Application.objects
    return cases.found_in_any_of(
        every.filter(pk__in=corrections.values("application"), state__in=UNDECIDED),
        every.filter(pk__in=opinions.values("application"), state__in=UNDECIDED),
        every.filter(pk__in=notes.values("application")),
        every.filter(pk__in=letters.values("application")),
        every.filter(pk__in=hearings.values("application")),
        every.filter(_ends_between(What.REPORT, first, last), REPORT_IS_NOT_HERE),
        every.filter(_ends_between(What.REVOCATION_END, first, last)),
        every.filter(pk__in=repaid.values("decision__application")),
        every.filter(kept, state__in=OWED_IN[What.RETENTION_END]),
    )


def to_be_repaid(cases):
    """Those of the cases from which money has to come back, due or not."""
    return cases.filter(Exists(Revocation.objects.to_be_repaid().filter(decision__application=OuterRef("pk"))))


def kept_long_enough(cases, today: date):
    """Files of ended cases whose time of keeping is over: to be offered to the Landesarchiv before anything else happens to them."""
    return cases.filter(_kept_until(today - A_DAY), state__in=OWED_IN[What.RETENTION_END])


def _ends_between(what: What, first: date, last: date):
    """Exactly those that Python would count into these days, asked for by the stored days from which it counts."""
    stored, counted, at_least = COUNTED[what]
    ends = Q(**{f"{stored}__lte": _latest(counted, last, at_least)}, state__in=OWED_IN[what])
    return ends & Q(**{f"{stored}__gt": _latest(counted, first - A_DAY, at_least)}) if first > date.min else ends


def _latest(counted: Callable[[date], date], day: date, at_least: timedelta) -> date:
    """The latest stored day from which no later day than this is counted; whatever is stored earlier ends no later."""
    stored = day - at_least
    while counted(stored) > day:
        stored -= A_DAY
    return stored
