"""Cooperation with participants and expenditure, resolutions, and the agreement with its signatures."""

from django import forms
from django.contrib import admin
from django.db.models import Q

from applications import uploads
from applications.admin.records import RecordAdmin, RecordInline, SeenForm
from applications.file_fields import ClearableOneFileInput, OneFile, most_megabytes
from applications.models import Agreement, Cooperation, Participant, Resolution, Signature
from applications.models.cooperation import OzgGoal
from applications.models.programme import Unit
from applications.models.stored_file import Purpose


class CooperationForm(SeenForm):
    parts = ("participants",)
    ozg_goals = forms.MultipleChoiceField(
        label="OZG-Ziele", choices=OzgGoal.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class ParticipantForm(forms.ModelForm):
    """Documents belong to the municipality that brought them; only a successor takes them over."""

    def clean_municipality(self):
        now, before = self.cleaned_data["municipality"], self.instance.municipality if self.instance.pk else None
        if before is None or now in (before, before.successor) or not self.instance.has_documents:
            return now
        raise forms.ValidationError(
            f"{before.display_name} hat schon Unterlagen eingereicht und kann nur durch die Nachfolgerin ersetzt werden."
        )


class ParticipantInline(RecordInline):
    model = Participant
    form = ParticipantForm
    autocomplete_fields = ["municipality"]
    verbose_name_plural = "Beteiligte und ihre bisherigen Ausgaben im Jahr"

    def get_fields(self, request, obj=None):
        variant = obj.case.variant
        joins = ["joins"] if variant.unit == Unit.JOINING_MUNICIPALITY else []
        spent = ["personnel_before", "material_before"] if variant.min_saving_percent is not None else []
        return ["municipality", *joins, *spent]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("municipality__district")


@admin.register(Cooperation)
class CooperationAdmin(RecordAdmin):
    form = CooperationForm
    parent_field = ""
    anchor = "beteiligte"
    inlines = [ParticipantInline]
    autocomplete_fields = ["lead"]
    search_fields = ["title"]

    def get_fieldsets(self, request, obj=None):
        """What every case needs, then what its variant asks for."""
        variant = obj.case.variant
        seen = ["seen"] if self.has_change_permission(request, obj) else []
        found = [(None, {"fields": [*seen, "title", "task_field", "legal_form", "lead", "starts_on", "purpose"]})]
        if variant.requires_ozg_goal:
            found.append(("Variante OZG", {"fields": ["ozg_goals", "goals_description"]}))
        if variant.unit == Unit.BRIGADE:
            found.append(("Variante Ortsteilfeuerwehren", {"fields": ["brigades"]}))
        if variant.min_saving_percent is not None:
            found.append(("Ausgaben aller Beteiligten nachher", {"fields": ["personnel_after", "material_after"]}))
        return found

    def has_add_permission(self, request):
        """A cooperation begins with its case."""
        return False

    def get_exclude(self, request, obj=None):
        return None


class DepartureForm(SeenForm):
    """Leaving the group, and by empty fields coming back. What the participant brought stays in the file."""

    class Meta:
        widgets = {"left_reason": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})}


