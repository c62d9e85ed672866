"""Passwords and codes guessed by many at once: they share what they count, and nothing is counted outside the database.

Here by threads, each with a connection of its own; by real web processes in test_guessing_processes.py.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from ikz.accounts import NOT_SIGNED_IN, TOO_MANY_ATTEMPTS
from ikz.models import User

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "ein langes Kennwort 1"
FROM_ONE_ADDRESS = 5
FROM_ANYWHERE = 50
PROCESSES = 12


def all_at_once(number, act):
    barrier = Barrier(number, timeout=60)

    def run(each):
        try:
            barrier.wait()
            return act(each)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def guess(number, address="192.0.2.1"):
    answer = Client().post(
        reverse("account_login"), {"login": "anna@example.org", "password": f"falsch {number}"}, REMOTE_ADDR=address
    )
    page = answer.content.decode()  # its context would be mixed with those of other threads
    [said] = [sentence for sentence in (NOT_SIGNED_IN, TOO_MANY_ATTEMPTS) if sentence in page]
    return said


def guess_from_anywhere(number):
    """From an address of its own, so that only the account connects the guesses."""
    return guess(number, f"198.51.100.{number}")


@pytest.fixture
def person():
    return User.objects.create_user("anna@example.org", PASSWORD)


def test_processes_together_are_allowed_what_one_is(person):
    said = all_at_once(PROCESSES, guess)

    assert set(said) == {NOT_SIGNED_IN, TOO_MANY_ATTEMPTS}
    assert said.count(NOT_SIGNED_IN) <= FROM_ONE_ADDRESS  # fewer where a guess got no turn to count within a second
    assert guess(99) == TOO_MANY_ATTEMPTS


def test_processes_and_addresses_together_are_allowed_fifty_guesses_an_hour(person):
    before = [guess_from_anywhere(100 + number) for number in range(FROM_ANYWHERE - 3)]

    said = all_at_once(PROCESSES, guess_from_anywhere)

    assert before == [NOT_SIGNED_IN] * len(before)
    assert said.count(NOT_SIGNED_IN) <= FROM_ANYWHERE - len(before)
    assert {guess_from_anywhere(200 + number) for number in range(5)} >= {TOO_MANY_ATTEMPTS}
    assert guess_from_anywhere(99) == TOO_MANY_ATTEMPTS
