"""The states of an application, the stamps (who, when) that go with them, and the constraints that keep both together."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class State(models.TextChoices):
    DRAFTED = "drafted", "Entwurf"
    RESOLUTIONS_COLLECTED = "resolutions_collected", "Beschlüsse liegen vor"
    AGREEMENT_SIGNED = "agreement_signed", "Vereinbarung unterschrieben"
    CHECKED = "checked", "Geprüft"
    APPROVED = "approved", "Bewilligt"
    REJECTED = "rejected", "Abgelehnt"
    WITHDRAWN = "withdrawn", "Zurückgezogen"
    PAID = "paid", "Ausgezahlt"
    COMPLETED = "completed", "Abgeschlossen"
    REVOKED = "revoked", "Widerrufen"


# What municipalities read.
PLAIN_LABELS = {
    State.DRAFTED: "Antrag und Beschlüsse",
    State.RESOLUTIONS_COLLECTED: "Vereinbarung",
    State.AGREEMENT_SIGNED: "Prüfung",
    State.CHECKED: "Entscheidung",
    State.APPROVED: "Bewilligt",
    State.REJECTED: "Abgelehnt",
    State.WITHDRAWN: "Zurückgezogen",
    State.PAID: "Ausgezahlt",
    State.COMPLETED: "Abgeschlossen",
    State.REVOKED: "Widerrufen",
}
MAIN_LINE = [State.DRAFTED, State.RESOLUTIONS_COLLECTED, State.AGREEMENT_SIGNED, State.CHECKED, State.APPROVED]
UNDECIDED = MAIN_LINE[:4]
GRANTED = [State.APPROVED, State.PAID, State.COMPLETED, State.REVOKED]

# A case may wait with the lead until it is handed in; every later state needs that.
MAY_BE_PRIVATE = [State.DRAFTED, State.WITHDRAWN]

# Who set a stamp and when, and the states in which it must and in which it may be there.
STAMPS = {
    "checked": ([State.CHECKED], [State.CHECKED, State.REJECTED, State.WITHDRAWN, *GRANTED]),
    "approved": (GRANTED, GRANTED),
    "rejected": ([State.REJECTED], [State.REJECTED]),
    "withdrawn": ([State.WITHDRAWN], [State.WITHDRAWN]),
    "paid": ([State.PAID, State.COMPLETED], [State.PAID, State.COMPLETED, State.REVOKED]),
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
