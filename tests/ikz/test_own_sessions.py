"""People see where they are signed in and end it elsewhere; what expired leaves the database."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ikz import expired
from ikz.models import CacheEntry, Session
from tests.factories import PASSWORD, UserFactory
from tests.ikz.test_end_sessions import signed_in
from tests.ikz.test_idle_sessions import is_signed_in

pytestmark = pytest.mark.django_db
PAGE = "account_sessions"


@pytest.fixture
def person():
    return UserFactory(email="anna@example.org", is_staff=False)


def sign_in():
    client = Client()
    client.post(reverse("account_login"), {"login": "anna@example.org", "password": PASSWORD})
    return client


def test_own_sessions_are_listed_this_one_first_and_nobody_elses(person):
    signed_in(UserFactory())
    with time_machine.travel(timezone.now() - timedelta(minutes=50)):
        sign_in()
    here = sign_in()

    listed = here.get(reverse(PAGE)).context["sessions"]

    assert [each.is_this for each in listed] == [True, False]
    assert listed[0].begun - listed[1].begun > timedelta(minutes=49)


def test_session_that_ended_is_not_listed(person):
    with time_machine.travel(timezone.now() - timedelta(minutes=70)):
        sign_in()

    assert len(sign_in().get(reverse(PAGE)).context["sessions"]) == 1


@pytest.mark.parametrize(
    ("others", "said"),
    [
        (0, "Es gab keine andere Sitzung."),
        (1, "Die andere Sitzung ist beendet."),
        (2, "2 andere Sitzungen sind beendet."),
    ],
)
def test_others_are_ended_and_this_one_lives_on(person, others, said):
    elsewhere = [sign_in() for _ in range(others)]
    [stranger] = signed_in(UserFactory())
    here = sign_in()

    confirm = here.post(reverse(PAGE)).url
    page = here.post(confirm, {"password": PASSWORD}, follow=True)

    assert said in page.content.decode()
    assert [is_signed_in(client) for client in [*elsewhere, here, stranger]] == [False] * others + [True, True]


@pytest.mark.parametrize("password", [None, "falsch"])
def test_without_the_password_nothing_is_ended(person, password):
    here, elsewhere = sign_in(), sign_in()

    confirm = here.post(reverse(PAGE)).url
    if password:
        here.post(confirm, {"password": password})

    assert confirm.startswith(reverse("account_reauthenticate"))
    assert is_signed_in(elsewhere)


def test_page_asks_the_database_the_same_for_one_and_for_three(person, django_assert_num_queries):
    here = sign_in()
    here.get(reverse(PAGE))
    with django_assert_num_queries(4):
        here.get(reverse(PAGE))
    sign_in(), sign_in()
    with django_assert_num_queries(4):
        here.get(reverse(PAGE))


def test_what_expired_leaves_the_database(person):
    now = timezone.now()
    with time_machine.travel(now - timedelta(hours=2)):
        sign_in()
    CacheEntry.objects.create(cache_key="old", value="", expires=now - timedelta(minutes=1))
    CacheEntry.objects.create(cache_key="new", value="", expires=now + timedelta(minutes=1))
    sign_in()

    expired.forget(now)

    assert Session.objects.count() == 1
    assert set(CacheEntry.objects.filter(cache_key__in=["old", "new"]).values_list("pk", flat=True)) == {"new"}
