import logging
import signal
import threading
from collections.abc import Callable

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from applications import daily, scans
from applications.models import StoredFile
from ikz import outbox

logger = logging.getLogger(__name__)
PAUSE_SECONDS = 5
MAILS_AT_ONCE = 50
SCANS_AT_ONCE = 20


class Command(BaseCommand):
    help = (
        "Sendet wartende Mails, holt Virenprüfungen nach und erledigt zur eingestellten Stunde das Tägliche. Mehrere "
        "zugleich tun nichts doppelt. SIGTERM beendet ihn nach der laufenden Mail, der laufenden Prüfung oder dem laufenden "
        "Teil der täglichen Arbeit."
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="einmal tun, was ansteht, dann enden")

    def handle(self, once=False, **options):
        self._stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda number, frame: self._stop.set())
        logger.info("Bereit.")
        while not self._stop.is_set():
            worked = self._work_or_wait()
            if once:
                break
            if not worked:
                self._stop.wait(PAUSE_SECONDS)
                close_old_connections()  # a restarted database is found again

    def _work_or_wait(self) -> bool:
        try:
            return self.work()
        except (InterfaceError, OperationalError):
            logger.exception("Die Datenbank antwortet nicht; es geht weiter, sobald sie wieder da ist.")
            return False

    def work(self) -> bool:
        """One round. Returns whether there was anything to do, so that the next round follows at once."""
        worked = [self._guarded(part) for part in (self._mails, self._scans, self._daily)]
        return any(worked)

    def _guarded(self, part: Callable[[], bool]) -> bool:
        """Do a part of the round, unless the worker is stopping; whether there was anything to do.

        The one place that catches what nobody expects. Each part knows its own failures: a mail, a document, a reminder
        that cannot be done is put aside there, with the reason. But a fault in the program that one of them brings up
        must not keep the other parts waiting for ever, as ending the process would: systemd starts it again, and it
        dies of the same one. What was caught is an error in the log, and what was claimed is tried again when its claim
        ends. A database that is away stops all parts alike, so that is for _work_or_wait().
        """
        if self._stop.is_set():
            return False
        try:
            return part()
        except (InterfaceError, OperationalError):
            raise
        except Exception:
            logger.exception("Ein Teil der Arbeit ist gescheitert; das Übrige geht weiter.")
            return False

    def _mails(self) -> bool:
        return outbox.send_due(limit=MAILS_AT_ONCE, is_stopping=self._stop.is_set) > 0

    def _scans(self) -> bool:
        waiting = StoredFile.objects.due_for_scan(timezone.now())
        done = scans.rescan_all(waiting, limit=SCANS_AT_ONCE, is_stopping=self._stop.is_set)
        return any(done.outcomes[each] for each in scans.VERDICTS)

    def _daily(self) -> bool:
        daily.run_if_due(timezone.localtime(), is_stopping=self._stop.is_set)
        return False  # nothing of it has to follow at once
