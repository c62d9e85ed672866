"""The report of use to and fro: reminders before and after it is due, and what the lead hears of the verdict."""

from datetime import date, timedelta

from django.db import transaction

from applications.due_dates import report_reminder
from applications.models import Application, Message
from applications.states import State
from ikz import clock
from ikz.apart import Apart

AGAIN_AFTER = timedelta(weeks=4)  # usual, no rule


def remind(today: date) -> int:
    """Remind the leads of reports that are not there: before the day, after it and once more. Returns how many are told."""
    paid = Application.objects.filter(state=State.PAID, date_facts__report_on__isnull=False)
    waiting = paid.exclude(report_of_use__verdict__in=["open", "accepted"])
    told = 0
    for case in waiting.select_related("cooperation", "variant__programme", "date_facts", "report_of_use"):
        with Apart(f"Erinnerung an den Verwendungsnachweis, Fall {case.pk}"), transaction.atomic():
            told += _remind(case, today)
    return told


def _remind(application, today) -> int:
    report = application.usage_report
    stage = _stage_after_objection(application, today) if report else _stage(application, today)
    if stage is None:
        return 0
    asked = f"objected:{report.judged_at}" if report else application.date_facts.report_on
    messages = Message.objects.announce(
        application,
        "report_due",
        key=f"report:{application.pk}:{asked}:{stage}",
        due_on=application.report_due_on,
        objected_on=report and clock.day_of(report.judged_at),
        is_overdue=stage != "soon",
        is_second=stage == "again",
    )
    return len(messages)


def _stage(application, today) -> str | None:
    due_on = application.report_due_on
    if overdue := _stage_of_overdue(due_on, today):
        return overdue
    months = application.variant.programme.reminder_months
    return "soon" if today >= report_reminder(due_on, months) else None


def _stage_after_objection(application, today) -> str | None:
    """The lead heard of the objection at once. It is asked again when it let as much time pass as after any reminder."""
    objected_on = clock.day_of(application.usage_report.judged_at)
    return _stage_of_overdue(max(application.report_due_on, objected_on + AGAIN_AFTER), today)


def _stage_of_overdue(day, today) -> str | None:
    if today - AGAIN_AFTER > day:
        return "again"
    return "late" if today > day else None


def tell_verdict(report, *, by) -> None:
    """Tell the lead of an objection, each time that one is made."""
    if report.is_objected:
        Message.objects.announce(
            report.application, "report_objected", key=f"report:{report.pk}:{report.judged_at}", by=by, note=report.note
        )
