"""What is done once a day: remind of what falls due, sweep the store, forget what expired.

A store that is away stops none of it.
"""

import logging
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from applications import corrections, usage_reports
from applications.models import CorrectionRequest, DailyRun
from applications.states import UNDER_PREPARATION
from applications.tidying import tidy
from ikz import expired
from ikz.storage import StoreAway

logger = logging.getLogger(__name__)
REMIND_BEFORE = timedelta(days=3)


def run_if_due(now) -> bool:
    """Do the work of this day if its hour has come and nobody did it yet. Returns whether it was ours."""
    if now.hour < settings.IKZ_DAILY_HOUR:
        return False
    run = DailyRun.objects.claim(now.date())
    if run is None:
        return False
    remind(now.date())
    usage_reports.remind(now.date())
    _sweep()
    expired.forget(now)
    run.finished_at = timezone.now()
    run.save()
    return True


def remind(today: date) -> int:
    """Remind of open correction requests, once before and once after the due date. Returns how many people are told."""
    due = CorrectionRequest.objects.unanswered().filter(due_on__lte=today + REMIND_BEFORE)
    open_cases = due.filter(application__state__in=UNDER_PREPARATION)
    return sum(corrections.remind(each, today) for each in open_cases.select_related("application__cooperation"))


def _sweep():
    try:
        found = tidy(older_than_seconds=settings.IKZ_TIDY_AFTER_SECONDS, dry_run=False)
    except StoreAway:
        logger.exception("Die Ablage ließ sich nicht aufräumen; der nächste Tag holt es nach.")
        return
    for name in found.missing:
        logger.error("Ein Dokument fehlt in der Ablage: %s", name)
