"""The forms in which municipalities and offices bring what is theirs."""

from django import forms
from django.utils import timezone

from applications import seen_fields, uploads
from applications.admin.records import SeenForm
from applications.file_fields import OneFile, OneFileInput, SeveralFiles, SeveralFilesInput, limits, most_megabytes
from applications.models import Agreement, Cooperation, Opinion, Participant, Resolution, Signature, UsageReport
from applications.models.cooperation import OzgGoal, not_in_the_future
from applications.models.correction import CommonField
from applications.models.correspondence import Recommendation
from applications.models.stored_file import Purpose
from applications.savings import saving
from ikz.german import percent
from ikz.kern_forms import KernForm

PICK_AGAIN = " Bitte wählen Sie die Datei danach noch einmal aus; Ihre anderen Eingaben sind noch da."


def pdf_field(label="PDF-Datei", *, required, help_text=""):
    limit = f"PDF, höchstens {most_megabytes()} MB."
    return OneFile(
        label=label,
        required=required,
        help_text=f"{limit} {help_text}".strip(),
        widget=OneFileInput(attrs={"accept": "application/pdf,.pdf", **limits()}),
        error_messages={"required": "Bitte wählen Sie die PDF-Datei aus.", "empty": "Die Datei ist leer."},
    )


def verdict_on(upload):
    """The file as it was looked at before the lock. Raises ValidationError for a refused one."""
    if isinstance(upload.verdict, uploads.Refused):
        raise forms.ValidationError(f"{upload.verdict}{PICK_AGAIN}")
    return upload


class DocumentForm(KernForm, SeenForm):
    """A record with one PDF. A new file is a new version; the older one stays."""

    purpose = Purpose.OTHER
    participant = None
    needs_file = True

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by, self.stored = by, []
        has_file = self.instance.file_id is not None
        help_text = "Eine neue Datei ersetzt die bisherige; die bisherige bleibt erhalten." if has_file else ""
        self.fields["upload"] = pdf_field(required=self.needs_file and not has_file, help_text=help_text)
        self.fields["upload"].template_name = "portal/field.html"
        self.fields["upload"].widget.attrs["class"] = "kern-form-input__input"

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        return verdict_on(upload) if upload else None

    def save(self, commit=True):
        if upload := self.cleaned_data["upload"]:
            stored = uploads.store(
                upload,
                upload.verdict,
                application=self.instance.case,
                participant=getattr(self.instance, "participant", None),
                purpose=self.purpose,
                by=self.by,
            )
            self.instance.file = stored
            self.stored = [stored]
        return super().save(commit)


