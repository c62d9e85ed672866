"""The decisions as the steps wrote them."""

from django.contrib import admin

from applications.admin.records import EvidenceAdmin
from applications.models import Decision
from ikz.bounded_count import PeriodFilter
from ikz.german import euros


@admin.register(Decision)
class DecisionAdmin(EvidenceAdmin):
    list_display = ["application", "granted", "proposed", "decided_by", "decided_at", "annulled_at"]
    list_select_related = ["application", "decided_by"]
    list_filter = ["budget", ("decided_at", PeriodFilter)]  # no date_hierarchy: it would ask every row
    search_fields = ["application__file_number"]

    @admin.display(description="Zuwendung", ordering="amount")
    def granted(self, decision):
        return euros(decision.amount)

    @admin.display(description="Vorschlag", ordering="proposed_amount")
    def proposed(self, decision):
        return "–" if decision.proposed_amount is None else euros(decision.proposed_amount)
