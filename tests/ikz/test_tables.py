"""What every table that leaves the house has in common."""

import pytest
import tablib

from ikz.tables import GermanCSV, as_text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("1=1", "1=1"),
        ("", ""),
        (None, ""),
    ],
)
def test_formula_becomes_text(value, written):
    assert as_text(value) == written


def test_csv_opens_in_a_german_excel_by_a_double_click():
    rows = tablib.Dataset(["Groß-Gerau", "1,5"], headers=["Kommune", "Betrag (€)"])

    assert GermanCSV().export_data(rows) == "\ufeffKommune;Betrag (€)\r\nGroß-Gerau;1,5\r\n"
    assert (GermanCSV().get_content_type(), GermanCSV().get_extension()) == ("text/csv; charset=utf-8", "csv")
