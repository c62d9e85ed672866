from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from ikz import second_factor

STEPS = [
    ("migrate", {"verbosity": 0}),
    ("load_register", {}),
    ("load_programmes", {}),
    ("load_demo", {"or_skip": True}),
    ("collectstatic", {"verbosity": 0, "interactive": False}),
]


class Command(BaseCommand):
    help = "Bereitet alles vor, was die Anwendung mit Demodaten braucht; was schon da ist, bleibt, wie es ist."

    def handle(self, **options):
        for command, given in STEPS:
            call_command(command, **given)
        if not settings.IKZ_REQUIRE_SECOND_FACTOR:
            self.stdout.write(second_factor.OFF)
