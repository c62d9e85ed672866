"""Accounts as they are named on the command line."""

from django.core.management.base import CommandError

from ikz.models import User


def account(email: str) -> User:
    """Raises CommandError where there is none with this address."""
    try:
        return User.objects.get_by_natural_key(email)
    except User.DoesNotExist:
        raise CommandError(f"Es gibt kein Konto mit der Adresse {email}.") from None
