"""What an admissible row changes, and what it leaves as it is."""

from datetime import date, datetime

import pytest

from municipalities.models import Municipality
from municipalities.register_import import RegisterFile, import_register, preview
from municipalities.register_rows import Outcome
from tests.municipalities.register_samples import BENSHEIM, HEADER, REGISTER, changed, csv_bytes, xlsx_bytes

pytestmark = pytest.mark.django_db

IMPORTED, REPAIRED, REFUSED, SKIPPED, UNCHANGED = Outcome


@pytest.fixture(autouse=True)
def register():
    """Four bodies as REGISTER has them; Bensheim has 42,012 inhabitants of 2024-12-31."""
    import_register(RegisterFile(csv_bytes([HEADER, *REGISTER]), "register.csv"), by=None)


def read(rows, write=csv_bytes, **options):
    return preview(RegisterFile(write(rows), "datei", **options))


def only_row(rows, write=csv_bytes):
    (row,) = read(rows, write).rows
    return row


@pytest.mark.parametrize(
    ("known", "cell", "outcome", "changes"),
    [
        ("", "Kirchbergstraße 18", IMPORTED, {"street": "Kirchbergstraße 18"}),
        ("Kirchbergstraße 18", "Postfach 12 34", IMPORTED, {"street": "Postfach 12 34"}),
        ("Kirchbergstraße 18", "Kirchbergstraße 18", UNCHANGED, {}),
        ("Kirchbergstraße 18", "", UNCHANGED, {}),
        ("", "x" * 121, REFUSED, {}),
    ],
)
def test_street(known, cell, outcome, changes):
    Municipality.objects.filter(ags="06431002").update(street=known)

    row = only_row([["AGS", "Name", "Straße und Hausnummer"], ["06431002", "Bensheim", cell]])

    assert (row.outcome, row.changes) == (outcome, changes)


# --- inhabitants and their date


def test_population_without_date_does_not_replace_a_dated_one():
    row = only_row([["AGS", "Name", "Einwohner", "PLZ"], ["06431002", "Bensheim", "42.100", "64626"]])

    assert (row.outcome, row.changes) == (IMPORTED, {"postal_code": "64626"})
    assert row.messages == [
        "Zeile 2: Die Einwohnerzahl 42.100 hat keinen Stand und wird nicht übernommen; die im Register ist vom "
        "31.12.2024. Bitte ergänzen Sie den Stand, in einer Spalte oder über der Tabelle („Stand: 31.12.2024“)."
    ]


def test_population_without_date_fills_and_corrects_an_undated_one():
    Municipality.objects.filter(ags="06431002").update(population_date=None)
    rows = [["AGS", "Name", "Einwohner"], ["06431002", "Bensheim", "42.100"]]

    assert only_row(rows).changes == {"population": 42100}


def test_equal_population_without_date_says_nothing():
    row = only_row([["AGS", "Name", "Einwohner"], ["06431002", "Bensheim", "42.012"]])

    assert (row.outcome, row.messages) == (UNCHANGED, [])


def test_refused_row_gets_no_hint_about_what_it_does_not_do():
    row = only_row([["AGS", "Name", "Einwohner", "PLZ"], ["06431002", "Bensheim", "42.100", "6462"]])

    assert row.messages == [
        "Zeile 2: Die Postleitzahl „6462“ hat nicht 5 Ziffern. Bitte berichtigen Sie sie.",
    ]


@pytest.mark.parametrize(
    ("title", "write"),
    [
        (["Bevölkerung der hessischen Gemeinden am 31.12.2025"], csv_bytes),
        (["Stand: 31.12.2025"], csv_bytes),
        (["Stand", "31. Dezember 2025"], csv_bytes),
        (["Stand:", datetime(2025, 12, 31)], xlsx_bytes),  # noqa: DTZ001
        (["Gebietsstand 01.01.2026, Einwohner: 2025-12-31"], csv_bytes),
        (["Datenstand: 31.12.2025"], csv_bytes),
    ],
)
def test_date_above_the_table_is_that_of_its_figures(title, write):
    reading = read([title, [], ["AGS", "Name", "Einwohner"], ["06431002", "Bensheim", "42.100"]], write)

    assert reading.rows[-1].changes == {"population": 42100, "population_date": date(2025, 12, 31)}
    assert reading.notes == ["Als Stand der Einwohnerzahlen gilt der 31.12.2025, wie über der Tabelle steht."]


