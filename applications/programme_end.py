"""The end of the last version of the Rahmenvereinbarung: who is told on the front page, and from when on."""

from datetime import date

from django.urls import reverse

from applications.models import Programme
from applications.periods import months_before
from applications.permissions import PROCESS
from ikz.german import day

KEEP = "applications.change_programme"
MONTHS_AHEAD = 6  # a successor is negotiated, entered, checked and released in that time


def reminder(user, today: date) -> tuple[str, str] | None:
    """What this person should know or do, as sentence and address; None while there is time, or for nobody's business."""
    if not (user.has_perm(KEEP) or user.has_perm(PROCESS)):
        return None
    last = Programme.objects.newest()
    if last is None:
        return _sentence(user, "Es ist keine Fassung der Rahmenvereinbarung freigegeben."), _list()
    if last.valid_to is None or today < months_before(last.valid_to, MONTHS_AHEAD):
        return None
    until = f"„{last}“ {'galt' if last.has_ended_on(today) else 'gilt nur'} bis {day(last.valid_to)}."
    return _sentence(user, until), reverse("admin:applications_programme_change", args=[last.pk])


def _sentence(user, why: str) -> str:
    """Whoever keeps the versions has something to do; a clerk knows why no case can be opened."""
    if user.has_perm(KEEP):
        return (
            f"{why} Bitte legen Sie die neue Fassung an und geben Sie sie frei: Ohne sie lässt sich kein Fall anlegen."
        )
    return f"{why} Danach lassen sich Fälle erst wieder anlegen, wenn die Rolle Stammdaten eine neue Fassung freigibt."


def _list() -> str:
    return reverse("admin:applications_programme_changelist")
