"""What was brought, in words: for a page that only shows it because nothing can be changed any more."""

from datetime import date
from decimal import Decimal

from django.utils.text import capfirst

from applications.timeline import CHOICES_OF_LISTS
from ikz.german import day, euros, listing


def facts(form) -> list[tuple[str, str]]:
    """What the record of a form says, as label and words. Without what is empty; nothing at all before it was brought."""
    record = getattr(form, "instance", None)
    if record is None or record.pk is None:
        return []
    names = [name for name in form._meta.fields if getattr(record, name) not in (None, "", [])]
    return [(_label(form, name), _said(record, name)) for name in names] + _signatures(form)


def _label(form, name):
    field = form.fields.get(name)
    return field.label if field else capfirst(form.instance._meta.get_field(name).verbose_name)


def _said(record, name) -> str:
    match getattr(record, name):
        case bool(value):
            return "ja" if value else "nein"
        case Decimal() as amount:  # every decimal of a case is money
            return euros(amount)
        case date() as value:
            return day(value)
        case list(codes):
            return listing([CHOICES_OF_LISTS.get(each, each) for each in codes])
        case value:
            return str(dict(record._meta.get_field(name).flatchoices).get(value, value))


def _signatures(form):
    signed = [each for each in getattr(form, "signatures", ()) if each.signature.signed_on]
    return [(f"Unterschriften für {each.name}", _who_signed(each.signature)) for each in signed]


def _who_signed(signature):
    return f"{signature.signatory_1}; {signature.signatory_2}; {day(signature.signed_on)}"
