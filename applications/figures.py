"""The numbers of the front page: what waits for a person, what falls due, how many cases there are, what money is left.

A bounded number of queries each; rows only through visible_to().
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.db.models import Count, Q
from django.utils import timezone

from applications import grants, payments, programme_end
from applications.case_dates import SOON
from applications.checklist import Status
from applications.deadlines import owed_dates
from applications.models import Application, Budget, CorrectionRequest, FileNote, Hearing, Notice, Opinion
from applications.models.application_queries import ROLE_TURNS
from applications.models.hearing import HearingWork
from applications.permissions import PROCESS
from applications.rules import AGREEMENT, CHECK, RESOLUTIONS, no_double_funding
from applications.states import UNDECIDED, State
from applications.turns import Turn
from ikz import clock
from ikz.german import counted, euros

FIRST_ROWS = 20


@dataclass(frozen=True)
class Task:
    """A case that waits for somebody, and the next thing to do about it."""

    application: Application
    what_to_do: str
    days: int

    @property
    def waiting(self) -> str:
        return f"seit {counted(self.days, 'Tag', 'Tagen')}" if self.days else "seit heute"


@dataclass(frozen=True)
class Worklist:
    tasks: list[Task]
    total: int
    has_turns: bool  # whether the person has a role that ever has to act

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.tasks)


@dataclass(frozen=True)
class Deadline:
    application: Application
    what: str
    due_on: date
    today: date

    @property
    def is_overdue(self) -> bool:
        return self.due_on < self.today

    @property
    def when(self) -> str:
        days = (self.due_on - self.today).days
        if days < 0:
            return f"seit {counted(-days, 'Tag', 'Tagen')} überfällig"
        return f"in {counted(days, 'Tag', 'Tagen')}" if days else "heute"


@dataclass(frozen=True)
class StateCount:
    state: State
    number: int


@dataclass(frozen=True)
class BudgetBar:
    """A year's money in euros: `available` is what was allocated, with what was moved to and from other years.

    What is reserved is proposed for checked cases and not yet decided.
    """

    year: int
    available: Decimal
    reserved: Decimal
    committed: Decimal

    @property
    def left(self) -> Decimal:
        return self.available - self.committed

    @property
    def free(self) -> Decimal:
        """What is left once everything reserved is granted; below zero where the proposals exceed the budget."""
        return self.left - self.reserved

    @property
    def percent_committed(self) -> int:
        return self._percent(self.committed)

    @property
    def percent_reserved(self) -> int:
        return min(self._percent(self.reserved), 100 - self.percent_committed)

    def _percent(self, amount: Decimal) -> int:
        """Whole percent of the bar, cut off, at most 100."""
        return min(100, int(amount * 100 / self.available)) if self.available else 0


@dataclass(frozen=True)
class FrontPage:
    worklist: Worklist
    deadlines: list[Deadline]
    states: list[StateCount]
    budgets: list[BudgetBar]
    due_until: date
    payments: list[tuple[str, str]]  # sentence and address
    programme_end: tuple[str, str] | None  # likewise

    @property
    def open_cases(self) -> int:
        return sum(each.number for each in self.states if each.state in UNDECIDED)

    @property
    def all_cases(self) -> int:
        return sum(each.number for each in self.states)


def front_page(user, today: date) -> FrontPage:
    return FrontPage(
        worklist=worklist(user, today),
        deadlines=deadlines(user, today),
        states=state_counts(user),
        budgets=budget_bars(user, years=(today.year, today.year + 1)),
        due_until=today + SOON,
        payments=payments.reminders(user),
        programme_end=programme_end.reminder(user, today),
    )


# ── What waits ────────────────────────────────────────────────────────────────────────────────────────────────────────


def worklist(user, today: date) -> Worklist:
    """The first cases of the person's worklist, oldest first, and how many there are."""
    if not any(user.has_perm(right) for right in ROLE_TURNS):
        return Worklist([], 0, has_turns=False)
    waiting = Application.objects.visible_to(user).worklist_of(user)
    keys = list(waiting.oldest_first().values_list("pk", flat=True)[:FIRST_ROWS])
    told = Application.objects.with_turn().with_hearing_work().with_amount().with_participant_count().with_units()
    tasks = [
        Task(application, what_to_do(application), (today - timezone.localdate(application.state_since)).days)
        for application in told.with_case().in_order_of(keys)
    ]
    total = waiting.count() if len(keys) == FIRST_ROWS else len(keys)
    return Worklist(tasks, total, has_turns=True)


def what_to_do(application) -> str:
    """The next move in one sentence. Needs what worklist() annotates."""
    match application.sql_turn:
        case Turn.CLERK:
            return _what_the_clerk_does(application)
        case Turn.DECIDER:
            if application.state != State.CHECKED:
                return "Entscheiden Sie über die Ablehnung; die federführende Kommune ist angehört."
            return f"Entscheiden Sie über den Antrag ({_proposed(application)})."
        case Turn.TREASURER:
            return f"Zahlen Sie {euros(application.granted)} aus, sobald der Bescheid bestandskräftig ist."
    return "Öffnen Sie den Fall."


