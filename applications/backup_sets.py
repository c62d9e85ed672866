"""Which of the sets of many nights are kept: those of 7 days, 4 weeks and 12 months (docs/operations.md)."""

import shutil
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from applications import backup

DAYS, WEEKS, MONTHS = 7, 4, 12


def to_keep(days: Iterable[date]) -> set[date]:
    """The newest set of each of the newest days, weeks and months that have one.

    Counted by sets, not by the calendar: where no set was made for long, the old ones stay.
    """
    newest_first = sorted(days, reverse=True)
    return {
        *_newest_of_each(newest_first, DAYS, lambda day: day),
        *_newest_of_each(newest_first, WEEKS, lambda day: day.isocalendar()[:2]),
        *_newest_of_each(newest_first, MONTHS, lambda day: (day.year, day.month)),
    }


def _newest_of_each(newest_first: list[date], most: int, period: Callable[[date], object]) -> list[date]:
    found = {}
    for day in newest_first:
        found.setdefault(period(day), day)
    return list(found.values())[:most]


def folder_of(day: date, folder: Path) -> Path:
    return folder / day.isoformat()


def remove_old(folder: Path) -> list[str]:
    """Remove the finished sets that nobody keeps, and return their names. Whatever is no set of a night is left alone.

    Raises SetRefused, before anything is removed, for a set of which nobody can say whether it is finished.
    """
    sets = {day: path for path in folder.iterdir() if (day := _day_of(path)) and backup.is_finished(path)}
    old = sorted(sets.keys() - to_keep(sets))
    for day in old:
        # What says that a set is finished goes first: a removal that is interrupted leaves none that looks so.
        (sets[day] / backup.SEAL).unlink(missing_ok=True)  # older sets have none
        (sets[day] / backup.MANIFEST).unlink()
        shutil.rmtree(sets[day])
    return [sets[day].name for day in old]


def _day_of(path: Path) -> date | None:
    try:
        day = date.fromisoformat(path.name)
    except ValueError:
        return None
    return day if path.name == day.isoformat() and path.is_dir() and not path.is_symlink() else None
