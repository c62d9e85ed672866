"""Where a letter has several wordings for the same place, the one that the case needs. Imports no models."""

from collections.abc import Callable, Iterable

from applications import text_blocks
from applications.typesetting import LetterRefused

PREPARATION = "preparation"  # the Kürzel of the Fördervariante, the same in every version of the programme


def _is_preparation(application) -> bool:
    """The money comes back if no fundable cooperation follows, and binds nobody for years (Förderhöhe, Machbarkeitsstudien)."""
    return application.variant.code == PREPARATION


def _is_alone(application) -> bool:
    """Nobody is there for whom it would lead or to whom it would pass money on, as where one merges its own fire brigades."""
    return len(application.participants) == 1


# of which cases → the key of a block, and of the one that takes its place
WORDINGS: tuple[tuple[Callable, dict[str, str]], ...] = (
    (
        _is_preparation,
        {
            "grant-finanzierung": "grant-finanzierung-vorbereitung",
            "grant-nebenbestimmungen": "grant-nebenbestimmungen-vorbereitung",
        },
    ),
    (
        _is_alone,
        {"grant-bewilligung": "grant-bewilligung-allein", "grant-auszahlung": "grant-auszahlung-allein"},
    ),
)
OTHER_WORDS = frozenset(key for _of, wording in WORDINGS for key in wording.values())


def fitting(blocks: Iterable, application) -> list:
    """The blocks in their order, of several wordings one. Where the other words are not there, the usual ones stay.

    The other words belong to the letter as those do whose place they take; nobody has to choose them.
    """
    blocks = list(blocks)
    there = {block.key: block for block in blocks}
    instead = {
        key: other for of, wording in WORDINGS if of(application) for key, other in wording.items() if other in there
    }
    for key in instead.keys() & there.keys():
        there[instead[key]].is_standard = there[key].is_standard
    left_out = instead.keys() | (OTHER_WORDS - set(instead.values()))
    return [block for block in blocks if block.key not in left_out]


def require_effect(passages) -> None:
    """Interest runs from the day on which the grant lost its effect (HVwVfG § 49a Abs. 3): the notice has to name it."""
    if not any("wirkung" in text_blocks.placeholders(each.text) for each in passages):
        raise LetterRefused(
            "Der Bescheid fordert Geld zurück, sagt aber nicht, seit wann er wirkt. Bitte nehmen Sie {{wirkung}} in den "
            "Textbaustein „Entscheidung“ auf."
        )
