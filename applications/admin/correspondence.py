"""Opinions and file notes of a case."""

from django import forms
from django.contrib import admin

from applications.admin.cooperation import UploadAdmin, UploadForm
from applications.admin.records import RecordAdmin, SeenForm
from applications.models import FileNote, Message, Opinion
from applications.models.stored_file import Purpose

CAME_EARLY = (
    "Der Eingang liegt vor dem Tag der Anforderung. Bitte prüfen Sie beide Tage. Lag die Stellungnahme schon dem Antrag bei, "
    "so lassen Sie „angefordert am“ leer."
)


class OpinionForm(UploadForm):
    purpose = Purpose.OPINION

    def clean(self):
        """What the two days and the recommendation say of each other, at the field where it is mended."""
        cleaned = super().clean()
        requested_on, received_on = cleaned.get("requested_on"), cleaned.get("received_on")
        if received_on and requested_on and received_on < requested_on:
            self.add_error("received_on", CAME_EARLY)
        if received_on and "recommendation" in cleaned and not cleaned["recommendation"]:
            self.add_error("recommendation", "Bitte wählen Sie, was die eingegangene Stellungnahme empfiehlt.")
        return cleaned


@admin.register(Opinion)
class OpinionAdmin(UploadAdmin):
    form = OpinionForm
    anchor = "stellungnahmen"
    fieldsets = [
        (None, {"fields": ["seen", "authority", "name", "requested_on", "due_on"]}),
        ("Antwort", {"fields": ["received_on", "recommendation", "text", "upload"]}),
        ("Verzicht", {"fields": ["waived_reason"]}),
    ]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        Message.objects.ask_for(obj, by=request.user)

    def has_delete_permission(self, request, obj=None):
        """What came in stays; an office that is not needed is waived with a reason."""
        return super().has_delete_permission(request, obj) and not (obj and obj.is_answered)


class FileNoteForm(SeenForm):
    only_while_open = False  # a decided case is still written about


@admin.register(FileNote)
class FileNoteAdmin(RecordAdmin):
    form = FileNoteForm
    anchor = "vermerke"
    fields = ["seen", "text", "follow_up_on", "is_done"]

    def has_delete_permission(self, request, obj=None):
        """Part of the file, also for the superuser: a note that is overtaken is answered by another one."""
        return False

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
