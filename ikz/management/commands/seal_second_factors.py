from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError

from ikz.second_factor import seal_anew

NO_KEY = "Zu einem zweiten Faktor passt kein Schlüssel. Bitte tragen Sie den früheren in IKZ_SECRET_KEY_FALLBACKS ein."


class Command(BaseCommand):
    help = "Verschlüsselt alle zweiten Faktoren mit dem heutigen Schlüssel. Danach werden frühere nicht mehr gebraucht."

    def handle(self, **options):
        try:
            sealed = seal_anew()
        except InvalidToken:
            raise CommandError(f"{NO_KEY} Es wurde nichts geändert.") from None
        self.stdout.write(f"Neu verschlüsselt: {sealed}.")
