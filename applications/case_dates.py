"""The dates of one case in the order of time: what applications/due_dates.py counts, put together from the facts of a case.

Pure: the facts and the rules of delivery are handed in; what cannot be told yet is left out.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

from applications import due_dates
from applications.due_dates import DeliveryDays, NoDeliveryRule
from applications.states import ENDED, GRANTED, REVOCABLE, State


class What(Enum):
    """label, source, and whether the date concerns the municipality."""

    NOTIFICATION = "Bescheid bekannt gegeben", "HVwVfG § 41 Abs. 2 und 2a", True
    OBJECTION_END = "Ende der Klagefrist", "VwGO §§ 58, 74 Abs. 1; BGB §§ 187–193", True
    FINALITY = "Bescheid bestandskräftig", "Tag nach der Klagefrist oder Verzicht auf Rechtsbehelfe", True
    PAYMENT = "Auszahlung frühestens", "VV Nr. 7 zu LHO § 44; BGB § 193", True
    BINDING_END = "Ende der Bindung", "Bindungsdauer der Fördervariante; BGB § 187 Abs. 2, § 188 Abs. 2", True
    REMINDER = "An den Verwendungsnachweis erinnern", "so viele Monate vorher, wie die Programmfassung sagt", False
    REPORT = "Verwendungsnachweis fällig", "Bescheid; HVwVfG § 31 Abs. 3, BGB § 193", True
    REVOCATION_END = (
        "Letzter Tag für einen Widerruf",
        "HVwVfG § 48 Abs. 4, § 49 Abs. 3 Satz 2: ein Jahr ab Kenntnis",
        False,
    )
    REVOCATION_NOTIFIED = "Widerruf bekannt gegeben", "HVwVfG § 41 Abs. 2 und 2a", True
    REVOCATION_OBJECTION_END = "Ende der Klagefrist gegen den Widerruf", "VwGO § 74 Abs. 1; BGB §§ 187–193", True
    REVOCATION_FINALITY = "Widerruf bestandskräftig", "Tag nach der Klagefrist oder Verzicht auf Rechtsbehelfe", True
    REPAYMENT = "Erstattung fällig", "Widerrufsbescheid; HVwVfG § 49a Abs. 1, § 31 Abs. 3, BGB § 193", True
    RETENTION_END = (
        "Ende der Aufbewahrung",
        "Jahre nach dem Jahr, in dem der Fall endete (Annahme des Ministeriums); Zahl in der Programmfassung",
        False,
    )

    @property
    def label(self) -> str:
        return self.value[0]

    @property
    def source(self) -> str:
        return self.value[1]

    @property
    def concerns_municipality(self) -> bool:
        return self.value[2]


class Tone(Enum):
    """How a date looks from today: value is the word for it."""

    PAST = "vorbei"
    OVERDUE = "überfällig"
    SOON = "in den nächsten 14 Tagen"
    LATER = "später"


SOON = timedelta(days=14)
# The states in which somebody still has to act by the day.
OWED_IN = {
    What.REPORT: (State.PAID,),
    What.REVOCATION_END: REVOCABLE,
    What.REPAYMENT: GRANTED,
    What.RETENTION_END: ENDED,  # from the year of the step that led there the file is kept
}


# What is told of the notice of a grant is told of that of a revocation by other names.
OF_A_REVOCATION = {
    What.NOTIFICATION: What.REVOCATION_NOTIFIED,
    What.OBJECTION_END: What.REVOCATION_OBJECTION_END,
    What.FINALITY: What.REVOCATION_FINALITY,
}


class Sent(NamedTuple):
    """What is known of the dispatch of one notice."""

    posted_on: date | None = None
    retrieved_on: date | None = None
    waived_on: date | None = None


class CaseDate(NamedTuple):
    what: What
    day: date


class Facts(NamedTuple):
    """What is known of a case that is decided or ended otherwise. Days are days in Hessen, None while unknown."""

    is_granted: bool
    starts_on: date | None
    binding_years: int
    reminder_months: int
    retention_years: int
    posted_on: date | None = None
    retrieved_on: date | None = None
    waived_on: date | None = None
    is_instructed: bool = True
    action_pending: bool = False
    report_on: date | None = None
    is_report_here: bool = False  # handed in, and not objected to
    known_on: date | None = None
    ended_on: date | None = None
    is_revoked: bool = False
    revoking: tuple[Sent, ...] = ()  # the notices of revocations
    repay_by: tuple[date, ...] = ()  # of what has not come back


def dates(facts: Facts, rules: Iterable[DeliveryDays]) -> list[CaseDate]:
    """All dates that can be told, the earliest first."""
    found = _of_the_notice(facts, rules)
    if facts.is_granted:
        found |= _of_the_grant(facts, found.get(What.FINALITY))
    found[What.RETENTION_END] = facts.ended_on and due_dates.retention_ends(facts.ended_on, facts.retention_years)
    every = [*found.items(), *_of_revocations(facts, rules)]
    known = [CaseDate(what, day) for what, day in every if day is not None]
    return sorted(known, key=lambda each: each.day)  # stable: on one day in the order of the procedure


def owed(facts: Facts, state: str) -> list[CaseDate]:
    """The dates by which the ministry or the group still has to act in this state. None of them hangs on the delivery."""
    return [each for each in dates(facts, ()) if is_owed(each.what, facts, state)]


def is_owed(what: What, facts: Facts, state: str) -> bool:
    """Whether somebody still has to act by the day. Who handed in the report waits for what the ministry says of it."""
    if what == What.REPORT and facts.is_report_here:
        return False
    if what == What.REPAYMENT and facts.action_pending:  # VwGO § 80 Abs. 1
        return False
    return state in OWED_IN.get(what, ())


def line_of_time(found: Iterable[CaseDate], facts: Facts, state: str, today: date) -> list[tuple[CaseDate, Tone]]:
    """Each date with how it looks from today."""
    return [(each, _tone(each, facts, state, today)) for each in found]


def _tone(each: CaseDate, facts: Facts, state: str, today: date) -> Tone:
    if each.day >= today:
        return Tone.SOON if each.day <= today + SOON else Tone.LATER
    return Tone.OVERDUE if is_owed(each.what, facts, state) else Tone.PAST


def _of_the_notice(facts: Facts, rules) -> dict[What, date | None]:
    try:
        notified_on = due_dates.notification(posted_on=facts.posted_on, retrieved_on=facts.retrieved_on, rules=rules)
    except NoDeliveryRule:
        notified_on = None  # the form of the facts says what is missing
    final_on = due_dates.finality(
        notified_on,
        waived_on=facts.waived_on,
        instructed=facts.is_instructed,
        action_pending=facts.action_pending,
    )
    return {
        What.NOTIFICATION: notified_on,
        What.OBJECTION_END: notified_on and due_dates.objection_ends(notified_on, instructed=facts.is_instructed),
        What.FINALITY: final_on,
    }


def _of_revocations(facts: Facts, rules) -> list[tuple[What, date | None]]:
    """A revocation becomes final like a grant; an action that is pending is taken for one against it, too."""
    found = []
    for each in facts.revoking:
        of_its_own = facts._replace(**each._asdict(), is_instructed=True)
        found += [(OF_A_REVOCATION[what], day) for what, day in _of_the_notice(of_its_own, rules).items()]
    return found + [(What.REPAYMENT, due_dates.repayment_due(day)) for day in facts.repay_by]


def report_due(facts: Facts) -> date | None:
    """The day by which the report of use has to be here; what reminds of it and what shows it ask this."""
    return facts.report_on and due_dates.report_due(facts.report_on)


def _of_the_grant(facts: Facts, final_on: date | None) -> dict[What, date | None]:
    """Nothing is owed any more once the grant is revoked."""
    if facts.is_revoked:
        return {}
    report_on = report_due(facts)
    return {
        What.PAYMENT: final_on and due_dates.payment_earliest(final_on),
        What.REMINDER: report_on and due_dates.report_reminder(report_on, facts.reminder_months),
        What.REPORT: report_on,
        What.BINDING_END: facts.starts_on and due_dates.binding_ends(facts.starts_on, facts.binding_years),
        What.REVOCATION_END: facts.known_on and due_dates.revocation_ends(facts.known_on),
    }
