"""Passwords that anybody could guess who knows what this is about, or has a list."""

import zlib

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

# Each with all that people here write every day.
WORDS = (
    "interkommunal",
    "zusammenarbeit",
    "innenministerium",
    "ministerium",
    "bewilligung",
    "förderung",
    "foerderung",
    "gemeinde",
    "kommune",
    "hessen",
    "ikz",
)
LEFT = 8  # so many characters must be there beside these words


class WordsOfTheHouse:
    """Refuses „IKZ-Foerderung-2026!“: what is left without the words of the house is too short for a password."""

    def validate(self, password, user=None):
        rest = password.lower()
        for word in WORDS:
            rest = rest.replace(word, "")
        if len(rest) < min(LEFT, len(password)):
            raise ValidationError(
                "Das Passwort besteht fast nur aus Wörtern, die hier jede und jeder kennt. Bitte nehmen Sie andere dazu.",
                code="words_of_the_house",
            )

    def get_help_text(self):
        return "Das Passwort darf nicht nur aus Wörtern wie „Hessen“, „Kommune“ oder „IKZ“ bestehen."


class ListOfTheHouse(CommonPasswordValidator):
    """Refuses what stands in a file, one password a line, in capitals or not. OSError or UnicodeDecodeError without it."""

    def __init__(self, path):
        super().__init__(path)
        self.passwords = {each.lower() for each in self.passwords}


def is_a_list(path) -> bool:
    """Whether a file can be read as a list of passwords and has one at least."""
    try:
        return bool(ListOfTheHouse(path).passwords - {""})
    except (OSError, UnicodeDecodeError, EOFError, zlib.error):  # missing, a folder, no text, a broken archive
        return False
