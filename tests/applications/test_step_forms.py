from decimal import Decimal

import pytest
from django.utils import timezone

from applications.models import Application
from applications.step_forms import ApprovalForm, PaymentForm, ReasonForm, TakeOverForm
from tests.applications.situations import given, no_participants
from tests.date_factories import DateFactsFactory
from tests.factories import BudgetFactory, case_in

pytestmark = pytest.mark.django_db

THIS_YEAR = timezone.localdate().year


def test_approval_starts_with_the_proposal_and_this_year():
    form = ApprovalForm(application=given(complete=False).application())

    assert form.initial == {"amount": Decimal(75000), "year": timezone.localdate().year}


@pytest.mark.parametrize("facts", [{"variant": "preparation"}, {"participants": 0}])
def test_approval_starts_without_an_amount_where_none_is_proposed(facts):
    form = ApprovalForm(application=given(no_participants, complete=False, **facts).application())

    assert form.initial == {"amount": None, "year": timezone.localdate().year}


@pytest.mark.parametrize(
    ("form", "data", "answers"),
    [
        (ReasonForm, {"reason": " Versehen. "}, {"reason": "Versehen."}),
        (
            ApprovalForm,
            {"amount": "75.000,50", "year": str(THIS_YEAR), "reason": ""},
            {"amount": Decimal("75000.50"), "year": THIS_YEAR, "reason": ""},
        ),
    ],
)
def test_answers_as_people_write_them(form, data, answers):
    BudgetFactory()
    bound = form(data, application=None) if form is ReasonForm else form(data, application=given().application())

    assert bound.is_valid()
    assert bound.cleaned_data == answers


@pytest.mark.parametrize(
    ("form", "required"),
    [
        (ReasonForm, ["reason"]),
        (PaymentForm, ["final_on"]),
        (TakeOverForm, ["amount", "decided_on", "reason"]),
    ],
)
def test_what_must_be_answered(form, required):
    bound = form({}, application=given(complete=False).application())

    assert sorted(bound.errors) == required


def test_payment_starts_with_the_day_that_follows_from_the_facts():
    application = case_in("approved")
    assert PaymentForm(application=application).initial == {"final_on": None}

    waived_on = DateFactsFactory(application=application, waived_on=timezone.localdate()).waived_on

    assert PaymentForm(application=Application.objects.get(pk=application.pk)).initial == {"final_on": waived_on}


def test_approval_shows_what_each_year_has_left():
    application = case_in("checked")
    BudgetFactory(year=timezone.localdate().year + 1, allocated=Decimal(50000))
    BudgetFactory(year=timezone.localdate().year - 1)
    year = timezone.localdate().year

    form = ApprovalForm(application=application)

    assert form.fields["year"].choices == [
        (year, f"{year} (frei: 2.000.000 €)"),
        (year + 1, f"{year + 1} (frei: 50.000 €)"),
    ]
