"""Lines of the log about signing in: what happened and the key of the account, never its address."""

import logging
import re
from contextlib import contextmanager

import pytest
from allauth.account.signals import password_changed, password_reset
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import RequestFactory
from django.urls import reverse
from post_office.models import Email

from applications import invitations
from applications.models import Invitation
from ikz import settings as ours
from ikz.request_log import JsonFormatter
from tests.factories import PASSWORD, UserFactory
from tests.municipal_people import MembershipFactory

pytestmark = pytest.mark.django_db


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


@pytest.fixture
def changes(caplog, django_capture_on_commit_callbacks):
    """What is told of what a block changes, when that has been committed."""
    caplog.set_level(logging.INFO, "ikz.security_log")

    @contextmanager
    def _changes():
        told = []
        before = len(caplog.records)
        with django_capture_on_commit_callbacks(execute=True):
            yield told
            assert not [each for each in caplog.records[before:] if each.name == "ikz.security_log"]
        lines = [each for each in caplog.records[before:] if each.name == "ikz.security_log"]
        told.extend((each.getMessage(), each.facts) for each in lines)

    return _changes


def test_wrong_code_is_told_and_the_sixth_as_held_back(client, person, lines):
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})

    for _ in range(6):
        client.post(reverse("mfa_authenticate"), {"code": "000000x"})

    assert lines() == [("second factor failed", person.pk)] * 5 + [("sign-in held back", None)]


def test_account_is_told_when_it_is_made_changed_and_switched_off(changes):
    with changes() as made:
        person = UserFactory(email="anna.arndt@example.org")
    with changes() as changed:
        person.first_name, person.is_staff = "Anders", not person.is_staff
        person.save()
    with changes() as switched_off:
        person.is_active = False
        person.save()
    with changes() as switched_on:
        person.is_active = True
        person.save()

    assert made[0][0] == "account made"
    assert changed == [("account changed", {"account": person.pk, "fields": ["first_name", "is_staff"]})]
    assert switched_off == [("account switched off", {"account": person.pk, "fields": ["is_active"]})]
    assert switched_on == [("account switched on", {"account": person.pk, "fields": ["is_active"]})]


def test_roles_are_told_when_they_are_given_and_taken(person, changes):
    first, second = Group.objects.order_by("pk")[:2]

    with changes() as told:
        person.groups.set([first])
        person.groups.set([second])
        person.groups.clear()
        first.user_set.add(person)

    assert told == [
        ("roles given", {"account": person.pk, "roles": [first.pk]}),
        ("roles taken", {"account": person.pk, "roles": [first.pk]}),
        ("roles given", {"account": person.pk, "roles": [second.pk]}),
        ("all roles taken", {"account": person.pk, "roles": []}),
        ("roles given", {"role": first.pk, "accounts": [person.pk]}),
    ]


def test_access_is_told_when_it_is_given_and_ended(person, changes):
    with changes() as given:
        membership = MembershipFactory(user=person)
    with changes() as ended:
        membership.end(by=person)

    assert [(what, facts["access"], facts["account"]) for what, facts in given if what == "access made"] == [
        ("access made", membership.pk, person.pk)
    ]
    assert [(what, facts["access"], facts["account"]) for what, facts in ended] == [
        ("access ended", membership.pk, person.pk)
    ]


def test_invitation_is_told_from_its_beginning_to_its_end(changes):
    membership = MembershipFactory(is_administrator=True)
    by, municipality = membership.user, membership.municipality
    person = UserFactory(email="neu@example.org")

    with changes() as sent:
        first = invitations.send(Invitation(email="eins@example.org", municipality=municipality), by=by)
    with changes() as taken_back:
        invitations.take_back(first, by=by)
    second = invitations.send(Invitation(email=person.email, municipality=municipality), by=by)
    token = re.search(r"/einladung/([^/\s]+)/", Email.objects.get(to=person.email).message)[1]
    with changes() as accepted:
        invitations.accept(token, by=person)

    assert sent == [("invitation sent", {"invitation": first.pk})]
    assert taken_back == [("invitation taken back", {"invitation": first.pk})]
    assert accepted[0] == ("invitation accepted", {"invitation": second.pk, "account": person.pk})
    assert [what for what, _facts in accepted] == ["invitation accepted", "access made"]


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


def test_password_changed_at_the_command_line_is_told(person, caplog, monkeypatch, django_capture_on_commit_callbacks):
    caplog.set_level(logging.INFO, "ikz.security_log")
    monkeypatch.setattr("getpass.getpass", lambda prompt: "ein anderes langes Kennwort 7")

    with django_capture_on_commit_callbacks(execute=True):
        call_command("changepassword", person.email)

    told = [(each.getMessage(), each.facts) for each in caplog.records if hasattr(each, "facts")]
    person.refresh_from_db()
    assert person.check_password("ein anderes langes Kennwort 7")
    assert told == [("password changed", {"account": person.pk})]
