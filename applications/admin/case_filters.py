"""The filters of the case list. Their choices cost three queries in all, however many cases there are."""

from datetime import date, timedelta
from functools import cache
from urllib.parse import quote

from django.contrib import admin
from django.db.models import Subquery
from django.utils import timezone
from django.utils.html import format_html

from applications import case_dates, deadlines
from applications.models import Application, Decision, TaskField
from applications.models.programme import Variant
from applications.states import UNDECIDED, State
from applications.turns import Turn
from municipalities.models import REGIERUNGSBEZIRKE, Kind, Municipality

OPEN = "open"
MINE = "me"
NO_ONE = "none"
OVERDUE = "overdue"
ARCHIVE = "archive"
REPAYMENT = "repayment"
SOON = "soon"


class CaseFilter(admin.SimpleListFilter):
    """Folded up while it is not in use, so that all of them fit on a screen."""

    template = "admin/applications/application/filter.html"

    @property
    def is_folded(self):
        return self.value() is None

    def choices(self, changelist):
        """The links as finished list items: a template for a hundred of them takes longer than the rest of the filter."""
        rest = changelist.get_query_string(remove=[self.parameter_name])
        chosen = self.value()
        yield _link(rest, "alle", chosen is None)
        for value, label in self.lookup_choices:
            yield _link(f"{rest}&{self.parameter_name}={quote(value)}", label, chosen == value)


def _link(address, label, is_chosen):
    if is_chosen:
        return format_html('<li class="selected"><a href="{}" aria-current="true">{}</a></li>', address, label)
    return format_html('<li><a href="{}">{}</a></li>', address, label)


class StateFilter(CaseFilter):
    title = "Stand"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [(OPEN, "offen (noch nicht entschieden)"), *State.choices]

    def queryset(self, request, queryset):
        match self.value():
            case None:
                return queryset
            case "open":
                return queryset.filter(state__in=UNDECIDED)
            case state:
                return queryset.filter(state=state)


class TurnFilter(CaseFilter):
    title = "Am Zug"
    parameter_name = "turn"

    def lookups(self, request, model_admin):
        return [(MINE, "ich (mein Arbeitsvorrat)"), *Turn.choices]

    def queryset(self, request, queryset):
        match self.value():
            case None:
                return queryset
            case "me":
                return queryset.worklist_of(request.user)
            case turn:
                return queryset.at_turn(turn) if turn in Turn else queryset.none()


class ClerkFilter(CaseFilter):
    title = "Zuständig"
    parameter_name = "clerk"

    def lookups(self, request, model_admin):
        return [(MINE, "meine Fälle"), (NO_ONE, "noch niemand")]

    def queryset(self, request, queryset):
        match self.value():
            case "me":
                return queryset.filter(clerk=request.user)
            case "none":
                return queryset.filter(clerk=None)
        return queryset


class CorrectionFilter(CaseFilter):
    title = "Nachforderung"
    parameter_name = "corrections"

    def lookups(self, request, model_admin):
        return [(OVERDUE, "überfällig"), (OPEN, "offen")]

    def queryset(self, request, queryset):
        match self.value():
            case "overdue":
                return queryset.overdue(timezone.localdate())
            case "open":
                return queryset.with_open_correction()
        return queryset


class DueFilter(CaseFilter):
    """All days by which somebody has to act: Nachforderung, Stellungnahme, Wiedervorlage, and what follows the decision."""

    title = "Fristen"
    parameter_name = "due"

    def lookups(self, request, model_admin):
        days = [(OVERDUE, "überfällig"), (SOON, "fällig in 14 Tagen")]
        return [*days, (REPAYMENT, "Erstattung steht aus"), (ARCHIVE, "dem Landesarchiv anzubieten")]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        match self.value():
            case "overdue":
                return deadlines.with_a_day_between(queryset, date.min, today - timedelta(days=1))
            case "soon":
                return deadlines.with_a_day_between(queryset, today, today + case_dates.SOON)
            case "repayment":
                return deadlines.to_be_repaid(queryset)
            case "archive":
                return deadlines.kept_long_enough(queryset, today)
        return queryset


