"""What a revocation says beside its reasons: legal bases and the days of repayment and interest. Imports no models."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from applications import due_dates, interest
from applications.periods import working_day_from
from ikz.german import day

# The bases that fit a grant, as the notice quotes them; the first one is the usual.
BASES = (
    "§ 49 Abs. 3 Satz 1 Nr. 1 HVwVfG",  # not, not soon or no longer used for its purpose
    "§ 49 Abs. 3 Satz 1 Nr. 2 HVwVfG",  # a condition is not or not in time fulfilled
    "§ 49 Abs. 2 Satz 1 Nr. 1 HVwVfG",  # the grant reserves it (Widerrufsvorbehalt of its Nebenbestimmungen)
    "§ 49 Abs. 2 Satz 1 Nr. 3 HVwVfG",  # facts that came later
    "§ 48 Abs. 1 HVwVfG",  # the grant was unlawful
)
FOR_THE_FUTURE = BASES[2:4]  # § 49 Abs. 2 Satz 1: „mit Wirkung für die Zukunft“
MEANING = {
    BASES[0]: "nicht, nicht alsbald oder nicht mehr für den Zweck verwendet",
    BASES[1]: "Auflage nicht oder nicht fristgerecht erfüllt",
    BASES[2]: "im Bescheid vorbehalten, nur für die Zukunft: Ausgezahltes kommt nicht zurück",
    BASES[3]: "nachträglich eingetretene Tatsachen, nur für die Zukunft: Ausgezahltes kommt nicht zurück",
    BASES[4]: "Rücknahme, weil der Bescheid rechtswidrig war",
}


class Wording(NamedTuple):
    """How a notice speaks of what it does: § 48 takes back what was unlawful (Rücknahme), § 49 revokes (Widerruf)."""

    notice: str
    act: str
    done: str
    time_limit: str  # of one year from knowing the facts


REVOKED = Wording(
    "Widerrufsbescheid", "Der Widerruf", "widerrufen", "§ 49 Abs. 3 Satz 2 in Verbindung mit § 48 Abs. 4 HVwVfG"
)
REVOKED_FOR_THE_FUTURE = REVOKED._replace(time_limit="§ 49 Abs. 2 Satz 2 in Verbindung mit § 48 Abs. 4 HVwVfG")
TAKEN_BACK = Wording("Rücknahmebescheid", "Die Rücknahme", "zurückgenommen", "§ 48 Abs. 4 HVwVfG")


def wording(legal_basis: str) -> Wording:
    if legal_basis.startswith("§ 48 "):
        return TAKEN_BACK
    return REVOKED_FOR_THE_FUTURE if legal_basis in FOR_THE_FUTURE else REVOKED


def asks_for_trust(legal_basis: str) -> bool:
    """Whether the notice has to say something of the recipient's trust in the unlawful grant (HVwVfG § 48 Abs. 2)."""
    return wording(legal_basis) is TAKEN_BACK


def brings_money_back(legal_basis: str, *, was_paid: bool) -> bool:
    """HVwVfG § 49a Abs. 1: to be repaid is what was revoked or taken back with effect for the past."""
    return was_paid and legal_basis not in FOR_THE_FUTURE


def effect(*, repayment: Decimal, since: date | None) -> str | None:
    """From when the notice works, as its operative part says it; None while the day is missing.

    What comes back is revoked for the past, from the day on which the grant lost its effect: interest runs from it (HVwVfG
    § 49a Abs. 3 Satz 1). Where nothing comes back, what lies ahead is enough (§ 49 Abs. 2 and 3).
    """
    if not repayment:
        return "mit Wirkung für die Zukunft"
    return since and f"mit Wirkung für die Vergangenheit, vom {day(since)} an,"


TIME_TO_PAY = timedelta(days=30)  # usual, no rule: the decider may change the day


def first_terms(application, today: date) -> dict[str, object]:
    """What the file suggests. Money that was never paid needs no days."""
    facts = application.date_facts_or_none
    terms = {"legal_basis": BASES[0], "known_on": facts and facts.known_on}
    if not application.was_paid:
        return terms
    return terms | {
        "interest_since": _day_that_came(application.paid_on, today),
        "interest_until": today,
        "due_on": working_day_from(today + TIME_TO_PAY),
    }


