from django.core.management.base import BaseCommand

from applications import base_data, letter_base_data


class Command(BaseCommand):
    help = "Legt die mitgelieferten Stammdaten an, soweit sie fehlen: Programmfassungen, Zustellungsregeln, Zinssätze, Textbausteine."

    def handle(self, **options):
        for sentence in [*base_data.load(), *letter_base_data.load()] or ["Stammdaten: alles auf dem Stand."]:
            self.stdout.write(sentence)
