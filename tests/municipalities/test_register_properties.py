"""Whatever comes in: the reader answers with findings or with one sentence, and what was written out reads the same."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from municipalities.models import Kind
from municipalities.register import read_register
from municipalities.register_columns import LABELS
from municipalities.register_files import UnreadableFile
from municipalities.register_judgement import Options
from municipalities.register_rows import Outcome
from tests.municipalities.register_samples import HEADER, csv_bytes, xlsx_bytes

OPTIONS = Options(date(2026, 11, 22))
SETTINGS = settings(max_examples=40)

cells = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(
        ["06411000", "6411000", "167.029", "1.234", "31.12.2024", "Summe", "=1+1", "Darmstadt", "LK", "49,8"]
    ),
)
tables = st.lists(st.lists(cells, max_size=11), max_size=8)


def answers(data):
    """Findings for every row, or one sentence."""
    try:
        reading = read_register(data, "datei", [], OPTIONS)
    except UnreadableFile as refused:
        return str(refused).endswith(".")
    return all(row.outcome in Outcome and (row.outcome != Outcome.REFUSED or row.messages) for row in reading.rows)


@SETTINGS
@given(st.binary(max_size=300))
def test_no_bytes_crash_the_reader(data):
    assert answers(data)
    assert answers(b"PK\x03\x04" + data)
    assert answers(csv_bytes([HEADER]) + data)


@SETTINGS
@given(tables, st.sampled_from([";", ",", "\t"]), st.sampled_from(["utf-8", "utf-16"]))
def test_no_table_crashes_the_reader(rows, delimiter, encoding):
    assert answers(csv_bytes([HEADER, *rows], delimiter=delimiter).decode().encode(encoding))


@SETTINGS
@given(st.integers(0, 6000), st.integers(0, 255))
def test_no_damage_to_a_workbook_crashes_the_reader(place, byte):
    data = bytearray(WORKBOOK)
    data[place % len(data)] = byte

    assert answers(bytes(data))
    assert answers(bytes(data[: place % len(data)]))


WORKBOOK = xlsx_bytes([HEADER, ["06411000", "Darmstadt", "Stadt", 167029]])

bodies = st.lists(
    st.fixed_dictionaries(
        {
            "ags": st.integers(1, 999).map(lambda number: f"06431{number:03d}"),
            "name": st.text("abcdefghijäöüß -", min_size=3, max_size=20)
            .map(lambda t: " ".join(t.split()) or "x")
            .map("B".__add__),
            "kind": st.sampled_from([Kind.MUNICIPALITY, Kind.TOWN]),
            "population": st.integers(1, 999_999),
            "population_date": st.integers(0, 9000).map(lambda days: date(2000, 1, 1) + timedelta(days)),
            "area_km2": st.integers(1, 99_999).map(lambda hectares: Decimal(hectares) / 100),
            "postal_code": st.integers(1, 99_999).map(lambda number: f"{number:05d}"),
            "latitude": st.integers(49_300_000, 51_700_000)
            .filter(lambda n: n % 1_000_000)
            .map(lambda n: Decimal(n) / 1_000_000),
            "longitude": st.integers(7_700_000, 10_300_000)
            .filter(lambda n: n % 1_000_000)
            .map(lambda n: Decimal(n) / 1_000_000),
        }
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda body: body["ags"],
)


def german(value):
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, int):
        return f"{value:,}".replace(",", ".")
    return str(value).replace(".", ",") if isinstance(value, Decimal) else value


def english(value):
    return f"{value:,}" if isinstance(value, int | Decimal) else str(value)


def native(value):
    return float(value) if isinstance(value, Decimal) else str(value) if isinstance(value, Kind) else value


@pytest.mark.parametrize(
    ("write", "style"),
    [
        (csv_bytes, german),
        (csv_bytes, english),
        (lambda rows: csv_bytes(rows, delimiter="\t", encoding="utf-16"), german),
        (lambda rows: csv_bytes(rows, encoding="cp1252"), german),
        (xlsx_bytes, native),
        (xlsx_bytes, german),
    ],
)
@SETTINGS
@given(register=bodies)
def test_what_is_written_out_reads_the_same(write, style, register):
    names = sorted(register[0])
    rows = [[LABELS[name] for name in names], *[[style(body[name]) for name in names] for body in register]]

    reading = read_register(write(rows), "datei", [], OPTIONS)

    read = [{"ags": row.ags, **{name: row.values.get(name) for name in names if name != "ags"}} for row in reading.rows]
    assert read == register
