from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from applications import backup
from applications.database_dump import DumpFailed
from ikz.german import counted
from ikz.storage import StoreAway


class Command(BaseCommand):
    help = (
        "Stellt eine Sicherung in einer leeren Datenbank und in der Ablage wieder her und beweist danach, dass "
        "Verfahrensgeschichte und Dokumente unverändert sind. Webprozesse und Worker müssen dabei stehen."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="ORDNER", type=Path)
        parser.add_argument("--replace", action="store_true", help="überschreibt, was in der Datenbank ist")
        parser.add_argument("--check", action="store_true", help="prüft nur die Sicherung und ändert nichts")

        parser.add_argument(
            "--from", dest="start", default="", metavar="DATEI", help="setzt eine Prüfung bei DATEI fort"
        )

    def handle(self, folder, replace=False, check=False, start="", **options):
        if start and not check:
            raise CommandError("„--from“ gibt es nur zusammen mit „--check“.")
        try:
            if check:
                made = backup.read(folder, tell=self.stdout.write, start=start)
                self.stdout.write(f"Die Sicherung vom {made.made_at} ist vollständig und unbeschädigt.")
                return
            made = backup.restore(folder, replace=replace, tell=self.stdout.write)
        except (backup.SetRefused, DumpFailed, StoreAway) as refusal:
            raise CommandError(str(refusal)) from refusal
        self._prove(made)

    def _prove(self, made):
        """The set may be older than the code: then its tables are brought up to date first."""
        call_command("migrate", verbosity=0, interactive=False)
        call_command("check", databases=["default"], stdout=self.stdout)
        call_command("verify_history", stdout=self.stdout)
        broken = backup.broken_documents()
        if broken - set(made.lost):
            raise CommandError(
                f"{counted(len(broken), 'Dokument fehlt oder ist', 'Dokumente fehlen oder sind')} beschädigt."
            )
        for name in sorted(broken):
            self.stdout.write(f"fehlte schon, als gesichert wurde: {name}")
        self.stdout.write("Alle gesicherten Dokumente liegen unverändert in der Ablage.")
