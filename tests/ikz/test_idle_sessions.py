"""A session ends after an hour without a request, and lives on with every one."""

from datetime import timedelta

import pytest
import time_machine
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
