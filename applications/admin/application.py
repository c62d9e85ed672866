"""Cases: the list, the form for a new one, the page of a case, and the doors to its steps."""

from django.contrib import admin

from applications.admin.case_forms import CaseForm, NewCaseForm
from applications.admin.case_letters import CaseLetters
from applications.admin.case_list import CaseList
from applications.admin.case_page import CasePage
from applications.admin.corrections import CorrectionPages
from applications.models import Application
from ikz.admin_a11y import ModelAdmin
from ikz.german import listing


@admin.register(Application)
class ApplicationAdmin(CorrectionPages, CaseLetters, CasePage, CaseList, ModelAdmin):
    autocomplete_fields = ["earlier_case"]
    new_case_fields = [
        (None, {"fields": ["title", "task_field", "received_on", "variant_code", "legal_form"]}),
        ("Wer beteiligt ist", {"fields": ["municipalities", "lead", "few_participants_reason"]}),
        ("Wozu", {"fields": ["purpose"]}),
    ]
    special_fields = (
        "Besonderes",
        {"fields": ["few_participants_reason", "earlier_case", "earlier_case_reference", "note"]},
    )

    def get_object(self, request, object_id, from_field=None):
        if request.method == "POST" and object_id.isdecimal():
            # Held until the change is written, so that no step is taken on facts that are just changing.
            Application.objects.filter(pk=object_id).lock_rows()
        return super().get_object(request, object_id, from_field)

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return self.new_case_fields
        seen = ["seen"] if self.has_change_permission(request, obj) else []
        return [(None, {"fields": [*seen, "received_on", "variant", "clerk"]}), self.special_fields]

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            return type("NewCase", (NewCaseForm,), {"admin_site": self.admin_site, "by": request.user})
        return super().get_form(request, obj, change, **{"form": CaseForm, **kwargs})

    def save_form(self, request, form, change):
        return form.save(commit=False) if change else form.open_case()

    def save_model(self, request, obj, form, change):
        """A new case was already opened with its number and history."""
        if change:
            super().save_model(request, obj, form, change)
            if form.other_version:
                self.message_user(request, form.other_version, "warning")

    def save_related(self, request, form, formsets, change):
        if change:
            super().save_related(request, form, formsets, change)

    def response_add(self, request, obj, post_url_continue=None):
        self.message_user(request, f"Fall {obj.file_number} ist angelegt.")
        if similar := obj.similar_cases:
            names = listing([f"{each.file_number} ({each.cooperation})" for each in similar])
            self.message_user(request, f"Bitte prüfen Sie ähnliche Fälle: {names}.", "warning")
        return self.to_case(obj)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False, "show_delete": False}
        context |= {"title": "Neuer Fall"} if add else {"title": f"Angaben zu {obj.file_number}"}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def has_delete_permission(self, request, obj=None):
        return False
