"""The letters that the ministry writes, and what holds for each. Imports no models."""

from django.db import models


class LetterKind(models.TextChoices):
    RECEIPT = "receipt", "Eingangsbestätigung"
    CORRECTION_REQUEST = "correction_request", "Nachforderung"
    OPINION_REQUEST = "opinion_request", "Bitte um Stellungnahme"
    HEARING = "hearing", "Anhörung"
    GRANT = "grant", "Zuwendungsbescheid"
    REFUSAL = "refusal", "Ablehnungsbescheid"
    AMENDMENT = "amendment", "Änderungsbescheid"
    REVOCATION = "revocation", "Widerrufsbescheid"
    CORRECTING = "correcting", "Berichtigung"
    REMINDER = "reminder", "Erinnerung"
    WITHDRAWAL = "withdrawal", "Bestätigung zum zurückgezogenen Antrag"


class Intention(models.TextChoices):
    """What the ministry means to do when it hears the lead, as the letter says it."""

    REFUSE = "refuse", "den Antrag abzulehnen"
    REVOKE = "revoke", "den Zuwendungsbescheid ganz oder teilweise zurückzunehmen oder zu widerrufen"


# Notices in the sense of HVwVfG § 35: they carry an instruction on remedies and begin its period.
NOTICES = (LetterKind.GRANT, LetterKind.AMENDMENT, LetterKind.REFUSAL, LetterKind.REVOCATION)
# The dates of a case are counted from these.
DECIDING = (LetterKind.GRANT, LetterKind.AMENDMENT, LetterKind.REFUSAL)
GRANTING = (LetterKind.GRANT, LetterKind.AMENDMENT)
# There is one that holds; another one replaces it by name.
ONE_PER_CASE = (LetterKind.GRANT, LetterKind.REFUSAL, LetterKind.WITHDRAWAL)
# What decides on an application takes the place of any of these that it refers to. The confirmation of a withdrawal decides
# nothing and has no instruction on remedies: it takes the place of another confirmation alone, and lifts no notice.
REPLACING = (LetterKind.GRANT, LetterKind.REFUSAL)
# Text blocks that the answers of a decision call for; nobody chooses them.
OTHER_AMOUNT, AFTER_EARLIER_CASE = "grant-abweichung", "grant-frueherer-fall"
# Of the hearing: it was answered, nobody answered it, or none was held.
ON_HEARINGS = {
    Intention.REFUSE: ("refusal-anhoerung", "refusal-ohne-aeusserung", "refusal-ohne-anhoerung"),
    Intention.REVOKE: ("revocation-anhoerung", "revocation-ohne-aeusserung", "revocation-ohne-anhoerung"),
}
REPAYMENT, TRUST = "revocation-erstattung", "revocation-vertrauen"
CALLED_FOR = (
    OTHER_AMOUNT,
    AFTER_EARLIER_CASE,
    *ON_HEARINGS[Intention.REFUSE],
    *ON_HEARINGS[Intention.REVOKE],
    REPAYMENT,
    TRUST,
)
# Kinds that are made of nothing but text blocks share a template.
PLAIN = (LetterKind.RECEIPT, LetterKind.HEARING, LetterKind.REMINDER, LetterKind.WITHDRAWAL)
ISSUED, CORRECTED = OF_LETTERS = ("issue_letter", "correct_dispatch")  # their entries in the history of a case


def replaces(kind: str, earlier: str) -> bool:
    """Whether a letter takes the place of an earlier one that it refers to. NoticeQuerySet.holding() says the same in SQL."""
    return earlier in ONE_PER_CASE and (kind in REPLACING or kind == earlier == LetterKind.WITHDRAWAL)


def template(kind: str) -> str:
    if kind in PLAIN:
        return "plain"
    return str(LetterKind.GRANT if kind == LetterKind.AMENDMENT else kind)
