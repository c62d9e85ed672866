import time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from applications.demo.prerequisites import DemoRefused
from applications.generated.cases import fill_up_to, refuse
from applications.models import Application, Entry, Participant, StoredFile


class Command(BaseCommand):
    help = (
        "Erzeugt Tausende von Fällen, um die Anwendung unter Last zu messen. Niemals im Betrieb: nur mit IKZ_DEBUG=on und "
        "nur in einer Datenbank ohne andere Fälle. Register und Programmfassungen müssen geladen sein."
    )

    def add_arguments(self, parser):
        parser.add_argument("--cases", type=int, default=10_000, help="so viele Fälle sollen es danach sein (10000)")

    def handle(self, cases, **options):
        start = time.monotonic()
        try:
            refuse()
            fill_up_to(cases, today=timezone.localdate())
        except DemoRefused as refusal:
            raise CommandError(str(refusal)) from None
        counts = {
            "Fälle": Application,
            "Beteiligte": Participant,
            "Dokumente (nur Zeilen)": StoredFile,
            "Einträge der Verfahrensgeschichte": Entry,
        }
        for name, model in counts.items():
            self.stdout.write(f"{model.objects.count():>12} {name}")
        self.stdout.write(
            f"Erzeugt in {time.monotonic() - start:.0f} Sekunden. Die Beweiskette prüft: manage.py verify_history"
        )
