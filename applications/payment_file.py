"""The file with which a bank pays: pain.001.001.09, valid by the schema that sepaxml ships. Imports no models."""

import unicodedata
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sepaxml import SepaTransfer

SCHEMA = "pain.001.001.09"
# Letters that every bank takes (EPC217-08, annex on conversion); German ones become two, as on a transfer form.
WRITTEN_OUT = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "ß": "ss",
        "–": "-",
        "„": "'",
        "“": "'",
        "&": "+",
    }
)
ALLOWED = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")
LONGEST_NAME, LONGEST_REMITTANCE, LONGEST_REFERENCE = 70, 140, 35


class Account(NamedTuple):
    holder: str
    iban: str
    bic: str


class Transfer(NamedTuple):
    """`amount` is in euros; `reference` is unique among all transfers."""

    to: Account
    amount: Decimal
    reference: str
    remittance: str


def plain(text: str, longest: int) -> str:
    """In the letters that every bank takes; a letter that has no counterpart becomes a full stop."""
    written_out = text.translate(WRITTEN_OUT)
    return "".join(letter if letter in ALLOWED else _without_marks(letter) for letter in written_out)[:longest].strip()


def _without_marks(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base in ALLOWED else "."


def pain_001(payer: Account, transfers: list[Transfer], execute_on: date) -> str:
    """The file as text. Raises sepaxml's ValidationError when it breaks the schema."""
    names = {"name": plain(payer.holder, LONGEST_NAME), "IBAN": payer.iban, "BIC": payer.bic}
    file = SepaTransfer({**names, "batch": True, "currency": "EUR"}, schema=SCHEMA, clean=False)
    for transfer in transfers:
        file.add_payment(
            {
                "name": plain(transfer.to.holder, LONGEST_NAME),
                "IBAN": transfer.to.iban,
                **({"BIC": transfer.to.bic} if transfer.to.bic else {}),
                "amount": int(transfer.amount * 100),
                "execution_date": execute_on,
                "description": plain(transfer.remittance, LONGEST_REMITTANCE),
                "endtoend_id": plain(transfer.reference, LONGEST_REFERENCE),
            }
        )
    return file.export(validate=True).decode()
