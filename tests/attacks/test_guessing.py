"""Passwords and codes guessed by several web processes at once: they share what they count.

Threads stand for the processes: each has a connection of its own, and nothing is counted outside the database.
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
ALLOWED = 5
PROCESSES = 12


def all_at_once(number, act):
    barrier = Barrier(number)

    def run(each):
        try:
            barrier.wait()
            return act(each)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def guess(number):
    """From an address of its own, so that only the account connects the guesses."""
    answer = Client().post(
        reverse("account_login"),
        {"login": "anna@example.org", "password": f"falsch {number}"},
        REMOTE_ADDR=f"192.0.2.{number}",
    )
    page = answer.content.decode()  # its context would be mixed with those of other threads
    [said] = [sentence for sentence in (NOT_SIGNED_IN, TOO_MANY_ATTEMPTS) if sentence in page]
    return said


def test_processes_together_are_allowed_what_one_is():
    User.objects.create_user("anna@example.org", PASSWORD)

    said = all_at_once(PROCESSES, guess)

    assert set(said) == {NOT_SIGNED_IN, TOO_MANY_ATTEMPTS}
    assert said.count(NOT_SIGNED_IN) <= ALLOWED  # fewer where a guess did not get its turn to count within a second
    assert guess(99) == TOO_MANY_ATTEMPTS
