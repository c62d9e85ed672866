"""Cases as one table for Excel: what the Landtag asks for in a row per case."""

from decimal import ROUND_DOWN, Decimal

from django.utils import timezone
from import_export import fields, resources, widgets

from ikz.tables import as_text

CHUNK = 2000  # cases that are in memory at once


class Text(widgets.Widget):
    def render(self, value, obj=None, **kwargs):
        return as_text(value)


class Euros(widgets.Widget):
    """A number in XLSX; „75000,00“ in CSV, which Excel reads as a number in every German setting."""

    def render(self, value, obj=None, **kwargs):
        if value is None:
            return "" if not kwargs.get("force_native_type") else None
        return value if kwargs.get("force_native_type") else f"{value:.2f}".replace(".", ",")


class Percent(Euros):
    """Cut off and never rounded up, so that 14,999 % does not read as 15 %."""

    def render(self, value, obj=None, **kwargs):
        cut = None if value is None else value.quantize(Decimal("0.01"), rounding=ROUND_DOWN)
        return super().render(cut, **kwargs)


class Day(widgets.Widget):
    """A moment counts as the day on which it was in Hessen."""

    def render(self, value, obj=None, **kwargs):
        if value is None:
            return None if kwargs.get("force_native_type") else ""
        local = timezone.localdate(value) if hasattr(value, "hour") else value
        return local if kwargs.get("force_native_type") else f"{local:%d.%m.%Y}"


def column(header, attribute=None, widget=None):
    return fields.Field(attribute=attribute, column_name=header, widget=widget or Text(), readonly=True)


class ApplicationResource(resources.Resource):
    file_number = column("Aktenzeichen", "file_number")
    title = column("Vorhaben", "title")
    task_field = column("Aufgabenfeld", "cooperation__task_field__label")
    variant = column("Variante", "variant__label")
    received_year = column("Eingangsjahr")
    decided_year = column("Bewilligungsjahr")
    state = column("Stand", "get_state_display")
    lead = column("Federführende Kommune")
    participants = column("Beteiligte")
    participant_count = column("Zahl der Beteiligten")
    proposal = column("Vorschlag (€)", "proposal__total", Euros())
    granted = column("Zuwendung (€)", "decision__amount", Euros())
    deviation = column("Begründung der Abweichung", "decision__reason")
    before = column("Ausgaben vorher (€/Jahr)", "saving__before", Euros())
    after = column("Ausgaben nachher (€/Jahr)", "saving__after", Euros())
    saved = column("Einsparung (€/Jahr)", "saving__amount", Euros())
    saved_percent = column("Einsparung (%)", "saving__percent", Percent())
    received_on = column("Eingang am", "received_on", Day())
    decided_at = column("Bewilligt am", "decision__decided_at", Day())
    clerk = column("Zuständig", "clerk")

    @classmethod
    def get_display_name(cls):
        return "Fälle"

    def get_user_visible_fields(self):
        return self.get_export_fields()

    def filter_export(self, queryset, **kwargs):
        """The rows as they were selected and sorted, with what the columns need in a few more queries.

        Municipalities take part in many cases: fetched apart, each of them is made once.
        """
        return queryset.select_related(
            "variant", "cooperation__task_field", "cooperation__lead__district", "clerk"
        ).prefetch_related("cooperation__participants__municipality__district", "decisions")

    def iter_queryset(self, queryset):
        return queryset.iterator(chunk_size=CHUNK)

    def dehydrate_received_year(self, application):
        return application.received_on.year if application.received_on else ""

    def dehydrate_decided_year(self, application):
        return timezone.localdate(application.decision.decided_at).year if application.decision else ""

    def dehydrate_participant_count(self, application):
        return len(application.participants)

    def dehydrate_lead(self, application):
        return as_text(_with_key(application.lead)) if application.lead else ""

    def dehydrate_participants(self, application):
        return as_text("; ".join(_with_key(each) for each in application.municipalities))


def _with_key(municipality):
    """Name, Kreis and key: names alone are not unique."""
    return f"{municipality}, {municipality.ags}" if municipality.ags else str(municipality)
