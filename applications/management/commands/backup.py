from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from applications import backup
from applications.database_dump import DumpFailed
from ikz.german import counted
from ikz.storage import StoreAway


class Command(BaseCommand):
    help = (
        "Sichert Datenbank und Dokumente als einen Stand in einen Ordner, auch während gearbeitet wird. Eine abgebrochene "
        "Sicherung wird mit demselben Befehl fortgesetzt."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="ORDNER", type=Path)

    def handle(self, folder, **options):
        try:
            made = backup.make(folder, tell=self.stdout.write)
        except (backup.SetRefused, DumpFailed, StoreAway) as refusal:
            raise CommandError(str(refusal)) from refusal
        count = counted(len(made.documents), "Dokument", "Dokumente")
        self.stdout.write(f"{count} gesichert, zusammen mit der Datenbank {filesizeformat(made.size)}.")
        self.stdout.write(
            "Der geheime Schlüssel (IKZ_SECRET_KEY) ist nicht dabei. Bitte bewahren Sie ihn getrennt auf."
        )
        for name in made.lost:
            self.stdout.write(f"fehlt in der Ablage oder ist dort beschädigt: {name}")
        if made.lost:
            raise CommandError(
                f"{counted(len(made.lost), 'Dokument ließ', 'Dokumente ließen')} sich nicht sichern. Bitte suchen Sie in "
                "einer älteren Sicherung danach."
            )
