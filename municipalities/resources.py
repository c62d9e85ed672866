"""The register as a table for people: German headings and numbers, and nothing a spreadsheet would execute.

What is exported here is read again by `municipalities.register` without a change.
"""

from datetime import date
from decimal import Decimal

from import_export import fields, resources, widgets

from ikz.tables import as_text
from municipalities.models import Kind, Municipality
from municipalities.register_columns import LABELS

EXPORTED = [name for name in LABELS if name not in ("district_key", "state")]


class GermanWidget(widgets.Widget):
    """Dates and decimals the German way in text files; in workbooks they stay dates and numbers."""

    def render(self, value, obj=None, **kwargs):
        if value is None:
            return ""
        if isinstance(value, str):
            return as_text(value)
        if kwargs.get("force_native_type"):
            return float(value) if isinstance(value, Decimal) else value
        if isinstance(value, date):
            return f"{value:%d.%m.%Y}"
        return str(value).replace(".", ",")


def column(name, attribute=None):
    return fields.Field(attribute or name, LABELS[name], widget=GermanWidget())


class MunicipalityResource(resources.ModelResource):
    ags = column("ags")
    ars = column("ars")
    name = column("name")
    kind = column("kind")
    district = column("district", "district__name")
    regierungsbezirk = column("regierungsbezirk")
    population = column("population")
    population_date = column("population_date")
    area_km2 = column("area_km2")
    seat = column("seat")
    postal_code = column("postal_code")
    latitude = column("latitude")
    longitude = column("longitude")
    valid_from = column("valid_from")
    valid_to = column("valid_to")
    successor = column("successor", "successor__ags")
    email = column("email")
    note = column("note")
    street = column("street")

    class Meta:
        model = Municipality
        name = "Kommunen"
        fields = EXPORTED

    def dehydrate_kind(self, municipality):
        return Kind(municipality.kind).label
