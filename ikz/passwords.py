"""Passwords that anybody could guess who knows what this is about, or has a list."""

import re
import zlib
from itertools import pairwise

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
LEFT = 8  # so many characters must be there beside these words, and so many digits beside dates
LONGEST_TELEPHONE = 15  # digits, by E.164
DATE = re.compile(r"(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(19|20)?\d\d|(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")


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


class GuessableNumbers:
    """Refuses digits that follow from each other, a telephone number, dates. Any other digits are as good as letters."""

    def validate(self, password, user=None):
        digits = re.sub(r"[\s./()+-]", "", password)
        if digits.isdecimal() and (_runs_on(digits) or _is_telephone(password, digits) or _is_dates(digits)):
            raise ValidationError(
                "Das Passwort ist eine Telefonnummer, ein Datum oder eine einfache Folge von Ziffern. Bitte nehmen Sie "
                "etwas, das niemand errät.",
                code="guessable_number",
            )

    def get_help_text(self):
        return "Das Passwort darf keine Telefonnummer, kein Datum und keine einfache Folge von Ziffern sein."


def _runs_on(digits: str) -> bool:
    """123456789012, 111111222222, 123123123123, 147258369147: from one digit to the next there are few ways."""
    return len({(int(after) - int(before)) % 10 for before, after in pairwise(digits)}) <= 3


def _is_telephone(password: str, digits: str) -> bool:
    return len(digits) <= LONGEST_TELEPHONE and (digits.startswith(("0", "49")) or password.strip().startswith("+"))


def _is_dates(digits: str) -> bool:
    return len(DATE.sub("", digits)) < min(LEFT, len(digits))


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
