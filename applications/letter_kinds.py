"""The letters that the ministry writes, and what holds for each. Imports no models."""

from django.db import models


class LetterKind(models.TextChoices):
    RECEIPT = "receipt", "Eingangsbestätigung"
    CORRECTION_REQUEST = "correction_request", "Nachforderung"
    OPINION_REQUEST = "opinion_request", "Bitte um Stellungnahme"
    HEARING = "hearing", "Anhörung"
    GRANT = "grant", "Zuwendungsbescheid"
    REFUSAL = "refusal", "Ablehnungsbescheid"
    REVOCATION = "revocation", "Widerrufsbescheid"
    CORRECTING = "correcting", "Berichtigung"
    REMINDER = "reminder", "Erinnerung"
    WITHDRAWAL = "withdrawal", "Bestätigung der Rücknahme"


# Notices in the sense of HVwVfG § 35: they carry an instruction on remedies and begin its period.
NOTICES = (LetterKind.GRANT, LetterKind.REFUSAL, LetterKind.REVOCATION)
# There is one that holds; another one replaces it by name.
ONE_PER_CASE = (LetterKind.GRANT, LetterKind.REFUSAL, LetterKind.WITHDRAWAL)
# Kinds that are made of nothing but text blocks share a template.
PLAIN = (LetterKind.RECEIPT, LetterKind.HEARING, LetterKind.REMINDER, LetterKind.WITHDRAWAL)


def template(kind: str) -> str:
    return "plain" if kind in PLAIN else str(kind)
