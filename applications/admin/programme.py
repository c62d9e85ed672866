"""Programme versions, their variants, and the task fields: what the ministry edits without a developer."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from applications.legal_forms import LegalForm
from applications.models import Programme, TaskField, Variant
from applications.models.programme import DECIDED, Unit
from ikz.admin_a11y import ModelAdmin
from ikz.german import euros, percent


class VariantForm(forms.ModelForm):
    legal_forms = forms.MultipleChoiceField(
        label="zugelassene Rechtsformen",
        choices=LegalForm.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class VariantLinks(admin.TabularInline):
    """The variants of a version at a glance; each has a page of its own."""

    model = Variant
    fields = ["name", "amount_per_unit", "unit", "cap", "min_participants", "min_saving_percent"]
    readonly_fields = ["name"]
    extra = 0
    show_change_link = False

    @admin.display(description="Variante")
    def name(self, variant):
        url = reverse("admin:applications_variant_change", args=[variant.pk])
        return format_html('<a href="{}">{}</a>', url, variant.label)

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Programme)
class ProgrammeAdmin(ModelAdmin):
    list_display = ["name", "file_number", "valid_from", "valid_to", "is_draft"]
    fields = [
        "name",
        "file_number",
        "valid_from",
        "valid_to",
        "is_draft",
        "reminder_months",
        "retention_years",
        "source",
        "note",
    ]
    inlines = [VariantLinks]
    change_form_template = "admin/applications/programme/change_form.html"

    def get_urls(self):
        copy = self.admin_site.admin_view(require_POST(self.copy_view))
        return [path("<int:pk>/kopieren/", copy, name="applications_programme_copy"), *super().get_urls()]

    def copy_view(self, request, pk):
        programme = get_object_or_404(Programme, pk=pk)
        if not self.has_add_permission(request):
            self.message_user(request, "Neue Fassungen legt die Rolle Stammdaten an.", messages.ERROR)
            return redirect("admin:applications_programme_change", pk)
        try:
            new = programme.copy()
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return redirect("admin:applications_programme_change", pk)
        self.message_user(
            request,
            f"„{new}“ ist als Entwurf ab {new.valid_from:%d.%m.%Y} angelegt und gilt noch nicht. Bitte passen Sie Namen und "
            f"Werte an und nehmen Sie dann den Haken bei „Entwurf“ heraus.",
            messages.SUCCESS,
        )
        return redirect("admin:applications_programme_change", new.pk)

    def get_inlines(self, request, obj):
        """No table where there is no variant yet: an empty one scrolls on a phone, and no key reaches it."""
        return self.inlines if obj and obj.variants.exists() else []

    def get_readonly_fields(self, request, obj=None):
        """What cases rest on does not change under them."""
        if obj is None or not obj.has_cases:
            return []
        return list(Programme.PARAMETERS) if obj.has_decided_cases else ["is_draft"]

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Variant)
class VariantAdmin(ModelAdmin):
    form = VariantForm
    list_display = ["label", "version", "grant", "most", "least_participants", "least_saving"]
    list_filter = ["programme", "code"]
    list_select_related = ["programme"]
    fieldsets = [
        (None, {"fields": ["programme", "code", "label", "conditions", "source"]}),
        ("Zuwendung", {"fields": ["unit", "amount_per_unit", "cap"]}),
        ("Beteiligte", {"fields": ["min_units", "min_participants", "min_participants_with_reason"]}),
        ("Einsparung", {"fields": ["saving_basis", "min_saving_percent"]}),
        (
            "Vereinbarung",
            {
                "fields": [
                    "requires_agreement",
                    "legal_forms",
                    "min_term_years",
                    "termination_terms_above_years",
                    "binding_years",
                ]
            },
        ),
        ("Besonderes", {"fields": ["requires_ozg_goal", "excludes_pure_it"]}),
    ]

    @admin.display(description="Fassung ab", ordering="programme__valid_from")
    def version(self, variant):
        return variant.programme.valid_from

    @admin.display(description="Zuwendung", ordering="amount_per_unit")
    def grant(self, variant):
        if variant.amount_per_unit is None:
            return "im Einzelfall"
        return f"{euros(variant.amount_per_unit)} {variant.get_unit_display()}"

    @admin.display(description="höchstens", ordering="cap")
    def most(self, variant):
        return euros(variant.cap) if variant.cap is not None else None

    @admin.display(description="Beteiligte mindestens", ordering="min_participants")
    def least_participants(self, variant):
        return variant.min_participants

    @admin.display(description="Einsparung mindestens", ordering="min_saving_percent")
    def least_saving(self, variant):
        return percent(variant.min_saving_percent) if variant.min_saving_percent is not None else None

    def get_fieldsets(self, request, obj=None):
        """Where every participant is a unit, their least number is asked once."""
        if obj is None or obj.unit != Unit.MUNICIPALITY:
            return self.fieldsets
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name != "min_units"]})
            for title, options in self.fieldsets
        ]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.programme.has_decided_cases)

    def has_delete_permission(self, request, obj=None):
        in_use = obj and (obj.programme.has_decided_cases or obj.applications.exists())
        return super().has_delete_permission(request, obj) and not in_use

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and obj.programme.has_decided_cases:
            context["subtitle"] = f"{obj}. {DECIDED}"
        return super().render_change_form(request, context, add, change, form_url, obj)


@admin.register(TaskField)
class TaskFieldAdmin(ModelAdmin):
    list_display = ["label", "code", "position", "is_active"]
    search_fields = ["label"]
    prepopulated_fields = {"code": ["label"]}
