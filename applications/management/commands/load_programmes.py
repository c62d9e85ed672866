from django.core.management.base import BaseCommand

from applications import base_data


class Command(BaseCommand):
    help = "Legt die mitgelieferten Stammdaten an, soweit sie fehlen: Aufgabenfelder, Programmfassungen, Zustellungsregeln, Zinssätze."

    def handle(self, **options):
        for sentence in base_data.load() or ["Mitgelieferte Stammdaten: alles auf dem Stand."]:
            self.stdout.write(sentence)
