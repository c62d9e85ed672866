from django.conf import settings
from django.core.files.storage import InvalidStorageError, storages
from django.core.management.base import BaseCommand, CommandError

from applications.moving import move
from ikz.german import counted
from ikz.storage import StoreAway

OTHER = {"s3": "folder", "folder": "s3"}


class Command(BaseCommand):
    help = (
        "Kopiert alle Dokumente vom Ordner nach S3 oder zurück und prüft jede Kopie. Entfernt nichts; ein abgebrochener "
        "Lauf wird mit demselben Befehl fortgesetzt. Welche Ablage gilt, sagt IKZ_DOCUMENTS."
    )

    def add_arguments(self, parser):
        parser.add_argument("--to", choices=sorted(OTHER), required=True, help="wohin kopiert wird")
        parser.add_argument("--only-new", action="store_true", help="liest nicht noch einmal, was dort schon liegt")

    def handle(self, to, only_new=False, **options):
        try:
            moved = move(storages[OTHER[to]], storages[to], only_new=only_new)
        except InvalidStorageError as error:
            raise CommandError("S3 ist nicht eingerichtet. Bitte setzen Sie zuerst IKZ_S3_BUCKET.") from error
        except StoreAway as error:
            raise CommandError(f"{error} Bitte wiederholen Sie den Befehl; er setzt dort fort.") from error
        self.stdout.write(
            f"{counted(moved.copied, 'Dokument', 'Dokumente')} kopiert und geprüft, {moved.present} lagen schon dort."
        )
        for name in moved.broken:
            self.stdout.write(f"fehlt in der Quelle oder ist dort beschädigt: {name}")
        if moved.broken:
            raise CommandError(
                f"{counted(len(moved.broken), 'Dokument ließ', 'Dokumente ließen')} sich nicht kopieren."
            )
        if to != settings.IKZ_DOCUMENTS:
            self.stdout.write(f"Noch gilt die bisherige Ablage. Mit IKZ_DOCUMENTS={to} gilt die neue.")
