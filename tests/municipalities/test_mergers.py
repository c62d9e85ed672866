"""Who may succeed whom: one rule, asked by the form and by files."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from municipalities.mergers import Party, objection
from municipalities.models import Kind, Municipality
from municipalities.register_import import RegisterFile, import_register, preview
from municipalities.register_rows import Outcome
from tests.factories import MunicipalityFactory
from tests.municipalities.register_samples import csv_bytes

END = date(2026, 12, 31)
ENDING = Party(1, "Biblis", "municipality", valid_to=END)
SUCCESSOR = Party(2, "Bensheim", "town")
NOT_THAT_DAY = (
    "Die Nachfolgerin Bensheim besteht am 01.01.2027 nicht, dem Tag nach „gültig bis“. Bitte prüfen Sie das Datum oder "
    "wählen Sie eine andere Nachfolgerin."
)
CASES = [
    (ENDING, replace(SUCCESSOR, valid_to=END), NOT_THAT_DAY),
    (ENDING, replace(SUCCESSOR, valid_to=date(2010, 1, 1)), NOT_THAT_DAY),
    (ENDING, replace(SUCCESSOR, valid_from=date(2027, 1, 2)), NOT_THAT_DAY),
    (
        ENDING,
        Party(2, "Landkreis Bergstraße", "district"),
        "Landkreis Bergstraße ist von anderer Art und kann keine Nachfolgerin von Biblis sein. Bitte wählen Sie die "
        "Kommune, in der sie aufgegangen ist.",
    ),
    (ENDING, SUCCESSOR, ""),
    (ENDING, replace(SUCCESSOR, valid_from=date(2027, 1, 1)), ""),
    (ENDING, replace(SUCCESSOR, valid_to=date(2027, 1, 1)), ""),
    (
        replace(ENDING, valid_to=None),
        SUCCESSOR,
        "Eine Nachfolgerin ist angegeben, aber kein „gültig bis“. Bitte ergänzen Sie das Datum.",
    ),
]
cases = pytest.mark.parametrize(("ending", "successor", "told"), CASES)


@cases
def test_rule(ending, successor, told):
    assert objection(ending, successor, {}.get) == told


def test_nobody_succeeds_themselves_nor_in_a_circle():
    assert objection(ENDING, None, {}.get) == ""
    assert objection(ENDING, ENDING, {}.get) == (
        "Eine Kommune kann nicht ihre eigene Nachfolgerin sein. Bitte wählen Sie eine andere."
    )
    circle = "Die Nachfolgerinnen bilden einen Kreis. Bitte wählen Sie eine andere Nachfolgerin."
    assert objection(ENDING, SUCCESSOR, {2: 3, 3: 1}.get) == circle
    assert objection(ENDING, SUCCESSOR, {2: 3, 3: 2}.get) == circle
    assert objection(ENDING, SUCCESSOR, {2: 3}.get) == ""


@pytest.fixture
def kreis(db):
    return MunicipalityFactory(bergstrasse=True)


def bodies(kreis, successor):
    """Biblis, and who is to succeed it, as they stand in the register."""
    biblis = MunicipalityFactory(ags="06431003", name="Biblis", district=kreis)
    if successor.kind == "district":
        return biblis, kreis
    validity = {"valid_from": successor.valid_from, "valid_to": successor.valid_to}
    return biblis, MunicipalityFactory(ags="06431002", name="Bensheim", kind=Kind.TOWN, district=kreis, **validity)


@cases
def test_form_follows_the_rule(kreis, ending, successor, told):
    biblis, following = bodies(kreis, successor)
    biblis.valid_to, biblis.successor = ending.valid_to, following

    if not told:
        biblis.full_clean()
        return
    with pytest.raises(ValidationError) as refused:
        biblis.full_clean()
    assert refused.value.message_dict == {"successor": [told]}


@cases
def test_file_follows_the_rule(kreis, ending, successor, told):
    _, following = bodies(kreis, successor)
    end = f"{ending.valid_to:%d.%m.%Y}" if ending.valid_to else ""
    rows = [["AGS", "Name", "gültig bis", "Nachfolgerin"], ["06431003", "Biblis", end, following.ags]]

    (row,) = preview(RegisterFile(csv_bytes(rows), "fusion.csv")).rows

    assert row.messages == ([f"Zeile 2: {told}"] if told else [])
    assert row.outcome == (Outcome.REFUSED if told else Outcome.IMPORTED)


@pytest.mark.parametrize("first", [0, 1])
def test_file_that_dissolves_the_successor_as_well(kreis, first):
    """What counts is the register after the whole file, in whatever order its rows stand."""
    bodies(kreis, SUCCESSOR)
    ends = [["06431003", "Biblis", "31.12.2026", "06431002"], ["06431002", "Bensheim", "31.12.2026", ""]]
    rows = [["AGS", "Name", "gültig bis", "Nachfolgerin"], ends[first], ends[1 - first]]

    found = {row.ags: row for row in preview(RegisterFile(csv_bytes(rows), "fusion.csv")).rows}

    assert found["06431002"].outcome == Outcome.IMPORTED
    assert found["06431003"].messages == [f"Zeile {2 + first}: {NOT_THAT_DAY}"]


def test_end_that_moves_past_the_successor_is_refused(kreis):
    biblis, bensheim = bodies(kreis, replace(SUCCESSOR, valid_to=date(2028, 12, 31)))
    Municipality.objects.filter(pk=biblis.pk).update(valid_to=END, successor=bensheim)

    (row,) = preview(
        RegisterFile(csv_bytes([["AGS", "Name", "gültig bis"], ["06431003", "Biblis", "31.12.2028"]]), "x.csv")
    ).rows

    assert row.outcome == Outcome.REFUSED


def test_successor_whose_new_row_was_refused(kreis):
    bodies(kreis, SUCCESSOR)
    header = ["AGS", "Name", "Art", "Reg.-Bez.", "gültig ab", "gültig bis", "Nachfolgerin"]
    new = ["06431099", "Neustadt", "Stadt", "Darmstadt", "01.01.2027", "", ""]
    old = ["06431003", "Biblis", "Gemeinde", "", "", "31.12.2026", "06431099"]

    (refused, lost) = preview(
        RegisterFile(csv_bytes([header, [*new[:3], "Kassel", *new[4:]], old]), "x.csv", new_keys=True)
    ).rows
    import_register(RegisterFile(csv_bytes([header, new, old]), "x.csv", new_keys=True), by=None)

    assert refused.outcome == Outcome.REFUSED
    assert lost.messages == [
        "Zeile 3: Die Zeile der Nachfolgerin 06431099 wurde abgelehnt. Bitte berichtigen Sie zuerst diese."
    ]
    assert Municipality.objects.get(ags="06431003").successor.ags == "06431099"
