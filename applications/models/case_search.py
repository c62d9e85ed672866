"""What a word of the search for cases may stand in: file number, title, note, or the name of the lead or a participant."""

import re
import unicodedata

from django.db.models import Q

from applications.models.cooperation import Participant
from municipalities.models import Municipality
from municipalities.register_names import TRANSLITERATION
from municipalities.search import named

FILE_NUMBER = re.compile(r"IKZ-\d{4}-\d*", re.IGNORECASE)  # its beginning finds it by the index
MANY = 1_000  # bodies whose keys fit into a question
WRITTEN_OUT = {letters: chr(letter) for letter, letters in TRANSLITERATION.items()}


def conditions(words) -> list[Q]:
    """One for each word; all must hold. One query, which finds the bodies, however many words there are."""
    words = list(dict.fromkeys(unicodedata.normalize("NFC", word) for word in words))
    bodies = named(word for word in words if not FILE_NUMBER.fullmatch(word))
    return [_condition(word, bodies.get(word)) for word in words]


def _condition(word, bodies):
    if bodies is None:
        return Q(file_number__startswith=word.upper())
    if len(bodies) > MANY:
        bodies = Municipality.objects.filter(_has("name", word))
    groups = Participant.objects.filter(municipality__in=bodies).values("cooperation")
    may_be_a_number = set(word.upper()) <= set("IKZ-0123456789")
    return (
        (_has("file_number", word) if may_be_a_number else Q())
        | _has("cooperation__title", word)
        | _has("note", word)
        | Q(cooperation__lead__in=bodies)
        | Q(cooperation__in=groups)
    )


def _has(field, word):
    """The word anywhere in the field, whatever its case and however its umlauts are written."""
    condition = Q()
    for spelling in sorted(_spellings(word)):
        condition |= Q(**{f"{field}__icontains": spelling})
    return condition


def _spellings(word):
    """SQLite folds ASCII letters only: „öffentlich“, „Öffentlich“."""
    ascii_letters = word.lower().translate(TRANSLITERATION)
    umlauts = ascii_letters
    for letters, umlaut in WRITTEN_OUT.items():
        umlauts = umlauts.replace(letters, umlaut)
    every = {word.lower() if word.isascii() else word, ascii_letters, umlauts}
    return {cased for each in every for cased in _cased(each)}


def _cased(word):
    return {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
