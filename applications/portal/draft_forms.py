"""The forms of a draft. What they ask follows from the variant's parameters; what is missing, the rules say."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from applications.admin.records import SeenForm
from applications.models import Application, Cooperation, Participant
from applications.models.cooperation import OzgGoal
from applications.models.programme import Unit
from applications.open_case import fingerprint
from applications.portal import drafts, variants
from applications.states import GRANTED
from ikz.kern_forms import KernForm
from municipalities.models import Municipality


class DraftForm(KernForm, SeenForm):
    """A page of a draft, as its reader saw the whole of it. `application` is None before there is one."""

    says_optional = False

    def __init__(self, *args, application, user, **kwargs):
        self.application, self.user = application, user
        super().__init__(*args, instance=application and application.cooperation, **kwargs)

    def _fingerprint(self):
        if self.application is None:
            return ""
        return fingerprint(self.application, self.application.cooperation, *self.application.participants)


class VariantChoice(forms.ModelChoiceField):
    def label_from_instance(self, variant):
        return variant.label


class VariantRadio(forms.RadioSelect):
    """Each variant with its conditions (draft/_variants.html)."""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}_terms"
        return option | {"terms": variants.terms(value.instance), "conditions": value.instance.conditions}


class BasicsForm(DraftForm):
    """What every draft begins with."""

    variant = VariantChoice(
        label="Fördervariante",
        queryset=None,
        widget=VariantRadio,
        empty_label=None,
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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._offer_own_municipalities()
        task_field, variant = self.fields["task_field"], self.fields["variant"]
        task_field.queryset, task_field.empty_label = task_field.queryset.filter(is_active=True), "Bitte wählen"
        variant.queryset = variants.offered(self.application)
        variant.widget.template_name = "applications/portal/draft/_variants.html"
        if self.application:
            same = variant.queryset.filter(code=self.application.variant.code)
            self.initial["variant"] = same.values_list("pk", flat=True).first()

    def _offer_own_municipalities(self):
        own, lead = drafts.own_municipalities(self.user), self.fields["lead"]
        lead.queryset, lead.required = Municipality.objects.filter(pk__in=[each.pk for each in own]), True
        lead.choices = [("", "Bitte wählen"), *((each.pk, str(each)) for each in own)]
        if len(own) == 1:
            del self.fields["lead"]
            self.instance.lead = own[0]

    def save(self, commit=True):
        cooperation = super().save(commit)
        Participant.objects.get_or_create(cooperation=cooperation, municipality=cooperation.lead)
        variant = self.cleaned_data["variant"]
        if self.application is None:
            return Application.objects.open_case(
                cooperation=cooperation, variant=variant, by=self.user, is_handed_in=False
            )
        self.application.variant = variant
        self.application.save()
        return self.application


class PartnersForm(DraftForm):
    """Each button keeps what is typed; one of them searches, others take one body in or out."""

    search = forms.CharField(
        label="Kommune suchen",
        max_length=100,
        required=False,
        help_text="Name, Kreis oder Amtlicher Gemeindeschlüssel, auch nur ein Teil davon.",
    )
    # Buttons; an error leads to the search.
    add = forms.ModelChoiceField(
        label="Aufnehmen",
        queryset=None,
        required=False,
        widget=forms.HiddenInput(attrs={"id": "id_search"}),
        error_messages={"invalid_choice": "Diese Körperschaft besteht heute nicht. Bitte suchen Sie erneut."},
    )
    remove = forms.ModelChoiceField(
        label="Entfernen",
        queryset=None,
        required=False,
        widget=forms.HiddenInput(attrs={"id": "id_search"}),
        error_messages={"invalid_choice": "Diese Kommune ist nicht mehr beteiligt oder ist federführend."},
    )
    few_participants_reason = forms.CharField(
        label="Begründung für weniger Beteiligte",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    class Meta:
        model = Cooperation
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        variant, group = self.application.variant, self.application.cooperation.participants
        self.fields["add"].queryset = Municipality.objects.existing_on(timezone.localdate())
        self.fields["remove"].queryset = group.exclude(municipality=self.application.lead).select_related(
            "municipality"
        )
        reason = self.fields["few_participants_reason"]
        reason.initial, reason.help_text = self.application.few_participants_reason, variants.how_many(variant)
        if not variant.min_participants_with_reason or len(self.application.participants) >= variant.min_participants:
            del self.fields["few_participants_reason"]

    def clean_remove(self):
        participant = self.cleaned_data["remove"]
        if participant and participant.has_documents:
            raise ValidationError(
                f"Zu {participant.municipality.display_name} liegen schon Unterlagen vor. Bitte wenden Sie sich an das "
                f"Ministerium."
            )
        return participant

    def save(self, commit=True):
        answers = self.cleaned_data
        if "few_participants_reason" in answers:
            self.application.few_participants_reason = answers["few_participants_reason"]
            self.application.save()
        if answers["add"]:
            Participant.objects.get_or_create(cooperation=self.instance, municipality=answers["add"])
        if answers["remove"]:
            answers["remove"].delete()
        return self.application


class DetailsForm(DraftForm):
    """Purpose and time, and what the variant asks beside them."""

    ozg_goals = forms.MultipleChoiceField(
        label="OZG-Ziele", choices=OzgGoal.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    joins = forms.MultipleChoiceField(label="Wer tritt bei?", required=False, widget=forms.CheckboxSelectMultiple)
    earlier_case = forms.ModelChoiceField(
        label="Früherer Fall", queryset=None, required=False, empty_label="steht nicht in der Liste"
    )
    earlier_case_reference = forms.CharField(
        label="Früherer Fall, wenn er nicht in der Liste steht",
        max_length=200,
        required=False,
        help_text="Aktenzeichen oder Name und Jahr der Kooperation, der beigetreten wird.",
    )

    class Meta:
        model = Cooperation
        fields = ["purpose", "starts_on", "legal_form", "ozg_goals", "goals_description", "brigades"]
        help_texts = {
            "purpose": "Welche Aufgabe erledigen Sie gemeinsam, und wie?",
            "starts_on": "Wann die Zusammenarbeit beginnt oder beginnen soll.",
            "legal_form": "Soweit Sie sich schon entschieden haben.",
            "goals_description": "Wie Sie die gewählten Ziele erreichen.",
            "brigades": "Wie viele Ortsteilfeuerwehren zusammengelegt werden.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        variant = self.application.variant
        self._ask_only(
            legal_form=bool(variant.legal_forms),
            ozg_goals=variant.requires_ozg_goal,
            goals_description=variant.requires_ozg_goal,
            brigades=variant.unit == Unit.BRIGADE,
            joins=variant.unit == Unit.JOINING_MUNICIPALITY,
            earlier_case=variant.unit == Unit.JOINING_MUNICIPALITY,
            earlier_case_reference=variant.unit == Unit.JOINING_MUNICIPALITY,
        )
        if "legal_form" in self.fields:
            allowed = [each for each in self.fields["legal_form"].choices if each[0] in variant.legal_forms]
            self.fields["legal_form"].choices = [("", "noch offen"), *allowed]
        if "joins" in self.fields:
            self._offer_joining()

    def _ask_only(self, **asked):
        for name in [name for name, is_asked in asked.items() if not is_asked]:
            del self.fields[name]

    def _offer_joining(self):
        group = self.application.participants
        self.fields["joins"].choices = [(str(each.pk), str(each)) for each in group]
        funded = Application.objects.visible_to(self.user).filter(state__in=GRANTED)
        self.fields["earlier_case"].queryset = funded.select_related("cooperation")
        self.fields["earlier_case"].label_from_instance = lambda case: f"{case.file_number}: {case.title}"
        self.initial |= {
            "joins": [str(each.pk) for each in group if each.joins],
            "earlier_case": self.application.earlier_case_id,
            "earlier_case_reference": self.application.earlier_case_reference,
        }

    def save(self, commit=True):
        super().save(commit)
        if "joins" in self.fields:
            self._save_joining()
        return self.application

    def _save_joining(self):
        answers, application = self.cleaned_data, self.application
        for each in application.participants:
            joins = str(each.pk) in answers["joins"]
            if joins != each.joins:
                each.joins = joins
                each.save()
        application.earlier_case = answers["earlier_case"]
        application.earlier_case_reference = answers["earlier_case_reference"]
        application.save()
