"""Names for form controls that the stock admin leaves without a label."""

from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.forms.models import BaseInlineFormSet


class NamedControls:
    """For every ModelAdmin and inline: the two fields of a point in time are called by their field and part."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, AdminSplitDateTime):
            name_parts(field.widget, field.label)
        return field


class NamedRowsFormSet(BaseInlineFormSet):
    """A table's header is no label: every control is called by its column and its row."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        row = "neue Zeile" if index is None else f"Zeile {index + 1}"
        for name, field in form.fields.items():
            if field.widget.is_hidden:
                continue
            label = f"{field.label or name}, {row}"
            if isinstance(field.widget, AdminSplitDateTime):
                name_parts(field.widget, label)
            else:
                # The wrapper with the plus sign hands its own attributes to nobody.
                getattr(field.widget, "widget", field.widget).attrs.setdefault("aria-label", label)


class TabularInline(NamedControls, admin.TabularInline):
    formset = NamedRowsFormSet


class StackedInline(NamedControls, admin.StackedInline):
    pass


class ModelAdmin(NamedControls, admin.ModelAdmin):
    pass


def name_parts(widget: AdminSplitDateTime, label: str) -> None:
    for part, name in zip(widget.widgets, ("Datum", "Uhrzeit"), strict=True):
        part.attrs["aria-label"] = f"{label}: {name}"
