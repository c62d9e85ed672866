"""The history of all cases, to look at."""

from auditlog import admin as auditlogs  # registers its page now, so that it can be taken out below
from django.contrib import admin

from applications import timeline
from applications.admin.records import EvidenceAdmin
from applications.models import Entry
from applications.states import State
from ikz.bounded_count import PeriodFilter

# Field changes are told in the timeline of their case.
admin.site.unregister(auditlogs.LogEntry)


@admin.register(Entry)
class EntryAdmin(EvidenceAdmin):
    list_display = ["application", "sequence", "step_label", "target_label", "by_name", "at", "reason"]
    list_select_related = ["application"]
    list_filter = [("at", PeriodFilter)]  # no date_hierarchy: it would ask every row
    search_fields = ["application__file_number", "by_name"]

    @admin.display(description="Schritt", ordering="step")
    def step_label(self, entry):
        return timeline.step_label(entry)

    @admin.display(description="Stand danach", ordering="target")
    def target_label(self, entry):
        return State(entry.target).label
