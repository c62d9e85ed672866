"""The dates that follow from a notice and from its grant, each with the paragraph that it is counted by.

What a ministry may have to change (days of the delivery fiction, months of the reminder, years of retention) is data and
handed in; what stands in a law is a constant here. Days are days in Hessen. All functions are pure; what is not known yet is
None and stays None.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from applications import periods
from ikz.german import day as german_day

OBJECTION_MONTHS = 1  # VwGO § 74 Abs. 1: action within one month of notification; no Widerspruch, § 68 Abs. 1 Nr. 1
OBJECTION_MONTHS_WITHOUT_INSTRUCTION = 12  # VwGO § 58 Abs. 2: one year where the instruction is missing or wrong
REVOCATION_MONTHS = 12  # HVwVfG § 48 Abs. 4, § 49 Abs. 2 and 3: one year from knowing the facts


class DeliveryDays(NamedTuple):
    """So many days after posting a letter counts as received, for letters posted from the day on."""

    valid_from: date
    days: int


class NoDeliveryRule(ValueError):
    """No rule covers the day of posting; says so in a German sentence."""


def delivery_days(rules: Iterable[DeliveryDays], posted_on: date) -> int:
    """HVwVfG § 41 Abs. 2: the rule in force on the day of posting decides, not the one of the day of receipt."""
    begun = [rule for rule in rules if rule.valid_from <= posted_on]
    if not begun:
        raise NoDeliveryRule(
            f"Für Schreiben, die am {german_day(posted_on)} zur Post gegeben wurden, ist keine Zustellungsregel eingetragen. "
            f"Bitte lassen Sie sie durch die Rolle Stammdaten ergänzen."
        )
    return max(begun, key=lambda rule: rule.valid_from).days


def notified_by_post(posted_on: date, days: int) -> date:
    """Bekanntgabe of a posted letter: HVwVfG § 41 Abs. 2, counted by BGB § 187 Abs. 1 and § 188 Abs. 1.

    On a Saturday, Sunday or holiday the next working day takes its place (§ 31 Abs. 3 with BGB § 193). Whether that holds
    for the fiction is disputed; the later day favours the recipient, so that nothing is taken for final too early.
    """
    return periods.working_day_from(periods.last_day_of_days(posted_on, days))


def notified_by_retrieval(retrieved_on: date) -> date:
    """Bekanntgabe of what was retrieved electronically: the day after, HVwVfG § 41 Abs. 2a. No shift: retrieval is a fact."""
    return periods.last_day_of_days(retrieved_on, 1)


def notification(*, posted_on: date | None, retrieved_on: date | None, rules: Iterable[DeliveryDays]) -> date | None:
    """Bekanntgabe by whatever way the letter went; None while it has not gone. Posted and retrieved: the earlier counts."""
    days = []
    if posted_on is not None:
        days.append(notified_by_post(posted_on, delivery_days(rules, posted_on)))
    if retrieved_on is not None:
        days.append(notified_by_retrieval(retrieved_on))
    return min(days, default=None)


def objection_ends(notified_on: date, *, instructed: bool = True) -> date:
    """The last day for an action: VwGO § 74 Abs. 1, without a right instruction § 58 Abs. 2.

    Counted by VwGO § 57 Abs. 2 with ZPO § 222 and BGB §§ 187 Abs. 1, 188 Abs. 2 and 3; a last day on a Saturday, Sunday or
    holiday moves to the next working day (ZPO § 222 Abs. 2).
    """
    months = OBJECTION_MONTHS if instructed else OBJECTION_MONTHS_WITHOUT_INSTRUCTION
    return periods.working_day_from(periods.last_day_of_months(notified_on, months))


def finality(
    notified_on: date | None,
    *,
    waived_on: date | None = None,
    instructed: bool = True,
    action_pending: bool = False,
) -> date | None:
    """Bestandskraft: the first day on which the notice can no longer be challenged; None while nobody can tell.

    The day after the objection period, or the day on which the recipient's waiver (Rechtsbehelfsverzicht) arrived, if that
    is earlier. A waiver also counts before the day of the fiction: who waives has read the letter. While an action is
    pending nothing becomes final (VwGO § 80 Abs. 1).
    """
    if action_pending or (notified_on is None and waived_on is None):
        return None
    if notified_on is None:
        return waived_on
    after_period = periods.last_day_of_days(objection_ends(notified_on, instructed=instructed), 1)
    return min(after_period, waived_on or after_period)


def payment_earliest(final_on: date) -> date:
    """Paid is only on a final notice (VV Nr. 7 zu LHO § 44); banks work on working days only (BGB § 193)."""
    return periods.working_day_from(final_on)


def binding_ends(cooperation_starts_on: date, binding_years: int) -> date:
    """The last day on which the group is bound: so many years from the first day of the cooperation, which counts in full.

    BGB § 187 Abs. 2 with § 188 Abs. 2 Alt. 2. A state, not an act that is owed: § 193 does not move it.
    """
    return periods.last_day_of_years(cooperation_starts_on, binding_years)


def report_due(stated_on: date) -> date:
    """The day that the notice states for the report, or the next working day: HVwVfG § 31 Abs. 3 with BGB § 193."""
    return periods.working_day_from(stated_on)


def repayment_due(stated_on: date) -> date:
    """The day by which the notice asks the money back, or the next working day: HVwVfG § 31 Abs. 3 with BGB § 193."""
    return periods.working_day_from(stated_on)


def report_reminder(due_on: date, months: int) -> date:
    """So many months before, and rather a working day earlier than on a day off: a reminder must not come late."""
    return periods.working_day_until(periods.months_before(due_on, months))


def revocation_ends(known_on: date) -> date:
    """The last day for revoking what is past: one year from the day on which the deciding facts became known.

    HVwVfG § 48 Abs. 4, § 49 Abs. 2 Satz 2 and Abs. 3 Satz 2; BGB § 187 Abs. 1, § 188 Abs. 2. Not moved to a working day:
    whether § 31 Abs. 3 also helps the authority is not certain, and the earlier day is the safe one.
    """
    return periods.last_day_of_months(known_on, REVOCATION_MONTHS)


def retention_ends(ended_on: date, years: int) -> date:
    """The last day on which the file is kept: so many years from the end of the year in which the case ended.

    No law names the years or their start: both are the ministry's assumption, the same for a case that was completed,
    refused, withdrawn or revoked. The years are data; the start is the last step taken in the case, so that a part revoked
    after the completion begins them anew.
    """
    return periods.last_day_of_year_after(ended_on, years)
