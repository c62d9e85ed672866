"""One case with everything a letter can say, and the facts of each kind. Nothing is random but the code."""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from django.utils.timezone import make_aware
from time_machine import travel

from applications import notices
from applications.letter_kinds import LetterKind
from ikz import clock
from municipalities.models import Kind, Municipality
from tests.factories import (
    ApplicationFactory,
    CooperationFactory,
    CorrectionRequestFactory,
    OpinionFactory,
    case_in,
    clerk,
)
from tests.stationery import stationery

DAY = date(2026, 11, 23)
KINDS = list(LetterKind)


def cooperation(*keys):
    """A group to which letters can be addressed: three bodies, or those of the keys."""
    kreis = Municipality.objects.create(ags="06431", name="Bergstraße", kind=Kind.DISTRICT, postal_code="64646")
    bodies = [
        Municipality.objects.create(ags=ags, name=name, kind=kind, district=kreis, postal_code=code)
        for ags, name, kind, code in [
            ("06431002", "Bensheim", Kind.TOWN, "64625"),
            ("06431014", "Lautertal (Odenwald)", Kind.MUNICIPALITY, "64686"),
            ("06431022", "Zwingenberg", Kind.TOWN, "64673"),
        ]
        if ags in (keys or [ags])
    ]
    return CooperationFactory(
        title="Gemeinsamer Bauhof",
        purpose="Die drei Kommunen betreiben ihre Bauhöfe gemeinsam.",
        participants=bodies,
    )


def case(**fields):
    return ApplicationFactory(
        cooperation=fields.pop("cooperation", None) or cooperation(),
        by=clerk(first_name="Anna", last_name="Arndt"),
        received_on=date(2026, 9, 1),
        **fields,
    )


@dataclass(frozen=True)
class Writable:
    """Ground to stand on (tests/ground.py): a case of which letters can be written, in this state since then, or today."""

    state: str
    since: str = ""

    def __call__(self):
        with travel(self.since) if self.since else nullcontext():
            stationery()
            return case_in(self.state, cooperation=cooperation()).pk


def on(state, since=""):
    return pytest.mark.parametrize("ground", [Writable(state, since)], indirect=True, ids=[state])


@dataclass(frozen=True)
class Issued:
    """Ground to stand on: a letter of this kind."""

    kind: LetterKind

    def __call__(self):
        stationery()
        return issue(self.kind).pk


@dataclass(frozen=True)
class Drafted:
    """Ground to stand on: the PDF of a draft of this kind."""

    kind: LetterKind

    def __call__(self):
        stationery()
        return preview(self.kind)


def granted():
    """The Zuwendungsbescheid, of today, of a case that was granted today."""
    application = case_in("approved", cooperation=cooperation())
    return notices.issue(application, LetterKind.GRANT, by=application.clerk, **PLAIN_FACTS[LetterKind.GRANT])


def facts(kind, application) -> dict:
    """What the caller has to know besides the case."""
    if kind == LetterKind.CORRECTION_REQUEST:
        request = CorrectionRequestFactory(application=application, requested_by=application.clerk)
        request.items.create(text="Beschluss mit Datum", participant=application.participants[1])
        request.items.create(text="unterschriebene Vereinbarung")
        return {"request": request}
    if kind == LetterKind.OPINION_REQUEST:
        return {"opinion": OpinionFactory(application=application), "due_on": date(2027, 1, 15)}
    return PLAIN_FACTS.get(kind, {})


def facts_again(kind, application) -> dict:
    """The facts of a letter that was issued already."""
    if kind == LetterKind.CORRECTION_REQUEST:
        return {"request": application.correctionrequests.get()}
    if kind == LetterKind.OPINION_REQUEST:
        return {"opinion": application.opinions.first(), "due_on": date(2027, 1, 15)}
    return PLAIN_FACTS.get(kind, {})


def earlier_for(kind, application):
    """The letter that a letter of this kind needs to refer to, or None."""
    if kind != LetterKind.CORRECTING:
        return None
    grant = facts(LetterKind.GRANT, application)
    with noon(date(2026, 11, 20)):
        return notices.issue(application, LetterKind.GRANT, by=application.clerk, **grant)


def noon(day):
    """A letter bears the date of the day on which it is made."""
    return clock.at(make_aware(datetime.combine(day, time(12))))


def preview(kind, application=None) -> bytes:
    application = application or case()
    more = {"refers_to": earlier_for(kind, application), **facts(kind, application)}
    with noon(DAY):
        return notices.preview(application, kind, by=application.clerk, **more)


def preview_to(recipient) -> bytes:
    application = case()
    with noon(DAY):
        return notices.preview(application, LetterKind.RECEIPT, by=application.clerk, recipient=recipient)


def issue(kind, application=None, *, on=DAY, **more):
    application = application or case()
    more = {"refers_to": earlier_for(kind, application), **facts(kind, application), **more}
    with noon(on):
        return notices.issue(application, kind, by=application.clerk, **more)


PLAIN_FACTS = {
    LetterKind.GRANT: {
        "amount": Decimal(70000),
        "period": (date(2027, 1, 1), date(2031, 12, 31)),
        "report_due_on": date(2030, 3, 31),
    },
    LetterKind.AMENDMENT: {
        "amount": Decimal(80000),
        "granted": Decimal(75000),
        "in_force": "Zuwendungsbescheid vom 20.11.2026",
        "reasons": "Eine weitere Stelle fällt weg.",
        "legal_basis": "§§ 23 und 44 LHO",
    },
    LetterKind.REFUSAL: {
        "reasons": "Die erwartete Einsparung beträgt 11,20 % und erreicht die verlangten 15 % nicht.",
    },
    LetterKind.HEARING: {
        "intended": "den Antrag abzulehnen",
        "reasons": "Es fehlt ein Beschluss.",
        "due_on": date(2027, 1, 15),
    },
    LetterKind.CORRECTING: {"corrections": [("31.12.2013", "31.12.2031")]},
    LetterKind.REMINDER: {"about": "den Verwendungsnachweis", "due_on": date(2030, 6, 30)},
    LetterKind.REVOCATION: {
        "texts": {"revocation-anhoerung": "", "revocation-erstattung": ""},
        "granted": Decimal(75000),
        "in_force": "Zuwendungsbescheid vom 20.11.2026",
        "amount": Decimal(25000),
        "reasons": "Die Stadt Zwingenberg ist zum 30.06.2028 ausgeschieden.",
        "legal_basis": "§ 49 Abs. 3 Satz 1 Nr. 2 HVwVfG",
        "repayment": Decimal(25000),
        "known_on": date(2028, 7, 3),
        "since": date(2028, 6, 30),
        "due_on": date(2029, 1, 31),
        "interest": [
            (date(2028, 7, 1), date(2028, 12, 31), 184, Decimal("8.27"), Decimal("1042.19")),
            (date(2029, 1, 1), date(2029, 1, 31), 31, Decimal("8.02"), Decimal("170.29")),
        ],
    },
}
