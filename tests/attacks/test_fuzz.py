"""Anything at all, sent to every address: never an error of ours, never a row of somebody else.

The same guesses every time for a minute. `make fuzz MINUTES=…` sends others, for as long as one likes.
"""

import os
import random
from http.cookies import SimpleCookie
from time import monotonic

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from applications.permissions import ROLES
from tests.attacks.guesses import Page
from tests.factories import UserFactory, case_in
from tests.municipal_people import OfficeFactory, officer_of
from tests.route_examples import example, examples
from tests.route_rights import NAMELESS, routes
from tests.test_routes import PEOPLE

pytestmark = [pytest.mark.django_db, pytest.mark.fuzz]

MINUTES = float(os.environ.get("FUZZ_MINUTES", "1"))
FIRST_SEED = random.SystemRandom().randrange(2**32) if "FUZZ_MINUTES" in os.environ else 0
SECRET = "Geheimprojekt Rotkehlchen"
EXAMPLES_PER_SEED = 40


class World:
    """Every kind of record, five kinds of people, and a case that only the ministry may see."""

    def __init__(self):
        self.arguments = examples()
        case = self.arguments[0]["application"]
        secret = case_in("agreement_signed", cooperation__title=SECRET)
        secret.opinions.update(office=OfficeFactory(name="Landrat von anderswo"))
        staff = {"superuser": UserFactory(is_superuser=True), "all roles": UserFactory(roles=list(ROLES))}
        outside = {letter: PEOPLE[letter](case) for letter in "LPF"} | {"A": officer_of(case.opinions.get())}
        self.sessions = {name: _session_of(person) for name, person in {**staff, **outside}.items()}
        self.outside = set(outside)
        self.addresses = {name: example(name, self.arguments) for name in sorted(set(routes()) - NAMELESS)}
        self.pages = {}

    def client(self, who):
        client = Client()
        client.cookies = SimpleCookie(self.sessions[who])
        return client

    def page(self, who, name):
        if (who, name) not in self.pages:
            response = self.client(who).get(self.addresses[name])
            text, kind = text_of(response), response.headers.get("Content-Type", "")
            self.pages[who, name] = Page(text if response.status_code == 200 and "html" in kind else "")
        return self.pages[who, name]


def _session_of(person):
    client = Client()
    client.force_login(person)
    return client.cookies.output(header="", sep=";")


def text_of(response):
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode(errors="replace")


def test_no_guess_breaks_a_page_or_shows_what_is_of_others():
    world = World()
    end, number = monotonic() + MINUTES * 60, FIRST_SEED
    while monotonic() < end:
        _send_guesses(world, number)
        number += 1


def _send_guesses(world, number):
    @seed(number)
    @settings(
        max_examples=EXAMPLES_PER_SEED,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def guess(data):
        who = data.draw(st.sampled_from(sorted(world.sessions)), label="who")
        name = data.draw(st.sampled_from(sorted(world.addresses)), label="address")
        with transaction.atomic():
            _one_guess(world, who, name, data)
            transaction.set_rollback(True)
        cache.clear()

    guess()


def _one_guess(world, who, name, data):
    page, client, address = world.page(who, name), world.client(who), world.addresses[name]
    if data.draw(st.booleans(), label="post"):
        response = client.post(address, page.answers(data))
    else:
        response = client.get(address, page.query(data))

    text = text_of(response)
    assert response.status_code < 500
    assert who not in world.outside or SECRET not in text
