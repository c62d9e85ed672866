"""What letters need before one can be issued, and forms as a browser sends them."""

from datetime import date, timedelta
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from applications import letter_base_data, notices
from applications.expenditure_table import german
from applications.letter_kinds import Intention
from applications.models import Hearing, Letterhead
from ikz import clock
from tests.factories import clerk


def stationery(**fields):
    """The delivered text blocks, and the delivered letterhead with what only the ministry knows."""
    letter_base_data.load()
    letterhead = Letterhead.objects.get()
    known = {
        "signatory": "Dr. Maria Muster",
        "function": "Referatsleiterin",
        "phone": "0611 353-0",
        "email": "ikz@ministerium.example",
        "bank": "DE02 1203 0000 0000 2020 51",
        "note": "Hinweise zum Datenschutz: innen.hessen.de/datenschutz.",
    }
    for name, value in {**known, **fields}.items():
        setattr(letterhead, name, value)
    letterhead.save()
    return letterhead


def as_sent(form, **answers):
    """What the browser sends of a form that a person opened, with these answers changed."""
    first = {name: form[name].value() for name in form.fields}
    first |= {name: german(value) for name, value in first.items() if isinstance(value, Decimal)}
    return {name: value for name, value in {**first, **answers}.items() if value not in (None, False)}


def _letter_of(hearing):
    notice = notices.issue(
        hearing.application,
        "hearing",
        by=hearing.by,
        recipient=["Magistrat der Stadt A", "64625 A"],
        intended=Intention(hearing.intention).label,
        reasons=hearing.reasons,
        due_on=hearing.due_on,
    )
    if hearing.sent_on:
        notice.delivery, notice.posted_on = "post", hearing.sent_on
        notice.save()
    return notice


class HearingFactory(DjangoModelFactory):
    """Its letter went out in good time; `sent_on=None`: nobody wrote down that it did."""

    class Meta:
        model = Hearing

    class Params:
        by = factory.LazyFunction(clerk)
        sent_on = factory.LazyAttribute(lambda hearing: min(clock.today(), hearing.due_on - timedelta(days=14)))

    intention = "refuse"
    reasons = "Die Einsparung fehlt."
    due_on = date(2027, 1, 15)
    notice = factory.LazyAttribute(_letter_of)