def _day_that_came(known: date | None, today: date) -> date | None:
    return known if known and known <= today else None


def complaint_of_grounds(known_on: date | None, on_file: date | None, today: date, words: Wording) -> str | None:
    """The sentence of what is wrong with the day since which the grounds are known, or None.

    Within a year from that day the notice has to be made: HVwVfG § 48 Abs. 4, § 49 Abs. 2 Satz 2 and Abs. 3 Satz 2.
    """
    if known_on is None:
        return f"Bitte nennen Sie den Tag, seit dem die Gründe bekannt sind; von ihm an läuft ein Jahr ({words.time_limit})."
    if on_file and known_on != on_file:
        return (
            f"In den Fristangaben steht, dass die Gründe seit dem {day(on_file)} bekannt sind. Stimmt das nicht, berichtigt es "
            f"die Sachbearbeitung dort."
        )
    if known_on > today:
        return "Dieser Tag liegt in der Zukunft. Bitte prüfen Sie das Datum."
    if (last := due_dates.revocation_ends(known_on)) < today:
        return (
            f"{words.act} ist nicht mehr möglich: Die Jahresfrist ist am {day(last)} abgelaufen ({words.time_limit}). "
            f"Bitte prüfen Sie, seit wann die Gründe bekannt sind."
        )
    return None


def needless(**days) -> tuple[str, str] | None:
    """The first day that is given although no money comes back, and the sentence of it, or None."""
    if field := next((name for name, given in days.items() if given is not None), None):
        return field, (
            "Diese Rechtsgrundlage wirkt nur für die Zukunft; was ausgezahlt ist, kommt nicht zurück (HVwVfG § 49 Abs. 2, "
            "§ 49a Abs. 1). Bitte leeren Sie die Tage der Erstattung und der Zinsen, oder wählen Sie eine andere Rechtsgrundlage."
        )
    return None


def complaint(*, today: date, paid_on: date | None, interest_since=None, interest_until=None, due_on=None):
    """The field and the sentence of what cannot be about money that comes back, or None."""
    if due_on is None:
        return "due_on", "Bitte nennen Sie den Tag, bis zu dem die Zuwendung zu erstatten ist."
    if due_on <= today:
        return "due_on", "Bitte lassen Sie Zeit für die Zahlung: Der Tag muss in der Zukunft liegen."
    return _complaint_of_effect(today, paid_on, interest_since) or _complaint_of_interest(
        interest_since, interest_until, due_on
    )


def _complaint_of_effect(today, paid_on, since):
    if since is None:
        return "interest_since", "Bitte nennen Sie den Tag, seit dem der Bescheid unwirksam ist (HVwVfG § 49a Abs. 3)."
    if since > today:
        return (
            "interest_since",
            "Für die Vergangenheit wirkt der Bescheid von einem Tag an, der gekommen ist. Bitte nennen Sie einen Tag bis heute.",
        )
    if paid_on and since < paid_on:
        return (
            "interest_since",
            f"Zinsen laufen frühestens seit der Auszahlung am {day(paid_on)} (HVwVfG § 49a Abs. 3).",
        )
    return None


def _complaint_of_interest(since, until, due_on):
    if until is None:
        return None
    if until < since:
        return "interest_until", "Die Zinsen können nicht enden, bevor sie beginnen."
    if until > due_on:
        return (
            "interest_until",
            f"Bitte berechnen Sie die Zinsen höchstens bis zum {day(due_on)}, an dem zu zahlen ist; was danach anfällt, steht "
            f"noch nicht fest.",
        )
    return None


def interest_lines(revocation, rates) -> list[interest.InterestLine]:
    """The lines of the notice. Raises NoBaseRate where a half-year has no rate."""
    if not revocation.repayment or revocation.interest_until is None:
        return []
    days = {"since": revocation.interest_since, "until": revocation.interest_until}
    return interest.interest(revocation.repayment, rates=rates, **days)
