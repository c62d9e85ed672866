"""Proof that the history of a case is what was written: every link of the chain is computed again."""

from dataclasses import dataclass

from applications.models.history import GENESIS, Entry
from ikz.german import counted


@dataclass(frozen=True)
class Proof:
    """What the verification of one case found; `broken` is the sentence about the first broken entry, or None."""

    file_number: str
    entries: int
    broken: str | None


def prove(application) -> Proof:
    """Walk the chain of one case from its first entry to the state that the case is in."""
    previous, count, entry = GENESIS, 0, None
    for entry in Entry.objects.filter(application=application).order_by("sequence"):
        count += 1
        if fault := _fault(entry, count, previous):
            return Proof(application.file_number, count, fault)
        previous = entry.hash
    return Proof(application.file_number, count, _fault_of_the_end(application, entry))


def _fault(entry, expected_sequence: int, previous: str) -> str | None:
    if entry.sequence != expected_sequence:
        return f"Eintrag {expected_sequence} fehlt; es folgt Eintrag {entry.sequence}."
    if entry.previous_hash != previous:
        return f"Eintrag {entry.sequence} ({entry.step}) schließt nicht an seinen Vorgänger an."
    if entry.digest() != entry.hash:
        return f"Eintrag {entry.sequence} ({entry.step}) wurde verändert."
    return None


def _fault_of_the_end(application, last) -> str | None:
    """A chain does not notice that its tail is gone; the state of the case does, as far as it differs."""
    if last is None:
        return "Der Fall hat keine Verfahrensgeschichte."
    if last.target != application.state:
        return (
            f"Der Fall steht auf „{application.state}“, der letzte Eintrag ({counted(last.sequence, 'Eintrag', 'Einträge')}) "
            f"führt nach „{last.target}“."
        )
    return None
