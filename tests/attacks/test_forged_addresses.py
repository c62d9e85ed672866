"""Guesses are counted for the internet address that they come from, not for one that they name themselves."""

import pytest
from django.test import Client
from django.urls import reverse

from ikz.accounts import NOT_SIGNED_IN, TOO_MANY_ATTEMPTS

pytestmark = pytest.mark.django_db
GUESSES = 11  # one more than an address is allowed


def answers_to(headers):
    """What each guess was told; each is for another account, so that only the address connects them."""
    for number in range(GUESSES):
        form = {"login": f"person{number}@example.org", "password": "falsch"}
        page = Client().post(reverse("account_login"), form, **headers(number)).content.decode()
        yield next(sentence for sentence in (NOT_SIGNED_IN, TOO_MANY_ATTEMPTS) if sentence in page)


def forged(number):
    return {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": f"198.51.100.{number}"}


def behind_the_proxy(number):
    """The proxy has appended the address that it saw to what the person forged."""
    return {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": f"198.51.100.{number}, 192.0.2.1"}


def of_many(number):
    return {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": f"203.0.113.{number}"}


HELD_BACK = [*[NOT_SIGNED_IN] * (GUESSES - 1), TOO_MANY_ATTEMPTS]


def test_without_a_proxy_the_header_says_nothing():
    assert list(answers_to(forged)) == HELD_BACK


def test_behind_a_proxy_its_own_word_counts_alone(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    assert list(answers_to(behind_the_proxy)) == HELD_BACK
    assert set(answers_to(of_many)) == {NOT_SIGNED_IN}
