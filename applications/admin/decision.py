"""The decisions as the steps wrote them."""

from django.contrib import admin

from applications.admin.records import EvidenceAdmin
from applications.models import Decision
from ikz.german import euros


@admin.register(Decision)
class DecisionAdmin(EvidenceAdmin):
    list_display = ["application", "granted", "proposed", "decided_by", "decided_at", "annulled_at"]
    list_select_related = ["application", "decided_by"]
    list_filter = ["budget"]
    search_fields = ["application__file_number"]
    date_hierarchy = "decided_at"

    @admin.display(description="Zuwendung", ordering="amount")
    def granted(self, decision):
        return euros(decision.amount)

    @admin.display(description="Vorschlag", ordering="proposed_amount")
    def proposed(self, decision):
        return "–" if decision.proposed_amount is None else euros(decision.proposed_amount)
