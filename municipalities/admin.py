from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.paginator import Paginator
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html_join

from ikz.admin_a11y import ModelAdmin
from municipalities import history
from municipalities.access_admin import AccessAdmin, ValidityFilter
from municipalities.models import REGIERUNGSBEZIRKE, Membership, Municipality, RegisterImport
from municipalities.register_admin import RegisterAdminMixin

CHANGES_PER_PAGE = 100


class RegierungsbezirkFilter(admin.SimpleListFilter):
    title = "Regierungsbezirk"
    parameter_name = "regierungsbezirk"

    def lookups(self, request, model_admin):
        return REGIERUNGSBEZIRKE.items()

    def queryset(self, request, queryset):
        if self.value() not in REGIERUNGSBEZIRKE:
            return queryset
        of_its_district = Q(ags=None, district__ags__startswith=self.value())
        return queryset.filter(Q(ags__startswith=self.value()) | of_its_district)


class ExistenceFilter(admin.SimpleListFilter):
    title = "Bestehen"
    parameter_name = "bestehen"

    def lookups(self, request, model_admin):
        return [("heute", "bestehend"), ("frueher", "aufgelöst")]

    def queryset(self, request, queryset):
        existing = Municipality.objects.existing_on(timezone.localdate())
        if self.value() == "heute":
            return queryset.filter(pk__in=existing)
        if self.value() == "frueher":
            return queryset.filter(valid_to__lt=timezone.localdate())
        return queryset


@admin.register(Municipality)
class MunicipalityAdmin(RegisterAdminMixin, ModelAdmin):
    list_display = ["name", "key", "kind", "district_name", "regierungsbezirk", "population", "valid_to"]
    list_filter = ["kind", RegierungsbezirkFilter, ExistenceFilter, ("district", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["district"]
    search_fields = ["name", "ags", "ars"]
    search_help_text = "Name, Gemeindeschlüssel oder Regionalschlüssel"
    autocomplete_fields = ["district", "successor"]
    readonly_fields = ["regierungsbezirk", "organs_shown", "predecessors_shown"]
    actions = None
    fieldsets = [
        (None, {"fields": ["name", "kind", "ags", "ars", "district", "regierungsbezirk"]}),
        ("Organe", {"fields": ["organs_shown"]}),
        ("Einwohner und Fläche", {"fields": [("population", "population_date"), "area_km2"]}),
        ("Verwaltung", {"fields": ["street", ("postal_code", "seat"), "email", ("latitude", "longitude")]}),
        (
            "Bestehen",
            {
                "fields": ["valid_from", "valid_to", "successor", "predecessors_shown"],
                "description": "Bei einem Zusammenschluss tragen Sie den letzten Tag des Bestehens und die "
                "Nachfolgerin ein. "
                "Gelöscht wird nichts.",
            },
        ),
        ("Bemerkung", {"fields": ["note"]}),
    ]

    @admin.display(description="AGS", ordering="ags")
    def key(self, municipality):
        return municipality.ags

    @admin.display(description="Landkreis", ordering="district__name")
    def district_name(self, municipality):
        return municipality.district.display_name if municipality.district_id else ""

    @admin.display(description="Regierungsbezirk")
    def regierungsbezirk(self, municipality):
        return municipality.regierungsbezirk

    @admin.display(description="Organe")
    def organs_shown(self, municipality):
        if not municipality.kind:
            return "Folgen aus der Art."
        organs = municipality.organs
        named = [("beschließt", organs.resolves), ("unterzeichnet", organs.signs), ("leitet", organs.heads)]
        return format_html_join("; ", "{}: {}", named)

    @admin.display(description="Vorgängerinnen")
    def predecessors_shown(self, municipality):
        if municipality.pk is None:
            return "–"
        return ", ".join(f"{body.name} ({body.ags})" for body in municipality.predecessors.all()) or "–"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("district")

    def history_view(self, request, object_id, extra_context=None):
        """Field by field, whoever changed it: a person here, a file that was read in, or a command."""
        body = self.get_object(request, unquote(object_id))
        pages = Paginator(history.entries_of(str(body.pk) if body else ""), CHANGES_PER_PAGE)
        page = pages.get_page(request.GET.get("p"))
        told = {"changes_page": page, "changes": history.told(page.object_list)}
        return super().history_view(request, object_id, {**told, **(extra_context or {})})

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Membership)
class MembershipAdmin(AccessAdmin):
    list_display = ["user", "municipality", "role", "is_administrator", "valid_from", "valid_to", "ended_at"]
    list_select_related = ["user", "municipality__district"]
    list_filter = [ValidityFilter, "role", "is_administrator"]
    search_fields = ["user__email", "user__last_name", "municipality__name"]
    fields = ["user", "municipality", "role", "is_administrator", "valid_from", "valid_to", "ended_by", "ended_at"]
    readonly_fields = ["user", "municipality", "valid_from", "ended_by", "ended_at"]


@admin.register(RegisterImport)
class RegisterImportAdmin(ModelAdmin):
    list_display = ["at", "file_name", "actor", "imported", "repaired", "refused", "skipped", "unchanged"]
    list_select_related = ["by"]
    fields = [
        "file_name",
        "sha256",
        "at",
        "actor",
        "imported",
        "repaired",
        "refused",
        "skipped",
        "unchanged",
        "messages",
    ]
    readonly_fields = ["actor", "messages"]

    @admin.display(description="durch", ordering="by__last_name")
    def actor(self, record):
        return record.by or "Kommandozeile"

    @admin.display(description="Abgelehnte und berichtigte Zeilen")
    def messages(self, record):
        lines = ((message,) for finding in record.findings for message in finding["messages"])
        return format_html_join("\n", "<p>{}</p>", lines) or "–"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
