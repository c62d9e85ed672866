"""The facts that the dates of a decided case are counted from."""

from django.contrib import admin

from applications import notices
from applications.admin.records import RecordAdmin, SeenForm
from applications.models import DateFacts

UNDECIDED = "Über den Antrag ist noch nicht entschieden. Fristen gibt es erst danach."


class DateFactsForm(SeenForm):
    only_while_open = False  # on the contrary: only once the case is decided

    @classmethod
    def why_readonly(cls, record):
        return None if record.case.is_decided else UNDECIDED


@admin.register(DateFacts)
class DateFactsAdmin(RecordAdmin):
    form = DateFactsForm
    list_select_related = ["application__cooperation"]
    anchor = "fristen"
    fieldsets = [
        (None, {"fields": ["seen"]}),
        ("Bescheid", {"fields": ["posted_on", "retrieved_on", "is_instructed", "waived_on", "action_pending"]}),
        ("Danach", {"fields": ["report_on", "known_on"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        """What is written down on the notice itself is only shown here."""
        return list(notices.DATE_FACTS.values()) if obj and obj.application.has_notice else []

    def has_delete_permission(self, request, obj=None):
        return False
