"""Lines of the log about signing in: what happened and the key of the account, never its address."""

import logging

import pytest
from allauth.account.signals import password_changed, password_reset
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.test import RequestFactory
from django.urls import reverse

from ikz import settings as ours
from ikz.request_log import JsonFormatter
from tests.factories import PASSWORD, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_every_database]


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO, "ikz.security_log")
    return lambda: [(each.getMessage(), each.facts.get("user")) for each in caplog.records if hasattr(each, "facts")]


@pytest.fixture
def person():
    return UserFactory(email="anna.arndt@example.org")


def test_every_sign_in_is_told(client, person, lines, caplog):
    for password in ("falsch", PASSWORD):
        client.post(reverse("account_login"), {"login": person.email, "password": password})
    client.post(reverse("account_logout"))

    assert [line for line in lines() if line[0].startswith("sign")] == [
        ("sign-in failed", None),
        ("signed in", person.pk),
        ("signed out", person.pk),
    ]
    assert not any("arndt" in JsonFormatter().format(each).lower() for each in caplog.records)


def test_sixth_attempt_is_told_as_held_back(client, person, lines):
    for _ in range(6):
        client.post(reverse("account_login"), {"login": person.email, "password": "falsch"})

    assert lines() == [("sign-in failed", None)] * 5 + [("sign-in held back", None)]


@pytest.mark.parametrize(
    ("signal", "what"),
    [
        (password_changed, "password changed"),
        (password_reset, "password reset"),
        (authenticator_added, "second factor added"),
        (authenticator_removed, "second factor removed"),
        (authenticator_reset, "second factor made anew"),
    ],
)
def test_changes_of_what_proves_a_person_are_told(signal, what, person, lines, client):
    request = RequestFactory().get("/")
    request.session = client.session

    signal.send(sender=None, request=request, user=person, authenticator=None)

    assert (what, person.pk) in lines()


def test_refused_page_is_told_with_its_account(client, person, caplog):
    caplog.set_level(logging.INFO, "ikz.request_log")
    client.force_login(person)

    client.get(reverse("admin:applications_budget_changelist"))
    client.get(reverse("portal:case", args=["64543f0a-9464-47e0-9a29-105d3d6e31d1"]))

    told = [each.facts["status"] for each in caplog.records if each.name == "ikz.request_log"]
    assert told == [403, 404]


def test_production_writes_these_lines():
    assert "ikz.security_log" in ours.LOGGING["loggers"]
