from datetime import date, datetime
from decimal import Decimal

import pytest

from municipalities.register_dates import read_date
from municipalities.register_files import Formula
from municipalities.register_names import read_kind, same_name
from municipalities.register_values import (
    Read,
    Refused,
    convention,
    read_area,
    read_degrees,
    read_email,
    read_key,
    read_line,
    read_name,
    read_population,
    read_postal_code,
    read_text,
    shown,
)

TODAY = date(2026, 11, 22)
NBSP, NARROW = "\u00a0", "\u202f"


def value_of(read):
    return read.value if isinstance(read, Read) else Refused


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("167029", 167029),
        ("167.029", 167029),
        ("167,029", 167029),
        ("167 029", 167029),
        (f"167{NBSP}029", 167029),
        (f"167{NARROW}029", 167029),
        ("167'029", 167029),
        ("1.234.567", 1234567),
        ("1,234,567", 1234567),
        ("167.029,00", 167029),
        ("167,029.00", 167029),
        ("167029,0", 167029),
        ("167029.0", 167029),
        ("167.000", 167000),
        (167029, 167029),
        (167029.0, 167029),
        (" 9234 ", 9234),
        (0, Refused),
        ("0", Refused),
        ("-5", Refused),
        (-5, Refused),
        ("−5", Refused),
        (167.029, Refused),
        ("167,5", Refused),
        ("16.70.29", Refused),
        ("1.67029", Refused),
        ("167.029 Einwohner", Refused),
        ("ca. 5000", Refused),
        ("k. A.", Refused),
        ("–", Refused),
        ("1,67E+05", Refused),
        ("999999999999", Refused),
        ("=SUMME(A1:A3)", Refused),
        (Formula("=A1"), Refused),
        (True, Refused),
        (datetime(2024, 12, 31), Refused),  # noqa: DTZ001
        ("٣٤٥", Refused),
        (float("nan"), Refused),
        (float("inf"), Refused),
    ],
)
def test_population(cell, number):
    assert value_of(read_population(cell)) == number


@pytest.mark.parametrize(
    ("cell", "column", "area"),
    [
        ("122,07", "", "122.07"),
        ("122.07", "", "122.07"),
        ("1.234,56", "", "1234.56"),
        ("1,234.56", "", "1234.56"),
        ("1 234,56", "", "1234.56"),
        ("122", "", "122.00"),
        (122.07, "", "122.07"),
        ("0.123", "", "0.12"),
        ("1.234", "german", "1234.00"),
        ("1.234", "english", "1.23"),
        ("1,234", "german", "1.23"),
        ("1.234", "", Refused),
        ("1,234", "", Refused),
        ("0", "", Refused),
        ("-1,5", "", Refused),
        ("122,07 km²", "", Refused),
        ("12.34.56", "", Refused),
        ("1.2345,6", "", Refused),
        ("99999999", "", Refused),
    ],
)
def test_area(cell, column, area):
    expected = area if area is Refused else Decimal(area)
    assert value_of(read_area(cell, column)) == expected


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (["122,07", "1.234"], "german"),
        (["122.07", "1,234"], "english"),
        (["122,07", "122.07"], ""),
        (["1.234", "7.400"], ""),
        (["122", 122.07, None], ""),
    ],
)
def test_convention_is_told_by_cells_with_one_reading(cells, told):
    assert convention(cells) == told


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("31.12.2024", date(2024, 12, 31)),
        ("1.1.2026", date(2026, 1, 1)),
        ("31. 12. 2024", date(2024, 12, 31)),
        ("2024-12-31", date(2024, 12, 31)),
        ("2024-12-31 00:00:00", date(2024, 12, 31)),
        ("31. Dezember 2024", date(2024, 12, 31)),
        ("31. Dez. 2024", date(2024, 12, 31)),
        ("1. März 2024", date(2024, 3, 1)),
        ("31.12.24", date(2024, 12, 31)),
        ("31/12/2024", date(2024, 12, 31)),
        ("12/31/2024", date(2024, 12, 31)),
        ("05/05/2024", date(2024, 5, 5)),
        (datetime(2024, 12, 31), date(2024, 12, 31)),  # noqa: DTZ001
        (date(2024, 12, 31), date(2024, 12, 31)),
        ("29.02.2024", date(2024, 2, 29)),
        ("29.02.2023", Refused),
        ("31.02.2024", Refused),
        ("32.12.2024", Refused),
        ("01/02/2024", Refused),
        ("31.12.99", Refused),
        ("1. J 2024", Refused),
        ("31.12.", Refused),
        ("2024", Refused),
        ("45657", Refused),
        (45657, Refused),
        ("12.2024", Refused),
        ("gestern", Refused),
        ("31.12.0024", Refused),
        (Formula("=HEUTE()"), Refused),
        (True, Refused),
    ],
)
def test_date(cell, day):
    assert value_of(read_date(cell, today=TODAY)) == day


