"""The file with which a bank pays: pain.001.001.09, valid by the schema that sepaxml ships. Imports no models."""

import unicodedata
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from xml.etree import ElementTree as ET

from sepaxml import SepaTransfer
from sepaxml.validation import ValidationError

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


class Unwritable(ValueError):
    """What is to be paid does not fit the schema."""


class Account(NamedTuple):
    """`bic` is empty where the bank is not known."""

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


class CreditTransfer(SepaTransfer):
    """Says so where the payer's bank is not known: sepaxml would leave the bank empty, which banks refuse."""

    def _create_PmtInf_node(self):
        nodes = super()._create_PmtInf_node()
        if "BIC" not in self._config:
            other = ET.SubElement(nodes["FinInstnId_DbtrAgt_Node"], "Othr")
            ET.SubElement(other, "Id").text = "NOTPROVIDED"  # DFÜ-Abkommen, Anlage 3: the IBAN alone tells the bank
        return nodes


def pain_001(payer: Account, transfers: list[Transfer], execute_on: date) -> str:
    """The file as text. Raises Unwritable when it would break the schema."""
    names = {"name": plain(payer.holder, LONGEST_NAME), "IBAN": payer.iban, **_bic(payer)}
    file = CreditTransfer({**names, "batch": True, "currency": "EUR"}, schema=SCHEMA, clean=False)
    for transfer in transfers:
        file.add_payment(
            {
                "name": plain(transfer.to.holder, LONGEST_NAME),
                "IBAN": transfer.to.iban,
                **_bic(transfer.to),
                "amount": int(transfer.amount * 100),
                "execution_date": execute_on,
                "description": plain(transfer.remittance, LONGEST_REMITTANCE),
                "endtoend_id": plain(transfer.reference, LONGEST_REFERENCE),
            }
        )
    try:
        return file.export(validate=True).decode()
    except ValidationError as error:
        raise Unwritable from error


def _bic(account: Account) -> dict[str, str]:
    return {"BIC": account.bic} if account.bic else {}
