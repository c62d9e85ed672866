"""Steps and their letters: a decision and its letter come about together or not at all."""

from django.db import transaction

from applications import notices, revocation_terms, workflow
from applications.letter_kinds import (
    AFTER_EARLIER_CASE,
    GRANTING,
    NOTICES,
    ON_HEARINGS,
    ONE_PER_CASE,
    OTHER_AMOUNT,
    REPAYMENT,
    TRUST,
    Intention,
    LetterKind,
    replaces,
)
from applications.models import BaseRate, DateFacts, Notice
from applications.typesetting import LetterRefused
from ikz.german import day

NEVER_SENT = "Die Entscheidung wurde zurückgenommen, bevor das Schreiben versandt war: {reason}"


def take(application, name, *, by, seen=None, sent="", texts=None, **answers):
    """workflow.take(), and in the same transaction the letter that the step ends in.

    `texts` are the passages as chosen and edited (notices.issue). Raises a StepRefused, also where the letter cannot be
    made; then nothing has changed.
    """
    with transaction.atomic():
        done = workflow.take(application, name, by=by, seen=seen, sent=sent, **answers)
        if name in LETTERS:
            _issue(done, name, texts or {}, answers, by)
        if report_due_on := answers.get("report_due_on"):
            DateFacts.objects.note(done, report_on=report_due_on)
        if name == "undo":
            _void_what_was_never_sent(done, by, answers["reason"])
        return done


def ends_in_a_notice(name) -> bool:
    """Whether the letter of the step decides something (HVwVfG § 35); the confirmation of a withdrawal does not."""
    return name in LETTERS and LETTERS[name][0] in NOTICES


def preview(application, name, *, by, texts=None, **answers) -> bytes:
    """The PDF of the letter as take() would make it with the same answers, marked ENTWURF.

    The step is taken and taken back again. Raises a StepRefused or LetterRefused.
    """
    with transaction.atomic():
        done = workflow.take(application, name, by=by, **answers)
        pdf = notices.preview(done, by=by, **_letter(done, name, texts or {}, answers))
        transaction.set_rollback(True)
    return pdf


def _issue(application, name, texts, answers, by):
    try:
        notices.issue(application, by=by, **_letter(application, name, texts, answers))
    except LetterRefused as refusal:
        raise workflow.StepRefused(f"{refusal} Der Fall ist unverändert.") from refusal


def _letter(application, name, texts, answers) -> dict:
    """The arguments of notices.issue() and notices.preview()."""
    kind, facts, called_for = LETTERS[name]
    return {
        "kind": kind,
        "texts": texts | called_for(application, **answers),
        "refers_to": _earlier(application, kind),
        **facts(application, **answers),
    }


def _earlier(application, kind):
    """The letter that still holds of an earlier decision: to be replaced, amended or revoked.

    A notice before a confirmation: it is the notice that has to be lifted.
    """
    kinds = [each for each in ONE_PER_CASE if replaces(kind, each)] or GRANTING
    letters = Notice.objects.filter(application=application, kind__in=kinds).holding()
    return max(letters, key=lambda each: (each.kind in NOTICES, each.pk), default=None)


def _in_force(application) -> str:
    """„Zuwendungsbescheid vom 02.03.2027 in der Fassung des Änderungsbescheids vom 05.04.2027“: what is touched, by its days.

    The notice of a case taken over lies on paper; it was decided on its day.
    """
    letters = Notice.objects.filter(application=application, kind__in=GRANTING).holding().order_by("pk")
    grant = letters.filter(kind=LetterKind.GRANT).last()
    granted_on = grant.dated_on if grant else application.first_decided_on
    named = f"{LetterKind.GRANT.label} vom {day(granted_on)}"
    amended = letters.filter(kind=LetterKind.AMENDMENT, pk__gt=grant.pk if grant else 0).last()
    return f"{named} in der Fassung des Änderungsbescheids vom {day(amended.dated_on)}" if amended else named


def _void_what_was_never_sent(application, by, reason):
    letters = Notice.objects.filter(application=application, kind__in=(*ONE_PER_CASE, *GRANTING)).holding()
    for notice in letters.filter(posted_on=None, retrieved_on=None):
        notices.void(notice, by=by, reason=NEVER_SENT.format(reason=reason))


