from django.core.management.base import BaseCommand

from applications import base_data


class Command(BaseCommand):
    help = "Legt die mitgelieferten Aufgabenfelder und Fassungen der Rahmenvereinbarung an, soweit sie fehlen."

    def handle(self, **options):
        for sentence in base_data.load() or [
            "Aufgabenfelder und Fassungen der Rahmenvereinbarung: alles auf dem Stand."
        ]:
            self.stdout.write(sentence)
