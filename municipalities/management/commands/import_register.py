from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from municipalities.register_files import UnreadableFile
from municipalities.register_import import RegisterFile, import_register, preview, report
from municipalities.register_rows import OUTCOME_LABELS, Outcome


class Command(BaseCommand):
    help = "Liest eine Registerdatei (CSV oder XLSX) ein. Abgelehnte Zeilen werden genannt, die anderen übernommen."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, metavar="PATH", help="CSV- oder XLSX-Datei")
        parser.add_argument("--dry-run", action="store_true", help="nur prüfen, nichts schreiben")
        parser.add_argument("--report", type=Path, metavar="FILE.json", help="Befunde je Zeile als JSON schreiben")
        parser.add_argument("--all-states", action="store_true", help="auch Schlüssel anderer Bundesländer aufnehmen")
        parser.add_argument("--new-keys", action="store_true", help="unbekannte hessische Schlüssel aufnehmen")

    def handle(self, *args, **options):
        try:
            file = RegisterFile(
                options["path"].read_bytes(), options["path"].name, options["all_states"], options["new_keys"]
            )
            reading = preview(file) if options["dry_run"] else import_register(file, by=None)
        except OSError as error:
            raise CommandError(f"Die Datei {options['path']} lässt sich nicht öffnen: {error.strerror}.") from None
        except UnreadableFile as error:
            raise CommandError(str(error)) from None
        self._print(reading, dry_run=options["dry_run"])
        if options["report"]:
            self._write_report(options["report"], reading)

    def _write_report(self, path, reading):
        try:
            path.write_text(report(reading), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"Der Bericht {path} lässt sich nicht schreiben: {error.strerror}.") from None

    def _print(self, reading, *, dry_run):
        for label, value in reading.file_findings:
            self.stdout.write(f"{label}: {value}")
        for row in reading.rows:
            if row.outcome == Outcome.REFUSED:
                self.stdout.write("\n".join(row.messages))
        counts = ", ".join(f"{reading.counts[outcome]} {label}" for outcome, label in OUTCOME_LABELS.items())
        self.stdout.write(f"{len(reading.rows)} Zeilen: {counts}.")
        if dry_run:
            self.stdout.write("Probelauf: Es wurde nichts geschrieben.")
