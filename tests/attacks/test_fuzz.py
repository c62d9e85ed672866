"""Anything at all, sent to every address: never an error of ours, never a row of somebody else.

First every address, every form and every parameter of every list has its turn. What is left of half a minute, and at
least a third of it, goes to guesses anywhere, and to people outside who ask for what is of others. A test run asks for a
minute: half on SQLite, half on PostgreSQL with other guesses, the same ones every time. `make fuzz MINUTES=…` sends others,
for as long as one likes.
"""

import os
import random
from functools import partial
from http.cookies import SimpleCookie
from time import monotonic

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import CharField
from django.db.models.functions import Length
from django.test import Client, TestCase
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from applications.permissions import ROLES
from tests.attacks.guesses import ANY_KEY, Page, list_parameters, other_address, places_of_keys
from tests.factories import StoredFileFactory, UserFactory, case_in
from tests.municipal_people import OfficeFactory, member_of, officer_of
from tests.route_examples import example, examples
from tests.route_names import NAMELESS, routes
from tests.test_routes import PEOPLE, written

pytestmark = [pytest.mark.django_db, pytest.mark.fuzz]

MINUTES = float(os.environ.get("FUZZ_MINUTES", "0.5"))
SEEDS = {"sqlite": 0, "postgresql": 1_000_000}
EXAMPLES_PER_SEED = 40
EXAMPLES_PER_ADDRESS = 2
SHARE_OF_THE_REST = 1 / 3
FOREIGN_GUESSES = 100  # of people outside, with a key of what they may not see; a slow machine takes longer for as many


class World:
    """Every kind of record, five kinds of people, and a case that only the ministry may see."""

    def __init__(self):
        self.arguments = examples()
        case = self.arguments[0]["application"]
        self.secret = secret = case_in("agreement_signed", cooperation__title="Geheimprojekt Rotkehlchen")
        secret.opinions.update(office=OfficeFactory(name="Landrat von anderswo"))
        member_of(secret.lead, user__last_name="Zaunkönigin", user__email="zaunkoenigin@example.org")
        participant = secret.participants[0]
        document = StoredFileFactory(application=secret, participant=participant, original_name="Amselvertrag.pdf")
        self.secrets = [secret.cooperation.title, secret.file_number, "Zaunkönigin", "zaunkoenigin@", "Amselvertrag"]
        staff = {"superuser": UserFactory(is_superuser=True), "all roles": UserFactory(roles=list(ROLES))}
        outside = {letter: PEOPLE[letter](case) for letter in "LPF"} | {"A": officer_of(case.opinions.get())}
        self.sessions = {name: _session_of(person) for name, person in {**staff, **outside}.items()}
        self.outside = set(outside)
        self.addresses = {name: example(name, self.arguments) for name in sorted(set(routes()) - NAMELESS)}
        self.with_keys = [name for name, address in self.addresses.items() if places_of_keys(address)]
        self.secret_keys = [str(key) for key in (secret.pk, participant.pk, secret.uuid, document.uuid)]
        self.keys = [*self.secret_keys, *map(str, range(1, 30))]
        self.pages, self.parameters_sent = {}, set()
        self.foreign_guesses = 0

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
    seconds, start, number = MINUTES * 60, monotonic(), first_seed()
    forms = _once_everywhere(world, number)
    end = max(start + seconds, monotonic() + seconds * SHARE_OF_THE_REST)

    while monotonic() < end or world.foreign_guesses < FOREIGN_GUESSES:
        number += 1
        _send_guesses(world, number, EXAMPLES_PER_SEED, partial(_anywhere, world))
        _send_guesses(world, number, EXAMPLES_PER_SEED, partial(_at_the_secret, world))

    assert len(forms) > 60
    assert world.parameters_sent >= {(name, each) for name, names in list_parameters().items() for each in names}


def first_seed():
    return random.SystemRandom().randrange(2**32) if "FUZZ_MINUTES" in os.environ else SEEDS[connection.vendor]


def _once_everywhere(world, number):
    """Send every form, ask every list for every parameter. The addresses of the forms that there are."""
    declared, forms = list_parameters(), set()
    for name in world.addresses:
        for who in world.sessions:
            if world.page(who, name).fields:
                forms.add(name)
                break
        else:
            who = "superuser"
        parameters = sorted({*declared.get(name, ()), *world.page(who, name).parameters})
        _send_guesses(world, number, EXAMPLES_PER_ADDRESS, partial(_at_address, world, who, name, parameters))
    return forms


def _send_guesses(world, number, examples, guess_of):
    @seed(number)
    @settings(
        max_examples=examples,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def guess(data):
        with transaction.atomic():
            guess_of(data)
            transaction.set_rollback(True)
        cache.clear()

    guess()


def _at_address(world, who, name, parameters, data):
    page, client = world.page(who, name), world.client(who)
    for parameter in parameters:
        value = data.draw(page.value(parameter), label=parameter)
        _look_at(world, who, client.get, world.addresses[name], {parameter: value})
        world.parameters_sent.add((name, parameter))
    _look_at(world, who, world.client(who).post, world.addresses[name], page.answers(data))


def _anywhere(world, data):
    who = data.draw(st.sampled_from(sorted(world.sessions)), label="who")
    name = data.draw(st.sampled_from(sorted(world.addresses)), label="address")
    page, address = world.page(who, name), world.addresses[name]
    if data.draw(st.booleans(), label="another key"):
        address = other_address(address, world.keys, data, beside=[ANY_KEY])
    _look_or_send(world, who, address, page, data)


def _at_the_secret(world, data):
    """Somebody outside, at an address with a key of the case that only the ministry may see."""
    who = data.draw(st.sampled_from(sorted(world.outside)), label="who")
    name = data.draw(st.sampled_from(world.with_keys), label="address")
    address = other_address(world.addresses[name], world.secret_keys, data)
    _look_or_send(world, who, address, world.page(who, name), data)
    world.foreign_guesses += address != world.addresses[name]


def _look_or_send(world, who, address, page, data):
    client = world.client(who)
    if data.draw(st.booleans(), label="post"):
        _look_at(world, who, client.post, address, page.answers(data))
    else:
        _look_at(world, who, client.get, address, page.query(data))


def _look_at(world, who, ask, address, sent):
    """What would be done after the transaction is done too: mails, files that are swept, …"""
    with TestCase.captureOnCommitCallbacks(execute=True), written() as tables:
        response = ask(address, sent)
    text = text_of(response)

    assert response.status_code < 500
    assert who not in world.outside or [secret for secret in world.secrets if secret in text] == []
    assert too_long(set(tables)) == []


def too_long(tables):
    """The fields that hold more than they should. SQLite, unlike PostgreSQL, does not look."""
    models = [model for model in apps.get_models() if model._meta.db_table in tables]
    return [
        f"{model.__name__}.{field.name}"
        for model in models
        for field in model._meta.concrete_fields
        if isinstance(field, CharField) and field.max_length
        if model._base_manager.annotate(found=Length(field.name)).filter(found__gt=field.max_length).exists()
    ]
