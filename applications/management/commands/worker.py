import logging
import signal
import threading

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from applications import daily, scans
from applications.models import StoredFile
from ikz import outbox

logger = logging.getLogger(__name__)
PAUSE_SECONDS = 5
SCANS_AT_ONCE = 20


class Command(BaseCommand):
    help = (
        "Sendet wartende Mails, holt Virenprüfungen nach und erledigt zur eingestellten Stunde das Tägliche. Mehrere "
        "zugleich tun nichts doppelt. SIGTERM beendet ihn nach der laufenden Arbeit."
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="einmal tun, was ansteht, dann enden")

    def handle(self, once=False, **options):
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda number, frame: stop.set())
        self.stdout.write("Bereit.")
        while not stop.is_set():
            worked = self._work_or_wait()
            if once:
                break
            if not worked:
                stop.wait(PAUSE_SECONDS)
                close_old_connections()  # a restarted database is found again

    def _work_or_wait(self) -> bool:
        try:
            return self.work()
        except (InterfaceError, OperationalError):
            logger.exception("Die Datenbank antwortet nicht; es geht weiter, sobald sie wieder da ist.")
            return False

    def work(self) -> bool:
        """One round. Returns whether there was anything to do, so that the next round follows at once."""
        sent = outbox.send_due(limit=50)
        scanned = scans.rescan_all(StoredFile.objects.undecided(), limit=SCANS_AT_ONCE)
        daily.run_if_due(timezone.localtime())
        return bool(sent) or any(scanned.outcomes[each] for each in scans.VERDICTS)
