"""Every address, asked to write by a foreign site, or by somebody who may not even look."""

import pytest
from django.apps import apps
from django.test import Client

from tests.factories import UserFactory
from tests.route_examples import example, examples
from tests.test_routes import GET, NAMELESS, PEOPLE, POST_ONLY, STAFF, routes

pytestmark = pytest.mark.django_db

EVERY_ADDRESS = sorted(set(routes()) - NAMELESS)
# What the address itself is for; it changes nothing of anybody else.
OPEN_TO_ALL_BY_POST = {"account_login", "account_logout", "account_reset_password", "admin:logout"}
KEPT_BESIDE = {"Session", "DocumentView"}


def rows():
    """How many rows each model has: what no refused request may change."""
    return {
        model.__name__: model._base_manager.count() for model in apps.get_models() if model.__name__ not in KEPT_BESIDE
    }


@pytest.mark.parametrize("who", ["superuser", "L"])
def test_no_address_takes_a_form_without_its_token(who):
    arguments = examples()
    person = UserFactory(is_superuser=True) if who == "superuser" else PEOPLE["L"](arguments[0]["application"])
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    before = rows()

    answers = {name: client.post(example(name, arguments), {"action": "x"}).status_code for name in EVERY_ADDRESS}

    assert {name: status for name, status in answers.items() if status != 403} == {}
    assert rows() == before


@pytest.mark.parametrize("letter", PEOPLE)
def test_whoever_may_not_look_cannot_write(client, letter):
    arguments = examples()
    if person := PEOPLE[letter](arguments[0]["application"]):
        client.force_login(person)
    may_look = {name for who, names in GET.items() if letter in who for name in names}
    # Of what only takes POST the matrix says nothing; ministry and lead have tests of their own.
    own = POST_ONLY if letter in (*STAFF, "L") else set()
    before = rows()

    answers = {
        name: client.post(example(name, arguments), {"action": "x", "post": "yes"}).status_code
        for name in sorted(set(EVERY_ADDRESS) - may_look - own - OPEN_TO_ALL_BY_POST)
    }

    # Sent away (to sign in, to the own front page), refused, or told that there is nothing.
    assert {name: status for name, status in answers.items() if status not in (302, 403, 404, 405)} == {}
    assert rows() == before