def _what_the_clerk_does(application) -> str:
    if any(each.is_open for each in application.correction_list):
        return "Prüfen Sie die Antwort auf die Nachforderung."  # unanswered, it would be the participants' turn
    if application.hearing_work:
        return HearingWork(application.hearing_work).label
    match application.state:
        case State.APPROVED:
            return "Versenden Sie den Bescheid und halten Sie den Versand fest."
        case State.PAID:
            return _what_the_report_asks(application.usage_report)
        case State.DRAFTED if not application.participant_count:
            return "Tragen Sie die beteiligten Kommunen ein."
        case State.DRAFTED:
            checklist, step = RESOLUTIONS, "Bestätigen Sie, dass die Beschlüsse vollständig sind."
        case State.RESOLUTIONS_COLLECTED:
            checklist, step = AGREEMENT, "Bestätigen Sie, dass die Vereinbarung vollständig ist."
        case _:
            checklist, step = CHECK, "Schließen Sie die Prüfung ab."
    return _first_obstacle(application, checklist) or step


def _what_the_report_asks(report) -> str:
    if report.is_accepted:
        return "Schließen Sie den Fall ab; der Verwendungsnachweis ist angenommen."
    return "Prüfen Sie den Verwendungsnachweis."


def _first_obstacle(application, checklist) -> str:
    """What the next step waits for, as its rule says it; similar cases are left to the page of the case."""
    for rule in checklist:
        if rule is no_double_funding or (finding := rule.finding(application)).met:
            continue
        if rule.is_judged and finding.status is Status.MISSING:
            return (
                f"Nicht erfüllt: „{rule.label}“. Hören Sie die federführende Kommune zur beabsichtigten Ablehnung an."
            )
        return finding.message
    return ""


def _proposed(application) -> str:
    total = grants.propose(application.variant, application.sql_units).total if application.sql_units else None
    return "Höhe im Einzelfall" if total is None else f"Vorschlag {euros(total)}"


# ── What falls due ────────────────────────────────────────────────────────────────────────────────────────────────────


def deadlines(user, today: date) -> list[Deadline]:
    """What is overdue or falls due within 14 days, the earliest first.

    Whoever processes cases sees correction requests, opinions, decisions and hearings that nobody sent and what a grant
    asks for, of the own cases and of those that nobody is in charge of; everybody sees the own follow-ups; whoever never has to act
    (audit) sees those of all cases.
    """
    until = today + SOON
    cases = _cases_to_watch(user)
    running = cases.filter(state__in=UNDECIDED)
    corrections = CorrectionRequest.objects.unanswered().filter(application__in=running, due_on__lte=until)
    opinions = Opinion.objects.unsettled().filter(application__in=running, due_on__lte=until)
    notes = FileNote.objects.filter(
        Q(application__in=cases) | Q(by=user),
        application__in=Application.objects.visible_to(user),
        is_done=False,
        follow_up_on__lte=until,
    )
    hearings = Hearing.objects.awaiting_dispatch().filter(application__in=cases)
    found = [
        *(
            Deadline(each.application, f"Nachforderung „{each.subject}“", each.due_on, today)
            for each in _first(corrections, "due_on")
        ),
        *(
            Deadline(each.application, f"Stellungnahme: {each.name}", each.due_on, today)
            for each in _first(opinions, "due_on")
        ),
        *(
            Deadline(each.application, f"Wiedervorlage: {each}", each.follow_up_on, today)
            for each in _first(notes, "follow_up_on")
        ),
        *(
            Deadline(each.application, f"{each.name}: Versand festhalten", each.dated_on, today)
            for each in _first(Notice.objects.unsent_decisions().filter(application__in=cases), "dated_on")
        ),
        *(
            Deadline(each.application, f"{each.notice.name}: Versand festhalten", each.notice.dated_on, today)
            for each in _first(hearings.select_related("notice"), "notice__dated_on")
        ),
        *(Deadline(case, each.what.label, each.day, today) for case, each in owed_dates(cases, until, FIRST_ROWS)),
    ]
    return sorted(found, key=lambda each: (each.due_on, each.application.file_number))[:FIRST_ROWS]


def _cases_to_watch(user):
    cases = Application.objects.visible_to(user)
    if user.has_perm(PROCESS):
        return cases.filter(Q(clerk=user) | Q(clerk=None))
    return cases.none() if any(user.has_perm(right) for right in ROLE_TURNS) else cases


def _first(records, date_field):
    return records.select_related("application__cooperation").order_by(date_field, "pk")[:FIRST_ROWS]


# ── How many cases, how much money ────────────────────────────────────────────────────────────────────────────────────


def state_counts(user) -> list[StateCount]:
    """All states in the order of the procedure, empty ones too."""
    counted_states = Application.objects.visible_to(user).order_by().values_list("state").annotate(Count("pk"))
    numbers = dict(counted_states)
    return [StateCount(state, numbers.get(state, 0)) for state in State]


def budget_bars(user, years) -> list[BudgetBar]:
    """The budgets of these years, all lines of a year together, or none for a person who may not see budgets."""
    if not user.has_perm("applications.view_budget"):
        return []
    lines = Budget.objects.filter(year__in=years).order_by("year").with_books()
    return [_bar(year, list(same_year)) for year, same_year in groupby(lines, key=lambda line: line.year)]


def _bar(year, lines) -> BudgetBar:
    available = sum(line.available() for line in lines)
    return BudgetBar(year, available, reserved_in(year), committed=sum(line.committed() for line in lines))


def reserved_in(year) -> Decimal:
    """What is proposed for checked cases that nobody has decided yet, in euros; all of it in the running year."""
    if year != clock.today().year:
        return Decimal(0)
    return Application.objects.proposed_total()
