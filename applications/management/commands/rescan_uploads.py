from django.core.management.base import BaseCommand, CommandError

from applications import scans
from applications.models import StoredFile


class Command(BaseCommand):
    help = "Prüft auf Viren, was auf eine Prüfung wartet. Mehrere Läufe zugleich stören sich nicht."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="auch, was schon ohne Befund geprüft ist")
        parser.add_argument("--limit", type=int, default=500, help="höchstens so viele Dokumente (Vorgabe: 500)")

    def handle(self, limit, **options):
        documents = (
            StoredFile.objects.order_by("scanned_at", "pk") if options["all"] else StoredFile.objects.awaiting_scan()
        )
        done = scans.rescan_all(documents, limit=limit)
        self.stdout.write(str(done))
        if done.is_away:
            raise CommandError(scans.AWAY)
