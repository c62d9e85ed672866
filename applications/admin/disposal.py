"""The end of a file: the Landesarchiv's answer, the deletion by a second person, and the records of deletions."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse

from applications import disposal
from applications.admin.records import ReadOnlyAdmin, RecordAdmin, SeenForm, case_url
from applications.models import Application, ArchiveAnswer, Deletion
from ikz import clock
from ikz.bounded_count import BoundedList
from ikz.german import counted, euros
from ikz.request_log import about

TOO_EARLY = "Die Aufbewahrung der Akte läuft noch. Bitte bieten Sie sie dem Landesarchiv erst danach an."


class ArchiveAnswerForm(SeenForm):
    only_while_open = False  # on the contrary: only once the years of keeping are over

    @classmethod
    def why_readonly(cls, record):
        return None if disposal.is_to_be_offered(record.case) else TOO_EARLY

    def clean_answered_on(self):
        day = self.cleaned_data["answered_on"]
        if (last := disposal.kept_until(self.instance.application)) and day <= last:
            raise ValidationError(f"Die Aufbewahrung lief bis zum {last:%d.%m.%Y}. Es zählt nur eine spätere Antwort.")
        return day


@admin.register(ArchiveAnswer)
class ArchiveAnswerAdmin(RecordAdmin):
    form = ArchiveAnswerForm
    list_select_related = ["application__cooperation"]
    anchor = "aussonderung"
    fieldsets = [
        (None, {"fields": ["seen", "offered_on", "answered_on", "verdict", "reference"]}),
        ("Übergabe", {"fields": ["handed_over_on"]}),
    ]

    def save_model(self, request, obj, form, change):
        """Whoever wrote last answers for it; the deletion is somebody else's."""
        obj.recorded_by, obj.recorded_at = request.user, clock.now()
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request, obj=None):
        return False


class DeleteFileForm(forms.Form):
    file_number = forms.CharField(
        label="Aktenzeichen zur Bestätigung", widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args, application, **kwargs):
        super().__init__(*args, **kwargs)
        self.application = application

    def clean_file_number(self):
        typed = self.cleaned_data["file_number"].strip()
        if typed.upper() != self.application.file_number:
            raise ValidationError(f"Bitte geben Sie das Aktenzeichen dieser Akte ein: {self.application.file_number}.")
        return typed


@admin.register(Deletion)
class DeletionAdmin(BoundedList, ReadOnlyAdmin):
    list_display = ["file_number", "variant", "last_state", "ended_on", "verdict", "deleted_on"]
    list_select_related = ["variant__programme"]
    list_filter = ["verdict"]
    search_fields = ["file_number", "reference"]
    readonly_fields = ["in_the_books", "decided_year", "entries"]
    fieldsets = [
        (None, {"fields": ["file_number", "variant", "last_state", "documents", "entries"]}),
        ("Aussonderung", {"fields": ["ended_on", "kept_until", "verdict", "answered_on", "reference", "deleted_on"]}),
        ("Haushalt", {"fields": ["budget", "in_the_books", "decided_year"]}),
    ]

    def get_urls(self):
        page = self.admin_site.admin_view(self.delete_file_view)
        return [path("akte/<int:case>/", page, name="applications_deletion_delete_file"), *super().get_urls()]

    @admin.display(description="gebunden")
    def in_the_books(self, deletion):
        return "–" if deletion.bound is None else euros(deletion.bound)

    @admin.display(description="bewilligt im Jahr")
    def decided_year(self, deletion):
        return str(deletion.decided_in or "–")  # a year has no thousands separator

    @admin.display(description="Einträge der Verfahrensgeschichte")
    def entries(self, deletion):
        return len(deletion.seals)

    def delete_file_view(self, request, case):
        application = get_object_or_404(Application.objects.visible_to(request.user).with_case(), pk=case)
        about(request, application)
        if refusal := disposal.why_not(application, request.user):
            raise PermissionDenied(refusal)
        form = DeleteFileForm(request.POST or None, application=application)
        if form.is_valid():
            return self._delete(request, application)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Akte löschen: {application.file_number}",
            "application": application,
            "case_url": case_url(application),
            "documents": counted(application.files.count(), "Dokument", "Dokumente"),
            "form": form,
        }
        return render(request, "admin/applications/deletion/delete_file.html", context)

    def _delete(self, request, application):
        try:
            deletion = disposal.delete_file(application, by=request.user)
        except disposal.NotDeleted as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        self.message_user(request, f"Die Akte {deletion.file_number} ist gelöscht.", messages.SUCCESS)
        return redirect(reverse("admin:applications_deletion_change", args=[deletion.pk]))
