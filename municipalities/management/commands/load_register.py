from django.core.management.base import BaseCommand

from municipalities.register_import import load_register


class Command(BaseCommand):
    help = (
        "Lädt das mitgelieferte Register der Kommunen. Wiederholbar; überschreibt nichts, was Menschen geändert haben."
    )

    def handle(self, *args, **options):
        written = sum(len(reading.to_write) for reading in load_register())
        self.stdout.write(
            f"Register: {written} Kommunen geladen oder ergänzt." if written else "Register: alles auf dem Stand."
        )
