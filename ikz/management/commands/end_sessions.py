from django.core.management.base import BaseCommand, CommandError

from ikz import session_store
from ikz.management.accounts import account


class Command(BaseCommand):
    help = "Beendet alle Sitzungen eines Kontos oder, mit --all, aller Konten. Wer weiterarbeiten will, meldet sich neu an."

    def add_arguments(self, parser):
        parser.add_argument("email", nargs="?", help="E-Mail-Adresse des Kontos")
        parser.add_argument("--all", action="store_true", help="die Sitzungen aller Konten")

    def handle(self, email, all, **options):
        if bool(email) == all:
            raise CommandError("Bitte nennen Sie entweder eine E-Mail-Adresse oder --all.")
        ended = session_store.end_all() if all else session_store.end(account(email))
        self.stdout.write(f"Beendete Sitzungen: {ended}.")
