"""Whole files through the one reader."""

from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest

from municipalities.models import Kind, Municipality
from municipalities.register_import import RegisterFile, import_register, preview
from municipalities.register_rows import Outcome
from tests.factories import MunicipalityFactory
from tests.municipalities.register_samples import (
    BENSHEIM,
    BIBLIS,
    DARMSTADT,
    HEADER,
    REGISTER,
    changed,
    csv_bytes,
    xlsx_bytes,
)

pytestmark = pytest.mark.django_db

IMPORTED, REPAIRED, REFUSED, SKIPPED, UNCHANGED = Outcome


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


def test_first_load_fills_an_empty_register():
    reading = import_register(RegisterFile(csv_bytes([HEADER, *REGISTER]), "register.csv"), by=None)

    assert outcomes(reading) == [(2, IMPORTED), (3, IMPORTED), (4, IMPORTED), (5, IMPORTED)]
    darmstadt = Municipality.objects.get(ags="06411000")
    assert (darmstadt.name, darmstadt.kind) == ("Darmstadt, Wissenschaftsstadt", Kind.INDEPENDENT_CITY)
    assert (darmstadt.population, darmstadt.population_date) == (167029, date(2024, 12, 31))
    assert (darmstadt.area_km2, darmstadt.postal_code) == (Decimal("122.07"), "64283")
    assert (darmstadt.latitude, darmstadt.longitude) == (Decimal("49.872238"), Decimal("8.653838"))
    assert Municipality.objects.get(ags="06431002").district.ags == "06431"


@pytest.mark.parametrize(
    ("data", "encoding", "delimiter"),
    [
        (csv_bytes([HEADER, *REGISTER]), "UTF-8", "Semikolon"),
        (csv_bytes([HEADER, *REGISTER], encoding="utf-8-sig"), "UTF-8", "Semikolon"),
        (csv_bytes([HEADER, *REGISTER], encoding="cp1252"), "Windows-1252", "Semikolon"),
        (csv_bytes([HEADER, *REGISTER], encoding="utf-16"), "UTF-16", "Semikolon"),
        (csv_bytes([HEADER, *REGISTER], encoding="utf-16-le"), "UTF-16", "Semikolon"),
        (csv_bytes([HEADER, *REGISTER], encoding="utf-16-be"), "UTF-16", "Semikolon"),
        (csv_bytes([HEADER, *REGISTER], delimiter=","), "UTF-8", "Komma"),
        (csv_bytes([HEADER, *REGISTER], delimiter="\t"), "UTF-8", "Tabulator"),
        (csv_bytes([HEADER, *REGISTER], newline="\n"), "UTF-8", "Semikolon"),
        (csv_bytes([HEADER, *REGISTER], newline="\r"), "UTF-8", "Semikolon"),
        (b"sep=;\r\n" + csv_bytes([HEADER, *REGISTER]), "UTF-8", "Semikolon"),
        (csv_bytes([["Kommunen in Hessen"], [], HEADER, *REGISTER]), "UTF-8", "Semikolon"),
        (xlsx_bytes([HEADER, *REGISTER]), "", ""),
        (xlsx_bytes([["Kommunen in Hessen; Stand, heute"], [], HEADER, *REGISTER]), "", ""),
    ],
)
def test_every_usual_file_says_the_same(register, data, encoding, delimiter):
    reading = read(data)

    assert (reading.sheet.encoding, reading.sheet.delimiter) == (encoding, delimiter)
    assert [row.outcome for row in reading.rows] == [UNCHANGED] * 4
    assert [row.values["name"] for row in reading.rows] == [row[1] for row in REGISTER]


def test_workbook_with_real_numbers_and_dates(register):
    cells = [6411000, DARMSTADT[1], "Krfr. St.", 167029, datetime(2024, 12, 31), 122.07, 64283, 49.872238, 8.653838]  # noqa: DTZ001
    row = only_row(xlsx_bytes([HEADER, cells]))

    assert row.outcome == REPAIRED
    assert row.changes == {}
    assert row.messages == [
        "Zeile 2: Im Schlüssel „6411000“ fehlte die führende Null; gelesen als 06411000.",
        "Zeile 2: Die Art „Krfr. St.“ wurde als „kreisfreie Stadt“ gelesen.",
        "Zeile 2: Danach stimmt die Zeile mit dem Register überein; es ist nichts zu ändern.",
    ]


