"""The list of cases: what a clerk looks for, sorts, filters and exports."""

from functools import cache

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, IntegerField, Value, When
from django.http import HttpResponseRedirect
from django.utils import timezone
from django.utils.text import smart_split
from import_export.admin import ExportMixin
from import_export.formats.base_formats import XLSX
from import_export.forms import ExportForm

from applications import grants
from applications.admin.case_filters import CASE_FILTERS, first_and_last_days, years_between
from applications.badges import STATE_BADGES, TURN_BADGES
from applications.exports import ApplicationResource
from applications.models import Application
from applications.models.application_queries import granted_expression, participant_count_expression
from applications.models.turn_expressions import turn_expression
from applications.states import UNDECIDED, State
from ikz.admin_addresses import SoundChangeList, SoundExport
from ikz.bounded_count import BoundedPaginator
from ikz.german import counted, euros
from ikz.models import User
from ikz.tables import GermanCSV
from municipalities.models import display_name, with_place

FORGET = "fresh"  # query parameter of the links that lead back to the whole list
NOT_A_SELECTION = {"p", "all", "e", "_popup", "_to_field", "_facets"}
# What the columns show beside the case itself. As plain values: as objects they would take as long as the query.
SHOWN_VALUES = {
    "project": F("cooperation__title"),
    "lead_kind": F("cooperation__lead__kind"),
    "lead_name": F("cooperation__lead__name"),
    "district_kind": F("cooperation__lead__district__kind"),
    "district_name": F("cooperation__lead__district__name"),
    **{parameter: F(f"variant__{parameter}") for parameter in ("unit", "amount_per_unit", "cap")},
}
STATE_ORDER = Case(
    *(When(state=state, then=Value(position)) for position, state in enumerate(State.values)),
    output_field=IntegerField(),
)


@cache
def shown_cases():
    """All that the columns show. Not evaluated itself, and built once: that takes as long as the database needs for a page."""
    rows = Application.objects.with_turn().with_amount().with_participant_count().with_units()
    return rows.only("file_number", "state", "state_since").annotate(**SHOWN_VALUES)


class CaseChangeList(SoundChangeList):
    def get_queryset(self, request, exclude_parameters=None):
        self.request = request
        return super().get_queryset(request, exclude_parameters)

    def get_results(self, request):
        """The rows of one page with what the columns show and nothing else; the count above them needs none of it."""
        super().get_results(request)
        self.result_list = shown_cases().in_order_of(self.paginator.keys_of(self.result_list))

    def get_query_string(self, new_params=None, remove=None):
        """An empty selection says that it is meant, because the bare address leads to the saved one."""
        query = super().get_query_string(new_params, remove)
        return query if query != "?" else f"?{FORGET}=1"

    def years_of_receipt(self):
        """The uppermost level of the date drill-down; None below it, where the stock one does well.

        From the first and the last day in the database: the stock one asks every row, which doubles the page's time.
        """
        if f"{self.date_hierarchy}__year" in self.params:
            return None
        return [
            {"title": year, "link": self.get_query_string({f"{self.date_hierarchy}__year": year})}
            for year in years_between(*first_and_last_days(self.request)[:2])
        ]

    @property
    def counted(self):
        return self.paginator.counted("Fall", "Fälle")

    @property
    def whole_list(self):
        return f"?{FORGET}=1"

    @property
    def is_selection(self):
        """Whether the person has chosen what is shown, or its order."""
        return self.params.keys() - NOT_A_SELECTION