@admin.register(Participant)
class DepartureAdmin(RecordAdmin):
    form = DepartureForm
    parent_field = "cooperation"
    path_to_case = "cooperation__application"
    list_select_related = ["municipality__district"]
    anchor = "beteiligte"
    fieldsets = [
        (
            None,
            {
                "fields": ["seen", "left_on", "left_reason"],
                "description": "Wer ausgeschieden ist, zählt für Kriterien, Zuwendung und Suche nach Orten nicht mehr mit; "
                "die Unterlagen bleiben in der Akte. Ohne Tag und Grund ist die Kommune wieder beteiligt.",
            },
        )
    ]

    def has_add_permission(self, request):
        """Participants are added with their cooperation."""
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class UploadForm(SeenForm):
    """A record with one PDF: a new file becomes a new version, the older one stays in the case's documents."""

    purpose = Purpose.OTHER
    upload = OneFile(
        label="PDF",
        required=False,
        widget=ClearableOneFileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "upload" in self.fields:  # not for whoever may only look
            self.fields[
                "upload"
            ].help_text = f"PDF, höchstens {most_megabytes()} MB. Eine neue Datei ersetzt die bisherige; die bisherige bleibt erhalten."

    def clean_upload(self):
        """The file was looked at before the transaction began (UploadAdmin)."""
        upload = self.cleaned_data["upload"]
        if upload and isinstance(upload.verdict, uploads.Refused):
            raise forms.ValidationError(str(upload.verdict))
        return upload

    def store_upload(self, by):
        if upload := self.cleaned_data.get("upload"):
            self.instance.file = uploads.store(
                upload,
                upload.verdict,
                application=self.instance.case,
                participant=getattr(self.instance, "participant", None),
                purpose=self.purpose,
                by=by,
            )


class UploadAdmin(RecordAdmin):
    """Files are checked before the case is locked: that may take half a minute, and nobody else should wait for it."""

    def add_view(self, request, form_url="", extra_context=None):
        if request.FILES and self.has_add_permission(request):
            self._look_at_uploads(request, self.get_parent(request))
        return super().add_view(request, form_url, extra_context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if request.FILES and self.has_change_permission(request):
            record = super(RecordAdmin, self).get_object(request, object_id)  # without the lock
            self._look_at_uploads(request, record)
        return super().change_view(request, object_id, form_url, extra_context)

    def _look_at_uploads(self, request, record):
        """The parent of a new record knows as well as the record itself whose case and which participant it is."""
        uploads.look_at(request.FILES)
        if record is None:
            return
        participant = record if isinstance(record, Participant) else getattr(record, "participant", None)
        uploads.tell_of_infected(request.FILES, application=record.case, participant=participant, by=request.user)

    def get_exclude(self, request, obj=None):
        return [*super().get_exclude(request, obj), "file"]

    def save_model(self, request, obj, form, change):
        form.store_upload(request.user)
        super().save_model(request, obj, form, change)


class ResolutionForm(UploadForm):
    purpose = Purpose.RESOLUTION


@admin.register(Resolution)
class ResolutionAdmin(UploadAdmin):
    form = ResolutionForm
    parent_field = "participant"
    path_to_case = "participant__cooperation__application"
    list_select_related = ["participant__municipality__district"]
    anchor = "beteiligte"
    fieldsets = [
        (None, {"fields": ["seen", "resolved_on", "number", "is_positive", "upload"]}),
        ("Organ", {"fields": ["organ", "is_delegated"]}),
        ("Abstimmung", {"fields": ["votes_for", "votes_against", "abstentions", "is_public", "wording"]}),
    ]

    def get_changeform_initial_data(self, request):
        return {"organ": self.get_parent(request).municipality.organs.resolves}


class AgreementForm(UploadForm):
    purpose = Purpose.AGREEMENT
    parts = ("signatures",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "termination_terms_confirmed" in self.fields:
            years = self.instance.case.variant.termination_terms_above_years
            self.fields[
                "termination_terms_confirmed"
            ].help_text = f"Nötig bei unbefristeten und bei Vereinbarungen von mehr als {years} Jahren (KGG § 24)."


class SignatureRow(forms.ModelForm):
    """A new row is prepared with its participant; it begins with the first thing that is known of the signatures."""

    def has_changed(self):
        return bool(self.changed_data if self.instance.pk else {*self.changed_data} - {"participant"})


class SignatureInline(RecordInline):
    """One row for each participant: those who signed, then those whose signatures are still missing."""

    model = Signature
    form = SignatureRow
    fields = ["participant", "signatory_1", "signatory_2", "signed_on"]
    verbose_name_plural = "Unterschriften (je Beteiligte zwei Personen)"

    def get_formset(self, request, obj=None, **kwargs):
        cooperation = obj.cooperation if obj else request.parent_of_new
        own = cooperation.participants.select_related("municipality__district")
        signed = set(obj.signatures.values_list("participant", flat=True)) if obj else set()
        request.own_participants = own.filter(Q(left_on=None) | Q(pk__in=signed))
        request.unsigned = [each.pk for each in own if each.pk not in signed and each.left_on is None]
        return super().get_formset(request, obj, **{"extra": len(request.unsigned), **kwargs})

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "participant":
            kwargs["queryset"] = request.own_participants
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Agreement)
class AgreementAdmin(UploadAdmin):
    form = AgreementForm
    parent_field = "cooperation"
    path_to_case = "cooperation__application"
    list_select_related = ["cooperation"]
    anchor = "vereinbarung"
    fieldsets = [
        (None, {"fields": ["seen", "upload", "starts_on", "is_unlimited", "ends_on", "termination_terms_confirmed"]}),
        ("Genehmigung (KGG § 26)", {"fields": ["approval_authority", "approved_on", "approval_file_number"]}),
        ("Bekanntmachung (KGG § 26)", {"fields": ["published_in", "published_on"]}),
        ("Anzeige (KGG § 26)", {"fields": ["notified_on"]}),
    ]
    inlines = [SignatureInline]

    def get_formset_kwargs(self, request, obj, inline, prefix):
        options = super().get_formset_kwargs(request, obj, inline, prefix)
        return {**options, "initial": [{"participant": pk} for pk in request.unsigned]}
