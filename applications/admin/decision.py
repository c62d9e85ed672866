"""Budgets, and the decisions as the steps wrote them."""

from django.contrib import admin

from applications.admin.records import ReadOnlyAdmin
from applications.models import Budget, Decision
from ikz.admin_a11y import ModelAdmin
from ikz.german import euros

FIGURES = ["committed", "reserved", "left"]


@admin.register(Budget)
class BudgetAdmin(ModelAdmin):
    list_display = ["year_number", "title", "allocated_shown", "committed", "reserved", "left"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("decisions")

    def get_object(self, request, object_id, from_field=None):
        if request.method == "POST" and object_id.isdigit():
            # Held until the change is written, so that nothing is granted meanwhile out of what is being taken away.
            list(Budget.objects.select_for_update().filter(pk=object_id))
        return super().get_object(request, object_id, from_field)

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["year", "title", "allocated"]
        year = "year_number" if obj.decisions.exists() else "year"  # decisions name the year: it stays as it is
        return [year, "title", "allocated", *FIGURES]

    def get_readonly_fields(self, request, obj=None):
        return ["year_number", *FIGURES]

    @admin.display(description="Haushaltsjahr", ordering="year")
    def year_number(self, budget):
        return str(budget.year)  # a year has no thousands separator

    @admin.display(description="Ansatz", ordering="allocated")
    def allocated_shown(self, budget):
        return euros(budget.allocated)

    @admin.display(description="bewilligt")
    def committed(self, budget):
        return euros(budget.committed())

    @admin.display(description="vorgemerkt (geprüft, nicht entschieden)")
    def reserved(self, budget):
        return euros(budget.reserved())

    @admin.display(description="verfügbar")
    def left(self, budget):
        return euros(budget.left())

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.decisions.exists())


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ["application", "granted", "proposed", "decided_by", "decided_at", "annulled_at"]
    list_select_related = ["application", "decided_by"]
    search_fields = ["application__file_number"]
    date_hierarchy = "decided_at"

    @admin.display(description="Zuwendung", ordering="amount")
    def granted(self, decision):
        return euros(decision.amount)

    @admin.display(description="Vorschlag", ordering="proposed_amount")
    def proposed(self, decision):
        return "–" if decision.proposed_amount is None else euros(decision.proposed_amount)
