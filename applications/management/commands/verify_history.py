from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from applications.evidence import anchor, faults_outside_of_cases, prove, snapshot
from applications.models import Application
from ikz.german import counted


class Command(BaseCommand):
    help = "Prüft, dass die Verfahrensgeschichte unverändert ist, und nennt den ersten beschädigten Eintrag je Fall."

    def add_arguments(self, parser):
        parser.add_argument("--case", metavar="AKTENZEICHEN", help="nur dieser Fall, zum Beispiel IKZ-2026-0001")
        parser.add_argument(
            "--until",
            metavar="YYYY-MM-DD",
            type=_day,
            help="Anker des Stands am Ende dieses Tages, zum Vergleich mit einem früher gedruckten; sonst heute",
        )

    def handle(self, case=None, until=None, **options):
        with snapshot():
            self._verify(case, until)

    def _verify(self, case, until):
        # No more of a case than the proof needs: whatever else is damaged in its row is not what is proved here.
        applications = Application.objects.only("file_number", "state").order_by("file_number")
        if case:
            applications = applications.filter(file_number=case)
            if not applications:
                raise CommandError(f"Den Fall {case} gibt es nicht. Bitte prüfen Sie das Aktenzeichen.")
        proofs = [prove(application) for application in applications.iterator()]
        faults = [f"{proof.file_number}: {proof.broken}" for proof in proofs if proof.broken]
        if not case:
            faults += faults_outside_of_cases()
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            raise CommandError(f"{counted(len(faults), 'Fall ist', 'Fälle sind')} beschädigt.")
        entries = sum(proof.entries for proof in proofs)
        self.stdout.write(
            f"{counted(len(proofs), 'Fall', 'Fälle')} mit {counted(entries, 'Eintrag', 'Einträgen')}: unverändert."
        )
        if not case:
            self.stdout.write(f"Anker: {anchor(until or timezone.localdate())}")


def _day(text):
    """Refused here: what argparse refuses, it says in English."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"„{text}“ ist kein Datum. Bitte schreiben Sie es als JJJJ-MM-TT.") from error
