"""Two questions for machines: does the process live (/-/lebt), and is everything there that it needs (/-/bereit)?

Answered before sessions and accounts are looked at, within SECONDS whatever hangs. The answer to the second is kept for
a moment, so that asking often costs nothing. 200 or 503; a balancer asks the first, an alarm the second.
"""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.http import JsonResponse
from django.utils import timezone
from post_office.models import Email

from applications.models import DailyRun, StoredFile
from ikz import antivirus, outbox

LIVES, READY = "/-/lebt", "/-/bereit"
SECONDS = 5
KEPT_SECONDS = 5
LONGEST_WAIT = timedelta(hours=1)
NO_ANSWER = "Die Prüfung hat nicht rechtzeitig geantwortet."
NO_DATABASE = "Die Datenbank antwortet nicht."


class HealthMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info == LIVES:
            request.get_host()  # raises DisallowedHost as everywhere
            return JsonResponse({"lives": True})
        if request.path_info == READY:
            request.get_host()
            return _answer(_kept.report())
        return self.get_response(request)


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def storage() -> str:
    try:
        return "" if default_storage.try_out() else "Die Ablage gibt nicht wieder, was sie bekommen hat."
    except OSError:
        return "Die Ablage lässt sich nicht beschreiben oder nicht lesen."


def mails() -> str:
    oldest = Email.objects.filter(status__in=outbox.WAITING).order_by("created").values_list("created", flat=True)
    return _too_long(oldest.first(), "E-Mail")


def scans() -> str:
    if not settings.IKZ_CLAMD:
        return ""
    return _too_long(StoredFile.objects.scan_awaited_since(), "Virenprüfung")


def daily_work() -> str:
    """A worker that was never started shows in its queues; one that stopped, here."""
    last = DailyRun.objects.exclude(finished_at=None).order_by("day").values_list("day", flat=True).last()
    if last is None or last >= timezone.localdate() - timedelta(days=1):
        return ""
    return f"Die tägliche Arbeit wurde zuletzt am {last:%d.%m.%Y} erledigt."


CHECKS = {
    "database": database,
    "storage": storage,
    "scanner": antivirus.why_away,
    "mails": mails,
    "scans": scans,
    "daily_work": daily_work,
}


class Question:
    """A check in a thread of its own, as one that hangs cannot be ended; and only one such thread at a time."""

    def __init__(self, check: Callable[[], str]):
        self._check, self._thread, self._why = check, None, NO_ANSWER

    def ask(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._why = NO_ANSWER
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()

    def why_not(self, until: float) -> str:
        """The sentence of what is wrong, or nothing, at a moment of time.monotonic() at the latest."""
        self._thread.join(max(0, until - time.monotonic()))
        return self._why

    def _run(self):
        try:
            self._why = self._check()
        except DatabaseError:
            self._why = NO_DATABASE
        finally:
            connection.close()


class Kept:
    """The last report, for KEPT_SECONDS."""

    def __init__(self, checks: dict[str, Callable[[], str]]):
        self._questions = {name: Question(check) for name, check in checks.items()}
        self._lock, self._report, self._ends = threading.Lock(), {}, 0.0

    def report(self) -> dict[str, str]:
        """name → what is wrong, or nothing."""
        with self._lock:
            if time.monotonic() >= self._ends:
                self._report = self._ask_all()
                self._ends = time.monotonic() + KEPT_SECONDS
            return self._report

    def _ask_all(self) -> dict[str, str]:
        until = time.monotonic() + SECONDS
        for question in self._questions.values():
            question.ask()
        return {name: question.why_not(until) for name, question in self._questions.items()}


_kept = Kept(CHECKS)


def _answer(report: dict[str, str]) -> JsonResponse:
    is_ready = not any(report.values())
    checks = {name: {"ok": not why, "why": why} for name, why in report.items()}
    return JsonResponse({"ready": is_ready, "checks": checks}, status=200 if is_ready else 503)


def _too_long(since, what: str) -> str:
    waited = since and timezone.now() - since
    if not waited or waited <= LONGEST_WAIT:
        return ""
    return f"Die älteste {what} wartet seit {int(waited.total_seconds() // 60)} Minuten."
