"""Columns that many models have: who did something and when, and sums in euros. Imports no models."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ikz.typed_euros import EurosColumn


def acted_by(what: str, **options) -> models.ForeignKey:
    """The person of a pair that is empty until it happens: „bestätigt“ → „bestätigt von“."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who acted stays known
        **{"null": True, "blank": True, "editable": False, "related_name": "+", **options},
        verbose_name=f"{what} von",
    )


def acted_at(what: str, **options) -> models.DateTimeField:
    return models.DateTimeField(f"{what} am", **{"null": True, "blank": True, "editable": False, **options})


def both_or_neither(name: str, what: str, sentence: str) -> models.CheckConstraint:
    """`what` is the stem of the pair: „confirmed“ for confirmed_by and confirmed_at."""
    by, at = f"{what}_by", f"{what}_at"
    return models.CheckConstraint(
        name=name,
        condition=Q(**{by: None, at: None}) | Q(**{f"{by}__isnull": False, f"{at}__isnull": False}),
        violation_error_message=sentence,
    )


def euros_field(label: str, **options) -> EurosColumn:
    """Up to 9,999,999,999.99 euros."""
    return EurosColumn(label, max_digits=12, decimal_places=2, **options)
