"""Reports of use."""

from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from applications.models import UsageReport


class UsageReportFactory(DjangoModelFactory):
    """Handed in and not looked at yet; with `accepted_by` it was accepted."""

    class Meta:
        model = UsageReport

    class Params:
        accepted_by = None

    submitted_on = factory.LazyFunction(timezone.localdate)
    text = "Der gemeinsame Bauhof arbeitet."
    spent = Decimal(75000)
    personnel_after = Decimal(230000)
    material_after = Decimal(45000)
    verdict = factory.LazyAttribute(lambda report: "accepted" if report.accepted_by else "open")
    judged_by = factory.LazyAttribute(lambda report: report.accepted_by)
    judged_at = factory.LazyAttribute(lambda report: timezone.now() if report.accepted_by else None)
