"""The file for the bank is valid by the schema and says what was released."""

from datetime import date
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from applications.payment_file import Account, Transfer, Unwritable, pain_001, plain
from tests.payment_factories import IBANS

PAYER = Account("Hessisches Ministerium für Inneres", IBANS[3], "COBADEFFXXX")
NAMESPACE = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


def texts(file, path):
    return [each.text for each in ET.fromstring(file).iterfind(f".//p:{path}", NAMESPACE)]  # noqa: S314 (our own file)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Gemeindekasse Groß-Gerau", "Gemeindekasse Gross-Gerau"),
        ("Bürgermeisterin, Öffentliche Kasse", "Buergermeisterin, Oeffentliche Kasse"),
        ("Café & Söhne", "Cafe + Soehne"),
        ("Kasse „Nord“ – Süd", "Kasse 'Nord' - Sued"),
        ("Łódź", ".odz"),
        ("<b>€</b>", ".b...(b.".replace("(", "/")),
        ("x" * 80, "x" * 70),
    ],
)
def test_names_in_the_letters_that_every_bank_takes(text, written):
    assert plain(text, 70) == written


def test_file_names_every_transfer_and_their_sum():
    transfers = [
        Transfer(
            Account("Stadtkasse Bad Soden", IBANS[0], "BYLADEM1001"), Decimal("75000.00"), "IKZ-2026-0001-1", "Z 1"
        ),
        Transfer(Account("Gemeindekasse Münster", IBANS[1], ""), Decimal("33333.34"), "IKZ-2026-0002-2", "Z 2"),
    ]

    file = pain_001(PAYER, transfers, date(2026, 11, 30))

    assert texts(file, "InstdAmt") == ["75000.00", "33333.34"]
    assert texts(file, "GrpHdr/p:CtrlSum") == ["108333.34"]
    assert texts(file, "GrpHdr/p:NbOfTxs") == ["2"]
    assert texts(file, "EndToEndId") == ["IKZ-2026-0001-1", "IKZ-2026-0002-2"]
    assert texts(file, "CdtrAcct/p:Id/p:IBAN") == IBANS[:2]
    assert texts(file, "Cdtr/p:Nm") == ["Stadtkasse Bad Soden", "Gemeindekasse Muenster"]
    assert texts(file, "DbtrAcct/p:Id/p:IBAN") == [IBANS[3]]
    assert texts(file, "ReqdExctnDt/p:Dt") == ["2026-11-30"]
    assert texts(file, "FinInstnId/p:BICFI") == ["COBADEFFXXX", "BYLADEM1001"]


def test_bank_that_is_not_known_is_told_by_the_iban_alone():
    transfer = Transfer(Account("Gemeindekasse", IBANS[0], ""), Decimal("75000.00"), "IKZ-2026-0001-1", "Z 1")

    file = pain_001(PAYER._replace(bic=""), [transfer], date(2026, 11, 30))

    assert texts(file, "DbtrAgt/p:FinInstnId/p:Othr/p:Id") == ["NOTPROVIDED"]
    assert texts(file, "BICFI") == texts(file, "CdtrAgt") == []


def test_what_breaks_the_schema_is_not_written():
    transfer = Transfer(Account("", IBANS[0], ""), Decimal("75000.00"), "IKZ-2026-0001-1", "Z 1")

    with pytest.raises(Unwritable):
        pain_001(PAYER, [transfer], date(2026, 11, 30))