def test_dissolved_key_names_successor_and_date(register):
    eder = MunicipalityFactory(ags="06635001", name="Allendorf (Eder)")
    MunicipalityFactory(ags="06635005", name="Bromskirchen", valid_to=date(2022, 12, 31), successor=eder)

    row = only_row([["AGS", "Name"], ["06635005", "Bromskirchen"]])

    assert row.outcome == REFUSED
    assert row.messages == [
        "Zeile 2: Bromskirchen (06635005) besteht seit dem 01.01.2023 nicht mehr; Nachfolgerin ist Allendorf (Eder) "
        "(06635001). Bitte verwenden Sie den Schlüssel der Nachfolgerin oder entfernen Sie die Zeile."
    ]


def test_equal_rows_count_once(register):
    reading = read([HEADER, changed(BENSHEIM, population="42.500"), changed(BENSHEIM, population="42500")])

    assert outcomes(reading) == [(2, IMPORTED), (3, SKIPPED)]
    assert reading.rows[1].messages == ["Zeile 3: doppelt und gleich wie Zeile 2."]


def test_equal_wrong_rows_are_refused_once(register):
    wrong = changed(BENSHEIM, population="viele")

    assert outcomes(read([HEADER, wrong, wrong])) == [(2, REFUSED), (3, SKIPPED)]


def test_rows_that_differ_are_all_refused(register):
    reading = read([HEADER, BENSHEIM, BIBLIS, changed(BENSHEIM, ags="6431002", population="42.500")])

    assert outcomes(reading) == [(2, REFUSED), (3, UNCHANGED), (4, REFUSED)]
    assert reading.rows[0].messages == [
        "Zeile 2: Der Schlüssel 06431002 kommt mehrmals mit verschiedenen Angaben vor (auch Zeile 4). Bitte "
        "lassen Sie nur "
        "die richtige Zeile stehen."
    ]


def test_empty_rows_are_accounted_for(register):
    reading = read([HEADER, [], BENSHEIM, ["", "\u00a0", " "], BIBLIS])

    assert outcomes(reading) == [(2, SKIPPED), (3, UNCHANGED), (4, SKIPPED), (5, UNCHANGED)]


def test_empty_cells_never_erase(register):
    import_register(RegisterFile(csv_bytes([HEADER, changed(BENSHEIM, area="", postal_code="")]), "x.csv"), by=None)

    bensheim = Municipality.objects.get(ags="06431002")
    assert (bensheim.area_km2, bensheim.postal_code) == (Decimal("57.83"), "64625")


def test_columns_in_any_order_under_usual_names(register):
    header = ["Länge", "Ew.", "REG.-BEZ.", "Lkr.", "Reg.-Schl.", "Breite [°]", "Amtl. Gemeindeschlüssel", "Fl. in km²"]
    header += ["Gemeindename", "Postleitzahl", "Lieblingsfarbe", "Bemerkungen", "Stichtag"]
    row = ["8,621004", "42 012", "RP Darmstadt", "Kreis Bergstraße", "", "49,679991", "06431002", "57.83"]
    row += ["Bensheim", "64625", "grün", "", "2024-12-31"]
    reading = read([header, row])

    assert reading.columns.unknown == ["Reg.-Schl.", "Lieblingsfarbe"][1:]
    assert outcomes(reading) == [(2, UNCHANGED)]


@pytest.mark.parametrize(
    "heading",
    ["Einwohner je km²", "Einwohner/km²", "Einwohner (in 1.000)", "Einwohner %", "Fläche (ha)", "Einwohner männlich"],
)
def test_other_measures_are_not_taken_for_ours(register, heading):
    reading = read([["AGS", "Name", heading], ["06431002", "Bensheim", "726"]])

    assert reading.columns.unknown == [heading]
    assert outcomes(reading) == [(2, UNCHANGED)]


def test_date_in_the_heading_counts_for_the_column(register):
    reading = read([["AGS", "Name", "Einwohner am 30.06.2025"], ["06431002", "Bensheim", "42.100"]])

    assert reading.rows[0].changes == {"population": 42100, "population_date": date(2025, 6, 30)}


def test_older_figures_do_not_replace_newer_ones(register):
    row = only_row([["AGS", "Name", "Einwohner", "Stand"], ["06431002", "Bensheim", "41.000", "31.12.2022"]])

    assert row.outcome == UNCHANGED
    assert row.messages == [
        "Zeile 2: Die Einwohnerzahl vom 31.12.2022 ist älter als die im Register (31.12.2024) und wurde "
        "nicht übernommen."
    ]


def test_column_given_twice_is_named_and_not_used(register):
    reading = read([["AGS", "Name", "Einwohner", "Einwohnerzahl"], ["06431002", "Bensheim", "42.500", "43.000"]])

    assert outcomes(reading) == [(2, UNCHANGED)]
    assert reading.columns.repeated == ["„Einwohner“ und „Einwohnerzahl“"]