# ── What each letter says ─────────────────────────────────────────────────────────────────────────────────────────────


def _grant(
    application, *, amount, starts_on, ends_on, report_due_on, payment_rule, purpose, legal_basis, reason="", **_others
):
    return {
        "amount": amount,
        "period": (starts_on, ends_on),
        "report_due_on": report_due_on,
        "payment_rule": payment_rule,
        "purpose": purpose,
        "legal_basis": legal_basis,
        "reasons": reason,
    }


def _called_for_by_grant(application, *, reason="", **_others):
    called_for = {OTHER_AMOUNT: ""} if reason.strip() else {}
    return called_for | ({AFTER_EARLIER_CASE: ""} if application.has_earlier_case else {})


def _refusal(application, *, reason, legal_basis, **_others):
    return {"reasons": reason, "legal_basis": legal_basis}


def _called_for_by_refusal(application, *, no_hearing_reason="", **_others):
    return _of_the_hearing(application, Intention.REFUSE, no_hearing_reason)


def _of_the_hearing(application, intention, no_hearing_reason) -> dict:
    """The passage on it, as the step saw it that was just taken."""
    answered, unanswered, none_held = ON_HEARINGS[intention]
    step = application.last_entry
    if not application.is_heard_on(intention, before=step):
        return {none_held: _why_not_heard(application, intention, no_hearing_reason)}
    has_answer = any(each.answered_on for each in application.hearings_on(intention, before=step))
    return {answered if has_answer else unanswered: ""}


def _why_not_heard(application, intention, reason) -> str:
    hearing = application.running_hearing(intention, before=application.last_entry)
    if hearing is None:
        return f"Einer Anhörung bedurfte es nicht: {reason.strip()}"
    return (
        f"Mit Schreiben vom {day(hearing.notice.dated_on)} haben wir Ihnen Gelegenheit gegeben, sich bis zum "
        f"{day(hearing.due_on)} zu äußern (§ 28 Abs. 1 HVwVfG). Wir entscheiden vor Ablauf dieser Frist: {reason.strip()}"
    )


def _amendment(application, *, amount, reason, **_others):
    decision, before = application.decision, application.decisions.exclude(annulled_at=None).last()
    return {
        "granted": before.amount,
        "in_force": _in_force(application),
        "amount": amount,
        "reasons": reason,
        "legal_basis": decision.legal_basis,
    }


def _revocation(application, **_answers):
    revocation = application.decision.revocations.last()
    return {
        "amount": revocation.amount,
        "granted": application.decision.amount,
        "stood": application.decision.standing + revocation.amount,
        "in_force": _in_force(application),
        "reasons": revocation.reason,
        "legal_basis": revocation.legal_basis,
        "known_on": revocation.known_on,
        "repayment": revocation.repayment,
        "since": revocation.interest_since,
        "due_on": revocation.due_on,
        "interest": revocation_terms.interest_lines(revocation, BaseRate.objects.all()),
    }


def _called_for_by_revocation(application, *, no_hearing_reason="", **_others):
    revocation = application.decision.revocations.last()
    called_for = {REPAYMENT: ""} if revocation.repayment else {}
    if revocation_terms.asks_for_trust(revocation.legal_basis):
        called_for[TRUST] = ""
    return {**_of_the_hearing(application, Intention.REVOKE, no_hearing_reason), **called_for}


def _withdrawal(application, **_answers):
    return {}


def _nothing_called_for(application, **_answers):
    return {}


# step → kind, facts for the letter, text blocks that the answers call for
LETTERS = {
    "approve": (LetterKind.GRANT, _grant, _called_for_by_grant),
    "reject": (LetterKind.REFUSAL, _refusal, _called_for_by_refusal),
    "withdraw": (LetterKind.WITHDRAWAL, _withdrawal, _nothing_called_for),
    "amend": (LetterKind.AMENDMENT, _amendment, _nothing_called_for),
    "revoke_part": (LetterKind.REVOCATION, _revocation, _called_for_by_revocation),
    "revoke": (LetterKind.REVOCATION, _revocation, _called_for_by_revocation),
}
