"""The states of an application and the groups that they form: each group has its name here, and nowhere else.

Imports no models.
"""

from django.db import models


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
COLLECTING = MAIN_LINE[:2]  # resolutions or the agreement still come in
UNDER_PREPARATION = MAIN_LINE[:3]  # facts may change until the check
UNDECIDED = MAIN_LINE[:4]
GRANTED = [State.APPROVED, State.PAID, State.COMPLETED, State.REVOKED]
REVOCABLE = GRANTED[:3]
AFTER_APPROVAL = [State.PAID, State.COMPLETED]
ENDED_WITHOUT_GRANT = [State.REJECTED, State.WITHDRAWN]
DECIDED_LAST = [State.APPROVED, State.REJECTED]  # the last step was a decision, and nothing was built on it yet
UNDER_GRANT = [State.APPROVED, State.PAID]  # granted, and not yet closed
RUNNING = [*UNDECIDED, *UNDER_GRANT]
ENDED = [State.COMPLETED, *ENDED_WITHOUT_GRANT, State.REVOKED]  # no step of the procedure lies ahead
DECISIONS = ("approve", "amend", "reject", "revoke_part", "revoke", "take_over")  # the steps that decide on a grant

# A case may wait with the lead until it is handed in; every later state needs that.
MAY_BE_PRIVATE = [State.DRAFTED, State.WITHDRAWN]
