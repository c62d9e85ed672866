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
        parser.add_argument(
            "--short", action="store_true", help="in einem Satz sagen, was die Quellen der Förderfälle offen lassen"
        )

    def handle(self, or_skip=False, short=False, **options):
        try:
            result = load()
        except DemoRefused as refusal:
            if not or_skip:
                raise CommandError(str(refusal)) from None
            self.stdout.write(str(refusal))
            self._print_logins()
            return
        for sentence in _in_one(result.log) if short else result.log:
            self.stdout.write(sentence)
        number = counted(result.new, "Demofall", "Demofälle")
        self.stdout.write(f"{number} geladen." if result.new else "Alle Demofälle sind schon geladen.")
        self._print_logins()

    def _print_logins(self):
        for line in people.logins():
            self.stdout.write(line)


def _in_one(log) -> list[str]:
    if not log:
        return []
    hints = counted(len(log), "Hinweis", "Hinweise")
    return [
        f"{hints} zu den Quellen der Förderfälle, etwa zu Körperschaften, die das Register nicht kennt und die deshalb frei "
        "eingetragen sind. Einzeln nennt sie „manage.py load_demo“ in einer leeren Datenbank."
    ]
