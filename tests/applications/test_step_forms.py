from decimal import Decimal

import pytest
from django.utils import timezone

from applications.step_forms import ApprovalForm, PaymentForm, ReasonForm, TakeOverForm
from tests.applications.situations import given, no_participants

pytestmark = pytest.mark.django_db


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
            {"amount": "75.000,50", "year": "2026", "reason": ""},
            {"amount": Decimal("75000.50"), "year": 2026, "reason": ""},
        ),
    ],
)
def test_answers_as_people_write_them(form, data, answers):
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
    bound = form({}, application=None)

    assert sorted(bound.errors) == required
