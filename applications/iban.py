"""Accounts as a bank names them. Wraps schwifty, which knows check digits and banks."""

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

EXAMPLE = "DE02 1203 0000 0000 2020 51"


class NotAnIban(ValueError):
    """The message is a German sentence for whoever typed it."""


def compact(text: str) -> str:
    """The IBAN without blanks, in capitals. Raises NotAnIban for everything that no German bank would take."""
    try:
        iban = IBAN(text, validate_bban=True)
    except SchwiftyException as problem:
        raise NotAnIban(
            f"Diese IBAN gibt es nicht; vermutlich ist eine Ziffer falsch. Bitte vergleichen Sie sie: 22 Stellen, etwa {EXAMPLE}."
        ) from problem
    if iban.country_code != "DE":
        raise NotAnIban(
            "Ausgezahlt wird nur auf Konten in Deutschland. Bitte geben Sie eine IBAN an, die mit DE beginnt."
        )
    return iban.compact


def in_groups(iban: str) -> str:
    """As it is printed: four characters each."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def masked(iban: str) -> str:
    """What is enough to recognise an account."""
    return f"{iban[:4]} … {iban[-4:]}"


def bic(iban: str) -> str:
    """Of the bank, or nothing where it is not known."""
    return str(IBAN(iban).bic or "")


def bank(iban: str) -> str:
    """Its name, or nothing where it is not known."""
    return IBAN(iban).bank_name or ""
