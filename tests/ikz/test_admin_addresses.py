"""Addresses that make no sense get a page and a sentence."""

import pytest
from django.urls import reverse

from ikz.admin_addresses import UNREADABLE
from tests.factories import UserFactory, case_in

pytestmark = pytest.mark.django_db

CASES = reverse("admin:applications_application_changelist")


@pytest.fixture
def client(client):
    client.force_login(UserFactory(is_superuser=True))
    return client


@pytest.mark.parametrize(
    "address",
    [
        f"{CASES}?received_on__year={'9' * 30}",
        f"{CASES}?received_on__month=13&received_on__year=2026",
        f"{CASES}?gibt_es_nicht=1",
        f"{CASES}?state=a%00b",
        f"{CASES}?task_field=%00",
        f"{CASES}?e=1&gibt_es_nicht=1",
        reverse("admin:applications_application_export") + "?gibt_es_nicht=1",
        reverse("admin:municipalities_municipality_export") + "?gibt_es_nicht=1",
        reverse("admin:municipalities_municipality_export") + "?kind__exact=%00",
    ],
)
def test_selection_that_makes_no_sense_shows_the_whole_list_and_says_so(client, address):
    case_in("approved")

    response = client.get(address, follow=True)

    assert response.status_code == 200
    assert [str(message) for message in response.context["messages"]] == [UNREADABLE]
    assert response.context["cl"].result_count == (1 if "application" in address else 3)


@pytest.mark.parametrize("model", ["applications_application", "municipalities_municipality", "ikz_user"])
@pytest.mark.parametrize("page", ["change", "history"])
def test_key_that_no_database_holds_leads_to_no_record(client, model, page):
    address = reverse(f"admin:{model}_{page}", args=["a%00b"])

    assert client.get(address.replace("%2500", "%00")).status_code in (302, 404)


@pytest.mark.parametrize("query", ["district=x", "successor=9999999999999999999999", "valid_from=gestern&kind=x"])
def test_form_is_not_filled_by_its_address(client, query):
    form = client.get(reverse("admin:municipalities_municipality_add") + f"?{query}").context["adminform"].form

    assert form.initial == {}


@pytest.mark.parametrize("parent", ["", "x", "²", "-1", "9" * 30])
def test_new_record_of_nothing_is_not_found(client, parent):
    assert client.get(reverse("admin:applications_filenote_add") + f"?parent={parent}").status_code == 404


def test_form_with_a_word_for_a_key_comes_back_with_a_sentence(client):
    response = client.post(reverse("admin:applications_application_add"), {"lead": "x", "municipalities": ["x", "1"]})

    assert response.status_code == 200
    assert {"lead", "municipalities"} <= response.context["adminform"].form.errors.keys()


def test_empty_name_of_a_field_finds_the_record(client):
    case = case_in("approved")

    address = reverse("admin:applications_cooperation_change", args=[case.cooperation.pk]) + "?_to_field="

    assert client.get(address).status_code == 200
