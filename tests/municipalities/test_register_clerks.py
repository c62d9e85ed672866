"""Files and spellings from clerks' desks that are easy to get wrong, each with the outcome they must have."""

import json
from datetime import date

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from municipalities.management.commands import import_register
from municipalities.models import Kind, Municipality, RegisterImport
from municipalities.register_columns import recognise
from municipalities.register_files import UnreadableFile
from municipalities.register_import import RegisterFile, preview
from municipalities.register_rows import Outcome
from tests.factories import MunicipalityFactory
from tests.municipalities.register_samples import csv_bytes, xlsx_bytes

IMPORTED, REPAIRED, REFUSED, SKIPPED, UNCHANGED = Outcome
HEADER = ["AGS", "Name", "Einwohner", "Stand"]
BENSHEIM = ["06431002", "Bensheim", "41.200", "31.12.2025"]
BIBLIS = ["06431003", "Biblis", "9.100", "31.12.2025"]


@pytest.fixture
def register(db):
    kassel_land = {"ags": "06633", "name": "Kassel", "kind": Kind.DISTRICT}
    bergstrasse = MunicipalityFactory(ags="06431", name="Bergstraße", kind=Kind.DISTRICT)
    MunicipalityFactory(**kassel_land)
    MunicipalityFactory(ags="06611000", name="Kassel, documenta-Stadt", kind=Kind.INDEPENDENT_CITY)
    for ags, name, kind in [
        ("06431001", "Abtsteinach", Kind.MUNICIPALITY),
        ("06431002", "Bensheim, Stadt", Kind.TOWN),
        ("06431003", "Biblis", Kind.MUNICIPALITY),
    ]:
        MunicipalityFactory(ags=ags, name=name, kind=kind, district=bergstrasse)


def outcomes(data):
    reading = preview(RegisterFile(data, "datei"))
    return [(row.row, row.outcome) for row in reading.rows]


def outcome_of(header, row):
    (found,) = preview(RegisterFile(csv_bytes([header, row]), "datei.csv")).rows
    return found.outcome


@pytest.mark.parametrize(
    ("key", "outcome"),
    [
        ("06-431-002", REPAIRED),
        ("06/431/002", REPAIRED),
        ("06.4.31.002", REPAIRED),
        ("AGS 06431002", REPAIRED),
        ("06 4 31 0002 002", REPAIRED),
        ("6.431.002", REPAIRED),
        ("06-05-2024", REFUSED),
        ("06431002/06431003", REFUSED),
        ("06431002*", REFUSED),
        ("6,431E+06", REFUSED),
    ],
)
def test_key_with_separators(register, key, outcome):
    assert outcome_of(["AGS", "Name"], [key, "Bensheim"]) == outcome


@pytest.mark.parametrize(
    ("ags", "name", "outcome"),
    [
        ("06611000", "Stadt Kassel", UNCHANGED),
        ("06611000", "Landkreis Kassel", REFUSED),
        ("06611000", "Kassel, Landkreis", REFUSED),
        ("06611000", "Kassel (Kreis)", REFUSED),
        ("06633", "LK Kassel", UNCHANGED),
        ("06633", "Kassel, Land", UNCHANGED),
        ("06633", "Stadt Kassel", REFUSED),
        ("06633", "Kassel, Stadt", REFUSED),
        ("06431", "Bergstr.", UNCHANGED),
        ("06431001", "Gde. Abtsteinach", UNCHANGED),
        ("06431001", "Gemeindevorstand der Gemeinde Abtsteinach", UNCHANGED),
        ("06431002", "Magistrat der Stadt Bensheim", UNCHANGED),
        ("06431002", "Bensheim\nStadt", REPAIRED),
        ("06431002", "Bensheim 1)", REPAIRED),
        ("06431002", "Bensheim¹", REPAIRED),
        ("06431002", "Bensheim-Auerbach", REFUSED),
        ("06431002", '=HYPERLINK("https://example.org","Bensheim")', REFUSED),
    ],
)
def test_name_and_designation_against_the_key(register, ags, name, outcome):
    assert outcome_of(["AGS", "Name"], [ags, name]) == outcome


@pytest.mark.parametrize(
    ("ags", "kind", "outcome"),
    [
        ("06431002", "Stdt.", REPAIRED),
        ("06431002", "kreisang. Stadt", REPAIRED),
        ("06431001", "Gmde.", REPAIRED),
        ("06611000", "Stadt (kreisfrei)", REPAIRED),
        ("06633", "Ldkrs.", REPAIRED),
        ("06611000", "Landkreis", REFUSED),
        ("06431001", "Dorf", REFUSED),
    ],
)
def test_abbreviated_kind(register, ags, kind, outcome):
    assert outcome_of(["AGS", "Art"], [ags, kind]) == outcome