@pytest.mark.parametrize(
    ("cell", "key", "repaired"),
    [
        ("06411000", "06411000", False),
        ("06431", "06431", False),
        ("064110000000", "064110000000", False),
        ("6411000", "06411000", True),
        (6411000, "06411000", True),
        (6411000.0, "06411000", True),
        ("6411000.0", "06411000", True),
        ("6411000,0", "06411000", True),
        ("6.411.000", "06411000", True),
        ("6431", "06431", True),
        (64110000000, "064110000000", True),
        ("06 4 11 000", "06411000", True),
        (f"06411000{NBSP}", "06411000", True),
        (f"06{NARROW}411000", "06411000", True),
        ("'06411000", "06411000", True),
        ("\ufeff06411000", "06411000", True),
        (Formula('="06411000"'), "06411000", True),
        ('="06411000"', "06411000", True),
        ("6,411E+06", Refused, False),
        ("6.411E+06", Refused, False),
        ("6E6", Refused, False),
        (6411000.5, Refused, False),
        (Formula("=A1"), Refused, False),
        ("0641100", Refused, False),
        ("064110000", Refused, False),
        ("0641100O", Refused, False),
        ("DE06411000", Refused, False),
        ("-6411000", Refused, False),
        (-6411000, Refused, False),
        (True, Refused, False),
        (date(2024, 12, 31), Refused, False),
        ("٠٦٤١١٠٠٠", Refused, False),
    ],
)
def test_key(cell, key, repaired):
    read = read_key(cell)

    assert value_of(read) == key
    assert bool(getattr(read, "repaired", "")) is repaired


@pytest.mark.parametrize(
    ("cell", "degrees"),
    [
        ("49,872238", "49.872238"),
        ("49.872238", "49.872238"),
        ("49,872", "49.872"),
        ("49.872", "49.872"),
        ("8,6", "8.6"),
        ("49,872238° N", "49.872238"),
        (49.872238, "49.872238"),
        (50, Refused),
        ("49872238", Refused),
        (49872238, Refused),
        ("49.872.238", Refused),
        ("49°52'20\"", Refused),
        ("-8,6", Refused),
        ("Nord", Refused),
        (Formula("=A1"), Refused),
    ],
)
def test_degrees(cell, degrees):
    expected = degrees if degrees is Refused else Decimal(degrees)
    assert value_of(read_degrees(cell, "Breite")) == expected


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("64283", "64283"),
        (64283, "64283"),
        (64283.0, "64283"),
        ("D-64283", "64283"),
        ("DE 64283", "64283"),
        ("1067", Refused),
        ("642833", Refused),
        ("64283 Darmstadt", Refused),
        ("00000", Refused),
    ],
)
def test_postal_code(cell, code):
    assert value_of(read_postal_code(cell)) == code


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  Bensheim  ", "Bensheim"),
        (f"Bad{NBSP}Orb", "Bad Orb"),
        ("Bad  Orb", "Bad Orb"),
        ("Gro\u00df-Zimmern", "Groß-Zimmern"),
        ("Bu\u0308ttelborn", "Büttelborn"),
        ("Ben\u00adsheim", "Bensheim"),
        ("'=1+1", "=1+1"),
        ("Bens\x00heim", Refused),
        ("Bens\x07heim", Refused),
        ("B\ufffdttelborn", Refused),
    ],
)
def test_line(cell, text):
    assert value_of(read_line(cell)) == text


@pytest.mark.parametrize(
    ("cell", "address"),
    [("info@bensheim.de", "info@bensheim.de"), ("info(at)bensheim.de", Refused), ("a@b", Refused)],
)
def test_email(cell, address):
    assert value_of(read_email(cell)) == address


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Gem.", "municipality"),
        ("Gemeinde", "municipality"),
        ("GEMEINDE", "municipality"),
        ("St.", "town"),
        ("Stadt", "town"),
        ("Kreisstadt", "town"),
        ("Univ.-St.", "town"),
        ("Krfr. St.", "independent_city"),
        ("Kreisfr. Stadt", "independent_city"),
        ("kreisfreie Stadt", "independent_city"),
        ("Stadtkreis", "independent_city"),
        ("LK", "district"),
        ("Lkr.", "district"),
        ("Landkreis", "district"),
        ("Markt", "market"),
        ("ZV", "association"),
        ("GVV", "municipal_association"),
        ("town", "town"),
        ("Dorf", None),
    ],
)
def test_kind(written, kind):
    assert read_kind(written) == kind