class CaseList(SoundExport, ExportMixin):
    """A base of ApplicationAdmin: everything of the list, nothing of the case page."""

    list_display = [
        "file_number",
        "title",
        "lead",
        "participant_number",
        "state_label",
        "turn_label",
        "waiting_days",
        "amount",
    ]
    list_display_links = ["file_number"]
    list_filter = CASE_FILTERS
    list_per_page = 50
    list_max_show_all = 500
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["file_number"]  # shows the box; get_search_results() says where else it looks
    search_help_text = "Aktenzeichen, Vorhaben, Kommune oder Notiz; mehrere Wörter müssen alle vorkommen."
    date_hierarchy = "received_on"
    ordering = ["-file_number"]
    actions = None
    import_export_change_list_template = "admin/applications/application/change_list.html"
    export_form_class = ExportForm  # without the box „select all“, which has neither label nor a place in the CSP
    resource_classes = [ApplicationResource]
    formats = [XLSX, GermanCSV]

    # ── The rows ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def get_changelist(self, request, **kwargs):
        return CaseChangeList

    def get_paginator(self, request, queryset, per_page, **options):
        paginator = super().get_paginator(request, queryset, per_page, **options)
        paginator.is_narrowed = bool(request.GET.keys() - NOT_A_SELECTION - {ORDER_VAR})
        return paginator

    def get_search_results(self, request, queryset, search_term):
        words = [word.strip("\"'„“") for word in smart_split(search_term)]
        return queryset.searched_for(filter(None, words)), False

    # ── The columns ───────────────────────────────────────────────────────────────────────────────────────────────────

    @admin.display(description="Vorhaben", ordering="cooperation__title")
    def title(self, application):
        return application.project

    @admin.display(description="Federführend", ordering="cooperation__lead__name")
    def lead(self, application):
        if application.lead_name is None:
            return "–"
        name = display_name(application.lead_kind, application.lead_name)
        district = application.district_name
        return with_place(name, district and display_name(application.district_kind, district))

    @admin.display(description="Beteiligte", ordering=participant_count_expression())
    def participant_number(self, application):
        return application.participant_count

    @admin.display(description="Stand", ordering=STATE_ORDER)
    def state_label(self, application):
        return STATE_BADGES[application.state]

    @admin.display(description="Am Zug", ordering=turn_expression())
    def turn_label(self, application):
        return TURN_BADGES[application.sql_turn]

    @admin.display(description="Seit", ordering="-state_since")
    def waiting_days(self, application):
        days = application.days_in_state
        return counted(days, "Tag", "Tagen") if days else "heute"

    @admin.display(description="Betrag (Vorschlag)", ordering=granted_expression())
    def amount(self, application):
        if application.granted is not None:
            return euros(application.granted)
        if application.state not in UNDECIDED or not application.sql_units:
            return "–"
        proposed = grants.propose(application, application.sql_units).total
        return "–" if proposed is None else f"({euros(proposed)})"

    # ── The saved selection ───────────────────────────────────────────────────────────────────────────────────────────

    def changelist_view(self, request, extra_context=None):
        if saved := self._saved_selection(request):
            return HttpResponseRedirect(f"{request.path}?{saved}")
        return super().changelist_view(request, extra_context)

    def _saved_selection(self, request):
        """Keep what the person sorts and filters by; the query string to go back to, where the address has none.

        With the account, so that the next sign-in finds it. An update, because a save would count as a change of the account.
        """
        if request.method != "GET" or request.GET.keys() & {"_popup", "_to_field"}:
            return None
        if not request.GET:
            return request.user.case_list_selection
        if FORGET in request.GET:
            request.GET = request.GET.copy()
            del request.GET[FORGET]
        selection = request.GET.copy()
        for name in NOT_A_SELECTION & selection.keys():
            del selection[name]
        if selection.urlencode() != request.user.case_list_selection:
            User.objects.filter(pk=request.user.pk).update(case_list_selection=selection.urlencode())
        return None

    # ── The export ────────────────────────────────────────────────────────────────────────────────────────────────────

    def export_action(self, request):
        if FORGET in request.GET:
            request.GET = request.GET.copy()
            del request.GET[FORGET]
        return super().export_action(request)

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    def get_export_filename(self, request, queryset, file_format):
        return f"faelle-{timezone.localdate():%Y-%m-%d}.{file_format.get_extension()}"

    def get_export_data(self, file_format, request, queryset, **kwargs):
        """Numbers and dates go into XLSX as such, into CSV as German text."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        table = self.get_data_for_export(request, queryset, force_native_type=file_format.is_binary(), **kwargs)
        return file_format.export_data(table)
