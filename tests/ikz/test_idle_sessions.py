"""A session ends after an hour without a request, and lives on with every one."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ikz.models import Session
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def is_signed_in(client):
    return client.get(reverse("mfa_index")).status_code == 200


@pytest.mark.parametrize(("pauses", "lives"), [([59], True), ([61], False), ([59, 59, 59], True), ([59, 61], False)])
def test_session_ends_an_hour_after_the_last_request(client, pauses, lives):
    moment = timezone.now()
    with time_machine.travel(moment, tick=False):
        client.force_login(UserFactory())

    answers = []
    for pause in pauses:
        moment += timedelta(minutes=pause)
        with time_machine.travel(moment, tick=False):
            answers.append(is_signed_in(client))

    assert answers[-1] is lives


@pytest.mark.parametrize(("hours", "lives"), [(11, True), (13, False)])
def test_session_ends_after_twelve_hours_whatever_is_asked(client, hours, lives):
    begin = timezone.now()
    with time_machine.travel(begin, tick=False):
        client.force_login(UserFactory())

    for half in range(1, 2 * hours + 1):
        with time_machine.travel(begin + half * timedelta(minutes=30), tick=False):
            answer = is_signed_in(client)

    assert answer is lives


def test_cookie_ends_with_the_browser(client):
    person = UserFactory()

    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})

    assert client.cookies["sessionid"]["max-age"] == ""
    assert Session.objects.get().expire_date - timezone.now() < timedelta(minutes=61)


def aged(client):
    """As if the last request were two minutes ago."""
    session = client.session
    session["begun"] -= 120
    session.save()


def test_session_is_renewed_by_one_statement(client, django_assert_num_queries):
    client.force_login(UserFactory())
    with CaptureQueriesContext(connection) as before:
        is_signed_in(client)
    aged(client)

    with django_assert_num_queries(len(before) + 1):
        is_signed_in(client)

    kept = Session.objects.get()
    assert (kept.user_id, kept.get_decoded()["renewed"] > kept.get_decoded()["begun"]) == (get_user(client).pk, True)


def test_session_that_ended_meanwhile_does_not_come_back(client):
    client.force_login(UserFactory())
    session = client.session
    Session.objects.all().delete()

    with pytest.raises(UpdateError):
        session.save()

    assert Session.objects.count() == 0
