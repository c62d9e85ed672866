"""The report of use to and fro: reminders before and after it is due, and what the lead hears of the verdict."""

from datetime import date, timedelta

from applications.models import Application, Message
from applications.periods import months_before
from applications.states import State

AGAIN_AFTER = timedelta(weeks=4)  # usual, no rule


def remind(today: date) -> int:
    """Remind the leads of reports that are not there: before the day, after it and once more. Returns how many are told."""
    paid = Application.objects.filter(state=State.PAID, date_facts__report_on__isnull=False)
    waiting = paid.exclude(report_of_use__verdict__in=["open", "accepted"])
    cases = waiting.select_related("cooperation", "variant__programme", "date_facts")
    return sum(_remind(each, today) for each in cases)


def _remind(application, today) -> int:
    due_on = application.date_facts.report_on
    stage = _stage(due_on, today, application.variant.programme.reminder_months)
    if stage is None:
        return 0
    messages = Message.objects.announce(
        application,
        "report_due",
        key=f"report:{application.pk}:{due_on}:{stage}",
        due_on=due_on,
        is_overdue=stage != "soon",
        is_second=stage == "again",
    )
    return len(messages)


def _stage(due_on, today, months) -> str | None:
    if today > due_on + AGAIN_AFTER:
        return "again"
    if today > due_on:
        return "late"
    return "soon" if today >= months_before(due_on, months) else None


def tell_verdict(report, *, by) -> None:
    """Tell the lead of an objection, each time that one is made."""
    if report.is_objected:
        Message.objects.announce(
            report.application, "report_objected", key=f"report:{report.pk}:{report.judged_at}", by=by, note=report.note
        )
