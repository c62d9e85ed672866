from django.core.management.base import BaseCommand, CommandError

from applications.demo import people
from applications.demo.load import load
from applications.demo.prerequisites import DemoRefused
from ikz.german import counted


class Command(BaseCommand):
    help = "Lädt veröffentlichte Förderfälle, laufende Demofälle und Demokonten, soweit sie fehlen."

    def add_arguments(self, parser):
        parser.add_argument(
            "--or-skip", action="store_true", help="neben echten Fällen nichts laden und trotzdem ohne Fehler enden"
        )

    def handle(self, or_skip=False, **options):
        try:
            result = load()
        except DemoRefused as refusal:
            if not or_skip:
                raise CommandError(str(refusal)) from None
            self.stdout.write(str(refusal))
            self._print_logins()
            return
        for sentence in result.log:
            self.stdout.write(sentence)
        number = counted(result.new, "Demofall", "Demofälle")
        self.stdout.write(f"{number} geladen." if result.new else "Alle Demofälle sind schon geladen.")
        self._print_logins()

    def _print_logins(self):
        for line in people.logins():
            self.stdout.write(line)
