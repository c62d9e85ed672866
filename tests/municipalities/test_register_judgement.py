"""Rows against the register: which body is meant, and what contradicts it."""

import pytest

from municipalities.models import Kind, Municipality
from municipalities.register_import import RegisterFile, import_register, preview
from municipalities.register_rows import Outcome
from tests.factories import MunicipalityFactory
from tests.municipalities.register_samples import BERGSTRASSE, HEADER, REGISTER, changed, csv_bytes, xlsx_bytes

pytestmark = pytest.mark.django_db

IMPORTED, REPAIRED, REFUSED, SKIPPED, UNCHANGED = Outcome
KEY_MISSING = "Der Schlüssel fehlt. Bitte tragen Sie den Amtlichen Gemeindeschlüssel (8 Ziffern) ein."


@pytest.fixture(autouse=True)
def register():
    """Four bodies as REGISTER has them."""
    import_register(RegisterFile(csv_bytes([HEADER, *REGISTER]), "register.csv"), by=None)


def only_row(rows, write=csv_bytes, **options):
    (row,) = preview(RegisterFile(write(rows), "datei", **options)).rows
    return row


def told(rows, **options):
    row = only_row(rows, **options)
    return row.outcome, [message.removeprefix("Zeile 2: ") for message in row.messages]


# --- rows without a proper key


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (
            ["Regierungsbezirk", "Landkreis", "Gemeinde", "AGS"],
            ["Regierungsbezirk Darmstadt", "Bergstraße", "Bensheim", ""],
        ),
        (["Bundesland", "Gemeinde", "AGS"], ["Hessen", "Bensheim", ""]),
        (["Land", "Reg.-Bez.", "Gemeinde", "AGS"], ["Hessen", "RB Darmstadt", "Bensheim", ""]),
        (["Bundesland", "AGS", "Einwohner"], ["Hessen", "", "42.100"]),
        (["Bemerkung", "Gemeinde", "AGS"], ["insgesamt geschätzt", "Bensheim", ""]),
    ],
)
def test_municipality_without_key_is_no_total(header, row):
    assert told([header, row]) == (REFUSED, [KEY_MISSING])


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (["Regierungsbezirk", "Landkreis", "Gemeinde", "AGS"], ["Regierungsbezirk Darmstadt", "", "", ""]),
        (["Bundesland", "Gemeinde", "AGS"], ["Hessen", "Summe", ""]),
        (["Einwohner", "Gemeinde", "AGS"], ["6.200.000", "Hessen", ""]),
    ],
)
def test_total_is_skipped(header, row):
    assert told([header, row]) == (SKIPPED, ["Summenzeile, keine Kommune."])


@pytest.mark.parametrize("key", ["064", "06", "6", "06400"])
def test_key_of_a_region_with_the_name_of_a_municipality_is_refused(key):
    assert only_row([["AGS", "Gemeinde"], [key, "Bensheim"]]).outcome == REFUSED


@pytest.mark.parametrize("key", ["123", "12", "064"])
def test_short_key_is_told_by_its_length(key):
    assert told([["AGS", "Gemeinde"], [key, "Bensheim"]]) == (
        REFUSED,
        [f"Der Schlüssel {key} hat {len(key)} Ziffern statt 8 (Landkreis 5). Bitte berichtigen Sie ihn."],
    )


# --- Kreis or municipality?


def test_key_with_zeros_is_a_kreis_only_if_the_row_says_so():
    row = only_row([["AGS", "Einwohner", "Stand"], [6431000, 41000, "31.12.2025"]], xlsx_bytes)

    assert row.outcome == REFUSED
    assert row.messages[0] == (
        "Zeile 2: Der Schlüssel 06431000 kann den Landkreis Bergstraße meinen oder eine Gemeinde, deren letzte Ziffern "
        "verloren sind. Bitte ergänzen Sie Name oder Art."
    )


@pytest.mark.parametrize(
    ("header", "cell", "outcome"),
    [
        ("Name", "Bergstraße", REPAIRED),
        ("Name", "Kreis Bergstraße", REPAIRED),
        ("Art", "Landkreis", REPAIRED),
        ("Name", "Bensheim", REFUSED),
        ("Art", "Stadt", REFUSED),
    ],
)
def test_key_with_zeros_and_a_name_or_kind(header, cell, outcome):
    assert only_row([["AGS", header], ["06431000", cell]]).outcome == outcome


