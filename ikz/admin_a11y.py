"""What every admin form of ours does better than the stock one: names for all controls, German decimals, sound years."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db import models
from django.forms.models import BaseInlineFormSet

from ikz.admin_addresses import SoundAddresses
from ikz.admin_choices import RecordSelect
from ikz.request_log import about
from ikz.typed_days import plausible_year


class NamedControls:
    """For every ModelAdmin and inline: the two fields of a point in time are called by their field and part."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, models.DecimalField):
            # A field of type number refuses „1.234,50“; as text it is read the German way.
            kwargs |= {"localize": True, "widget": forms.TextInput(attrs={"inputmode": "decimal", "size": 16})}
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(db_field, models.DateField):
            field.validators.append(plausible_year)
        if field and isinstance(field.widget, AdminSplitDateTime):
            name_parts(field.widget, field.label)
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", RecordSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


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


class ModelAdmin(SoundAddresses, NamedControls, admin.ModelAdmin):
    """The base of every page of ours in the admin."""

    def get_object(self, request, object_id, from_field=None):
        record = super().get_object(request, object_id, from_field)
        about(request, record)
        return record


def name_parts(widget: AdminSplitDateTime, label: str) -> None:
    for part, name in zip(widget.widgets, ("Datum", "Uhrzeit"), strict=True):
        part.attrs["aria-label"] = f"{label}: {name}"
