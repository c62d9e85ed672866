from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from applications import grants
from applications.models import Programme
from applications.models.programme import Unit
from ikz.german import euros, listing


class Command(BaseCommand):
    help = (
        "Rechnet den Zuwendungsvorschlag einer Variante Zeile für Zeile; die letzte Zeile ist die Summe in ganzen Euro."
    )

    def add_arguments(self, parser):
        # Read by handle(): what argparse refuses, it says in English.
        parser.add_argument("variant", metavar="VARIANT", help="Kürzel der Variante, etwa standard")
        parser.add_argument("units", metavar="UNITS", help="Kommunen, Wehren oder beitretende Kommunen")
        parser.add_argument("--date", metavar="YYYY-MM-DD", help="Tag, der die Fassung bestimmt; sonst heute")

    def handle(self, variant, units, date=None, **options):
        on, units = self._day(date), self._number(units)
        found = self._variant(variant, on)
        proposal = grants.propose(found, units)
        self.stdout.write(f"{found.programme.name}, Variante {found.label}")
        if reservation := self._reservation(found, units):
            self.stdout.write(f"Hinweis: {reservation}")
        for line in proposal.lines:
            self.stdout.write(f"{line.text}: {euros(line.amount)}")
        if proposal.total is None:
            self.stdout.write(f"{grants.NO_FORMULA} Die Summe 0 in der letzten Zeile ist deshalb kein Vorschlag.")
        self.stdout.write(f"{proposal.total or 0:.0f}")

    def _reservation(self, variant, units):
        """Participants are the units of most variants; brigades and joining municipalities are counted apart."""
        by_participants = variant.unit == Unit.MUNICIPALITY
        usual = variant.min_participants if by_participants else variant.min_units
        exception = variant.min_participants_with_reason if by_participants else None
        if units < (exception or usual):
            return f"Die Variante verlangt mindestens {exception or usual} Einheiten."
        if units < usual:
            return f"Weniger als {usual} Einheiten brauchen eine schriftliche Begründung."
        return None

    def _number(self, text):
        if not str(text).strip().isdecimal():
            raise CommandError(f"„{text}“ ist keine Zahl von Einheiten. Bitte schreiben Sie sie in Ziffern, etwa 3.")
        if int(text) < 1:
            raise CommandError("Die Zahl der Einheiten muss mindestens 1 sein.")
        return int(text)

    def _day(self, text):
        if text is None:
            return timezone.localdate()
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise CommandError(f"„{text}“ ist kein Datum. Bitte schreiben Sie es als JJJJ-MM-TT.") from error

    def _variant(self, code, on):
        programme = Programme.objects.in_force_on(on).first()
        if programme is None:
            raise CommandError(Programme.objects.why_none_on(on))
        found = programme.variants.filter(code=code).select_related("programme").first()
        if found is None:
            known = listing(list(programme.variants.order_by("pk").values_list("code", flat=True))) or "noch keine"
            raise CommandError(f"Die Fassung „{programme}“ kennt die Variante „{code}“ nicht. Sie kennt {known}.")
        return found