@pytest.mark.parametrize(
    ("heading", "ags", "value", "outcome"),
    [
        ("Stand", "06431002", "31. Dezember 2024", UNCHANGED),
        ("Reg.-Bez.", "06431002", "DA", UNCHANGED),
        ("Reg.-Bez.", "06431002", "KS", REFUSED),
        ("Landkreis", "06431002", "Krs. Bergstraße", UNCHANGED),
        ("Landkreis", "06431002", "Bergstr.", UNCHANGED),
        ("Landkreis", "06431002", "Kassel", REFUSED),
        ("Landkreis", "06611000", "krfr. Stadt", UNCHANGED),
        ("PLZ", "06431002", "6462", REFUSED),
    ],
)
def test_other_cells(register, heading, ags, value, outcome):
    assert outcome_of(["AGS", heading], [ags, value]) == outcome


@pytest.mark.parametrize(
    "stated", ["31.12.2025.", "31 Dezember 2025", "31.Dezember 2025", "31 . 12 . 2025", "Stand: 31.12.2025"]
)
def test_date_as_people_type_it(register, stated):
    (row,) = preview(RegisterFile(csv_bytes([HEADER, [*BENSHEIM[:3], stated]]), "x.csv")).rows

    assert row.changes == {"population": 41200, "population_date": date(2025, 12, 31)}


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Einwohner (Stand: 31.12.2024)", "population"),
        ("Bevölkerung am 31. Dezember 2024", "population"),
        ("EW-Zahl", "population"),
        ("EW-Stand", "population_date"),
        ("Amtl. Schl.", "ags"),
        ("Gem.-Name", "name"),
        ("Kreis / Lkr.", "district"),
        ("qkm", "area_km2"),
        ("Breite (nördl.)", "latitude"),
        ("östl. Länge", "longitude"),
        ("Verwaltungssitz", "seat"),
        ("Straße", "street"),
        ("Straße, Haus-Nr.", "street"),
        ("Straße und Hausnummer oder Postfach", "street"),
        ("Postfach", "street"),
        ("Anschrift", None),  # often with the town
        ("Hausnummer", None),
        ("Bem.", "note"),
        ("Gültigkeit bis", "valid_to"),
        ("Nachfolger (AGS)", "successor"),
        ("Einwohnerdichte", None),
        ("Fläche (ha)", None),
    ],
)
def test_heading(heading, field):
    assert recognise(heading)[0] == field


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["Gemeinde", None, "Bevölkerung", None], HEADER),
        (["AGS", "Name", "Einwohner", None], [None, None, "Anzahl", "Stand"]),
        (["Schlüssel", "Kommune", "Bevölkerung", None], ["AGS", "Name", "Anzahl", "Stand"]),
        ([None, None, "Bevölkerung", None], ["AGS", "Name", "Anzahl", "Stand"]),
    ],
)
def test_header_in_two_lines(register, first, second):
    (row,) = preview(RegisterFile(xlsx_bytes([["Kommunen in Hessen"], first, second, BENSHEIM]), "x.xlsx")).rows

    assert (row.row, row.outcome) == (4, IMPORTED)
    assert row.changes == {"population": 41200, "population_date": date(2025, 12, 31)}


def test_merged_header_keeps_the_sheets_row_numbers(register, tmp_path):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in [["Register"], ["AGS", "Name", "Einwohner"], [None, None, "Anzahl", "Stand"], BENSHEIM, BIBLIS]:
        sheet.append(row)
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("C2:D2")
    workbook.save(tmp_path / "verbunden.xlsx")

    assert outcomes((tmp_path / "verbunden.xlsx").read_bytes()) == [(4, IMPORTED), (5, IMPORTED)]


@pytest.mark.parametrize(
    "row",
    [
        ["Landessumme", "", "6.200.000"],
        ["", "Gesamtergebnis", "6.200.000"],
        ["", "Insg.", "6.200.000"],
        ["Σ", "", "6.200.000"],
        ["", "RB Darmstadt", "4.000.000"],
        ["06000000", "Hessen", "6.200.000"],
        ["06400000", "Darmstadt", "4.000.000"],
        ["* geschätzt"],
        ["Hinweise:"],
        ["Die Angaben sind ohne Gewähr."],
        ["Seite 1 von 3"],
        ["- 1 -"],
    ],
)
def test_totals_and_notes_below_the_table(register, row):
    assert outcomes(csv_bytes([HEADER, BENSHEIM, [], row])) == [(2, IMPORTED), (3, SKIPPED), (4, SKIPPED)]


