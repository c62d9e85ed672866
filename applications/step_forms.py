"""What a step asks of the person who takes it. The step itself judges the answers."""

from django import forms

from ikz.german import day, euros
from ikz.typed_days import plausible_year
from ikz.typed_euros import EurosField


def text_field(label, *, rows=4, **options):
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), max_length=4000, **options)


def day_field(label, *, validators=(), **options):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, validators=[plausible_year, *validators], **options)


class TypedForm(forms.Form):
    """A form that can say what somebody typed into it, where it can no longer be sent."""

    @classmethod
    def typed(cls, application, data) -> list[tuple[str, str]]:
        """What somebody filled in, with the labels: also where the step has gone, and no form of it can be made."""
        sent = [(field, data.get(name, "").strip()) for name, field in cls.base_fields.items()]
        said = [(field.label, _said(field, value)) for field, value in sent if value]
        return [(label, text) for label, text in said if text]


class StepForm(TypedForm):
    """`application` gives the first values. `intro` is the sentence above the fields, `warning` what speaks against them."""

    intro = ""
    warning = ""

    def __init__(self, *args, application, **kwargs):
        self.application = application
        super().__init__(*args, **{"initial": self.first_values(), **kwargs})

    def first_values(self):
        return {}

    @property
    def main(self):
        return list(self)


def _said(field, value) -> str:
    """A choice in its words; one from a list that only the form of a case has is nothing to read."""
    return str(dict(field.choices).get(value, "")) if isinstance(field, forms.ChoiceField) else value


class ReasonForm(StepForm):
    reason = text_field("Begründung", help_text="Steht in der Verfahrensgeschichte.")


class PaymentForm(StepForm):
    intro = (
        "In der Regel zahlt eine Zahlungsliste aus. Hier halten Sie fest, was über ein anderes Verfahren gezahlt wurde."
    )
    final_on = day_field(
        "Bestandskräftig seit", help_text="Ausgezahlt wird erst, wenn der Bescheid bestandskräftig ist."
    )

    def first_values(self):
        return {"final_on": self.application.final_on}


class RepaymentForm(StepForm):
    intro = "Festgehalten wird, dass der Betrag mit seinen Zinsen ganz eingegangen ist. Dann ist die Erstattung nicht mehr fällig."
    revocation = forms.TypedChoiceField(label="Erstattung", coerce=int)
    repaid_on = day_field("Eingegangen am")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["revocation"].choices = [
            (each.pk, f"{euros(each.asked_back)}, zu zahlen bis {day(each.due_on)}")
            for each in self.application.revocations_to_be_repaid
        ]


class TakeOverForm(StepForm):
    amount = EurosField(label="Zuwendung (€)", max_digits=12, decimal_places=2, min_value=0)
    decided_on = day_field("Entschieden am")
    reason = text_field("Quelle und Begründung")
