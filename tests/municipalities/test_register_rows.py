"""Single rows through the one reader: what each is taken for."""

import pytest

from municipalities.models import Municipality
from municipalities.register_import import RegisterFile, import_register, preview
from municipalities.register_rows import Outcome
from tests.municipalities.register_samples import (
    BENSHEIM,
    BERGSTRASSE,
    DARMSTADT,
    HEADER,
    REGISTER,
    changed,
    csv_bytes,
)

pytestmark = pytest.mark.django_db

IMPORTED, REPAIRED, REFUSED, SKIPPED, UNCHANGED = Outcome
AGREES = "Danach stimmt die Zeile mit dem Register überein; es ist nichts zu ändern."


@pytest.fixture
def register():
    """Four bodies as REGISTER has them."""
    import_register(RegisterFile(csv_bytes([HEADER, *REGISTER]), "register.csv"), by=None)


def read(rows, name="datei.csv", **options):
    data = rows if isinstance(rows, bytes) else csv_bytes(rows)
    return preview(RegisterFile(data, name, **options))


def outcomes(reading):
    return [(row.row, row.outcome) for row in reading.rows]


def only_row(rows, **options):
    (row,) = read(rows, **options).rows
    return row


def test_repaired_row_is_written(register):
    row = changed(BENSHEIM, ags="6431002", population="42.500")
    reading = import_register(RegisterFile(csv_bytes([HEADER, row]), "neu.csv"), by=None)

    assert outcomes(reading) == [(2, REPAIRED)]
    assert Municipality.objects.get(ags="06431002").population == 42500


