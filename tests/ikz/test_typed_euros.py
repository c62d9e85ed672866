"""Amounts as people type them."""

from decimal import Decimal

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from applications.letter_forms import AmendmentForm, ApprovalForm
from applications.models import Budget, Cooperation, Participant, UsageReport, Variant
from applications.step_forms import TakeOverForm
from ikz.german import euros
from ikz.typed_euros import EurosField, read

GROUPS = "stehen die Punkte nicht vor je drei Ziffern. Bitte prüfen Sie den Betrag, zum Beispiel 100.000,50."
EXAMPLE = "ist kein Betrag. Bitte schreiben Sie ihn zum Beispiel so: 100.000,50."
COMMA = "Bitte schreiben Sie den Betrag mit Komma vor den Cent, Punkte nur vor je drei Ziffern."


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("0", "0"),
        ("12", "12"),
        ("12,5", "12.5"),
        ("12,50", "12.50"),
        ("1.234", "1234"),
        ("1.234,50", "1234.50"),
        ("100.000", "100000"),
        ("10.000.000,01", "10000000.01"),
        ("100000,01", "100000.01"),
        (" 1 234,50 € ", "1234.50"),
        ("1\N{NARROW NO-BREAK SPACE}234 EUR", "1234"),
        ("1'234", "1234"),
        ("-5", "-5"),
        ("\N{MINUS SIGN}5", "-5"),
    ],
)
def test_amount_is_read_the_german_way(typed, amount):
    assert read(typed) == Decimal(amount)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("12.5", f"„12.5“ kann 12,50 oder 125 bedeuten. {COMMA}"),
        ("12.50", f"„12.50“ kann 12,50 oder 1.250 bedeuten. {COMMA}"),
        ("1234.567", f"„1234.567“ kann 1234,567 oder 1.234.567 bedeuten. {COMMA}"),
        ("0.500", f"„0.500“ kann 0,500 oder 500 bedeuten. {COMMA}"),
        ("1.00.000", f"In „1.00.000“ {GROUPS}"),
        ("1.000.00", f"In „1.000.00“ {GROUPS}"),
        ("1.0000,5", f"In „1.0000,5“ {GROUPS}"),
        ("1..000", f"In „1..000“ {GROUPS}"),
        ("1e4", f"„1e4“ {EXAMPLE}"),
        ("1E5", f"„1E5“ {EXAMPLE}"),
        ("1,234.50", f"„1,234.50“ {EXAMPLE}"),
        ("1,2,3", f"„1,2,3“ {EXAMPLE}"),
        ("1.234 567", f"„1.234 567“ {EXAMPLE}"),
        (",50", f"„,50“ {EXAMPLE}"),
        ("100,", f"„100,“ {EXAMPLE}"),
        ("NaN", f"„NaN“ {EXAMPLE}"),
        ("Infinity", f"„Infinity“ {EXAMPLE}"),
        ("٣", f"„٣“ {EXAMPLE}"),
        ("zwölf", f"„zwölf“ {EXAMPLE}"),
        ("+5", f"„+5“ {EXAMPLE}"),
    ],
)
def test_what_is_a_slip_or_could_mean_two_things_is_refused(typed, sentence):
    assert read(typed) == sentence


@given(st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2))
def test_what_we_write_is_read(amount):
    assert read(euros(amount)) == amount


@pytest.mark.parametrize(
    "field",
    [
        ApprovalForm.base_fields["amount"],
        AmendmentForm.base_fields["amount"],
        TakeOverForm.base_fields["amount"],
        *(
            model._meta.get_field(name).formfield()
            for model, name in [
                (Budget, "allocated"),
                (Cooperation, "personnel_after"),
                (Participant, "material_before"),
                (UsageReport, "spent"),
                (Variant, "cap"),
            ]
        ),
    ],
)
def test_every_form_reads_amounts_this_way(field):
    assert isinstance(field, EurosField)
    assert field.clean("1.234,50") == Decimal("1234.50")
    assert field.widget.format_value(Decimal("1234.50")) == "1.234,50"
    for typed in ("1.00.000", "1e4", "12.5"):
        with pytest.raises(forms.ValidationError, match="Bitte"):
            field.clean(typed)


def test_empty_field_is_no_amount():
    assert EurosField(required=False).clean(" ") is None
