from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand

from ikz import session_store
from ikz.management.accounts import account


class Command(BaseCommand):
    help = "Entfernt den zweiten Faktor eines Kontos, dessen Person App und Ersatzcodes verloren hat, und beendet seine Sitzungen."

    def add_arguments(self, parser):
        parser.add_argument("email", help="E-Mail-Adresse des Kontos")

    def handle(self, email, **options):
        user = account(email)
        Authenticator.objects.filter(user=user).delete()
        session_store.end(user)
        self.stdout.write(f"{user.email} richtet den zweiten Faktor bei der nächsten Anmeldung neu ein.")
