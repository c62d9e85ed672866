"""What a step asks of the person who takes it. The step itself judges the answers."""

from django import forms
from django.utils import timezone

from ikz.german import euros


class StepForm(forms.Form):
    """`application` gives the first values. `intro` is the sentence above the fields."""

    intro = ""

    def __init__(self, *args, application, **kwargs):
        self.application = application
        super().__init__(*args, **{"initial": self.first_values(), **kwargs})

    def first_values(self):
        return {}


class ReasonForm(StepForm):
    reason = forms.CharField(
        label="Begründung",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        help_text="Steht in der Verfahrensgeschichte.",
    )


class ApprovalForm(StepForm):
    amount = forms.DecimalField(label="Zuwendung (€)", max_digits=12, decimal_places=2, min_value=0, localize=True)
    year = forms.TypedChoiceField(
        label="Haushaltsjahr",
        coerce=int,
        error_messages={
            "required": "Bitte wählen Sie ein Haushaltsjahr. Fehlt es, legt die Rolle Haushalt den Ansatz an."
        },
    )
    reason = forms.CharField(
        label="Begründung der Abweichung",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        help_text="Nötig, wenn der Betrag vom Vorschlag abweicht.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [
            (budget.year, f"{budget.year} (frei: {euros(budget.left())})") for budget in self.application.open_budgets
        ]

    def first_values(self):
        proposal = self.application.proposal
        return {"amount": proposal.total if proposal else None, "year": timezone.localdate().year}


class PaymentForm(StepForm):
    final_on = forms.DateField(
        label="Bestandskräftig seit",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Ausgezahlt wird erst, wenn der Bescheid bestandskräftig ist.",
    )

    def first_values(self):
        return {"final_on": self.application.final_on}


class TakeOverForm(StepForm):
    amount = forms.DecimalField(label="Zuwendung (€)", max_digits=12, decimal_places=2, min_value=0, localize=True)
    decided_on = forms.DateField(
        label="Entschieden am", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label="Quelle und Begründung", widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)
