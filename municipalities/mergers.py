"""When one body may succeed another: one rule for the form and for files that are read in.

A leaf: it knows no models, so that both may ask it.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, timedelta

DISTRICTS = {"district"}
FREE = {"association", "municipal_association", "other_body"}  # bodies without an official key


@dataclass(frozen=True)
class Party:
    """A body as far as a merger asks for it. `identity` tells it from others; `name` is for the sentence."""

    identity: Hashable
    name: str
    kind: str
    valid_from: date | None = None
    valid_to: date | None = None


def objection(ending: Party, successor: Party | None, following: Callable[[Hashable], Hashable | None]) -> str:
    """Why the one may not succeed the other, as a sentence; empty if it may.

    `following` gives the identity of a body's own successor. The successor exists on the day after the end and is of the
    same sort: a Gemeinde is succeeded by one, never by the Kreis.
    """
    if successor is None:
        return ""
    if ending.valid_to is None:
        return "Eine Nachfolgerin ist angegeben, aber kein „gültig bis“. Bitte ergänzen Sie das Datum."
    return (
        _objection_to_sort(ending, successor)
        or _objection_to_day(successor, ending.valid_to + timedelta(days=1))
        or _objection_to_circle(ending, successor, following)
    )


def _objection_to_sort(ending, successor):
    if successor.identity == ending.identity:
        return "Eine Kommune kann nicht ihre eigene Nachfolgerin sein. Bitte wählen Sie eine andere."
    if _sort(ending.kind) != _sort(successor.kind):
        return (
            f"{successor.name} ist von anderer Art und kann keine Nachfolgerin von {ending.name} sein. Bitte wählen Sie "
            "die Kommune, in der sie aufgegangen ist."
        )
    return ""


def _objection_to_day(successor, day):
    if _exists_on(successor, day):
        return ""
    return (
        f"Die Nachfolgerin {successor.name} besteht am {day:%d.%m.%Y} nicht, dem Tag nach „gültig bis“. Bitte prüfen "
        "Sie das Datum oder wählen Sie eine andere Nachfolgerin."
    )


def _objection_to_circle(ending, successor, following):
    seen, identity = {ending.identity}, successor.identity
    while identity is not None:
        if identity in seen:
            return "Die Nachfolgerinnen bilden einen Kreis. Bitte wählen Sie eine andere Nachfolgerin."
        seen.add(identity)
        identity = following(identity)
    return ""


def _sort(kind):
    return "district" if kind in DISTRICTS else "free" if kind in FREE else "municipality"


def _exists_on(party, day):
    return (party.valid_from is None or party.valid_from <= day) and (party.valid_to is None or day <= party.valid_to)
