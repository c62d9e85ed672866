"""Figures for Prometheus: for whoever knows the token, by route, without people."""

import pytest
from django.test import Client
from django.urls import reverse

from ikz import settings as ours
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
TOKEN = "geheim-geheim-geheim"
PATH = "/-/messwerte"


@pytest.fixture
def measured(settings):
    around = [f"django_prometheus.middleware.Prometheus{each}Middleware" for each in ("Before", "After")]
    settings.IKZ_METRICS_TOKEN = TOKEN
    settings.MIDDLEWARE = [around[0], "ikz.metrics.MetricsMiddleware", *ours.MIDDLEWARE, around[1]]
    return Client()


def test_without_a_token_there_is_no_such_page(client):
    assert client.get(PATH, headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("given", [None, "", "Bearer ", "Bearer geheim", TOKEN, f"Basic {TOKEN}", "Bearer ü"])
def test_only_the_token_opens_it(measured, given):
    answer = measured.get(PATH, headers={"Authorization": given} if given is not None else {})

    assert (answer.status_code, answer.content.decode()) == (401, "Bitte geben Sie das Token an.\n")


def test_requests_are_counted_by_route_and_name_nobody(measured):
    person = UserFactory(is_superuser=True, email="anna.arndt@example.org")
    measured.force_login(person)
    measured.get(reverse("admin:index") + "?name=Arndt")

    page = measured.get(PATH, headers={"Authorization": f"Bearer {TOKEN}"})

    lines = page.content.decode().splitlines()
    assert page.status_code == 200
    assert any(
        line.startswith("django_http_responses_total_by_status_view_method_total{") and 'view="admin:index"' in line
        for line in lines
    )
    assert not any("arndt" in line.lower() for line in lines)
