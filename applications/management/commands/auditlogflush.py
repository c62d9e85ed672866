"""In the place of auditlog's own command, which empties the field changes: ours is found first."""

from auditlog.management.commands import auditlogflush
from django.core.management.base import CommandError


class Command(auditlogflush.Command):
    help = "Lehnt ab: Feldänderungen werden nicht gelöscht."

    def handle(self, *args, **options):
        raise CommandError(
            "Die Feldänderungen belegen, wer was geändert hat, und werden nicht gelöscht. Sie gehen allein mit ihrer Akte; "
            "deren Löschung beginnt auf der Seite des Falls."
        )
