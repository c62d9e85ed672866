"""Every form that takes a day refuses a year that nothing can be counted from."""

from datetime import date, timedelta

import pytest
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from applications.models import DateFacts
from applications.step_forms import day_field
from ikz import clock
from ikz.kern_forms import KernForm
from ikz.models import User
from ikz.typed_days import after_today, plausible_year

SENTENCE = "Bitte prüfen Sie das Jahr: Möglich sind 1900 bis 2199."


class OfTheAdmin(forms.Form):
    """Made anew for each request, as the admin does it."""

    def __init__(self, *args):
        super().__init__(*args)
        request = RequestFactory().get("/")
        request.user = User(is_superuser=True)
        self.fields["day"] = admin.site.get_model_admin(DateFacts).formfield_for_dbfield(
            DateFacts._meta.get_field("report_on"), request
        )


class OfThePortal(KernForm, forms.Form):
    day = forms.DateField()


class OfAStep(forms.Form):
    day = day_field("Tag")


@pytest.mark.parametrize("year", [1900, 2199])
def test_years_within_reach(year):
    assert plausible_year(date(year, 6, 30)) is None


@pytest.mark.parametrize("year", [1, 1899, 2200, 9999])
def test_years_out_of_reach(year):
    with pytest.raises(ValidationError) as refusal:
        plausible_year(date(year, 6, 30))

    assert refusal.value.messages == [SENTENCE]


@pytest.mark.parametrize("form", [OfTheAdmin, OfThePortal, OfAStep])
def test_forms_refuse_the_year_9999(form):
    typed = form({"day": "31.12.9999"})

    assert typed.errors == {"day": [SENTENCE]}
    assert form({"day": "31.12.2029"}).errors == {}


@pytest.mark.parametrize(
    ("days_ahead", "refusals"),
    [
        (-1, ["Bis dahin bleibt keine Zeit. Bitte nennen Sie einen Tag ab morgen."]),
        (0, ["Bis dahin bleibt keine Zeit. Bitte nennen Sie einen Tag ab morgen."]),
        (1, []),
    ],
)
def test_time_until_a_day_that_has_begun_is_none(days_ahead, refusals):
    typed = forms.DateField(validators=[after_today])
    value = clock.today() + timedelta(days=days_ahead)

    said = []
    try:
        typed.clean(value)
    except ValidationError as refusal:
        said = refusal.messages

    assert said == refusals