class ResolutionForm(DocumentForm):
    purpose = Purpose.RESOLUTION

    class Meta:
        model = Resolution
        fields = [
            "resolved_on",
            "organ",
            "is_delegated",
            "number",
            "is_positive",
            "votes_for",
            "votes_against",
            "abstentions",
            "is_public",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["resolved_on"].required = True
        if not self.instance.organ:
            self.initial["organ"] = self.instance.participant.municipality.organs.resolves


class ExpenditureForm(KernForm, SeenForm):
    """What the task costs one participant so far, in a year."""

    class Meta:
        model = Participant
        fields = ["personnel_before", "material_before"]
        localized_fields = "__all__"


class ExpenditureAfterForm(KernForm, SeenForm):
    """What the task will cost all participants together, in a year."""

    class Meta:
        model = Cooperation
        fields = ["personnel_after", "material_after"]
        localized_fields = "__all__"

    def saving_text(self):
        """The saving in per cent as the figures stand, not binding; empty while some are missing."""
        application = self.instance.case
        before = (each.before(application.variant) for each in application.participants)
        found = saving(before, self.instance.after(application.variant))
        return percent(found.percent) if found else ""


class CommonDataForm(KernForm, SeenForm):
    """The fields of the project that the ministry asked for, and no others."""

    ozg_goals = forms.MultipleChoiceField(
        label="OZG-Ziele", choices=OzgGoal.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Cooperation
        fields = CommonField.values

    def __init__(self, *args, only, **kwargs):
        super().__init__(*args, **kwargs)
        for name in set(CommonField.values) - only if only else ():
            del self.fields[name]


class AgreementForm(DocumentForm):
    purpose = Purpose.AGREEMENT
    parts = ("signatures",)

    class Meta:
        model = Agreement
        fields = [
            "starts_on",
            "is_unlimited",
            "ends_on",
            "termination_terms_confirmed",
            "approval_authority",
            "approved_on",
            "approval_file_number",
            "published_in",
            "published_on",
            "notified_on",
        ]

    def __init__(self, data, files, *, participants, **kwargs):
        super().__init__(data, files, **kwargs)
        self.signatures = [self._signature_form(data, each) for each in participants]

    def _signature_form(self, data, participant):
        signed = self.instance.signature_of(participant) if self.instance.pk else None
        instance = signed or Signature()
        instance.participant = participant  # known already: no query for each signature
        return SignatureForm(data, signature=instance, prefix=f"signature-{participant.pk}")

    def _digests(self):
        """Signatures by whose they are: there may have been none when the page was read."""
        found = seen_fields.digests(self)
        for each in self.signatures:
            found |= seen_fields.digests(each, each.prefix)
        return found

    def _join(self, seen):
        super()._join(seen)
        for each in self.signatures:
            taken, each.notes = seen_fields.join(each, seen, each.prefix)
            self.taken += [f"{label} von {each.name}" for label in taken]

    def is_valid(self):
        return all([super().is_valid(), *(each.is_valid() for each in self.signatures)])

    def save(self, commit=True):
        agreement = super().save(commit)
        for form in self.signatures:
            form.save_for(agreement)
        return agreement


class SignatureForm(KernForm, forms.Form):
    """The two people who sign for one participant. Left empty it says that nobody signed yet."""

    signatory_1 = forms.CharField(label="erste Unterschrift", max_length=120, required=False, help_text="Name und Amt.")
    signatory_2 = forms.CharField(
        label="zweite Unterschrift", max_length=120, required=False, help_text="Name und Amt."
    )
    signed_on = forms.DateField(label="unterschrieben am", required=False, validators=[not_in_the_future])

    def __init__(self, *args, signature, **kwargs):
        self.signature = signature
        first_values = {name: getattr(signature, name) for name in ("signatory_1", "signatory_2", "signed_on")}
        super().__init__(*args, initial=first_values, **kwargs)
        self.notes = {}

    @property
    def name(self):
        return self.municipality.display_name

    @property
    def municipality(self):
        return self.signature.participant.municipality

    def clean(self):
        given = [self.cleaned_data.get(name) for name in self.fields]
        if any(given) and not all(given) and not self.errors:
            raise forms.ValidationError(
                f"Für {self.name} fehlt etwas: Bitte tragen Sie beide Unterschriften und den Tag ein "
                f"({self.municipality.organs.signing_law})."
            )
        for name, note in self.notes.items():
            self.add_error(name, note)
        return self.cleaned_data

    def save_for(self, agreement):
        if not self.has_changed():
            return
        if not self.cleaned_data["signed_on"]:
            if self.signature.pk:
                self.signature.delete()
            return
        for name in self.fields:
            setattr(self.signature, name, self.cleaned_data[name])
        self.signature.agreement = agreement
        self.signature.save()


class OpinionForm(DocumentForm):
    purpose = Purpose.OPINION
    needs_file = False

    class Meta:
        model = Opinion
        fields = ["recommendation", "text"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = self.fields["recommendation"]
        self.fields["recommendation"] = forms.ChoiceField(
            label=choices.label, choices=Recommendation.choices, widget=forms.RadioSelect
        )
        self.fields["recommendation"].template_name = "portal/field.html"
        self.fields["recommendation"].widget.attrs["class"] = "kern-form-check__radio"
        self.fields["recommendation"].widget.template_name = "portal/choices.html"

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("text") and not cleaned.get("upload") and not self.instance.file_id:
            self.add_error("text", "Bitte schreiben Sie Ihre Stellungnahme oder laden Sie sie als PDF hoch.")
        return cleaned

    def save(self, commit=True):
        self.instance.received_on = timezone.localdate()
        return super().save(commit)


class UsageReportForm(DocumentForm):
    purpose = Purpose.REPORT
    only_while_open = False  # the case is decided and paid
    needs_file = False

    class Meta:
        model = UsageReport
        fields = ["text", "spent", "personnel_after", "material_after"]
        localized_fields = "__all__"

    def clean(self):
        cleaned = super().clean()
        self.instance.hand_in_again()  # before it is judged: what may be spent depends on the day
        return cleaned


class OtherDocumentsForm(KernForm, forms.Form):
    files = SeveralFiles(
        label="PDF-Dateien",
        judged=verdict_on,
        widget=SeveralFilesInput(attrs={"accept": "application/pdf,.pdf", "multiple": True}),
        error_messages={"required": "Bitte wählen Sie mindestens eine PDF-Datei aus."},
    )

    def __init__(self, *args, by, application, participant, **kwargs):
        super().__init__(*args, **kwargs)
        self.by, self.application, self.participant, self.stored = by, application, participant, []
        self.fields["files"].help_text = (
            f"Bis zu {uploads.MOST_AT_ONCE} Dateien auf einmal, zusammen höchstens {most_megabytes()} MB. Mehr senden Sie "
            "bitte in mehreren Teilen."
        )
        self.fields["files"].widget.attrs |= limits(uploads.MOST_AT_ONCE)

    def save(self):
        self.stored = [
            uploads.store(
                upload,
                upload.verdict,
                application=self.application,
                participant=self.participant,
                purpose=Purpose.OTHER,
                by=self.by,
            )
            for upload in self.cleaned_data["files"]
        ]
