"""Proof that the history of a case is what was written: every link of the chain is computed again."""

import hashlib
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from applications import timeline
from applications.models.application import Application
from applications.models.disposal import Deletion
from applications.models.history import GENESIS, Entry
from applications.states import State
from ikz.german import counted, listing

# What reading a row ends in that somebody damaged: SQLite keeps any text as a moment, PostgreSQL knows infinity.
UNREADABLE = (AttributeError, DatabaseError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True)
class Proof:
    """What the verification of one case found; `broken` is the sentence about the first broken entry, or None."""

    file_number: str
    entries: int
    broken: str | None


@contextmanager
def snapshot():
    """One state of the database for all that is read within, so that a step taken meanwhile is no false alarm.

    PostgreSQL shows what was there at the first look; SQLite lets nobody write meanwhile. Within another transaction its
    own view of the data holds.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def prove(application) -> Proof:
    """Walk the chain of one case from its first entry to the state that the case is in."""
    previous, count, entry = GENESIS, 0, None
    for sequence, entry in _chain(application):
        count += 1
        if fault := _fault(sequence, entry, count, previous):
            return Proof(application.file_number, count, fault)
        previous = entry.hash
    return Proof(application.file_number, count, _fault_of_the_end(application, entry))


def faults_outside_of_cases() -> list[str]:
    """What no chain of a case shows: entries whose case is not there, and records of deletion that cannot be read."""
    return _entries_without_case() + _unreadable_records()


def anchor(until) -> str:
    """SHA-256 over the last entry of every case up to the end of a day.

    Print it daily and keep it elsewhere: a case or the tail of a chain that is removed later changes the anchor of that
    day, while new steps do not. A file that was deleted as the rules say still counts, by the seals in its record.
    """
    end = timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min))
    heads = _heads_of_cases(end) | _heads_of_deleted(end)
    return hashlib.sha256("".join(heads[each] for each in sorted(heads)).encode()).hexdigest()


def _heads_of_cases(end) -> dict[str, str]:
    """The last line of each case. Row by row: a history of millions of entries does not fit into memory."""
    entries = Entry.objects.filter(at__lt=end).order_by("application__file_number", "sequence")
    with closing(entries.values_list("application__file_number", "sequence", "hash").iterator()) as rows:
        return {file_number: f"{file_number} {sequence} {digest}\n" for file_number, sequence, digest in rows}


def _heads_of_deleted(end) -> dict[str, str]:
    heads = {}
    with closing(Deletion.objects.values_list("file_number", "seals").iterator()) as rows:
        for file_number, seals in rows:
            known = [digest for at, digest in seals if datetime.fromisoformat(at) < end]
            if known:
                heads[file_number] = f"{file_number} {len(known)} {known[-1]}\n"
    return heads


def _chain(application) -> list[tuple[int, Entry | None]]:
    """Number and entry, None for one that cannot be read. One by one only where they cannot be had together."""
    entries = Entry.objects.filter(application=application).order_by("sequence")
    try:
        return [(entry.sequence, entry) for entry in entries]
    except UNREADABLE:
        return [(sequence, _entry(key)) for key, sequence in entries.values_list("pk", "sequence")]


def _entry(key) -> Entry | None:
    try:
        return Entry.objects.get(pk=key)
    except UNREADABLE:
        return None


def _digest(entry) -> str | None:
    """Of an entry that was read; None where a value is of a kind that has no place in it."""
    try:
        return entry.digest()
    except UNREADABLE:
        return None


def _fault(sequence, entry: Entry | None, expected_sequence: int, previous: str) -> str | None:
    if sequence != expected_sequence:
        return f"Eintrag {expected_sequence} fehlt; es folgt Eintrag {sequence}."
    if entry is None or (digest := _digest(entry)) is None:
        return f"Eintrag {sequence} ist nicht lesbar."
    if entry.previous_hash != previous:
        return f"Eintrag {sequence} („{timeline.step_label(entry)}“) schließt nicht an seinen Vorgänger an."
    if digest != entry.hash:
        return f"Eintrag {sequence} („{timeline.step_label(entry)}“) wurde verändert."
    return None


def _fault_of_the_end(application, last) -> str | None:
    """A chain does not notice that its tail is gone; the state of the case does, as far as it differs."""
    if last is None:
        return "Der Fall hat keine Verfahrensgeschichte."
    if last.target != application.state:
        return (
            f"Der Fall steht auf „{application.get_state_display()}“, der letzte Eintrag ({counted(last.sequence, 'Eintrag', 'Einträge')}) "
            f"führt nach „{_state_label(last.target)}“."
        )
    return None


def _state_label(code: str) -> str:
    """The code itself where the state does not exist any more."""
    return dict(State.choices).get(code, code)


def _entries_without_case() -> list[str]:
    """A file that is deleted as the rules say takes its entries along: whatever is left was moved, or lost its case."""
    case = Application.objects.filter(pk=OuterRef("application_id"))
    lost = Entry.objects.filter(~Exists(case)).order_by("application_id", "sequence")
    numbers = {}
    for key, sequence in lost.values_list("application_id", "sequence"):
        numbers.setdefault(key, []).append(str(sequence))
    records = dict(Deletion.objects.filter(application_key__in=numbers).values_list("application_key", "file_number"))
    return [_without_case(key, numbers[key], records.get(key)) for key in numbers]


def _without_case(key, numbers: list[str], record: str | None) -> str:
    one_or_more = f"Eintrag {numbers[0]} gehört" if len(numbers) == 1 else f"Die Einträge {listing(numbers)} gehören"
    if record:
        return f"{one_or_more} zu einem Fall, der laut Löschnachweis {record} mit allen Einträgen gelöscht ist."
    return f"{one_or_more} zu einem Fall, den es nicht gibt (Schlüssel {key}); auch ein Löschnachweis fehlt."


def _unreadable_records() -> list[str]:
    records = Deletion.objects.order_by("file_number").values_list("pk", "file_number")
    return [f"{number}: Der Löschnachweis ist nicht lesbar." for key, number in records if not _has_readable_seals(key)]


def _has_readable_seals(key) -> bool:
    try:
        seals = Deletion.objects.values_list("seals", flat=True).get(pk=key)
        return all(datetime.fromisoformat(at).tzinfo and len(digest) for at, digest in seals)
    except UNREADABLE:
        return False
