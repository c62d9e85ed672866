"""Controls that the stock admin leaves without a name get one."""

import pytest
from django.contrib import admin
from django.test import RequestFactory

from ikz.admin_a11y import ModelAdmin, TabularInline
from ikz.models import User
from municipalities.models import Kind, Municipality


class MemberInline(TabularInline):
    model = Municipality
    fk_name = "district"
    fields = ["name", "successor"]
    extra = 1


@pytest.fixture
def request_of_admin(db):
    request = RequestFactory().get("/")
    request.user = User.objects.create_superuser("leitung@example.org")
    return request


def name_of(form, field):
    """The label as it arrives in the HTML, through every wrapper."""
    html = str(form[field])
    return html.split('aria-label="')[1].split('"', maxsplit=1)[0]


def test_rows_of_a_table_are_named_by_column_and_row(request_of_admin):
    kreis = Municipality.objects.create(ags="06431", name="Bergstraße", kind=Kind.DISTRICT)
    Municipality.objects.create(ags="06431002", name="Bensheim", kind=Kind.TOWN, district=kreis)

    formset = MemberInline(Municipality, admin.site).get_formset(request_of_admin, kreis)(instance=kreis)

    names = [(name_of(form, "name"), name_of(form, "successor")) for form in [*formset.forms, formset.empty_form]]
    assert names == [
        ("Name, Zeile 1", "Nachfolgerin, Zeile 1"),
        ("Name, Zeile 2", "Nachfolgerin, Zeile 2"),
        ("Name, neue Zeile", "Nachfolgerin, neue Zeile"),
    ]


def test_parts_of_a_point_in_time_are_named(request_of_admin):
    form = ModelAdmin(User, admin.site).get_form(request_of_admin, fields=["last_login"])()

    html = str(form["last_login"])

    assert 'aria-label="Letzte Anmeldung: Datum"' in html
    assert 'aria-label="Letzte Anmeldung: Uhrzeit"' in html