@pytest.mark.parametrize("row", [["06000000", "Bensheim", "1"], ["", "Bensheim"], ["", "", "6.200.000"], ["06431099"]])
def test_rows_that_only_look_like_totals_are_refused(register, row):
    assert outcomes(csv_bytes([HEADER, row])) == [(2, REFUSED)]


def test_repaired_row_that_changes_nothing_is_told_once(register, tmp_path):
    """The first import tells what was repaired; the same file again finds nothing to do and leaves no trace."""
    path = tmp_path / "excel.xlsx"
    path.write_bytes(
        xlsx_bytes([HEADER[:2], [6431002, "Bensheim"], [6431003.0, "Biblis"], ["06431001", "Abtsteinach"]])
    )
    before = list(Municipality.objects.order_by("pk").values())

    told = [_import(path, dry_run=True), _import(path), _import(path, dry_run=True), _import(path)]

    assert told == [
        [("repaired", 0), ("repaired", 0), ("unchanged", 0)],
        [("repaired", 1), ("repaired", 1), ("unchanged", 1)],
        [("unchanged", 1), ("unchanged", 1), ("unchanged", 1)],
        [("unchanged", 1), ("unchanged", 1), ("unchanged", 1)],
    ]
    assert list(Municipality.objects.order_by("pk").values()) == before


def _import(path, **options):
    """Outcomes of the report, each with the number of imports recorded afterwards."""
    report = path.with_suffix(".json")
    call_command("import_register", path, report=report, **options)
    recorded = RegisterImport.objects.count()
    return [(row["outcome"], recorded) for row in json.loads(report.read_text(encoding="utf-8"))]


def test_unreadable_file_is_reported_as_row_zero(register, tmp_path):
    report, path = tmp_path / "bericht.json", tmp_path / "leer.csv"
    path.write_bytes(b"")
    report.write_text('["von gestern"]', encoding="utf-8")
    told = "Die Datei ist leer. Bitte wählen Sie eine Datei mit einer Überschriftenzeile und Daten."

    with pytest.raises(CommandError) as caught:
        call_command("import_register", path, report=report)

    assert str(caught.value) == told
    assert json.loads(report.read_text(encoding="utf-8")) == [
        {"row": 0, "outcome": "refused", "ags": None, "name": "", "messages": [told]}
    ]


def test_nothing_is_imported_if_the_report_cannot_be_written(register, tmp_path):
    path = tmp_path / "datei.csv"
    path.write_bytes(csv_bytes([HEADER, BENSHEIM]))
    before = Municipality.objects.get(ags="06431002").population
    lost = tmp_path / "fehlt" / "bericht.json"

    with pytest.raises(CommandError) as caught:
        call_command("import_register", path, report=lost)

    assert str(caught.value) == (
        f"Der Bericht {lost} lässt sich nicht schreiben: Die Datei oder ihr Ordner fehlt. Bitte prüfen Sie den Pfad."
    )
    assert Municipality.objects.get(ags="06431002").population == before


def test_folder_instead_of_a_file(register, tmp_path):
    with pytest.raises(CommandError) as caught:
        call_command("import_register", tmp_path)

    assert str(caught.value) == (
        f"Die Datei {tmp_path} lässt sich nicht öffnen: Das ist ein Ordner. Bitte geben Sie eine Datei an."
    )


# --- headings and what is missing among them


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Gde.", "name"),
        ("Gem.", "name"),
        ("Stadt/Gde.", "name"),
        ("St./Gem.", "name"),
        ("Gemeinden/Städte", "name"),
        ("Städte/Gemeinden", "name"),
        ("Stadt-/Gemeindename", "name"),
        ("Gde./Stadt", "name"),
        ("Kommune/Stadt", "name"),
        ("Krs.", "district"),
        ("Kreisfreie Stadt/Landkreis", "district"),
        ("Regionalschl.", "ars"),
        ("Wohnbev.", "population"),
        ("Verw.-Sitz", "seat"),
        ("Einwohner 2024", "population"),
        ("Einwohner 2024 in %", None),
        ("Einwohner 24", None),
    ],
)
def test_heading_as_clerks_shorten_it(heading, field):
    assert recognise(heading) == (field, None)


