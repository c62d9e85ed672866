from django.core.management.base import BaseCommand

from applications.demo import real_cases
from ikz.german import euros


class Command(BaseCommand):
    help = "Stellt den berechneten Vorschlag neben den wirklich bewilligten Betrag der veröffentlichten Fälle."

    def handle(self, **options):
        rows = real_cases.comparison()
        if not rows:
            self.stdout.write("Es sind keine veröffentlichten Fälle geladen. Bitte rufen Sie manage.py load_demo auf.")
            return
        for row in rows:
            self.stdout.write(self._line(row))
        equal = sum(row.is_equal for row in rows)
        self.stdout.write(f"{len(rows)} Fälle: {equal} wie berechnet, {len(rows) - equal} abweichend festgesetzt.")

    def _line(self, row):
        proposed = "kein Regelbetrag" if row.proposed is None else euros(row.proposed)
        figures = f"{row.year or 'o. J.':<5} {row.variant:<12} {row.units:>2}  {proposed:>16}  {euros(row.granted):>10}"
        return f"{figures}  {row.title}" + ("" if row.is_equal else f"\n{'':>6}{row.reason}")
