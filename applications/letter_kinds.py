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
    REVOKE = "revoke", "den Zuwendungsbescheid zu widerrufen"


# Notices in the sense of HVwVfG § 35: they carry an instruction on remedies and begin its period.
NOTICES = (LetterKind.GRANT, LetterKind.AMENDMENT, LetterKind.REFUSAL, LetterKind.REVOCATION)
# The dates of a case are counted from these.
DECIDING = (LetterKind.GRANT, LetterKind.AMENDMENT, LetterKind.REFUSAL)
# There is one that holds; another one replaces it by name.
ONE_PER_CASE = (LetterKind.GRANT, LetterKind.REFUSAL, LetterKind.WITHDRAWAL)
# What decides on an application takes the place of an earlier decision that it refers to.
REPLACING = (LetterKind.GRANT, LetterKind.REFUSAL, LetterKind.WITHDRAWAL)
# Text blocks that the answers of a decision call for; nobody chooses them.
OTHER_AMOUNT, AFTER_EARLIER_CASE = "grant-abweichung", "grant-frueherer-fall"
HEARD, NOT_HEARD = "refusal-anhoerung", "refusal-ohne-anhoerung"
HEARD_ON_REVOCATION, NOT_HEARD_ON_REVOCATION = "revocation-anhoerung", "revocation-ohne-anhoerung"
REPAYMENT = "revocation-erstattung"
CALLED_FOR = (
    OTHER_AMOUNT,
    AFTER_EARLIER_CASE,
    HEARD,
    NOT_HEARD,
    HEARD_ON_REVOCATION,
    NOT_HEARD_ON_REVOCATION,
    REPAYMENT,
)
# Kinds that are made of nothing but text blocks share a template.
PLAIN = (LetterKind.RECEIPT, LetterKind.HEARING, LetterKind.REMINDER, LetterKind.WITHDRAWAL)


def template(kind: str) -> str:
    if kind in PLAIN:
        return "plain"
    return str(LetterKind.GRANT if kind == LetterKind.AMENDMENT else kind)
