"""What a case is funded by: programme versions, their variants, fields of tasks."""

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from applications.legal_forms import LegalForm
from applications.models import Programme, TaskField, Variant


class TaskFieldFactory(DjangoModelFactory):
    class Meta:
        model = TaskField
        django_get_or_create = ["code"]

    code = "bauhof"
    label = factory.LazyAttribute(lambda field: field.code.capitalize())


class ProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = Programme
        django_get_or_create = ["valid_from"]

    name = "Rahmenvereinbarung 2021"
    valid_from = date(2021, 12, 7)
    valid_to = date(2026, 12, 6)


class VariantFactory(DjangoModelFactory):
    class Meta:
        model = Variant
        django_get_or_create = ["programme", "code"]

    programme = factory.SubFactory(ProgrammeFactory)
    code = "standard"
    label = factory.LazyAttribute(lambda variant: variant.code.capitalize())
    amount_per_unit = Decimal(25000)
    cap = Decimal(100000)
    min_participants = 3
    min_participants_with_reason = 2
    min_saving_percent = Decimal(15)
    legal_forms = LegalForm.values

    class Params:
        ozg = factory.Trait(
            code="ozg",
            min_participants=2,
            min_participants_with_reason=None,
            saving_basis="personnel",
            requires_ozg_goal=True,
            legal_forms=[LegalForm.DELEGATING_AGREEMENT, LegalForm.MANDATING_AGREEMENT],
        )
        gvv = factory.Trait(
            code="gvv",
            amount_per_unit=Decimal(150000),
            cap=None,
            min_participants=2,
            min_participants_with_reason=None,
            legal_forms=[LegalForm.MUNICIPAL_ASSOCIATION, LegalForm.ADMINISTRATIVE_COMMUNITY],
        )
        fire_brigade = factory.Trait(
            code="fire_brigade",
            unit="brigade",
            amount_per_unit=Decimal(15000),
            cap=None,
            min_units=2,
            min_participants=1,
            min_participants_with_reason=None,
            requires_agreement=False,
            legal_forms=[],
        )
        accession = factory.Trait(
            code="accession",
            unit="joining_municipality",
            cap=None,
            min_units=1,
            min_participants=1,
            min_participants_with_reason=None,
        )
        preparation = factory.Trait(
            code="preparation",
            amount_per_unit=None,
            cap=None,
            min_participants=2,
            min_participants_with_reason=None,
            min_saving_percent=None,
            saving_basis="none",
            requires_agreement=False,
        )
