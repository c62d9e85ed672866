"""What is done once a day: remind of what falls due, sweep the store, forget what expired.

No part of it stops another, and no case another; what failed is an error in the log.
"""

import logging
from collections.abc import Callable
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from applications import corrections, usage_reports
from applications.models import CorrectionRequest, DailyRun
from applications.states import UNDER_PREPARATION
from applications.tidying import tidy
from ikz import expired
from ikz.apart import Apart
from ikz.storage import StoreAway

logger = logging.getLogger(__name__)
REMIND_BEFORE = timedelta(days=3)


def run_if_due(now, *, is_stopping: Callable[[], bool] = lambda: False) -> bool:
    """Do the work of this day if its hour has come and nobody did it yet. Returns whether it was ours.

    Looks before each part whether whoever asked is stopping. The day is given back then, and done from its beginning by
    whoever comes next; nobody is reminded twice.
    """
    if now.hour < settings.IKZ_DAILY_HOUR:
        return False
    run = DailyRun.objects.claim(now.date())
    if run is None:
        return False
    for what, part in _parts(now, is_stopping):
        if is_stopping():
            break
        with Apart(what):
            part()
    if is_stopping():
        run.give_back()
        return True
    run.finished_at = timezone.now()
    run.save()
    return True


def _parts(now, is_stopping):
    return [
        ("Erinnerungen an Nachforderungen", lambda: remind(now.date())),
        ("Erinnerungen an Verwendungsnachweise", lambda: usage_reports.remind(now.date())),
        ("Aufräumen der Ablage", lambda: _sweep(is_stopping)),
        ("Vergessen, was abgelaufen ist", lambda: expired.forget(now)),
    ]


def remind(today: date) -> int:
    """Remind of open correction requests, once before and once after the due date. Returns how many people are told."""
    due = CorrectionRequest.objects.unanswered().filter(due_on__lte=today + REMIND_BEFORE)
    open_cases = due.filter(application__state__in=UNDER_PREPARATION)
    told = 0
    for each in open_cases.select_related("application__cooperation"):
        with Apart(f"Erinnerung an eine Nachforderung, Fall {each.application_id}"), transaction.atomic():
            told += corrections.remind(each, today)
    return told


def _sweep(is_stopping):
    try:
        found = tidy(older_than_seconds=settings.IKZ_TIDY_AFTER_SECONDS, is_stopping=is_stopping)
    except StoreAway:
        logger.exception("Die Ablage ließ sich nicht aufräumen; der nächste Tag holt es nach.")
        return
    for name in found.missing:
        logger.error("Ein Dokument fehlt in der Ablage: %s", name)
