"""The page of a budget: never below what is granted, and the year stays once it is decided on."""

from decimal import Decimal

import pytest
from django.urls import reverse

from applications.models import Budget
from tests.factories import BudgetFactory, case_in, treasurer

pytestmark = pytest.mark.django_db


def page(budget):
    return reverse("admin:applications_budget_change", args=[budget.pk])


def shown(client, budget, name):
    adminform = client.get(page(budget)).context["adminform"]
    fields = [field for fieldset in adminform for line in fieldset for field in line]
    return next(field.contents() for field in fields if field.is_readonly and field.field["name"] == name)


def test_page_shows_what_is_granted_reserved_and_left(client):
    case_in("approved")
    case_in("checked")
    budget = Budget.objects.get()
    client.force_login(treasurer())

    assert [shown(client, budget, name) for name in ("committed", "reserved", "left")] == [
        "75.000 €",
        "75.000 €",
        "1.925.000 €",
    ]


def test_year_stays_once_something_was_granted(client):
    budget = case_in("approved").decision.budget
    client.force_login(treasurer())

    client.post(page(budget), {"year": budget.year + 1, "title": "IKZ", "allocated": "3.000.000"})

    assert (Budget.objects.get().year, Budget.objects.get().allocated) == (budget.year, Decimal(3000000))
    assert shown(client, budget, "year_number") == str(budget.year)


def test_year_may_change_before(client):
    budget = BudgetFactory()
    client.force_login(treasurer())

    client.post(page(budget), {"year": "2031", "allocated": "100"})

    assert Budget.objects.get().year == 2031


def test_allocation_below_what_is_granted_is_refused(client):
    budget = case_in("approved").decision.budget
    client.force_login(treasurer())

    response = client.post(page(budget), {"allocated": "74.999,99"})

    assert response.context["adminform"].form.errors == {
        "allocated": ["Bewilligt sind schon 75.000 €; der Ansatz kann nicht darunter liegen."]
    }
