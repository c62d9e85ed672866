"""Every address, asked to write by a foreign site. What people may not do by themselves: tests/test_routes.py."""

import pytest
from django.test import Client

from tests.factories import UserFactory
from tests.route_examples import example, examples
from tests.route_names import NAMELESS, routes
from tests.test_routes import PEOPLE, written

pytestmark = pytest.mark.django_db

EVERY_ADDRESS = sorted(set(routes()) - NAMELESS)


@pytest.mark.parametrize("who", ["superuser", "L"])
def test_no_address_takes_a_form_without_its_token(who):
    arguments = examples()
    person = UserFactory(is_superuser=True) if who == "superuser" else PEOPLE["L"](arguments[0]["application"])
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)

    with written() as tables:
        answers = {name: client.post(example(name, arguments), {"action": "x"}).status_code for name in EVERY_ADDRESS}

    assert {name: status for name, status in answers.items() if status != 403} == {}
    assert tables == []
