from django.core.management.base import BaseCommand
from django.db import connection

from applications import history_triggers


class Command(BaseCommand):
    help = "Legt fehlende Trigger an, die die Verfahrensgeschichte vor Änderungen schützen."

    def handle(self, **options):
        names = history_triggers.missing(connection)
        history_triggers.install(connection)
        self.stdout.write(f"Angelegt: {', '.join(sorted(names))}." if names else "Alle Trigger sind vorhanden.")
