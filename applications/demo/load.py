"""The demonstration: published grants as decided cases, and running cases in every state and before every obstacle.

Loaded once: what is there is left as people have changed it since. Never beside real cases and never in production.
"""

from dataclasses import dataclass
from decimal import Decimal

from auditlog.context import set_actor
from django.conf import settings
from django.db import transaction

from applications.demo import bank_accounts, marks, outsiders, people, real_cases, running_cases
from applications.demo.prerequisites import DemoRefused
from applications.models import Budget, Letterhead
from ikz.german import counted

# The rest of 2025 is spent by the demonstration; in 2026 there is room for a usual grant, but not for a large association.
BUDGETS = (
    (2025, "Interkommunale Zusammenarbeit, Ausgaberest (Demo)", Decimal(30_000)),
    (2026, "Interkommunale Zusammenarbeit, Rest bei Einführung (Demo)", Decimal(625_000)),
    (2027, "Interkommunale Zusammenarbeit (Demo)", Decimal(2_200_000)),
)
SIGNATORY = {"signatory": "Dr. Maria Muster", "function": "Referatsleiterin (Vorführung)"}


@dataclass(frozen=True)
class Loaded:
    """How many cases are new, and what the sources of the published ones do not say."""

    new: int
    log: list[str]


def load():
    """Load what is missing, all or nothing. Raises DemoRefused."""
    _refuse_in_production()
    _refuse_beside_real_cases()
    with transaction.atomic():
        before = len(marks.loaded())
        loader = people.loader()
        with set_actor(loader):
            staff = people.create()
            _create_budgets()
            Letterhead.objects.filter(signatory="").update(**SIGNATORY)
            log = real_cases.load(loader)
        running_cases.load(staff, loader)
        bank_accounts.create(staff)
        outsiders.create(people.PASSWORD)
        return Loaded(len(marks.loaded()) - before, log)


def _refuse_in_production():
    if hosts := sorted(set(settings.ALLOWED_HOSTS) - set(settings.LOOPBACK)):
        raise DemoRefused(
            f"Dieser Rechner bedient auch {', '.join(hosts)} (IKZ_HOSTS). Demodaten und Demokonten mit bekanntem "
            f"Passwort gibt es nur auf Rechnern, die allein sich selbst bedienen."
        )


def _refuse_beside_real_cases():
    if number := marks.real_cases().count():
        raise DemoRefused(
            f"Hier {'steht' if number == 1 else 'stehen'} {counted(number, 'echter Fall', 'echte Fälle')}. Demodaten werden "
            f"nicht daneben geladen. Bitte benutzen Sie dafür eine leere Datenbank."
        )


def _create_budgets():
    for year, title, allocated in BUDGETS:
        Budget.objects.get_or_create(year=year, defaults={"title": title, "allocated": allocated})
