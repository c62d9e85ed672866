"""What a letter says: from the case and what belongs to its kind to the data that the templates set.

One function per kind (FACTS) returns the values of placeholders and the rows of tables. Works on the objects it is
given; writes nothing. Optional keys are left out, so that a None is always something that is missing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from applications import courts, letter_addresses, letter_wordings, revocation_terms, text_blocks, typesetting
from applications.grant_terms import LEGAL_BASIS, PAYMENT_RULE
from applications.letter_kinds import NOTICES, LetterKind, replaces
from ikz.german import day, euros, listing, percent

SALUTATION = "Sehr geehrte Damen und Herren,"


@dataclass(frozen=True)
class Passage:
    """A text block as one letter uses it: its words may be edited, `title` is how the clerk knows it."""

    title: str
    heading: str
    place: str
    text: str


@dataclass(frozen=True)
class Frame:
    """What is around the text of any letter."""

    letterhead: object
    dated_on: date
    code: str
    clerk: str
    is_draft: bool
    recipient: list[str] | None = None
    refers_to: object = None


def build(application, kind, frame: Frame, passages: Iterable[Passage], **facts) -> dict:
    """The data of a letter. Raises LetterRefused with what is missing."""
    passages = list(passages)
    values, tables = FACTS[kind](application, **facts)
    name = tables.get("kind", LetterKind(kind).label)
    values = _common(application, frame) | values
    placed = {place: [_section(each, values) for each in passages if each.place == place] for place in PLACES}
    _add_reference(placed, kind, frame)
    subject = f"{name}: Förderung der interkommunalen Zusammenarbeit, „{application.title}“"
    data = {
        "draft": frame.is_draft,
        "kind": name,
        "title": f"{'ENTWURF: ' if frame.is_draft else ''}{subject}",
        "subject": subject,
        "salutation": SALUTATION,
        "date": day(frame.dated_on),
        "code": frame.code,
        "file_number": application.file_number,
        "participants": _participants(application),
        **_around(application, kind, frame, facts),
        **placed,
        **tables,
    }
    if kind == LetterKind.REVOCATION and facts.get("repayment"):
        letter_wordings.require_effect(passages)
    if kind in NOTICES:
        data["remedy"] = courts.instruction(_court(application))
    return data


PLACES = ("before", "after")


def _common(application, frame) -> dict[str, str | None]:
    names = [each.display_name for each in _bodies(application)]
    refers_to = frame.refers_to
    return {
        "aktenzeichen": application.file_number,
        "antragsdatum": _day(application.received_on),
        "beteiligte": listing(names),
        "bezug": f"{refers_to.name} vom {day(refers_to.dated_on)}" if refers_to else None,
        "bindungsjahre": str(application.variant.binding_years or "") or None,
        "federfuehrung": application.lead.display_name if application.lead else None,
        "frueherer_fall": _earlier_case(application),
        "rahmenvereinbarung": application.variant.programme.name,
        "rechtsgrundlage": LEGAL_BASIS,
        "sachbearbeitung": frame.clerk,
        "variante": application.variant.label,
        "vorhaben": application.title,
        "zweck": application.cooperation.purpose.strip() or application.title,
    }


def _earlier_case(application) -> str | None:
    """„IKZ-2024-0007 (Gemeinsamer Bauhof, entschieden am 01.02.2024)“, or how an older file is called elsewhere."""
    earlier = application.earlier_case
    if earlier is None:
        return application.earlier_case_reference.strip() or None
    decided = f", entschieden am {day(earlier.decided_on)}" if earlier.decided_on else ""
    return f"{earlier.file_number} ({earlier.title}{decided})"


def _section(passage: Passage, values) -> dict:
    try:
        section = {"paragraphs": text_blocks.fill(passage.text, values)}
    except KeyError as missing:
        (name,) = missing.args
        raise typesetting.LetterRefused(
            f"Der Textbaustein „{passage.title}“ braucht {{{{{name}}}}} ({text_blocks.KNOWN.get(name, 'unbekannt')}). "
            f"Bitte ergänzen Sie die Angabe oder ändern Sie den Text."
        ) from None
    return section | ({"heading": passage.heading} if passage.heading else {})


def _add_reference(placed, kind, frame) -> None:
    """A letter that replaces another one says so before anything else; the sentence goes on after the salutation.

    A notice is lifted; a burdening one may be at any time (HVwVfG § 49 Abs. 1). A confirmation decided nothing.
    """
    earlier = frame.refers_to
    if earlier and replaces(kind, earlier.kind):
        lifted = "wird hiermit aufgehoben" if earlier.kind in NOTICES else "ist damit gegenstandslos"
        sentence = (
            f"dieses Schreiben ersetzt unser Schreiben „{earlier.name}“ vom {day(earlier.dated_on)} (Code {earlier.code}). "
            f"Jenes {lifted}."
        )
        placed["before"].insert(0, {"paragraphs": [{"text": sentence}]})


def _around(application, kind, frame, facts) -> dict:
    """Letterhead, address, information block, signature and final notes."""
    head = frame.letterhead
    contact = [head.street, head.place, *_given(head.phone, head.email, head.web)]
    return {
        "authority": {
            "authority": head.authority,
            **({"department": head.department} if head.department else {}),
            "sender": f"{head.authority} · {head.street} · {head.place}",
            "footer": contact,
        },
        "recipient": frame.recipient or _recipient(application, kind, facts),
        "information": _information(application, frame),
        "signatory": {"signatory": head.signatory, "function": head.function},
        "notes": _given(_account(head) if facts.get("repayment") else "", head.note),
    }


def _account(letterhead) -> str:
    """Where money is paid back to: the letter asks for it, so it has to say it."""
    if not letterhead.bank:
        raise typesetting.LetterRefused(
            "Im Briefkopf fehlt die Bankverbindung, auf die zu erstatten ist. Bitte lassen Sie sie von der Rolle Stammdaten "
            "unter „Briefköpfe“ eintragen."
        )
    return f"Bankverbindung: {letterhead.bank}"


def _given(*texts) -> list[str]:
    return [text for text in texts if text]


def _information(application, frame) -> list[list[str]]:
    rows = [
        ["Aktenzeichen", application.file_number],
        ["Früherer Fall", str(application.earlier_case or application.earlier_case_reference.strip())],
        ["Datum", day(frame.dated_on)],
        ["Bearbeitung", frame.clerk],
        ["Telefon", frame.letterhead.phone],
        ["E-Mail", frame.letterhead.email],
        ["Antrag eingegangen", _day(application.received_on) or ""],
    ]
    return [[label, value] for label, value in rows if value]


def _recipient(application, kind, facts) -> list[str]:
    if kind == LetterKind.OPINION_REQUEST:
        return letter_addresses.of_office(facts["opinion"], _bodies(application))
    if application.lead is None:
        raise typesetting.LetterRefused("Der Fall hat noch keine federführende Kommune. Bitte wählen Sie sie aus.")
    return letter_addresses.of_body(application.lead)


def _bodies(application) -> list:
    return [each.municipality for each in application.participants]


def _court(application):
    lead = application.lead
    seat = lead.ags or (lead.district.ags if lead.district else None)
    if court := courts.competent(seat):
        return court
    raise typesetting.LetterRefused(
        f"Für {lead.display_name} nennt das Register keinen Landkreis. Aus ihm folgt das zuständige Verwaltungsgericht. "
        f"Bitte ergänzen Sie ihn."
    )


def _participants(application) -> list[dict[str, str]]:
    bodies = _bodies(application)
    leads = "federführend" if len(bodies) > 1 else "antragstellend"
    return [
        {
            "name": each.display_name,
            "district": each.place or "–",
            "role": leads if each.pk == application.cooperation.lead_id else "beteiligt",
        }
        for each in bodies
    ]


def _day(value: date | None) -> str | None:
    return day(value) if value else None


def _euros(value: Decimal | None) -> str | None:
    return None if value is None else euros(value)


def grant(
    application,
    *,
    amount=None,
    period=None,
    report_due_on=None,
    payment_rule=PAYMENT_RULE,
    purpose="",
    legal_basis="",
    reasons="",
):
    """`amount` defaults to the decision's, or the proposal; `period` is its first and last day; `reasons` are those of
    another amount than the proposal."""
    granted = amount if amount is not None else application.amount_or_proposal
    values = {
        "betrag": _euros(granted),
        "bewilligungszeitraum": f"{day(period[0])} bis zum {day(period[1])}" if period else None,
        "nachweisdatum": _day(report_due_on),
        "auszahlung": payment_rule,
        "begruendung": reasons or (application.decision.reason if application.decision else ""),
    }
    values |= {"zweck": purpose} if purpose else {}
    values |= {"rechtsgrundlage": legal_basis} if legal_basis else {}
    return values, {"amounts": _amounts(application.proposal, granted), "amount": _euros(granted)}


def amendment(application, *, amount, granted, in_force=None, reasons="", legal_basis=""):
    """`granted` is what the grant said before, `amount` what it says from now on; `in_force` names its notice."""
    values = {
        "betrag": _euros(amount),
        "gewaehrter_betrag": _euros(granted),
        "begruendung": reasons,
        "bescheid": in_force,
    }
    values |= {"rechtsgrundlage": legal_basis} if legal_basis else {}
    change = "Erhöhung" if amount > granted else "Minderung"
    lines = [("Bisher bewilligt", granted), (change, amount - granted)]
    return values, {
        "amounts": [{"text": text, "amount": euros(value)} for text, value in lines],
        "amount": _euros(amount),
    }


def _amounts(proposal, granted) -> list[dict[str, str]]:
    """The lines of the proposal; another amount is a line of its own, so that the sum is right."""
    lines = [(line.text, line.amount) for line in proposal.lines] if proposal else []
    rest = (granted or Decimal(0)) - sum((amount for _text, amount in lines), Decimal(0))
    if rest:
        lines.append(("Festsetzung im Einzelfall", rest))
    return [{"text": text, "amount": euros(amount)} for text, amount in lines]


def refusal(application, *, reasons="", legal_basis=""):
    return {"begruendung": reasons, **({"rechtsgrundlage": legal_basis} if legal_basis else {})}, {}


def correction_request(application, *, request):
    items = [
        {
            "who": str(
                item.participant.municipality.display_name if item.participant else application.lead.display_name
            ),
            "what": item.text,
        }
        for item in request.items.all()
    ]
    if not items:
        raise typesetting.LetterRefused("Die Nachforderung hat noch keine Punkte. Bitte tragen Sie ein, was fehlt.")
    return {"anlass": request.subject, "frist": _day(request.due_on)}, {"items": items}


def opinion_request(application, *, opinion, due_on=None):
    office = letter_addresses.name_of_office(opinion, _bodies(application))
    return {"stelle": office, "frist": _day(due_on or opinion.due_on)}, {}


def hearing(application, *, intended="", reasons="", due_on=None):
    """`intended` is what the ministry means to do: „den Antrag abzulehnen“."""
    return {"anlass": intended, "begruendung": reasons, "frist": _day(due_on)}, {}


def revocation(
    application,
    *,
    amount=None,
    granted=None,
    stood=None,
    in_force=None,
    reasons="",
    legal_basis="",
    repayment=None,
    known_on=None,
    since=None,
    due_on=None,
    interest=(),
):
    """`amount` is revoked out of `granted`, of which `stood` was left; `in_force` names the notice.

    `repayment` of it was paid and comes back, because the grant lost its effect on the day `since`; `known_on` is the day
    since which the ministry knows the grounds; interest rows are (first day, last day, days, rate in percent, amount).
    """
    granted = granted if granted is not None else application.amount_or_proposal
    stood = granted if stood is None else stood
    total_interest = sum((row[4] for row in interest), Decimal(0))
    words = revocation_terms.wording(legal_basis)
    values = {
        "betrag": _euros(amount),
        "bescheid": in_force,
        "bewilligt": _granted_and_left(granted, stood),
        "gewaehrter_betrag": _euros(granted),
        "verbleibender_betrag": _euros(stood - amount if None not in (stood, amount) else None),
        "zinsbetrag": _euros(total_interest),
        "begruendung": reasons,
        "rechtsgrundlage": legal_basis,
        "frist": _day(due_on),
        "aufgehoben": words.done,
        "aufhebung": words.act,
        "jahresfrist": words.time_limit,
        "kenntnis": _day(known_on),
        "wirkung": revocation_terms.effect(repayment=repayment, since=since),
    }
    rows = [("Zu erstattender Betrag", repayment)] if repayment else []
    rows += [("Zinsen", total_interest)] if repayment and total_interest else []
    return values, {
        "kind": words.notice,
        "repayment": [{"text": text, "amount": euros(value)} for text, value in rows],
        "total": euros(sum((value for _text, value in rows), Decimal(0))),
        "interest": [_interest(row) for row in interest],
        "interest_total": euros(total_interest),
    }


def _granted_and_left(granted, stood) -> str | None:
    """What the grant says, and what earlier revocations have left of it."""
    if granted is None:
        return None
    left = f", von denen noch {euros(stood)} gelten" if stood != granted else ""
    return f"{euros(granted)} bewilligt wurden{left}"


def _interest(row) -> dict[str, str]:
    start, end, days, rate, amount = row
    return {
        "start": day(start),
        "end": day(end),
        "days": str(days),
        "rate": percent(rate),
        "amount": euros(amount),
    }


def nothing_more(application):
    return {}, {}


def reminder(application, *, about="", due_on=None):
    return {"anlass": about, "frist": _day(due_on)}, {}


def correcting(application, *, corrections):
    """`corrections` are pairs: what the letter says, and what it should say."""
    rows = [{"wrong": wrong, "right": right} for wrong, right in corrections]
    return {"aenderung": listing([row["right"] for row in rows])}, {"corrections": rows}


FACTS = {
    LetterKind.RECEIPT: nothing_more,
    LetterKind.CORRECTION_REQUEST: correction_request,
    LetterKind.OPINION_REQUEST: opinion_request,
    LetterKind.HEARING: hearing,
    LetterKind.GRANT: grant,
    LetterKind.AMENDMENT: amendment,
    LetterKind.REFUSAL: refusal,
    LetterKind.REVOCATION: revocation,
    LetterKind.CORRECTING: correcting,
    LetterKind.REMINDER: reminder,
    LetterKind.WITHDRAWAL: nothing_more,
}
