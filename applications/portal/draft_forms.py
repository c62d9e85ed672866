"""The forms of a draft. What they ask follows from the variant's parameters; what is missing, the rules say."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from applications import expenditure_table, records
from applications.models import Application, Cooperation
from applications.models.cooperation import OzgGoal
from applications.models.programme import SavingBasis, Unit
from applications.models.states import GRANTED
from applications.portal import drafts
from ikz.kern_forms import KernForm, dress
from municipalities.models import Municipality
from municipalities.register_values import Refused


class DraftForm(KernForm, forms.Form):
    """Remembers what its reader saw of the draft, and does not write over a colleague's change."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, application, user, **kwargs):
        self.application, self.user = application, user
        super().__init__(*args, **kwargs)
        self.now = records.fingerprint(application, application.cooperation, *application.participants)
        self.initial["seen"] = self.now

    def clean(self):
        cleaned = super().clean()
        if self.data.get(self.add_prefix("seen"), "") != self.now:
            # The next attempt is made with knowledge of the new state; what was typed stays in the form.
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self.now
            raise ValidationError(
                f"{self.application.what_changed_last()} Ihre Eingaben stehen noch im Formular: Bitte vergleichen Sie und "
                f"speichern Sie erneut."
            )
        return cleaned


class VariantChoice(forms.ModelChoiceField):
    def label_from_instance(self, variant):
        return variant.label


class BasicsForm(KernForm, forms.ModelForm):
    """What every draft begins with; of a new one there is no application yet."""

    variant = VariantChoice(
        label="Fördervariante",
        queryset=None,
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte wählen Sie eine Fördervariante."},
    )

    class Meta:
        model = Cooperation
        fields = ["lead", "title", "task_field"]
        help_texts = {"title": "Kurz und verständlich, zum Beispiel „Gemeinsamer Bauhof“."}
        error_messages = {
            "lead": {"required": "Bitte wählen Sie Ihre Kommune."},
            "title": {"required": "Bitte geben Sie dem Vorhaben einen Namen."},
            "task_field": {"required": "Bitte wählen Sie das Aufgabenfeld."},
        }

    def __init__(self, *args, application=None, user, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)
        own = drafts.own_municipalities(user)
        lead, task_field, variant = (self.fields[name] for name in ("lead", "task_field", "variant"))
        lead.queryset, lead.required = Municipality.objects.filter(pk__in=[each.pk for each in own]), True
        lead.choices = [("", "Bitte wählen"), *((each.pk, str(each)) for each in own)]
        task_field.queryset, task_field.empty_label = task_field.queryset.filter(is_active=True), "Bitte wählen"
        variant.queryset, variant.empty_label = drafts.variants_on(timezone.localdate(), application), None
        variant.widget.template_name = "applications/portal/draft/_variants.html"
        if len(own) == 1:
            del self.fields["lead"]
            self.instance.lead = own[0]


class DraftBasicsForm(DraftForm, BasicsForm):
    def __init__(self, *args, application, **kwargs):
        kwargs["instance"] = application.cooperation
        super().__init__(*args, application=application, **kwargs)
        offered = {each.code: each for each in self.fields["variant"].queryset}
        self.initial["variant"] = offered.get(application.variant.code)