@pytest.mark.parametrize(
    ("name", "outcome"),
    [("Bergstraße, Landkreis", UNCHANGED), ("Bergstraße, Rhein", REFUSED), ("Bergstr., LK", UNCHANGED)],
)
def test_place_behind_the_name_of_a_kreis_contradicts_its_key(name, outcome):
    row = only_row([["AGS", "Name"], ["06431", name]])

    refused = "Der Schlüssel 06431 gehört zu Bergstraße, in der Zeile steht „Bergstraße, Rhein“."
    assert row.outcome == outcome
    assert any(refused in message for message in row.messages) == (outcome == REFUSED)


# --- new keys


def test_namesake_in_the_same_kreis_is_pointed_out():
    row = only_row([["AGS", "Name", "Art"], ["06431998", "Bensheim", "Stadt"]], new_keys=True)

    assert row.outcome == IMPORTED
    assert row.messages == [
        "Zeile 2: Bensheim (Landkreis Bergstraße) gibt es im Register schon unter dem Schlüssel 06431002. Bitte prüfen "
        "Sie, ob wirklich eine zweite Kommune dieses Namens gemeint ist."
    ]


def test_new_member_may_stand_before_its_new_kreis():
    rows = [["AGS", "Name", "Art"], ["06440001", "Neudorf", "Gemeinde"], ["06440", "Neukreis", "Landkreis"]]

    import_register(RegisterFile(csv_bytes(rows), "neu.csv", new_keys=True), by=None)

    assert Municipality.objects.get(ags="06440001").district.ags == "06440"


# --- bodies without a key


FREE = ["Name", "Art", "Landkreis", "AGS"]


@pytest.mark.parametrize("written", ["Bergstraße", "LK Bergstr.", "Kreis Bergstraße", "06431", "6431"])
def test_free_body_gets_the_kreis_of_its_row(written):
    row = ["Zweckverband Wasser", "Zweckverband", written, ""]

    import_register(RegisterFile(csv_bytes([FREE, row]), "neu.csv", new_keys=True), by=None)

    assert Municipality.objects.get(name="Zweckverband Wasser").district.ags == "06431"


def test_free_body_moves_to_another_kreis():
    odenwald = MunicipalityFactory(ags="06437", name="Odenwaldkreis", kind=Kind.DISTRICT)
    MunicipalityFactory(zweckverband=True, name="Zweckverband Wasser", district=odenwald)

    row = only_row([FREE, ["Zweckverband Wasser", "Zweckverband", "Bergstraße", ""]])

    assert (row.outcome, row.changes) == (IMPORTED, {"district": "06431"})
    assert only_row([FREE, ["Zweckverband Wasser", "Zweckverband", "Odenwaldkreis", ""]]).outcome == UNCHANGED
    assert only_row([FREE, ["Zweckverband Wasser", "Zweckverband", "", ""]]).outcome == UNCHANGED


@pytest.mark.parametrize("written", ["Phantasiekreis", "06499"])
def test_free_body_in_an_unknown_kreis_is_refused(written):
    MunicipalityFactory(zweckverband=True, name="Zweckverband Wasser")
    message = (
        f"Den Landkreis „{written}“ gibt es im Register nicht. Bitte schreiben Sie ihn wie im Register oder tragen Sie "
        "seinen Schlüssel (5 Ziffern) ein."
    )

    assert told([FREE, ["Zweckverband Wasser", "Zweckverband", written, ""]]) == (REFUSED, [message])
    new = [FREE, ["Zweckverband Abfall", "Zweckverband", written, ""]]
    assert told(new, new_keys=True) == (REFUSED, [message])


def test_free_body_in_two_kreise_is_refused():
    MunicipalityFactory(ags="06437", name="Odenwaldkreis", kind=Kind.DISTRICT)
    rows = [[*FREE, "Kreisschlüssel"], ["Zweckverband Wasser", "Zweckverband", "Bergstraße", "", "06437"]]

    assert told(rows, new_keys=True) == (
        REFUSED,
        ["Landkreis und Kreisschlüssel gehören nicht zusammen. Bitte berichtigen Sie die Zeile."],
    )


def test_kreis_by_its_eight_digits_with_its_kind_is_known():
    assert only_row([HEADER, changed(BERGSTRASSE, ags="06431000")]).outcome == REPAIRED