@pytest.mark.parametrize(
    ("written", "official", "same"),
    [
        ("Darmstadt", "Darmstadt, Wissenschaftsstadt", True),
        ("Wissenschaftsstadt Darmstadt", "Darmstadt, Wissenschaftsstadt", True),
        ("Stadt Darmstadt", "Darmstadt, Wissenschaftsstadt", True),
        ("DARMSTADT", "Darmstadt, Wissenschaftsstadt", True),
        ("Frankfurt a. M.", "Frankfurt am Main, Stadt", True),
        ("Frankfurt a.M.", "Frankfurt am Main, Stadt", True),
        ("Frankfurt/Main", "Frankfurt am Main, Stadt", True),
        ("Frankfurt", "Frankfurt am Main, Stadt", True),
        ("Höchst im Odenwald", "Höchst i. Odw.", True),
        ("Hoechst i. Odw.", "Höchst i. Odw.", True),
        ("Limburg a. d. Lahn", "Limburg a.d. Lahn, Kreisstadt", True),
        ("Limburg an der Lahn", "Limburg a.d. Lahn, Kreisstadt", True),
        ("Bad Homburg v. d. Höhe", "Bad Homburg v.d. Höhe, Stadt", True),
        ("Bad Homburg", "Bad Homburg v.d. Höhe, Stadt", True),
        ("Friedberg", "Friedberg (Hessen), Kreisstadt", True),
        ("Friedberg/Hessen", "Friedberg (Hessen), Kreisstadt", True),
        ("Friedberg (Hess.)", "Friedberg (Hessen), Kreisstadt", True),
        ("Gross-Gerau", "Groß-Gerau, Stadt", True),
        ("Groß Gerau", "Groß-Gerau, Stadt", True),
        ("Stadtallendorf", "Stadtallendorf, Stadt", True),
        ("Lautertal", "Lautertal (Odenwald)", True),
        ("Lautertal (Odw.)", "Lautertal (Odenwald)", True),
        ("Oberursel/Ts", "Oberursel (Taunus), Stadt", True),
        ("Lautertal (Vogelsberg)", "Lautertal (Odenwald)", False),
        ("Kassel", "Darmstadt, Wissenschaftsstadt", False),
        ("Bensheim", "Biblis", False),
        ("Bad Soden am Taunus", "Bad Soden-Salmünster, Stadt", False),
        ("Bad", "Bad Orb, Stadt", False),
        ("D.", "Darmstadt, Wissenschaftsstadt", False),
        ("B", "Bensheim, Stadt", False),
        ("12345", "Bensheim, Stadt", False),
        ("Offenbach am Main", "Frankfurt am Main, Stadt", False),
        ("Frankfurt (Main)", "Frankfurt am Main, Stadt", True),
        ("Frankfurt (Oder), Stadt", "Frankfurt am Main, Stadt", False),
        ("Frankfurt, Oder", "Frankfurt am Main, Stadt", False),
        ("Frankfurt an der Oder", "Frankfurt am Main, Stadt", False),
        ("Rotenburg (Wümme), Stadt", "Rotenburg a. d. Fulda, Stadt", False),
        ("Rotenburg/Fulda", "Rotenburg a. d. Fulda, Stadt", True),
        ("Bad Ems", "Bad Emstal", False),
        ("Bad Emst.", "Bad Emstal", True),
        ("Darmstadt-Dieburg", "Dieburg, Stadt", False),
        ("Naumburg (Saale)", "Naumburg, Stadt", False),
        ("Naumburg, Saale", "Naumburg, Stadt", False),
        ("Naumburg (Hessen)", "Naumburg, Stadt", True),
        ("Frankfurt (Hessen)", "Frankfurt am Main, Stadt", False),
        ("Homberg, Ohm", "Homberg (Efze), Reformationsstadt, Kreisstadt", False),
        ("Homberg, Efze", "Homberg (Efze), Reformationsstadt, Kreisstadt", True),
        ("Reformationsstadt Homberg (Efze)", "Homberg (Efze), Reformationsstadt, Kreisstadt", True),
        ("Konrad-Zuse-Stadt Hünfeld", "Hünfeld, Konrad-Zuse-Stadt", True),
        ("Hünfeld, krfr. St.", "Hünfeld, Konrad-Zuse-Stadt", True),
        ("Haunetal, Marktgem.", "Haunetal, Marktgemeinde", True),
    ],
)
def test_same_name(written, official, same):
    assert same_name(written, official) is same


# --- what a message shows


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2025, 1, 1), "„01.01.2025“"),  # noqa: DTZ001
        (datetime(2025, 1, 1, 8, 30), "„01.01.2025 08:30“"),  # noqa: DTZ001
        (date(2025, 1, 1), "„01.01.2025“"),
        (True, "„WAHR“"),
        (False, "„FALSCH“"),
        (49.5, "„49,5“"),
        (49.0, "„49“"),
        ("1.5", "„1.5“"),
    ],
)
def test_message_shows_what_the_spreadsheet_shows(value, text):
    assert shown(value) == text


@pytest.mark.parametrize("error", ["#NV", "#N/A", "#BEZUG!", "#REF!", "#DIV/0!", "#WERT!", "#NAME?", " #nv "])
@pytest.mark.parametrize("reader", [read_text, read_line, read_name, read_email])
def test_error_of_a_spreadsheet_is_refused(reader, error):
    assert value_of(reader(error)) is Refused


@pytest.mark.parametrize("text", ["#1 in Hessen", "#NV siehe Anlage"])
def test_text_that_only_looks_like_an_error_is_kept(text):
    assert read_text(text) == Read(text)