@pytest.mark.parametrize("title", ["Gebietsstand 31.12.2025", "Bestand 31.12.2025", "Erstellt am 31.12.2025"])
def test_other_dates_above_the_table_say_nothing_of_the_figures(title):
    reading = read([[title], ["AGS", "Name", "Einwohner"], ["06431002", "Bensheim", "42.100"]])

    assert reading.rows[-1].changes == {}
    assert reading.notes == [
        "Die Spalte mit dem Stand der Einwohnerzahl fehlt. Wo das Register schon eine Zahl mit Stand hat, wird keine "
        "andere übernommen."
    ]


def test_different_dates_above_the_table_decide_nothing():
    title = ["Bevölkerung am 31.12.2024 und Bevölkerung am 31.12.2025"]
    reading = read([title, ["AGS", "Name", "Einwohner"], ["06431002", "Bensheim", "42.100"]])

    assert reading.rows[-1].changes == {}
    assert reading.notes[0] == (
        "Über der Tabelle stehen verschiedene Tage (31.12.2024, 31.12.2025); keiner gilt als Stand der Einwohnerzahlen. "
        "Bitte ergänzen Sie eine Spalte „Stand“."
    )


def test_date_of_a_column_goes_before_that_of_the_title():
    header = ["AGS", "Name", "Einwohner", "Stand"]
    rows = [["Stand: 31.12.2025"], header, ["06431002", "Bensheim", "42.100", "30.06.2025"]]

    assert read(rows).rows[-1].changes == {"population": 42100, "population_date": date(2025, 6, 30)}


@pytest.mark.parametrize(
    ("population", "hinted"), [("50.414", False), ("50.415", True), ("33.610", False), ("4.201", True)]
)
def test_great_leap_of_the_population_is_pointed_out(population, hinted):
    row = only_row([HEADER, changed(BENSHEIM, population=population, date="31.12.2025")])

    assert row.outcome == IMPORTED
    assert row.messages == hinted * [
        f"Zeile 2: Einwohner: {population} statt bisher 42.012 sind mehr als 20 % Unterschied. Bitte prüfen Sie, ob "
        "eine Ziffer fehlt oder zu viel ist."
    ]


# --- where it lies


@pytest.mark.parametrize(
    ("latitude", "longitude", "what"),
    [("50", "8,6", "Breite: „50“"), ("49,7", "9", "Länge: „9“"), ("50,0", "8,6", "Breite: „50,0“")],
)
def test_whole_degrees_are_refused(latitude, longitude, what):
    row = only_row([HEADER, changed(BENSHEIM, latitude=latitude, longitude=longitude)])

    assert row.outcome == REFUSED
    assert row.messages == [
        f"Zeile 2: {what} hat keine Nachkommastellen. Bitte tragen Sie Grad mit Komma ein, zum Beispiel 49,872238."
    ]


def test_whole_degrees_of_a_workbook_are_refused():
    row = only_row([HEADER, changed(BENSHEIM, latitude=50, longitude=9.0)], write=xlsx_bytes)

    assert (row.outcome, len(row.messages)) == (REFUSED, 2)


def test_point_far_from_the_known_one_is_refused():
    row = only_row([HEADER, changed(BENSHEIM, latitude="51,5", longitude="8,01")])

    assert row.outcome == REFUSED
    assert row.messages == [
        "Zeile 2: Der Punkt 51,5 / 8,01 liegt 207 km entfernt von dem im Register (49,679991 / 8,621004). Bitte prüfen "
        "Sie Breite und Länge; stimmt der neue Punkt, tragen Sie ihn bei der Kommune von Hand ein."
    ]


@pytest.mark.parametrize(("latitude", "outcome"), [("49,859", IMPORTED), ("49,861", REFUSED)])
def test_point_may_move_by_twenty_kilometres(latitude, outcome):
    """A degree of latitude is 111.2 km: 20 km are 0.1799 degrees."""
    assert only_row([HEADER, changed(BENSHEIM, latitude=latitude)]).outcome == outcome


def test_first_point_may_lie_anywhere_in_hessen():
    Municipality.objects.filter(ags="06431002").update(latitude=None, longitude=None)

    assert only_row([HEADER, changed(BENSHEIM, latitude="51,51", longitude="8,91")]).outcome == IMPORTED
