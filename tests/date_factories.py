"""What the dates of a decided case are counted from."""

from datetime import date
from decimal import Decimal

from django.utils import timezone
from factory.django import DjangoModelFactory

from applications.models import BaseRate, DateFacts, DeliveryRule


class DeliveryRuleFactory(DjangoModelFactory):
    """Four days, as since 2025."""

    class Meta:
        model = DeliveryRule
        django_get_or_create = ["valid_from"]

    valid_from = date(2025, 1, 1)
    days = 4
    source = "VwVfG § 41 Abs. 2"


class BaseRateFactory(DjangoModelFactory):
    class Meta:
        model = BaseRate
        django_get_or_create = ["valid_from"]

    valid_from = date(2026, 1, 1)
    percent = Decimal("1.27")
    source = "Deutsche Bundesbank"


class DateFactsFactory(DjangoModelFactory):
    class Meta:
        model = DateFacts


def repaid():
    """Revoked without a hearing, for grounds known today; what was paid comes back without interest."""
    today = timezone.localdate()
    days = {"known_on": today, "due_on": date(2099, 1, 4), "interest_since": today}
    return {"no_hearing_reason": "Nach Lage der Akten.", **days}
