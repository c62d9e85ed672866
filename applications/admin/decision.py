"""Budgets, and the decisions as the steps wrote them."""

from django.contrib import admin

from applications.admin.records import ReadOnlyAdmin
from applications.models import Budget, Decision
from ikz.admin_a11y import ModelAdmin
from ikz.german import euros


@admin.register(Budget)
class BudgetAdmin(ModelAdmin):
    list_display = ["year_number", "title", "allocated", "committed", "left"]
    fields = ["year", "title", "allocated"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("decisions")

    @admin.display(description="Haushaltsjahr", ordering="year")
    def year_number(self, budget):
        return str(budget.year)  # a year has no thousands separator

    @admin.display(description="bewilligt")
    def committed(self, budget):
        return euros(budget.committed())

    @admin.display(description="verfügbar")
    def left(self, budget):
        return euros(budget.left())

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.decisions.exists())


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ["application", "amount", "proposed_amount", "decided_by", "decided_at", "annulled_at"]
    list_select_related = ["application", "decided_by"]
    search_fields = ["application__file_number"]
    date_hierarchy = "decided_at"
