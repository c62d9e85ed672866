import io
import logging
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from applications import backup, backup_sets
from ikz.german import counted

logger = logging.getLogger(__name__)
REFUSED = (
    "Nicht alles ist gelungen; alte Sicherungen bleiben deshalb stehen. Bitte sehen Sie im Protokoll nach, was fehlt."
)


class Lines(io.TextIOBase):
    """What the commands say, as lines of the log."""

    def write(self, text):
        for line in text.splitlines():
            logger.info("%s", line)
        return len(text)


class Command(BaseCommand):
    help = (
        "Die Arbeit der Nacht: sichert in einen Unterordner mit dem Datum, prüft die Verfahrensgeschichte, schreibt ihren "
        "Anker ins Protokoll und entfernt alte Sicherungen; es bleiben die von 7 Tagen, 4 Wochen und 12 Monaten."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="ORDNER", type=Path)

    def handle(self, folder, **options):
        """Nothing is removed in a night in which something is amiss: an older set may hold what is missing now."""
        done = [self._back_up(folder), self._succeeds("verify_history")]
        if not all(done):
            raise CommandError(REFUSED)
        try:
            removed = backup_sets.remove_old(folder)
        except backup.SetRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        logger.info("%s entfernt: %s", counted(len(removed), "alte Sicherung", "alte Sicherungen"), ", ".join(removed))

    def _back_up(self, folder) -> bool:
        """A set of this day that is finished and lacks nothing is enough; one that was interrupted is finished now."""
        today = backup_sets.folder_of(timezone.localdate(), folder)
        try:
            if not backup.is_finished(today):
                return self._succeeds("backup", str(today))
            lost = backup.manifest_of(today).lost
        except backup.SetRefused as refusal:
            logger.error("%s", refusal)
            return False
        for name in lost:
            logger.error("Der Sicherung in %s fehlt ein Dokument: %s", today, name)
        return not lost

    def _succeeds(self, *command) -> bool:
        try:
            call_command(*command, stdout=Lines())
        except CommandError as refusal:
            logger.error("%s", refusal)
            return False
        return True
