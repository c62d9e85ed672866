"""What several steps ask of an answer before they take it."""

from applications.workflow import AnswerRefused


def require(reason, sentence):
    if not reason.strip():
        raise AnswerRefused("reason", sentence)


def require_amount(amount):
    if amount is None or not amount.is_finite() or amount <= 0:
        raise AnswerRefused("amount", "Bitte geben Sie einen Betrag über 0 € an oder lehnen Sie den Antrag ab.")
    if amount != round(amount, 2):
        raise AnswerRefused("amount", "Bitte geben Sie den Betrag mit höchstens zwei Nachkommastellen an.")
