"""Amounts as people type them: the German way, and nothing that could mean two things."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from ikz.german import MINUS

EXAMPLE = "Bitte schreiben Sie ihn zum Beispiel so: 100.000,50."
BLANKS = r"[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+"  # a narrow one between thousands is good German too
GERMAN = re.compile(r"-?(?:[0-9]+|[1-9][0-9]{0,2}(?P<mark>[. ’'])[0-9]{3}(?:(?P=mark)[0-9]{3})*)(?:,[0-9]+)?")
ONE_POINT = re.compile(r"([0-9]+)\.([0-9]+)")
POINTS = re.compile(r"[0-9.]+(?:,[0-9]+)?")


def read(text: str) -> Decimal | str:
    """The amount, or the sentence of why it is none. A minus is read: who forbids it, says so."""
    plain = re.sub(BLANKS, " ", text).strip().removesuffix("€").removesuffix("EUR").strip().replace(MINUS, "-")
    if GERMAN.fullmatch(plain):
        return Decimal(re.sub(r"[. ’']", "", plain).replace(",", "."))
    typed = f"„{plain[:60]}“"
    if found := ONE_POINT.fullmatch(plain):
        whole, rest = found.groups()
        cents = f"{whole},{rest:0<2}"
        return (
            f"{typed} kann {cents} oder {_grouped(whole + rest)} bedeuten. Bitte schreiben Sie den Betrag mit Komma vor den "
            f"Cent, Punkte nur vor je drei Ziffern."
        )
    if POINTS.fullmatch(plain) and "." in plain:
        return f"In {typed} stehen die Punkte nicht vor je drei Ziffern. Bitte prüfen Sie den Betrag, zum Beispiel 100.000,50."
    return f"{typed} ist kein Betrag. {EXAMPLE}"


def _grouped(digits: str) -> str:
    return f"{int(digits):,}".replace(",", ".")


class EurosField(forms.DecimalField):
    def __init__(self, **options):
        super().__init__(**{"localize": True, **options})

    def to_python(self, value):
        if not isinstance(value, str):
            return super().to_python(value)
        amount = read(value) if value.strip() else None
        if isinstance(amount, str):
            raise ValidationError(amount)
        return amount


class EurosColumn(models.DecimalField):
    """A column like any other for the database; every form of it reads amounts the same way."""

    def formfield(self, **options):
        return super().formfield(**{"form_class": EurosField, **options})

    def deconstruct(self):
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.DecimalField", args, options