def columns_of(header, *rows):
    return preview(RegisterFile(csv_bytes([header, *rows]), "datei.csv")).columns


@pytest.mark.parametrize(
    ("header", "row", "names", "unknown"),
    [
        (["AGS", "Gem."], ["06431002", "Bensheim"], {"ags": "AGS", "name": "Gem."}, []),
        (["AGS", "Gem.", "PLZ"], ["06431002", "Stadt", "64625"], {"ags": "AGS", "postal_code": "PLZ"}, ["Gem."]),
        (["AGS", "Gem.", "Name"], ["06431002", "X", "Bensheim"], {"ags": "AGS", "name": "Name"}, ["Gem."]),
        (["AGS", "Einwohner 2024"], ["06431002", "41000"], {"ags": "AGS", "population": "Einwohner 2024"}, []),
        (
            ["AGS", "Einwohner 2023", "Einwohner"],
            ["06431002", "40000", "41000"],
            {"ags": "AGS", "population": "Einwohner"},
            ["Einwohner 2023"],
        ),
        (["AGS", "Einwohner 2023", "Einwohner 2024"], ["06431002", "40000", "41000"], {"ags": "AGS"}, []),
    ],
)
def test_doubtful_heading_counts_where_nothing_speaks_against_it(register, header, row, names, unknown):
    columns = columns_of(header, row)

    assert (columns.names, columns.unknown) == (names, unknown)


def test_file_whose_names_were_not_recognised_is_warned_of_first(register):
    reading = preview(RegisterFile(csv_bytes([["AGS", "Wer", "PLZ"], ["06431002", "Kassel", "64625"]]), "datei.csv"))

    assert reading.file_findings[0] == (
        "Achtung",
        "Keine Spalte wurde als Name erkannt. Deshalb wird NICHT geprüft, ob Schlüssel und Kommune zusammenpassen. Steht der "
        "Name in der Datei, so nennen Sie die Spalte bitte „Name“ oder „Gemeinde“ und laden die Datei neu.",
    )
    assert ("Nicht erkannte Spalten", "„Wer“") in reading.file_findings


def test_file_without_a_key_says_what_is_missing(register):
    with pytest.raises(UnreadableFile) as refusal:
        preview(RegisterFile(csv_bytes([["Liste"], ["Gemeinde", "Einwohner"], ["Bensheim", "42.012"]]), "datei.csv"))

    assert str(refusal.value) == (
        "In der Überschrift (Zeile 2) fehlt die Spalte mit dem Schlüssel. Bitte ergänzen Sie eine Spalte „AGS“ oder "
        "„Regionalschlüssel“."
    )


def test_import_prints_what_was_repaired_up_to_a_number(register, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(import_register, "SHOWN_REPAIRS", 1)
    path = tmp_path / "datei.csv"
    path.write_bytes(
        csv_bytes(
            [
                HEADER,
                ["6431002", "Bensheim", "5.100", "31.12.2025"],
                ["6431003", "Biblis", "5.100", "31.12.2025"],
                ["6431009", "X", "1", ""],
            ]
        )
    )

    call_command("import_register", path)

    told = [line for line in capsys.readouterr().out.splitlines() if "eile" in line]
    assert told[-3:] == [
        "Berichtigt: Zeile 2: Im Schlüssel „6431002“ fehlte die führende Null; gelesen als 06431002.",
        "Dazu 1 weitere berichtigte Zeile: Alle nennen --dry-run und --report.",
        "3 Zeilen: 0 übernommen, 2 berichtigt, 1 abgelehnt, 0 übersprungen, 0 unverändert.",
    ]


def test_many_empty_lines_are_one_object_that_says_where_they_end(register, tmp_path, capsys):
    path = tmp_path / "datei.csv"
    path.write_bytes(csv_bytes([HEADER, BENSHEIM, *[[]] * 300, BIBLIS]))

    call_command("import_register", path, report=tmp_path / "bericht.json")

    (gap,) = [
        each for each in json.loads((tmp_path / "bericht.json").read_text("utf-8")) if each["outcome"] == "skipped"
    ]
    assert (gap["row"], gap["last_row"]) == (3, 302)
    told = capsys.readouterr().out.splitlines()[-1]
    assert told.startswith("302 Zeilen: 2 übernommen, 0 berichtigt, 0 abgelehnt, 300 ")