class VariantFilter(CaseFilter):
    """By kind of variant: the same one in all versions of the programme.

    Asks for the variants at once: of values PostgreSQL knows how many cases have them, of a subquery it expects so many
    that it reads all cases.
    """

    title = "Variante"
    parameter_name = "variant"

    def lookups(self, request, model_admin):
        return Variant.objects.kinds()

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(variant__in=list(Variant.objects.filter(code=self.value())))


class TaskFieldFilter(CaseFilter):
    title = "Aufgabenfeld"
    parameter_name = "task_field"

    def lookups(self, request, model_admin):
        return list(TaskField.objects.values_list("code", "label"))

    def queryset(self, request, queryset):
        return queryset.filter(cooperation__task_field__code=self.value()) if self.value() else queryset


class RegierungsbezirkFilter(CaseFilter):
    title = "Regierungsbezirk"
    parameter_name = "region"

    def lookups(self, request, model_admin):
        return list(REGIERUNGSBEZIRKE.items())

    def queryset(self, request, queryset):
        return queryset.located_in(self.value()) if self.value() else queryset


class DistrictFilter(CaseFilter):
    title = "Kreis"
    parameter_name = "district"

    def lookups(self, request, model_admin):
        bodies = Municipality.objects.filter(kind__in=[Kind.DISTRICT, Kind.INDEPENDENT_CITY], ags__isnull=False)
        return [(body.ags[:5], body.display_name) for body in bodies.only("ags", "name", "kind").order_by("name")]

    def queryset(self, request, queryset):
        return queryset.located_in(self.value()) if self.value() else queryset


class YearFilter(CaseFilter):
    """A year among those between the first and the last one in the database."""

    def lookups(self, request, model_admin):
        return [(year, year) for year in years_between(*self.span(first_and_last_days(request)))]

    def year(self):
        value = self.value() or ""
        # The year 1 has no beginning in every time zone; there are no cases before the first programme anyway.
        return int(value) if value.isdecimal() and len(value) == 4 and value >= "1900" else None


class ReceivedYearFilter(YearFilter):
    title = "Eingang im Jahr"
    parameter_name = "year"

    def span(self, days):
        return days[:2]

    def queryset(self, request, queryset):
        return queryset.filter(received_on__year=self.year()) if self.year() else queryset


class DecidedYearFilter(YearFilter):
    title = "Bewilligt im Jahr"
    parameter_name = "decided"

    def span(self, days):
        return [moment and timezone.localtime(moment) for moment in days[2:]]

    def queryset(self, request, queryset):
        return queryset.decided_in(self.year()) if self.year() else queryset


def years_between(first, last):
    """The newest year first, as text."""
    return [str(year) for year in range(last.year, first.year - 1, -1)] if first and last else []


def first_and_last_days(request):
    """First and last receipt, first and last decision: four looks into an index in one query, once per request."""
    if not hasattr(request, "first_and_last_days"):
        request.first_and_last_days = _span().all().first() or (None, None, None, None)
    return request.first_and_last_days


@cache
def _span():
    received = Application.objects.filter(received_on__isnull=False).values("received_on")
    decided = Decision.objects.binding().values("decided_at")
    return Application.objects.order_by("pk").values_list(
        Subquery(received.order_by("received_on")[:1]),
        Subquery(received.order_by("-received_on")[:1]),
        Subquery(decided.order_by("decided_at")[:1]),
        Subquery(decided.order_by("-decided_at")[:1]),
    )


CASE_FILTERS = [
    ClerkFilter,
    TurnFilter,
    StateFilter,
    CorrectionFilter,
    DueFilter,
    VariantFilter,
    TaskFieldFilter,
    RegierungsbezirkFilter,
    DistrictFilter,
    ReceivedYearFilter,
    DecidedYearFilter,
]
