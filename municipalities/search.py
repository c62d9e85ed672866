"""Finding bodies as people type them: parts of the name or the Kreis in any order, umlauts or not, or the key."""

from datetime import date

from municipalities.models import Municipality
from municipalities.register_names import fold_letters

AT_MOST = 20


def search(text: str, day: date, at_most: int = AT_MOST) -> list[Municipality]:
    """Bodies that exist on the day, those whose name begins with the text first.

    Compared in Python: a database does not fold umlauts, and Hessen has some five hundred bodies.
    """
    words = [folded for word in text.split() if (folded := fold_letters(word))]
    if not words:
        return []
    found = [
        (not fold_letters(each.name).startswith(words[0]), each.name, each.place, each)
        for each in Municipality.objects.existing_on(day).select_related("district")
        if all(word in _said(each) for word in words)
    ]
    return [each for *_order, each in sorted(found, key=lambda row: row[:3])[:at_most]]


def _said(municipality) -> str:
    return " ".join(fold_letters(part) for part in (municipality.name, str(municipality), municipality.ags or ""))
