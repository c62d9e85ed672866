from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand, CommandError

from ikz.models import User


class Command(BaseCommand):
    help = "Beendet alle Sitzungen eines Kontos oder, mit --all, aller Konten. Wer weiterarbeiten will, meldet sich neu an."

    def add_arguments(self, parser):
        parser.add_argument("email", nargs="?", help="E-Mail-Adresse des Kontos")
        parser.add_argument("--all", action="store_true", help="die Sitzungen aller Konten")

    def handle(self, email, all, **options):
        if bool(email) == all:
            raise CommandError("Bitte nennen Sie entweder eine E-Mail-Adresse oder --all.")
        if all:
            ended, _ = Session.objects.all().delete()
        else:
            ended, _ = Session.objects.filter(pk__in=_of(email)).delete()
        self.stdout.write(f"Beendete Sitzungen: {ended}.")


def _of(email) -> list[str]:
    """The keys of the account's sessions. Whose a session is stands in the session alone."""
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        raise CommandError(f"Es gibt kein Konto mit der Adresse {email}.")
    return [each.pk for each in Session.objects.iterator() if each.get_decoded().get(SESSION_KEY) == str(user.pk)]
