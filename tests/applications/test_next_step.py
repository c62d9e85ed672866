"""The card „Nächster Schritt“ of the page of a case."""

import re

import pytest
from django.urls import reverse

from tests.factories import case_in

pytestmark = pytest.mark.django_db


def page_of(application):
    return reverse("admin:applications_application_change", args=[application.pk])


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("checked", ["Bewilligen und Ablehnen: Diese Schritte nimmt die Rolle Bewilligung vor."]),
        ("drafted", ["Ablehnen: Diesen Schritt nimmt die Rolle Bewilligung vor."]),
        (
            "approved",
            [
                "Auszahlen: Diesen Schritt nimmt die Rolle Haushalt vor.",
                "Schritt zurücknehmen, Betrag ändern, Teilweise widerrufen und Widerrufen: Diese Schritte nimmt die Rolle "
                "Bewilligung vor.",
            ],
        ),
    ],
)
def test_steps_of_another_role_are_named_in_one_sentence(client, state, said):
    application = case_in(state)
    client.force_login(application.clerk)

    html = client.get(page_of(application)).content.decode()

    assert re.findall(r"[^<>]*Schritte? nimmt die Rolle[^<>]*", html) == said


@pytest.mark.parametrize(("state", "is_said"), [("rejected", True), ("withdrawn", True), ("checked", False)])
def test_ended_case_says_so(client, state, is_said):
    application = case_in(state)
    client.force_login(application.clerk)

    html = client.get(page_of(application)).content.decode()

    sentence = (
        f"Der Fall ist mit dem Stand „{application.get_state_display()}“ beendet. Es steht kein weiterer Schritt an."
    )
    assert (sentence in html) == is_said
