"""The budget: its lines with their sums, transfers between them, what may be promised ahead, and what-if."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html

from applications import figures, what_if
from applications.models import Budget, BudgetTransfer, CommitmentAuthorisation
from ikz import clock
from ikz.admin_a11y import ModelAdmin
from ikz.german import euros

FIGURES = ["transferred", "committed", "paid", "left"]


class HoldsTheBooks(ModelAdmin):
    """Every line is held before it is read, so that nothing is granted meanwhile out of what is taken away."""

    def changeform_view(self, request, *args, **kwargs):
        with transaction.atomic():
            if request.method == "POST":
                list(Budget.objects.held())
            return super().changeform_view(request, *args, **kwargs)


@admin.register(Budget)
class BudgetAdmin(HoldsTheBooks):
    list_display = ["year_number", "title", "allocated_shown", "transferred", "committed", "paid", "left", "ahead"]
    change_list_template = "admin/applications/budget/change_list.html"

    def get_urls(self):
        what_if_page = self.admin_site.admin_view(self.what_if_view)
        return [path("was-waere-wenn/", what_if_page, name="applications_budget_what_if"), *super().get_urls()]

    def get_queryset(self, request):
        return super().get_queryset(request).with_books()

    def changelist_view(self, request, extra_context=None):
        """Above the lines what is reserved in the year: no line has a share in it before a case is decided."""
        bars = figures.budget_bars(request.user, years=[clock.today().year])
        return super().changelist_view(request, {**(extra_context or {}), "budgets": bars})

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["year", "title", "allocated"]
        if obj.decisions.exists() or obj.deletions.exists():  # what names year and title stays true
            return ["year_number", "title_shown", "allocated", *FIGURES]
        return ["year", "title", "allocated", *FIGURES]

    def get_readonly_fields(self, request, obj=None):
        return ["year_number", "title_shown", *FIGURES]

    @admin.display(description="Haushaltsjahr", ordering="year")
    def year_number(self, budget):
        return str(budget.year)  # a year has no thousands separator

    @admin.display(description="Haushaltsstelle")
    def title_shown(self, budget):
        return budget.title or "–"

    @admin.display(description="Ansatz", ordering="allocated")
    def allocated_shown(self, budget):
        return euros(budget.allocated)

    @admin.display(description="umgebucht")
    def transferred(self, budget):
        return euros(budget.transferred())

    @admin.display(description="bewilligt")
    def committed(self, budget):
        url = reverse("admin:applications_decision_changelist")
        return format_html('<a href="{}?budget__id__exact={}">{}</a>', url, budget.pk, euros(budget.committed()))

    @admin.display(description="davon ausgezahlt")
    def paid(self, budget):
        return euros(budget.paid())

    @admin.display(description="verfügbar")
    def left(self, budget):
        return euros(budget.left())

    @admin.display(description="vorab zu bewilligen")
    def ahead(self, budget):
        this_year = clock.today().year
        return euros(budget.room(this_year)) if budget.year > this_year else "–"

    def what_if_view(self, request):
        """Changes nothing: what is marked stands in the address."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        page = what_if.page(request.user, request.GET)
        context = {**self.admin_site.each_context(request), "title": "Was wäre, wenn?", "opts": self.opts, "page": page}
        return render(request, "admin/applications/budget/what_if.html", context)

    def has_delete_permission(self, request, obj=None):
        in_the_books = obj and any(
            each.exists()
            for each in (obj.decisions, obj.deletions, obj.transfers_in, obj.transfers_out, obj.authorisations)
        )
        return super().has_delete_permission(request, obj) and not in_the_books


@admin.register(BudgetTransfer)
class BudgetTransferAdmin(HoldsTheBooks):
    list_display = ["at", "source", "target", "amount_shown", "reason", "by"]
    list_select_related = ["source", "target", "by"]
    fields = ["source", "target", "amount", "reason"]

    @admin.display(description="Betrag", ordering="amount")
    def amount_shown(self, transfer):
        return euros(transfer.amount)

    def save_model(self, request, obj, form, change):
        obj.by = request.user
        super().save_model(request, obj, form, change)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(CommitmentAuthorisation)
class CommitmentAuthorisationAdmin(HoldsTheBooks):
    list_display = ["year_number", "budget", "amount_shown", "promised", "left_to_promise"]
    list_select_related = []  # the line comes with its books
    fields = ["year", "budget", "amount", "note"]

    def get_queryset(self, request):
        lines = Budget.objects.with_bookings().prefetch_related("authorisations")
        return super().get_queryset(request).prefetch_related(Prefetch("budget", lines))

    def get_readonly_fields(self, request, obj=None):
        return ["year", "budget"] if obj else []

    @admin.display(description="gilt im Haushaltsjahr", ordering="year")
    def year_number(self, authorisation):
        return str(authorisation.year)

    @admin.display(description="Betrag", ordering="amount")
    def amount_shown(self, authorisation):
        return euros(authorisation.amount)

    @admin.display(description="bewilligt")
    def promised(self, authorisation):
        return euros(authorisation.budget.promised(authorisation.year))

    @admin.display(description="verfügbar")
    def left_to_promise(self, authorisation):
        return euros(authorisation.budget.left_to_promise(authorisation.year))

    def has_delete_permission(self, request, obj=None):
        return False
