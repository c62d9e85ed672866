"""The forms of letters that a clerk issues whenever there is a reason, and which reasons a case gives. Imports no models."""

from django import forms

from applications.letter_forms import LetterForm
from applications.letter_kinds import LetterKind
from applications.states import State
from applications.step_forms import day_field
from ikz.typed_days import after_today


class ReceiptForm(LetterForm):
    letter = LetterKind.RECEIPT

    def facts(self):
        return {}


class WithdrawalConfirmationForm(ReceiptForm):
    letter = LetterKind.WITHDRAWAL


class ReminderForm(LetterForm):
    letter = LetterKind.REMINDER
    about = forms.CharField(
        label="Wir erinnern an …",
        max_length=300,
        help_text="Zum Beispiel: „den Verwendungsnachweis“. Steht so im Schreiben.",
    )
    due_on = day_field("Zu erledigen bis", validators=[after_today])

    def facts(self):
        return {name: self.cleaned_data[name] for name in ("about", "due_on")}


class CorrectionLetterForm(LetterForm):
    letter = LetterKind.CORRECTION_REQUEST
    request = forms.TypedChoiceField(label="Nachforderung", coerce=int)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["request"].choices = [(each.pk, each.subject) for each in open_requests(self.application)]

    def facts(self):
        chosen = self.cleaned_data["request"]
        return {"request": next(each for each in open_requests(self.application) if each.pk == chosen)}


class OpinionLetterForm(LetterForm):
    letter = LetterKind.OPINION_REQUEST
    opinion = forms.TypedChoiceField(label="Stellungnahme von", coerce=int)
    due_on = day_field("Erbeten bis", validators=[after_today])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["opinion"].choices = [(each.pk, each.name) for each in open_opinions(self.application)]

    def facts(self):
        chosen = self.cleaned_data["opinion"]
        opinion = next(each for each in open_opinions(self.application) if each.pk == chosen)
        return {"opinion": opinion, "due_on": self.cleaned_data["due_on"]}


def open_requests(application):
    return [each for each in application.correction_list if each.is_open]


def open_opinions(application):
    return [each for each in application.opinion_list if not each.is_settled]


FORMS = {
    LetterKind.RECEIPT: ReceiptForm,
    LetterKind.CORRECTION_REQUEST: CorrectionLetterForm,
    LetterKind.OPINION_REQUEST: OpinionLetterForm,
    LetterKind.REMINDER: ReminderForm,
    LetterKind.WITHDRAWAL: WithdrawalConfirmationForm,
}


def possible_kinds(application) -> list[LetterKind]:
    """The letters that the case gives a reason for, in the order of the procedure."""
    reasons = {
        LetterKind.RECEIPT: application.is_handed_in,
        LetterKind.CORRECTION_REQUEST: bool(open_requests(application)),
        LetterKind.OPINION_REQUEST: bool(open_opinions(application)),
        LetterKind.REMINDER: application.is_handed_in,
        LetterKind.WITHDRAWAL: application.state == State.WITHDRAWN,
    }
    return [kind for kind, given in reasons.items() if given]
