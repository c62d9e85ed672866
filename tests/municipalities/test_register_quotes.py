"""A quotation mark that was never closed must not make rows disappear."""

import pytest

from municipalities.register_import import RegisterFile, preview
from municipalities.register_quotes import swallowed_line
from municipalities.register_rows import Outcome
from tests.factories import MunicipalityFactory

HEADER = "AGS;Name;Bemerkung\n"


@pytest.mark.django_db
def test_row_that_swallowed_others_is_refused():
    for ags, name in [("06431007", "Fürth"), ("06431008", "Gorxheimertal"), ("06431009", "Grasellenbach")]:
        MunicipalityFactory(ags=ags, name=name)
    text = HEADER + '06431007;Fürth;"Test\n06431008;Gorxheimertal;x\n06431009;Grasellenbach;y\n'

    (row,) = preview(RegisterFile(text.encode(), "datei.csv")).rows

    assert row.outcome == Outcome.REFUSED
    assert row.messages == [
        "Zeile 2: In einem Feld dieser Zeile steckt die Zeile „06431008;Gorxheimertal;x“; vermutlich fehlt davor ein "
        "schließendes Anführungszeichen. Bitte berichtigen Sie die Datei an dieser Stelle, sonst gehen Zeilen verloren."
    ]


@pytest.mark.django_db
def test_column_that_nobody_reads_is_looked_into_as_well():
    MunicipalityFactory(ags="06431007", name="Fürth")
    text = 'AGS;Name;Farbe\n06431007;Fürth;"grün\n06431008;Gorxheimertal;rot\n'

    assert [row.outcome for row in preview(RegisterFile(text.encode(), "datei.csv")).rows] == [Outcome.REFUSED]


@pytest.mark.parametrize(
    ("cell", "delimiter", "columns", "line"),
    [
        ("Test\n06431008;Gorxheimertal;x", ";", 3, "06431008;Gorxheimertal;x"),
        ("Test\nGorxheimertal;06431008", ";", 2, "Gorxheimertal;06431008"),
        ("Test\r06431008;Gorxheimertal", ";", 9, "06431008;Gorxheimertal"),
        ("Test\n6431008;Gorxheimertal", ";", 9, "6431008;Gorxheimertal"),
        ("Test\n06431;Bergstraße", ";", 9, "06431;Bergstraße"),
        ("Test\n06431008", ";", 9, "06431008"),
        ("Test\n064310008008", ";", 9, "064310008008"),
        ("eins\nzwei\na;b;c;d", ";", 9, "a;b;c;d"),
        ("eins\nzwei, drei", ",", 3, ""),
        ("Rathaus; Marktplatz; Nebengebäude\nzweiter Stock", ";", 3, ""),
        ("Telefon\n06251 14177", ";", 9, ""),
        ("Anschrift\n64625 Bensheim; Kirchbergstraße", ";", 9, ""),
        ("a;b;c;d", ";", 3, ""),
        ("Test\n06431008;Gorxheimertal;x", "", 3, ""),
    ],
)
def test_line_that_was_a_row(cell, delimiter, columns, line):
    cells = ["06431007", cell] if columns == 2 else ["06431007", "Fürth", cell]

    assert swallowed_line(cells, delimiter, columns) == line


def test_last_row_that_swallowed_its_own_cells():
    assert swallowed_line(["06431007", "Fürth;x;y\n"], ";", 4) == "Fürth;x;y"
    assert swallowed_line(["06431007", "Fürth\n"], ";", 4) == ""