@pytest.mark.parametrize(
    ("area", "others", "outcome"),
    [("1.234", ["57,83"], IMPORTED), ("1.234", ["57.83"], REFUSED), ("1.234", ["57,83", "40.44"], REFUSED)],
)
def test_ambiguous_area_is_decided_by_the_column(area, others, outcome):
    MunicipalityFactory(ags="06431001", name="Abtsteinach", area_km2=Decimal(900))
    for number, other in enumerate(others, start=2):
        MunicipalityFactory(ags=f"0643100{number}", name=f"Ort{number}", area_km2=Decimal(other.replace(",", ".")))
    rows = [["06431001", "Abtsteinach", area]]
    rows += [[f"0643100{number}", f"Ort{number}", other] for number, other in enumerate(others, start=2)]

    assert read([["AGS", "Name", "Fläche"], *rows]).rows[0].outcome == outcome


def test_district_and_region_that_contradict_the_key_are_refused(register):
    header = ["AGS", "Name", "Landkreis", "Reg.-Bez."]
    reading = read([header, ["06431002", "Bensheim", "Kassel", ""], ["06431003", "Biblis", "", "Kassel"]])

    assert [row.messages for row in reading.rows] == [
        [
            "Zeile 2: Der Landkreis „Kassel“ passt nicht zum Schlüssel 06431002 (Bergstraße). Bitte "
            "berichtigen Sie die "
            "Zeile."
        ],
        [
            "Zeile 3: Der Regierungsbezirk „Kassel“ passt nicht zum Schlüssel 06431003 (Darmstadt). Bitte "
            "berichtigen Sie die "
            "Zeile."
        ],
    ]


def test_new_keys_need_permission_and_a_complete_row(register):
    rows = [
        ["AGS", "Name", "Art"],
        ["06431099", "Neustadt", "Gem."],
        ["06431098", "Neudorf", ""],
        ["06499001", "X", "Gem."],
    ]

    assert [row.outcome for row in read(rows).rows] == [REFUSED, REFUSED, REFUSED]
    assert [row.outcome for row in read(rows, new_keys=True).rows] == [REPAIRED, REFUSED, REFUSED]


def test_merger_by_file(register):
    header = ["AGS", "Name", "gültig bis", "Nachfolgerin"]
    data = csv_bytes([header, ["06431003", "Biblis", "31.12.2026", "06431002"]])

    import_register(RegisterFile(data, "fusion.csv"), by=None)

    biblis = Municipality.objects.get(ags="06431003")
    assert (biblis.valid_to, biblis.successor.ags) == (date(2026, 12, 31), "06431002")
    circle = [header, ["06431002", "Bensheim", "31.12.2027", "06431003"]]
    assert only_row(circle).outcome == REFUSED


def test_formula_in_a_workbook_is_text(register):
    data = xlsx_bytes([[*HEADER, "Bemerkung"], [*changed(BENSHEIM, population="=40000+1"), ""], [*BIBLIS, "=1+1"]])

    reading = import_register(RegisterFile(data, "formel.xlsx"), by=None)

    assert outcomes(reading) == [(2, REFUSED), (3, IMPORTED)]
    assert reading.rows[0].messages == [
        "Zeile 2: Einwohner: „=40000+1“ ist eine Formel. Bitte fügen Sie das Ergebnis als Wert ein."
    ]
    assert Municipality.objects.get(ags="06431003").note == "=1+1"


def test_first_visible_sheet_with_a_header_is_read(register):
    reading = read(xlsx_bytes([HEADER, BENSHEIM], before=["Vorblatt"], hidden=["Geheim"]))

    assert outcomes(reading) == [(2, UNCHANGED)]
    assert reading.notes == [
        "Ein ausgeblendetes Tabellenblatt wurde nicht gelesen.",
        "Gelesen wurde nur das Tabellenblatt „Register“, nicht „Vorblatt“.",
    ]


def test_far_away_formatted_cell_does_no_harm(register, tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append(HEADER)
    workbook.active.append(BENSHEIM)
    workbook.active.cell(100_000, 1, " ")
    workbook.save(tmp_path / "lang.xlsx")

    assert outcomes(read((tmp_path / "lang.xlsx").read_bytes())) == [(2, UNCHANGED)]


def test_unclosed_quote_does_not_swallow_rows(register):
    text = csv_bytes([HEADER, BENSHEIM, BIBLIS]).decode().replace("Bensheim, Stadt", '"Bensheim, Stadt')

    reading = read(text.encode())

    assert [row.outcome for row in reading.rows if row.outcome != SKIPPED] == [REFUSED]
