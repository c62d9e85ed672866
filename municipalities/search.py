"""Finding bodies as people type them: parts of the name or the Kreis in any order, umlauts or not, or the key.

Compared in Python: a database does not fold umlauts, and Hessen has some five hundred bodies.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from municipalities.models import Kind, Municipality, display_name
from municipalities.register_names import fold_letters, is_cut_short, kind_before_names, name_words

AT_MOST = 20
# The general word for a kind means the special one too.
ALSO_MEANS = {
    Kind.MUNICIPALITY: (Kind.MUNICIPALITY, Kind.MARKET),
    Kind.TOWN: (Kind.TOWN, Kind.INDEPENDENT_CITY),
}


def search(text: str, day: date, at_most: int = AT_MOST) -> list[Municipality]:
    """Bodies that exist on the day: first those whose name begins with the text, then those that have it in their name."""
    words = [word for word in text.split() if fold_letters(word)]
    if not words:
        return []
    bodies = Municipality.objects.existing_on(day).select_related("district")
    found = [each for each in bodies if all(_names(each).fit(word) for word in words)]
    folded = [fold_letters(word) for word in words]
    return sorted(found, key=lambda each: (_distance(each, folded), each.name, each.place))[:at_most]


def named(words: Iterable[str]) -> dict[str, list[int]]:
    """Word → the keys of all bodies, former ones too, that are called so. One query, none without words."""
    if not (words := list(words)):
        return {}
    rows = Municipality.objects.order_by("pk").values_list("pk", "kind", "name", "district__kind", "district__name")
    bodies = [(pk, _called(kind, name, *district)) for pk, kind, name, *district in rows]
    return {word: [pk for pk, names in bodies if names.fit(word)] for word in words}


@dataclass(frozen=True)
class _Names:
    """What a body is called: its kind, its names folded, the words of the name, and the place that stands behind it."""

    kind: str
    said: str
    words: tuple[str, ...]
    place: str = ""

    def fit(self, word: str) -> bool:
        """Of a body „Wald (Odenwaldkreis)“ only what stands in brackets is looked for in the place."""
        if not (folded := fold_letters(word)):
            return False
        if folded in self.said or ((word[0] == "(" or word[-1] == ")") and folded in self.place):
            return True
        kind = kind_before_names(word)
        return self.kind in ALSO_MEANS.get(kind, [kind]) or all(map(self._has, name_words(word)))

    def _has(self, part: str) -> bool:
        """„a.Ts.“ has two parts; a single letter begins a word."""
        letters = fold_letters(part)
        if len(letters) < 2:
            return bool(letters) and any(word.startswith(letters) for word in self.words)
        return letters in self.said or any(is_cut_short(part, word) for word in self.words)


@lru_cache(maxsize=2_000)
def _called(kind, name, kind_of_district, district) -> _Names:
    place = display_name(kind_of_district, district) if district else ""
    said = f"{fold_letters(name)} {fold_letters(display_name(kind, name))}"
    return _Names(kind, said, name_words(name), fold_letters(place))


def _names(municipality) -> _Names:
    said = " ".join(fold_letters(part) for part in (municipality.name, str(municipality), municipality.ags or ""))
    return _Names(municipality.kind, said, name_words(municipality.name))


def _distance(municipality, words) -> int:
    name = fold_letters(municipality.name)
    if name.startswith(words[0]):
        return 0
    return 1 if all(word in name for word in words) else 2
