"""In the place of Django's own command: with the kind of a record it deletes every field change of such records."""

from django.contrib.contenttypes.management.commands import remove_stale_contenttypes
from django.core.management.base import CommandError


class Command(remove_stale_contenttypes.Command):
    help = "Lehnt ab: Mit der Art eines Datensatzes gingen dessen Feldänderungen verloren."

    def handle(self, **options):
        raise CommandError(
            "Mit den Arten von Datensätzen, die es nicht mehr gibt, gingen deren Feldänderungen verloren; sie werden nicht "
            "gelöscht. Die übrig gebliebenen Arten stören nicht, und nichts ist zu tun."
        )