class PartnersForm(DraftForm):
    """One button, one body: taken in, or taken out again."""

    add = forms.ModelChoiceField(
        queryset=None,
        required=False,
        error_messages={"invalid_choice": "Diese Körperschaft besteht heute nicht. Bitte suchen Sie erneut."},
    )
    remove = forms.ModelChoiceField(
        queryset=None,
        required=False,
        error_messages={"invalid_choice": "Diese Kommune ist nicht mehr beteiligt oder ist federführend."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        group = self.application.cooperation.participants.select_related("municipality")
        self.fields["add"].queryset = Municipality.objects.existing_on(timezone.localdate())
        self.fields["remove"].queryset = group.exclude(municipality=self.application.cooperation.lead_id)


class DetailsForm(DraftForm, forms.ModelForm):
    """Purpose and time, and what the variant asks beside them."""

    ozg_goals = forms.MultipleChoiceField(
        label="OZG-Ziele",
        choices=OzgGoal.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Bitte wählen Sie mindestens ein Ziel."},
    )
    joins = forms.MultipleChoiceField(
        label="Wer tritt bei?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Bitte kreuzen Sie an, wer beitritt."},
    )
    earlier_case = forms.ModelChoiceField(
        label="Früherer Fall", queryset=None, required=False, empty_label="steht nicht in der Liste"
    )
    earlier_case_reference = forms.CharField(
        label="Früherer Fall, wenn er nicht in der Liste steht",
        max_length=200,
        required=False,
        help_text="Aktenzeichen oder Name und Jahr der Kooperation, der beigetreten wird.",
    )
    few_participants_reason = forms.CharField(
        label="Begründung für weniger Beteiligte",
        widget=forms.Textarea,
        error_messages={"required": "Bitte begründen Sie, warum weniger Beteiligte genügen."},
    )

    class Meta:
        model = Cooperation
        fields = ["purpose", "starts_on", "legal_form", "ozg_goals", "goals_description", "brigades"]
        help_texts = {
            "purpose": "Welche Aufgabe erledigen Sie gemeinsam, und wie?",
            "starts_on": "Wann die Zusammenarbeit beginnt oder beginnen soll.",
            "legal_form": "Soweit Sie sich schon entschieden haben.",
            "brigades": "Wie viele Ortsteilfeuerwehren zusammengelegt werden.",
        }
        error_messages = {
            "purpose": {"required": "Bitte beschreiben Sie den Zweck."},
            "goals_description": {"required": "Bitte beschreiben Sie, wie Sie die Ziele erreichen."},
            "brigades": {"required": "Bitte geben Sie die Zahl der Ortsteilfeuerwehren an."},
        }

    def __init__(self, *args, application, **kwargs):
        kwargs["instance"] = application.cooperation
        super().__init__(*args, application=application, **kwargs)
        self.initial |= {
            "joins": [str(each.pk) for each in application.participants if each.joins],
            "earlier_case": application.earlier_case_id,
            "earlier_case_reference": application.earlier_case_reference,
            "few_participants_reason": application.few_participants_reason,
        }
        self._ask_for_what_the_variant_needs()
        if "later" in self.data:  # saved for now, complete another time
            for field in self.fields.values():
                field.required = False

    def _ask_for_what_the_variant_needs(self):
        variant, group = self.application.variant, self.application.participants
        joining = variant.unit == Unit.JOINING_MUNICIPALITY
        few = variant.min_participants_with_reason and len(group) < variant.min_participants
        asked = {
            "ozg_goals": variant.requires_ozg_goal,
            "goals_description": variant.requires_ozg_goal,
            "brigades": variant.unit == Unit.BRIGADE,
            "joins": joining,
            "earlier_case": joining,
            "earlier_case_reference": joining,
            "few_participants_reason": few,
            "legal_form": bool(variant.legal_forms),
        }
        for name in [name for name, is_asked in asked.items() if not is_asked]:
            del self.fields[name]
        for name in {"purpose", "goals_description", "brigades"} & self.fields.keys():
            self.fields[name].required = True
        if few:
            self.fields["few_participants_reason"].help_text = drafts.how_many(variant)
        if joining:
            self.fields["joins"].choices = [(str(each.pk), str(each)) for each in group]
            funded = Application.objects.visible_to(self.user).filter(state__in=GRANTED)
            self.fields["earlier_case"].queryset = funded.select_related("cooperation")
            self.fields["earlier_case"].label_from_instance = lambda case: f"{case.file_number}: {case.title}"
        if "legal_form" in self.fields:
            choices = Cooperation._meta.get_field("legal_form").choices
            allowed = [(value, label) for value, label in choices if value in variant.legal_forms]
            self.fields["legal_form"].choices = [("", "noch offen"), *allowed]


class EurosField(forms.Field):
    """An amount as Germans write it."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value):
        amount = expenditure_table.read_euros(value)
        if isinstance(amount, Refused):
            raise ValidationError(amount.message)
        return amount

    def prepare_value(self, value):
        if value is None or isinstance(value, str):
            return value
        return f"{value:,.2f}".replace(",", "\N{NULL}").replace(".", ",").replace("\N{NULL}", ".")


WHAT = {"personnel": "Personalausgaben", "material": "Sachausgaben"}


class ExpenditureForm(DraftForm):
    """One row for each participant, one for all together after. Fields are called personnel_<pk>, material_after."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        cooperation = self.application.cooperation
        for each in self.application.participants:
            self._add_row(each.pk, f"bisher, {each.municipality.display_name}", each.personnel_before, each.material_before)
        self._add_row("after", "nachher, alle zusammen", cooperation.personnel_after, cooperation.material_after)

    def _add_row(self, key, whose, *amounts):
        for kind, amount in zip(WHAT, amounts, strict=True):
            field = EurosField(label=f"{WHAT[kind]} {whose}", required=False, initial=amount)
            field.widget.attrs |= {"aria-label": field.label, "data-kind": kind}
            field.widget.attrs["data-when"] = "after" if key == "after" else "before"
            field.template_name = "portal/field.html"
            dress(field)
            self.fields[f"{kind}_{key}"] = field

    @property
    def rows(self):
        """(participant, its two fields) for the table."""
        return [(each, [self[f"{kind}_{each.pk}"] for kind in WHAT]) for each in self.application.participants]

    @property
    def totals(self):
        return [self[f"{kind}_after"] for kind in WHAT]

    def apply(self):
        """Put the amounts onto the participants and the cooperation, so that the saving can be computed."""
        answers, application = self.cleaned_data, self.application
        for each in application.participants:
            each.personnel_before, each.material_before = (answers[f"{kind}_{each.pk}"] for kind in WHAT)
        for kind in WHAT:
            setattr(application.cooperation, f"{kind}_after", answers[f"{kind}_after"])

    def save(self):
        self.apply()
        for each in self.application.participants:
            each.save()
        self.application.cooperation.save()


class TableForm(KernForm, forms.Form):
    """The same table as a file; read into the form above, saved from there."""

    table = forms.FileField(
        label="Ausgefüllte Vorlage (XLSX oder CSV)",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text="Die Zahlen erscheinen in der Tabelle. Gespeichert wird erst, wenn Sie auf „Speichern und weiter“ gehen.",
        error_messages={"required": "Bitte wählen Sie eine Datei."},
    )

    def __init__(self, *args, rows, **kwargs):
        self.rows = rows
        super().__init__(*args, **kwargs)

    def clean_table(self):
        upload = self.cleaned_data["table"]
        try:
            # One byte more than allowed is enough to refuse it.
            return expenditure_table.read(upload.read(expenditure_table.MAX_BYTES + 1), self.rows)
        except expenditure_table.TableRefused as refusal:
            raise ValidationError(list(refusal.sentences)) from None


def counts_material(variant) -> bool:
    return variant.saving_basis == SavingBasis.PERSONNEL_AND_MATERIAL
