"""Opinions, correction requests and file notes of a case."""

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.utils import timezone

from applications.admin.cooperation import UploadAdmin, UploadForm
from applications.admin.records import RecordAdmin, RecordInline, SeenForm
from applications.models import CorrectionItem, CorrectionRequest, FileNote, Opinion
from applications.models.stored_file import Purpose


class OpinionForm(UploadForm):
    purpose = Purpose.OPINION


@admin.register(Opinion)
class OpinionAdmin(UploadAdmin):
    form = OpinionForm
    anchor = "stellungnahmen"
    fieldsets = [
        (None, {"fields": ["seen", "authority", "name", "requested_on", "due_on"]}),
        ("Antwort", {"fields": ["received_on", "recommendation", "text", "upload"]}),
        ("Verzicht", {"fields": ["waived_reason"]}),
    ]


SETTLED = "Diese Nachforderung ist erledigt und bleibt, wie sie ist. Fehlt noch etwas, fordern Sie es bitte neu nach."


class CorrectionItemInline(RecordInline):
    model = CorrectionItem
    fields = ["text", "participant", "is_done"]
    min_num = 1

    def get_formset(self, request, obj=None, **kwargs):
        case = obj.case if obj else request.parent_of_new
        present = Q(left_on=None) | Q(correction_items__request=obj)
        own = (
            case.cooperation.participants.filter(present).distinct() if obj else case.cooperation.participants.active()
        )
        request.own_participants = own.select_related("municipality__district")
        return super().get_formset(request, obj, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "participant":
            kwargs["queryset"] = request.own_participants
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class CorrectionRequestForm(SeenForm):
    parts = ("items",)

    @classmethod
    def why_readonly(cls, record):
        return super().why_readonly(record) or (None if record.is_open else SETTLED)

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if not self.instance.pk and due_on < timezone.localdate():
            raise forms.ValidationError(
                "Die Frist liegt schon in der Vergangenheit. Bitte wählen Sie einen späteren Tag."
            )
        return due_on


@admin.register(CorrectionRequest)
class CorrectionRequestAdmin(RecordAdmin):
    form = CorrectionRequestForm
    anchor = "nachforderungen"
    inlines = [CorrectionItemInline]
    fieldsets = [
        (None, {"fields": ["seen", "subject", "text", "due_on"]}),
        (
            "Abschluss",
            {"fields": ["closing_note"], "description": "Geschlossen wird die Nachforderung auf der Seite des Falls."},
        ),
    ]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.requested_by = request.user
        super().save_model(request, obj, form, change)


class FileNoteForm(SeenForm):
    only_while_open = False  # a decided case is still written about


@admin.register(FileNote)
class FileNoteAdmin(RecordAdmin):
    form = FileNoteForm
    anchor = "vermerke"
    fields = ["seen", "text", "follow_up_on", "is_done"]

    def get_readonly_fields(self, request, obj=None):
        """The note stands under its author's name; others take over its follow-up, not its words."""
        return ["text"] if obj and obj.by != request.user else []

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "text":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.by = request.user
        super().save_model(request, obj, form, change)
