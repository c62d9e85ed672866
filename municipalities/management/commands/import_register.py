import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ikz.german import counted
from municipalities.register_files import UnreadableFile
from municipalities.register_findings import lines_of
from municipalities.register_import import RegisterFile, import_register, preview, report
from municipalities.register_rows import OUTCOME_LABELS, Outcome, RowFinding

SHOWN_REPAIRS = 20
WHERE_ALL_ARE = "Alle nennen --dry-run und --report."


class Command(BaseCommand):
    help = "Liest eine Registerdatei (CSV oder XLSX) ein. Abgelehnte Zeilen werden genannt, die anderen übernommen."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, metavar="PATH", help="CSV- oder XLSX-Datei")
        parser.add_argument("--dry-run", action="store_true", help="nur prüfen: alle Befunde nennen, nichts schreiben")
        parser.add_argument("--report", type=Path, metavar="FILE.json", help="Befunde je Zeile als JSON schreiben")
        parser.add_argument("--all-states", action="store_true", help="auch Schlüssel anderer Bundesländer aufnehmen")
        parser.add_argument("--new-keys", action="store_true", help="unbekannte hessische Schlüssel aufnehmen")

    def handle(self, *args, **options):
        data = self._read(options["path"])
        # Before anything is imported: no report may be lost, and none of an earlier run may be taken for this one.
        self._write_report(options["report"], "[]")
        file = RegisterFile(data, options["path"].name, options["all_states"], options["new_keys"])
        try:
            reading = preview(file) if options["dry_run"] else import_register(file, by=None)
        except UnreadableFile as error:
            self._write_report(options["report"], _report_of_unreadable(error))
            raise CommandError(str(error)) from None
        self._print(reading, dry_run=options["dry_run"])
        self._write_report(options["report"], report(reading))

    def _read(self, path):
        try:
            return path.read_bytes()
        except OSError as error:
            raise CommandError(f"Die Datei {path} lässt sich nicht öffnen: {_reason(error)}") from None

    def _write_report(self, path, text):
        if path is None:
            return
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"Der Bericht {path} lässt sich nicht schreiben: {_reason(error)}") from None

    def _print(self, reading, *, dry_run):
        for label, value in reading.file_findings:
            self.stdout.write(f"{label}: {value}")
        for line in _every_finding(reading) if dry_run else _left_to_look_at(reading):
            self.stdout.write(line)
        counts = ", ".join(f"{reading.counts[outcome]} {label}" for outcome, label in OUTCOME_LABELS.items())
        self.stdout.write(f"{sum(reading.counts.values())} Zeilen: {counts}.")
        if dry_run:
            self.stdout.write("Probelauf: Es wurde nichts geschrieben.")


def _every_finding(reading):
    return [line for row in reading.rows for line in lines_of(row)]


def _left_to_look_at(reading):
    """What was refused is left to do; what was repaired somebody should look at, as far as it fits on a screen."""
    refused = [line for row in reading.rows if row.outcome == Outcome.REFUSED for line in row.messages]
    repaired = [row for row in reading.rows if row.outcome == Outcome.REPAIRED]
    shown = [f"Berichtigt: {line}" for row in repaired[:SHOWN_REPAIRS] for line in row.messages]
    rest = len(repaired) - SHOWN_REPAIRS
    more = [f"Dazu {counted(rest, 'weitere berichtigte Zeile', 'weitere berichtigte Zeilen')}: {WHERE_ALL_ARE}"]
    return [*refused, *shown, *(more if rest > 0 else [])]


def _report_of_unreadable(error):
    """Row 0 is the file as a whole."""
    finding = RowFinding(0, outcome=Outcome.REFUSED).as_report() | {"messages": [str(error)]}
    return json.dumps([finding], ensure_ascii=False, indent=1)


def _reason(error):
    """The operating system says it in English."""
    reasons = {
        FileNotFoundError: "Die Datei oder ihr Ordner fehlt. Bitte prüfen Sie den Pfad.",
        NotADirectoryError: "Es gibt den Ordner nicht. Bitte prüfen Sie den Pfad.",
        IsADirectoryError: "Das ist ein Ordner. Bitte geben Sie eine Datei an.",
        PermissionError: "Das Recht dazu fehlt. Bitte lassen Sie sich den Zugriff geben.",
    }
    return reasons.get(type(error), f"{error.strerror}.")
