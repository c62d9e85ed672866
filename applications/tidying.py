"""The store of documents and the rows about them, brought together again.

A process that was killed in mid-upload may leave an object without a row, or a part of one; both go away. A row without
its object means that a document is lost, which nobody can mend but from a backup: an alarm. Rows of several cases may hold
one object, as it is named after its content: so only what no row holds is ever removed, and nowhere but here.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import takewhile

from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import FileField

from ikz import storage, uploads


@dataclass(frozen=True)
class Tidied:
    """The names of objects without a row, how many parts of uploads were removed, and the names that rows miss."""

    orphans: list[str]
    parts: int
    missing: list[str]


def tidy(
    *, older_than_seconds: float, dry_run: bool = False, is_stopping: Callable[[], bool] = lambda: False
) -> Tidied:
    """Remove what no row knows and what is older than that: a younger object may belong to a row not yet committed.

    The rows are read before the objects are listed, so that no object can win a row in between unnoticed. Only what the
    list lacks is asked for one by one: a store of a million objects would answer for hours. Looks before each object
    whether whoever asked is stopping; the next run finds the rest.
    """

    def until_stopped(names):
        return takewhile(lambda name: not is_stopping(), names)

    known = names_in_rows()
    orphans, unseen = [], set(known)
    for name in until_stopped(storage.stored_names()):
        unseen.discard(name)
        if name not in known and default_storage.remove_older(name, older_than_seconds, dry_run=dry_run):
            orphans.append(name)
    parts = sum(
        place.remove_abandoned(older_than_seconds=older_than_seconds, dry_run=dry_run)
        for place in (default_storage, uploads)
    )
    missing = [name for name in until_stopped(sorted(unseen)) if not default_storage.exists(name)]
    return Tidied(orphans, parts, missing)


def remove_unheld(names: Collection[str], *, older_than_seconds: float) -> None:
    """Remove those of them that no row holds any more; call it once what deleted their rows is committed.

    A younger object is left to tidy(): somebody may just be bringing the same document, whose row nobody sees yet.
    """
    for name in sorted(set(names) - names_in_rows(among=names)):
        default_storage.remove_older(name, older_than_seconds)


def names_in_rows(among: Collection[str] | None = None) -> set[str]:
    """Every object that a row of whatever model refers to, or those of them that are among these."""
    return {
        name
        for model in apps.get_models()
        for each in model._meta.local_fields
        if isinstance(each, FileField)
        for name in _held_by(model, each.attname, among)
        if name
    }


def _held_by(model, column, among):
    rows = model._default_manager.all() if among is None else model._default_manager.filter(**{f"{column}__in": among})
    return rows.values_list(column, flat=True)
