"""One case with everything a letter can say, and the facts of each kind. Nothing is random but the code."""

from datetime import date
from decimal import Decimal

from applications.letter_kinds import LetterKind
from municipalities.models import Kind, Municipality
from tests.factories import ApplicationFactory, CooperationFactory, CorrectionRequestFactory, OpinionFactory, clerk

DAY = date(2026, 11, 23)
KINDS = list(LetterKind)


def case(**fields):
    kreis = Municipality.objects.create(ags="06431", name="Bergstraße", kind=Kind.DISTRICT, postal_code="64646")
    bodies = [
        Municipality.objects.create(ags=ags, name=name, kind=kind, district=kreis, postal_code=code)
        for ags, name, kind, code in [
            ("06431002", "Bensheim", Kind.TOWN, "64625"),
            ("06431014", "Lautertal (Odenwald)", Kind.MUNICIPALITY, "64686"),
            ("06431022", "Zwingenberg", Kind.TOWN, "64673"),
        ]
    ]
    cooperation = CooperationFactory(
        title="Gemeinsamer Bauhof",
        purpose="Die drei Kommunen betreiben ihre Bauhöfe gemeinsam.",
        participants=bodies,
    )
    return ApplicationFactory(
        cooperation=cooperation, by=clerk(first_name="Anna", last_name="Arndt"), received_on=date(2026, 9, 1), **fields
    )


def facts(kind, application) -> dict:
    match kind:
        case LetterKind.GRANT:
            period = (date(2027, 1, 1), date(2031, 12, 31))
            return {"amount": Decimal(70000), "period": period, "report_due_on": date(2030, 3, 31)}
        case LetterKind.REFUSAL:
            return {"reasons": "Die erwartete Einsparung beträgt 11,20 % und erreicht die verlangten 15 % nicht."}
        case LetterKind.REVOCATION:
            return _revocation()
        case LetterKind.CORRECTION_REQUEST:
            request = CorrectionRequestFactory(application=application, requested_by=application.clerk)
            request.items.create(text="Beschluss mit Datum", participant=application.participants[1])
            request.items.create(text="unterschriebene Vereinbarung")
            return {"request": request}
        case LetterKind.OPINION_REQUEST:
            return {"opinion": OpinionFactory(application=application), "due_on": date(2027, 1, 15)}
        case LetterKind.HEARING:
            return {
                "intended": "den Antrag abzulehnen",
                "reasons": "Es fehlt ein Beschluss.",
                "due_on": date(2027, 1, 15),
            }
        case LetterKind.CORRECTING:
            return {"corrections": [("31.12.2013", "31.12.2031")]}
        case LetterKind.REMINDER:
            return {"about": "den Verwendungsnachweis", "due_on": date(2030, 6, 30)}
    return {}


def _revocation():
    return {
        "granted": Decimal(75000),
        "amount": Decimal(25000),
        "reasons": "Die Stadt Zwingenberg ist zum 30.06.2028 ausgeschieden.",
        "legal_basis": "§ 49 Abs. 3 Satz 1 Nr. 2 HVwVfG",
        "repayment": Decimal(25000),
        "due_on": date(2029, 1, 31),
        "interest": [
            (date(2028, 7, 1), date(2028, 12, 31), 184, Decimal("8.27"), Decimal("1042.19")),
            (date(2029, 1, 1), date(2029, 1, 31), 31, Decimal("8.02"), Decimal("170.29")),
        ],
    }
