"""The table of expenditure as a file: what people send back, and what is refused with row and column."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import expenditure_table
from applications.expenditure_table import COLUMNS, TOTALS, Row, TableRefused, german, read, read_euros, unpacked
from municipalities.register_files import Formula
from municipalities.register_values import Refused

ROWS = [
    Row(1, "Weilburg", "06533016", "Landkreis Limburg-Weilburg"),
    Row(2, "Hauptverband", "", "Landkreis Gießen"),
    Row(3, "Hauptverband", "", "Landkreis Fulda"),
    Row(4, "Wasserverband"),
    Row("after", TOTALS),
]
HEADER = "AGS;Kommune;Kreis;Personalausgaben (€/Jahr);Sachausgaben (€/Jahr)\n"


def from_csv(*lines, header=HEADER):
    return read(unpacked((header + "\n".join(lines)).encode()), ROWS)


def refused(*lines, header=HEADER):
    with pytest.raises(TableRefused) as refusal:
        from_csv(*lines, header=header)
    return list(refusal.value.sentences)


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        ("100.000,50", "100000.50"),
        ("100000", "100000"),
        ("1.000", "1000"),
        ("1 000,5", "1000.50"),
        ("\N{NO-BREAK SPACE}7,25 €", "7.25"),
        ("12 EUR", "12"),
        (122.06999999999999, "122.07"),
        (5, "5"),
        ("", None),
        (None, None),
        (" \N{NO-BREAK SPACE}", None),
    ],
)
def test_amounts_as_germans_write_them(value, amount):
    assert read_euros(value) == (amount and Decimal(amount))


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("=1+1", "„=1+1“ ist eine Formel. Bitte fügen Sie das Ergebnis als Wert ein."),
        (Formula("=SUM(A1:A9)"), "„=SUM(A1:A9)“ ist eine Formel. Bitte fügen Sie das Ergebnis als Wert ein."),
        (
            "1.50",
            "„1.50“ kann 1,50 oder 150 bedeuten. Bitte schreiben Sie den Betrag mit Komma vor den Cent, Punkte nur vor je "
            "drei Ziffern.",
        ),
        ("1,000.50", "„1,000.50“ ist kein Betrag. Bitte schreiben Sie ihn zum Beispiel so: 100.000,50."),
        ("-5", "„-5“ ist kein Betrag. Bitte schreiben Sie ihn zum Beispiel so: 100.000,50."),
        (-5, "„-5“ ist kein Betrag. Bitte schreiben Sie ihn zum Beispiel so: 100.000,50."),
        (True, "„WAHR“ ist kein Betrag. Bitte schreiben Sie ihn zum Beispiel so: 100.000,50."),
        (date(2026, 1, 1), "„01.01.2026“ ist kein Betrag. Bitte schreiben Sie ihn zum Beispiel so: 100.000,50."),
        (float("nan"), "„nan“ ist kein Betrag. Bitte schreiben Sie ihn zum Beispiel so: 100.000,50."),
        ("1,005", "„1,005“ hat mehr als zwei Nachkommastellen. Bitte geben Sie Euro und Cent an."),
        ("10.000.000.000", "„10.000.000.000“ ist zu groß. Bitte prüfen Sie den Betrag."),
    ],
)
def test_what_is_no_amount(value, sentence):
    assert read_euros(value) == Refused(sentence)


@given(st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2))
def test_what_we_write_we_read(amount):
    assert read_euros(german(amount)) == amount


def test_rows_are_known_by_key_else_by_name_and_kreis():
    assert from_csv(
        "06533016;Weilburg, Stadt;;100.000;20.000,50",
        ";Hauptverband;Landkreis Fulda;1;2",
        ";Wasserverband;;3;",
        ";nachher;;4;5",
    ) == {
        1: (Decimal(100000), Decimal("20000.50")),
        3: (Decimal(1), Decimal(2)),
        4: (Decimal(3), None),
        "after": (Decimal(4), Decimal(5)),
    }


def test_header_may_stand_below_a_title_in_any_order_and_without_units():
    found = from_csv("1;2;06533016;x", header="Ausgaben unserer Gruppe;\nSachausgaben;Personalausgaben;AGS;Kommune\n")

    assert found == {1: (Decimal(2), Decimal(1))}


@pytest.mark.parametrize(
    ("lines", "sentences"),
    [
        (
            [";Weilburg;;1;2"],
            ["Zeile 2, Spalte „AGS“: Der Schlüssel von „Weilburg“ fehlt. Bitte tragen Sie ihn ein."],
        ),
        (
            [";Hauptverband;;1;2"],
            [
                "Zeile 2, Spalte „Kommune“: „Hauptverband“ gehört nicht zu den Beteiligten. Bitte löschen Sie die Zeile oder "
                "nehmen Sie die Kommune auf der Seite „Beteiligte“ auf."
            ],
        ),
        (
            ["06533016;;;1;2", "06533016;;;3;4"],
            ["Zeile 3: Weilburg steht schon in Zeile 2."],
        ),
        (
            ["06533016;;;=1+1;zwei"],
            [
                "Zeile 2, Spalte „Personalausgaben (€/Jahr)“: „=1+1“ ist eine Formel. Bitte fügen Sie das Ergebnis als Wert "
                "ein.",
                "Zeile 2, Spalte „Sachausgaben (€/Jahr)“: „zwei“ ist kein Betrag. Bitte schreiben Sie ihn zum Beispiel so: "
                "100.000,50.",
            ],
        ),
        ([], ["Unter der Überschriftenzeile stehen keine Angaben. Bitte verwenden Sie die Vorlage."]),
    ],
)
def test_refusals_name_row_and_column(lines, sentences):
    assert refused(*lines) == sentences


def test_many_mistakes_are_counted():
    found = refused(*["06599999;;;1;2"] * 14)

    assert (len(found), found[-1]) == (11, "Dazu 4 weitere Stellen.")


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (
            "AGS;Kommune;Kreis;Personalausgaben\n",
            "In der Überschrift (Zeile 1) fehlt: „Sachausgaben (€/Jahr)“. Bitte verwenden Sie die Vorlage.",
        ),
        (
            "Eins;Zwei\n",
            "Die Datei hat keine Überschriftenzeile mit AGS, Kommune, Kreis, Personalausgaben (€/Jahr), Sachausgaben "
            "(€/Jahr). Bitte verwenden Sie die Vorlage.",
        ),
    ],
)
def test_file_without_our_columns(header, sentence):
    assert refused("1;2", header=header) == [sentence]


def test_workbook_with_a_formula_is_refused_and_not_computed():
    workbook = openpyxl.Workbook()
    workbook.active.append(COLUMNS)
    workbook.active.append(["06533016", "Weilburg", "", "=1+1", 5])
    data = io.BytesIO()
    workbook.save(data)

    with pytest.raises(TableRefused) as refusal:
        read(unpacked(data.getvalue()), ROWS)

    assert refusal.value.sentences == (
        "Zeile 2, Spalte „Personalausgaben (€/Jahr)“: „=1+1“ ist eine Formel. Bitte fügen Sie das Ergebnis als Wert ein.",
    )


def test_bomb_is_refused_before_it_is_unpacked():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (expenditure_table.MAX_UNPACKED_BYTES + 1))

    with pytest.raises(TableRefused, match="entpackt zu groß"):
        unpacked(data.getvalue())


def test_names_that_begin_like_formulas_are_text_in_the_template():
    rows = [Row(1, "=HYPERLINK(1)", "06533016"), Row("after", TOTALS)]

    written = expenditure_table.as_csv(rows).decode("utf-8-sig")
    sheet = openpyxl.load_workbook(io.BytesIO(expenditure_table.as_xlsx(rows))).active

    assert "06533016;'=HYPERLINK(1);" in written
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("'=HYPERLINK(1)", "s")


amounts = st.one_of(st.none(), st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2))


@given(st.lists(st.tuples(amounts, amounts), min_size=5, max_size=5))
def test_every_table_survives_the_way_through_both_files(figures):
    rows = [Row(row.key, row.name, row.ags, row.place, *pair) for row, pair in zip(ROWS, figures, strict=True)]
    expected = {row.key: (row.personnel, row.material) for row in rows}

    assert read(unpacked(expenditure_table.as_csv(rows)), rows) == expected
    assert read(unpacked(expenditure_table.as_xlsx(rows)), rows) == expected
