from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from applications.tidying import tidy
from ikz.german import counted


class Command(BaseCommand):
    help = (
        "Entfernt aus der Ablage, was abgebrochene Übertragungen hinterlassen haben, und meldet Dokumente, die fehlen. "
        "Für den täglichen Lauf; endet mit einem Fehler, wenn ein Dokument fehlt."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="nur sagen, was entfernt würde")

    def handle(self, dry_run=False, **options):
        found = tidy(older_than_seconds=settings.IKZ_TIDY_AFTER_SECONDS, dry_run=dry_run)
        for name in found.orphans:
            self.stdout.write(f"ohne Eintrag: {name}")
        for name in found.missing:
            self.stdout.write(f"fehlt in der Ablage: {name}")
        verb = "zu entfernen" if dry_run else "entfernt"
        self.stdout.write(
            f"{counted(len(found.orphans), 'Datei', 'Dateien')} ohne Eintrag und "
            f"{counted(found.parts, 'Rest', 'Reste')} abgebrochener Übertragungen {verb}."
        )
        if found.missing:
            raise CommandError(
                f"{counted(len(found.missing), 'Dokument fehlt', 'Dokumente fehlen')} in der Ablage. Bitte stellen Sie "
                f"die Ablage aus der Sicherung wieder her."
            )
