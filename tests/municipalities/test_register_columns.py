"""Columns that look like one of ours and are another, and columns that contradict each other."""

import pytest

from municipalities.register_import import RegisterFile, preview
from municipalities.register_rows import Outcome
from tests.factories import MunicipalityFactory
from tests.municipalities.register_samples import csv_bytes

pytestmark = pytest.mark.django_db

IMPORTED, REPAIRED, REFUSED, SKIPPED, UNCHANGED = Outcome


@pytest.fixture
def register():
    bergstrasse = MunicipalityFactory(bergstrasse=True)
    MunicipalityFactory(ags="06431002", name="Bensheim, Stadt", kind="town", district=bergstrasse)
    MunicipalityFactory(ags="06431003", name="Biblis", district=bergstrasse)


def read(rows, **options):
    return preview(RegisterFile(csv_bytes(rows), "datei.csv", **options))


def test_place_beside_a_municipality_is_not_its_name(register):
    header = ["AGS", "Gemeinde", "PLZ", "Ort", "E-Mail"]
    swapped = [
        ["06431002", "Biblis", "64625", "Biblis-Mitte", "post@biblis.de"],
        ["06431003", "Bensheim", "68647", "Auerbach", "post@bensheim.de"],
    ]

    reading = read([header, *swapped])

    assert [row.outcome for row in reading.rows] == [REFUSED, REFUSED]
    assert reading.columns.unknown == ["Ort"]


def test_place_alone_is_the_name(register):
    assert [row.outcome for row in read([["AGS", "Ort"], ["06431002", "Bensheim"], ["06431003", "Bensheim"]]).rows] == [
        UNCHANGED,
        REFUSED,
    ]


def test_street_without_its_number_is_no_address(register):
    reading = read([["AGS", "Name", "Straße", "Haus-Nr."], ["06431002", "Bensheim", "Kirchbergstraße", "18"]])

    assert [(row.outcome, row.changes) for row in reading.rows] == [(UNCHANGED, {})]
    assert reading.columns.notes == [
        "Die Spalte „Straße“ wird nicht übernommen, weil die Hausnummer in einer eigenen Spalte „Haus-Nr.“ steht. Bitte führen "
        "Sie beide in einer Spalte zusammen."
    ]


def test_contradicting_name_columns_are_checked_against_the_key(register):
    header = ["AGS", "Gemeinde", "Kommune", "E-Mail"]
    reading = read(
        [
            header,
            ["06431002", "Bensheim", "Auerbach", "post@bensheim.de"],
            ["06431003", "Ortsteil", "Biblis", "post@biblis.de"],
        ]
    )

    assert [(row.outcome, row.name) for row in reading.rows] == [(IMPORTED, "Bensheim"), (IMPORTED, "Biblis")]
    swapped = read([header, ["06431002", "Biblis", "Auerbach", "post@biblis.de"]])
    assert swapped.rows[0].messages == [
        "Zeile 2: Der Schlüssel 06431002 gehört zu Bensheim, Stadt, in der Zeile steht „Biblis“. Bitte prüfen Sie, ob "
        "Schlüssel oder Name falsch ist."
    ]
    assert swapped.notes == [
        "Die Spalten „Gemeinde“ und „Kommune“ bedeuten beide den Namen, enthalten aber Verschiedenes. Zeilen, in denen "
        "keiner davon zum Schlüssel passt, werden abgelehnt."
    ]


@pytest.mark.parametrize(("key", "kind"), [("06431099", "Gemeinde"), ("", "Zweckverband")])
def test_new_body_needs_one_name(register, key, kind):
    row = read([["AGS", "Gemeinde", "Kommune", "Art"], [key, "Neudorf", "Neustadt", kind]], new_keys=True).rows[0]

    assert row.messages == [
        "Zeile 2: Die Zeile nennt verschiedene Namen („Neudorf“ und „Neustadt“). Bitte lassen Sie nur eine Spalte mit "
        "Namen stehen."
    ]


def test_status_is_no_kind_unless_kinds_stand_in_it(register):
    reading = read([["AGS", "Name", "Status"], ["06431002", "Bensheim", "aktiv"], ["06431003", "Biblis", "aktiv"]])

    assert [row.outcome for row in reading.rows] == [UNCHANGED, UNCHANGED]
    assert reading.columns.unknown == ["Status"]
    reading = read([["AGS", "Name", "Status"], ["06431002", "Bensheim", "Stadt"], ["06431003", "Biblis", "Weiler"]])
    assert [row.outcome for row in reading.rows] == [UNCHANGED, UNCHANGED]
    reading = read([["AGS", "Name", "Status"], ["06431002", "Bensheim", "Gemeinde"], ["06431003", "Biblis", "Gem."]])
    assert [row.outcome for row in reading.rows] == [REFUSED, REPAIRED]
