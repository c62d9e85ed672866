"""What several steps ask of an answer before they take it."""

from applications.letter_kinds import Intention
from applications.workflow import AnswerRefused

BURDENS = {Intention.REFUSE: "der Ablehnung", Intention.REVOKE: "Rücknahme oder Widerruf"}


def require(reason, sentence):
    if not reason.strip():
        raise AnswerRefused("reason", sentence)


def require_amount(amount):
    if amount is None or not amount.is_finite() or amount <= 0:
        raise AnswerRefused("amount", "Bitte geben Sie einen Betrag über 0 € an oder lehnen Sie den Antrag ab.")
    if amount != round(amount, 2):
        raise AnswerRefused("amount", "Bitte geben Sie den Betrag mit höchstens zwei Nachkommastellen an.")


def require_hearing(application, intention, no_hearing_reason):
    """The lead is heard before what burdens it, or somebody says why it need not be (HVwVfG § 28)."""
    if not application.is_heard_on(intention) and not no_hearing_reason.strip():
        raise AnswerRefused(
            "no_hearing_reason",
            f"Bitte hören Sie die federführende Kommune vor {BURDENS[intention]} an und warten Sie ihre Antwort oder das Ende "
            "der Frist ab, oder begründen Sie, warum keine Anhörung nötig ist (HVwVfG § 28).",
        )
