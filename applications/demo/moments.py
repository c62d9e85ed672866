"""When the demonstration happens: each case in its own past, so that waiting times and overdue dates look as in real life.

Nothing happens after now, on a weekend or at night.
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

INTRODUCED = date(2026, 1, 12)  # the published cases are taken over, then the running ones arrive
MORNING = time(9, 20)
STEP_TAKES = {  # usual days between what a step waits for and the step itself
    "approve": 14,
    "reject": 10,
    "withdraw": 30,
    "pay": 35,  # after the notice is final
    "complete": 60,
    "revoke": 60,
}


def morning_of(day):
    """The morning of this day, or of the Monday after a weekend; at the latest now."""
    monday = day + timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)
    return min(timezone.make_aware(datetime.combine(monday, MORNING)), timezone.now())


def later(moment, day=None):
    """The morning of this day, but not before the moment."""
    return max(moment, morning_of(day)) if day else moment


def of_step(step, previous, facts):
    """When a step is taken: after the one before, and after the last of the facts that it waits for (dates or None)."""
    ready = max([timezone.localdate(previous), *filter(None, facts)])
    return later(previous, ready + timedelta(days=STEP_TAKES.get(step, 1)))


def facts_of_step(step, record):
    """The dates of the papers that a step waits for, as text of the record."""
    match step:
        case "collect_resolutions":
            return [each["resolution"]["resolved_on"] for each in record["participants"] if each["resolution"]]
        case "sign_agreement":
            return _dates_of(record["agreement"])
        case "check_application":
            return [
                *(each["received_on"] for each in record["opinions"]),
                *(each["due_on"] for each in record["corrections"] if not each["open"]),
            ]
    return []


def _dates_of(agreement):
    if agreement is None:
        return []
    acts = [(agreement["approval"] or {}).get("approved_on"), (agreement["publication"] or {}).get("published_on")]
    return [*(each["signed_on"] for each in agreement["signatures"]), agreement["notified_on"], *acts]
