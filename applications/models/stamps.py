"""The stamps (who, when) that go with the states of an application, and the constraints that keep both together."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from applications.states import AFTER_APPROVAL, GRANTED, State

# Who set a stamp and when, and the states in which it must and in which it may be there.
STAMPS = {
    "checked": ([State.CHECKED], [State.CHECKED, State.REJECTED, State.WITHDRAWN, *GRANTED]),
    "approved": (GRANTED, GRANTED),
    "rejected": ([State.REJECTED], [State.REJECTED]),
    "withdrawn": ([State.WITHDRAWN], [State.WITHDRAWN]),
    "paid": (AFTER_APPROVAL, [*AFTER_APPROVAL, State.REVOKED]),
    "completed": ([State.COMPLETED], [State.COMPLETED, State.REVOKED]),
    "revoked": ([State.REVOKED], [State.REVOKED]),
    "taken_over": ([], GRANTED),
}


def acted_by(label):
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who acted stays known
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=f"{label} von",
    )


def acted_at(label):
    return models.DateTimeField(f"{label} am", null=True, blank=True, editable=False)


def stamp_constraints():
    """Both or neither of who and when; and a stamp exactly where the state asks for it."""
    for name, (must, may) in STAMPS.items():
        present = Q(**{f"{name}_by__isnull": False, f"{name}_at__isnull": False})
        absent = Q(**{f"{name}_by__isnull": True, f"{name}_at__isnull": True})
        yield models.CheckConstraint(
            name=f"application_{name}_by_and_at",
            condition=present | absent,
            violation_error_message="Person und Zeitpunkt eines Schritts gehören zusammen.",
        )
        yield models.CheckConstraint(
            name=f"application_{name}_fits_state",
            condition=(absent | Q(state__in=may)) & (present | ~Q(state__in=must)),
            violation_error_message="Der Stand des Falls passt nicht zu seinen Daten.",
        )


def different_people(one, other):
    return models.CheckConstraint(
        name=f"application_{one}_not_{other}",
        condition=Q(**{f"{one}_by": None}) | Q(**{f"{other}_by": None}) | ~Q(**{f"{one}_by": F(f"{other}_by")}),
        violation_error_message="Vier-Augen-Prinzip: Dieser Schritt braucht eine andere Person.",
    )
