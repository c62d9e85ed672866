"""Finding bodies as people type them: parts of the name or the Kreis in any order, umlauts or not, or the key."""

from datetime import date

from municipalities.models import Municipality
from municipalities.register_names import fold_letters

AT_MOST = 20


def search(text: str, day: date, at_most: int = AT_MOST) -> list[Municipality]:
    """Bodies that exist on the day: first those whose name begins with the text, then those that have it in their name.

    Compared in Python: a database does not fold umlauts, and Hessen has some five hundred bodies.
    """
    words = [folded for word in text.split() if (folded := fold_letters(word))]
    if not words:
        return []
    bodies = Municipality.objects.existing_on(day).select_related("district")
    found = [each for each in bodies if all(word in _said(each) for word in words)]
    return sorted(found, key=lambda each: (_distance(each, words), each.name, each.place))[:at_most]


def _said(municipality) -> str:
    return " ".join(fold_letters(part) for part in (municipality.name, str(municipality), municipality.ags or ""))


def _distance(municipality, words) -> int:
    name = fold_letters(municipality.name)
    if name.startswith(words[0]):
        return 0
    return 1 if all(word in name for word in words) else 2
