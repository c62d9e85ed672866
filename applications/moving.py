"""Documents are copied from one store to another, each proved by its checksum. Nothing is removed."""

from dataclasses import dataclass, field

from django.core.files.storage import Storage

from applications.tidying import names_in_rows
from ikz import storage


@dataclass
class Moved:
    """How many documents were copied, how many lay there already, and the names that the source does not have intact."""

    copied: int = 0
    present: int = 0
    broken: list[str] = field(default_factory=list)


def move(source: Storage, target: Storage, *, only_new: bool = False) -> Moved:
    """Copy every document that a row names and that is not there yet; with `only_new` without reading what is there.

    Raises StoreAway; what was copied until then counts when it is called again.
    """
    moved = Moved()
    for name in sorted(names_in_rows()):
        if target.exists(name) and (only_new or storage.is_intact(name, target)):
            moved.present += 1
        elif _copy(name, source, target):
            moved.copied += 1
        else:
            moved.broken.append(name)
    return moved


def _copy(name: str, source: Storage, target: Storage) -> bool:
    try:
        with source.open(name) as content:
            # The name follows from what is read: a changed document would get another one, and is not kept.
            if storage.digest_of(content) != storage.sha256_of(name):
                return False
            target.save(name, content)
    except FileNotFoundError:
        return False
    return storage.is_intact(name, target)