@pytest.mark.parametrize(
    ("row", "outcome", "messages"),
    [
        (BENSHEIM, UNCHANGED, []),
        (changed(BENSHEIM, population="42.013"), IMPORTED, []),
        (changed(BENSHEIM, population=""), UNCHANGED, []),
        (
            changed(BENSHEIM, ags="064310002002"),
            REPAIRED,  # the Regionalschlüssel was not known before
            ["Der Regionalschlüssel 064310002002 wurde in den Gemeindeschlüssel 06431002 übersetzt."],
        ),
        (changed(BERGSTRASSE, ags="06431000"), REPAIRED, ["Der Schlüssel 06431000 wurde als 06431 gelesen.", AGREES]),
        (changed(DARMSTADT, ags="06411"), REPAIRED, ["Der Schlüssel 06411 wurde als 06411000 gelesen.", AGREES]),
        (changed(DARMSTADT, kind="Stadt"), UNCHANGED, []),
        (
            changed(BENSHEIM, ags="6,431E+06"),
            REFUSED,
            [
                "Der Schlüssel „6,431E+06“ ist in wissenschaftlicher Schreibweise; die letzten Ziffern sind verloren. "
                "Bitte tragen Sie ihn als Text mit 8 Ziffern ein."
            ],
        ),
        (
            changed(BENSHEIM, ags=""),
            REFUSED,
            ["Der Schlüssel fehlt. Bitte tragen Sie den Amtlichen Gemeindeschlüssel (8 Ziffern) ein."],
        ),
        (
            changed(BENSHEIM, ags="09162000", name="München"),
            REFUSED,
            [
                "Der Schlüssel 09162000 gehört zu Bayern, nicht zu Hessen. Bitte entfernen Sie die Zeile "
                "oder berichtigen "
                "Sie den Schlüssel."
            ],
        ),
        (
            changed(BENSHEIM, ags="99162000"),
            REFUSED,
            ["Den Schlüssel 99162000 gibt es nicht: 99 ist kein Bundesland. Bitte berichtigen Sie ihn."],
        ),
        (
            changed(BENSHEIM, ags="06431099"),
            REFUSED,
            [
                "Der Schlüssel 06431099 ist im Register nicht bekannt. Bitte prüfen Sie ihn; ist die Kommune "
                "neu, legen Sie "
                "sie zuerst im Register an oder erlauben Sie beim Einlesen neue Schlüssel."
            ],
        ),
        (
            changed(BENSHEIM, name="Biblis"),
            REFUSED,
            [
                "Der Schlüssel 06431002 gehört zu Bensheim, Stadt, in der Zeile steht „Biblis“. Bitte prüfen Sie, ob "
                "Schlüssel oder Name falsch ist."
            ],
        ),
        (
            changed(BENSHEIM, kind="Gemeinde"),
            REFUSED,
            [
                "Bensheim, Stadt (06431002) ist im Register „Stadt“, in der Zeile steht „Gemeinde“. Bitte "
                "prüfen Sie die "
                "Zeile oder ändern Sie zuerst das Register."
            ],
        ),
        (
            changed(BENSHEIM, kind="Weiler"),
            REFUSED,
            [
                "Die Art „Weiler“ ist nicht bekannt. Bitte schreiben Sie zum Beispiel Gemeinde, Stadt, "
                "kreisfreie Stadt oder "
                "Landkreis."
            ],
        ),
        (
            changed(BENSHEIM, population="viele"),
            REFUSED,
            ["Einwohner: „viele“ ist keine Zahl. Bitte tragen Sie eine Zahl ein oder lassen Sie das Feld leer."],
        ),
        (
            changed(BENSHEIM, population="42"),
            REFUSED,
            [
                "Einwohner: 42 weicht um mehr als das 100-Fache vom Register ab (42012). Vermutlich ist ein "
                "Punkt oder Komma "
                "verloren gegangen; bitte prüfen Sie die Zahl."
            ],
        ),
        (
            changed(BENSHEIM, date="31.02.2024"),
            REFUSED,
            ["Das Datum „31.02.2024“ gibt es nicht. Bitte berichtigen Sie es."],
        ),
        (
            changed(BENSHEIM, latitude="8,621004", longitude="49,679991"),
            REFUSED,
            ["Breite (8,621004) und Länge (49,679991) sind vertauscht. Bitte tauschen Sie die Werte."],
        ),
        (
            changed(BENSHEIM, latitude="49679991"),
            REFUSED,
            [
                "Breite: In „49679991“ fehlt das Komma oder steht mehrmals. Bitte tragen Sie Grad mit Komma "
                "ein, zum Beispiel "
                "49,872238."
            ],
        ),
        (
            changed(BENSHEIM, latitude="53,5", longitude="10,01"),
            REFUSED,
            ["Der Punkt 53,5 / 10,01 liegt nicht in Hessen. Bitte prüfen Sie Breite und Länge."],
        ),
        (
            changed(BENSHEIM, latitude=""),
            REFUSED,
            ["Von Breite und Länge ist nur eine angegeben. Bitte ergänzen Sie die andere."],
        ),
        (changed(BENSHEIM, postal_code="4625"), REFUSED, None),
        (changed(BENSHEIM, population="=1+1"), REFUSED, None),
        (changed(BENSHEIM, date="31.12.2027"), REFUSED, None),
        (["Summe", "", "", "490.000"], SKIPPED, ["Summenzeile, keine Kommune."]),
        (["", "Hessen gesamt", "", "490.000"], SKIPPED, ["Summenzeile, keine Kommune."]),
        (["", "Insgesamt", "", "490.000"], SKIPPED, ["Summenzeile, keine Kommune."]),
        (["", "Regierungsbezirk Darmstadt zusammen", "", "4"], SKIPPED, ["Summenzeile, keine Kommune."]),
        (["064", "Darmstadt", "", "4"], SKIPPED, None),
        (HEADER, SKIPPED, ["wiederholte Überschrift, keine Daten."]),
        (["Quelle: Hessisches Statistisches Landesamt"], SKIPPED, ["Fußzeile, keine Kommune."]),
        ([*BENSHEIM, "zu viel"], REFUSED, None),
    ],
)
def test_one_row(register, row, outcome, messages):
    found = only_row([HEADER, row])

    assert found.outcome == outcome
    if messages is not None:
        assert found.messages == [f"Zeile 2: {message}" for message in messages]
