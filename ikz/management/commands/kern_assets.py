from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ikz import kern


class Command(BaseCommand):
    help = "Übernimmt Gestaltung und Schriften von KERN aus node_modules in die statischen Dateien."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--node-modules", type=Path, default=settings.BASE_DIR / "node_modules")
        parser.add_argument("--target", type=Path, default=settings.BASE_DIR / "ikz" / "static" / "kern")

    def handle(self, *, node_modules, target, **options):
        try:
            kern.install(node_modules, target)
        except FileNotFoundError as error:
            raise CommandError(f"{error.filename} fehlt. Bitte holen Sie KERN zuerst mit „make assets“.") from error
        except kern.KernChanged as error:
            raise CommandError(f"{error} Bitte prüfen Sie die Version von KERN in package.json.") from error
