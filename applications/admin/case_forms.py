"""The form for a new case, and the one for the few facts that belong to the case itself."""

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html_join

from applications.admin.records import SeenForm
from applications.legal_forms import LegalForm
from applications.models import Application, Cooperation, Participant, Programme, TaskField, Variant
from applications.models.cooperation import not_in_the_future
from applications.models.programme import Unit
from applications.permissions import PROCESS, ROLE_OF
from ikz.admin_choices import RecordSelect, RecordSelectMultiple
from ikz.german import day
from ikz.models import User
from ikz.typed_days import plausible_year
from municipalities.models import Municipality


class NewCaseForm(forms.ModelForm):
    """What is known when an application arrives. Everything else is added on the page of the case."""

    admin_site = by = None  # set by the admin

    title = forms.CharField(label="Vorhaben", max_length=200, widget=forms.TextInput(attrs={"class": "vTextField"}))
    task_field = forms.ModelChoiceField(label="Aufgabenfeld", queryset=TaskField.objects.filter(is_active=True))
    received_on = forms.DateField(
        label="Eingang am",
        widget=AdminDateWidget,
        initial=timezone.localdate,
        validators=[plausible_year, not_in_the_future],
        help_text="Der Tag des Eingangs bestimmt die Fassung der Rahmenvereinbarung.",
    )
    variant_code = forms.ChoiceField(label="Variante", initial="standard")
    legal_form = forms.ChoiceField(label="Rechtsform", choices=[("", "noch offen"), *LegalForm.choices], required=False)
    municipalities = forms.ModelMultipleChoiceField(
        label="Beteiligte",
        queryset=Municipality.objects.select_related("district"),
        help_text="Bitte tippen Sie den Anfang des Namens oder den Schlüssel; der Kreis steht dahinter.",
    )
    lead = forms.ModelChoiceField(
        label="federführende Kommune", queryset=Municipality.objects.select_related("district"), required=False
    )
    few_participants_reason = forms.CharField(
        label="Begründung für weniger Beteiligte",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )
    purpose = forms.CharField(
        label="Zweck", required=False, widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})
    )

    class Meta:
        model = Application
        fields = ["received_on", "few_participants_reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["variant_code"].choices = Variant.objects.kinds()
        self.fields["few_participants_reason"].help_text = _who_may_be_few()
        lead = Cooperation._meta.get_field("lead")
        self.fields["municipalities"].widget = RecordSelectMultiple(lead, self.admin_site)
        self.fields["lead"].widget = RecordSelect(lead, self.admin_site)
        for name in ("municipalities", "lead"):
            self.fields[name].widget.choices = self.fields[name].choices

    def clean(self):
        cleaned = super().clean()
        lead, municipalities = cleaned.get("lead"), cleaned.get("municipalities")
        if lead and municipalities is not None and lead not in municipalities:
            self.add_error("lead", "Die federführende Kommune muss unter den Beteiligten sein.")
        if cleaned.get("received_on") and cleaned.get("variant_code"):
            self._find_variant(cleaned["received_on"], cleaned["variant_code"])
        return cleaned

    def _find_variant(self, received_on, code):
        programme = Programme.objects.in_force_on(received_on).first()
        if programme is None:
            self.add_error("received_on", Programme.objects.why_none_on(received_on))
            return
        self.variant = Variant.objects.filter(programme=programme, code=code).first()
        if self.variant is None:
            self.add_error("variant_code", f"Die Fassung „{programme}“ kennt diese Variante nicht.")

    def _post_clean(self):
        """The instance is made by open_case(), not from the fields."""

    @transaction.atomic
    def open_case(self):
        answers = self.cleaned_data
        municipalities = list(answers["municipalities"])
        cooperation = Cooperation.objects.create(
            title=answers["title"],
            task_field=answers["task_field"],
            legal_form=answers["legal_form"],
            lead=answers["lead"] or municipalities[0],
            purpose=answers["purpose"],
        )
        for municipality in municipalities:
            Participant.objects.create(
                cooperation=cooperation,
                municipality=municipality,
                joins=self.variant.unit == Unit.JOINING_MUNICIPALITY,
            )
        self.instance = Application.objects.open_case(
            cooperation=cooperation,
            variant=self.variant,
            received_on=answers["received_on"],
            few_participants_reason=answers["few_participants_reason"],
            by=self.by,
        )
        return self.instance

    def save_m2m(self):
        """Called by the admin; everything was written by open_case()."""


def _who_may_be_few() -> str:
    """The exceptions of the version in force, in its own numbers."""
    in_force = Variant.objects.filter(programme__in=Programme.objects.in_force_on(timezone.localdate()))
    exceptions = in_force.filter(min_participants_with_reason__isnull=False).values_list(
        "label", "min_participants", "min_participants_with_reason"
    )
    sentences = format_html_join(  # the admin prints a help text as HTML
        " ",
        "In der Variante {} sind {} Beteiligte verlangt; weniger, mindestens {}, brauchen einen schriftlichen Grund.",
        exceptions,
    )
    return sentences or "Nur, wo die Variante eine Ausnahme mit schriftlichem Grund zulässt."


class CaseForm(SeenForm):
    other_version = ""
    only_while_open = False  # notes and the person in charge may change at any time
    facts = ("received_on", "variant", "few_participants_reason", "earlier_case", "earlier_case_reference")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "variant" in self.fields:
            day_of_version = self.instance.received_on or timezone.localdate()
            in_force = Programme.objects.in_force_on(day_of_version)
            selectable = Q(programme__in=in_force) | Q(pk=self.instance.variant_id)
            self.fields["variant"].queryset = Variant.objects.filter(selectable).select_related("programme")
        if "earlier_case" in self.fields:
            self.fields["earlier_case"].queryset = Application.objects.handed_in()
        if "clerk" in self.fields:
            clerks = User.objects.filter(is_active=True, groups__name=ROLE_OF[PROCESS])
            present = Q(pk=self.instance.clerk_id)  # stays selectable, whatever became of the account
            self.fields["clerk"].queryset = User.objects.filter(Q(pk__in=clerks.values("pk")) | present)
        if not self.instance.is_open_for_changes:
            for name in self.fields.keys() & self.facts:  # none for whoever may only look
                self.fields[name].disabled = True

    def clean(self):
        cleaned = super().clean()
        received_on, variant = cleaned.get("received_on"), cleaned.get("variant")
        if received_on and variant and {"variant", "received_on"} & set(self.changed_data):
            self.other_version = self._other_version(received_on, variant)
        return cleaned

    def _other_version(self, received_on, variant):
        """A warning, no error: which day selects the version is for the ministry to say."""
        programme = Programme.objects.in_force_on(received_on).first()
        if programme == variant.programme:
            return ""
        if programme is None:
            return f"{Programme.objects.why_none_on(received_on)} Gewählt ist „{variant.programme}“."
        return (
            f"Am Tag des Eingangs ({day(received_on)}) galt „{programme}“, gewählt ist „{variant.programme}“. "
            f"Bitte prüfen Sie Eingang und Variante."
        )
