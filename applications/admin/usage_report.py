"""The report of use: what came on paper is entered here, and every report is accepted or objected to."""

from django.contrib import admin

from applications import usage_reports
from applications.admin.cooperation import UploadAdmin, UploadForm
from applications.models import UsageReport
from applications.models.stored_file import Purpose
from applications.states import State


class UsageReportForm(UploadForm):
    purpose = Purpose.REPORT
    only_while_open = False  # the case is decided and paid

    @classmethod
    def why_readonly(cls, record):
        if record.case.state != State.PAID:
            return "Ein Verwendungsnachweis wird zwischen Auszahlung und Abschluss geprüft."
        return None


@admin.register(UsageReport)
class UsageReportAdmin(UploadAdmin):
    form = UsageReportForm
    list_select_related = ["application__cooperation"]
    anchor = "nachweis"
    fieldsets = [
        (None, {"fields": ["seen", "submitted_on", "text", "upload"]}),
        ("Zahlen", {"fields": ["spent", "personnel_after", "material_after"]}),
        ("Prüfung", {"fields": ["verdict", "note"]}),
    ]

    def save_model(self, request, obj, form, change):
        if "verdict" in form.changed_data or "note" in form.changed_data:
            obj.judge(request.user)
        super().save_model(request, obj, form, change)
        usage_reports.tell_verdict(obj, by=request.user)

    def has_delete_permission(self, request, obj=None):
        return False
