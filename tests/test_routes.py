"""Who is let in where, and nobody else can write there. An address without a row in tests/route_rights.py fails."""

import pytest
from django.apps import apps
from django.urls import reverse

from tests.factories import UserFactory
from tests.municipal_people import MembershipFactory, member_of, officer_of
from tests.route_examples import example, examples
from tests.route_rights import GET, NAMELESS, POST_ONLY, STAFF, STAFF_WITHOUT_A_ROLE, WITHOUT_AN_ACCOUNT, routes

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_every_database]


def is_let_in(client, name, url):
    response = client.get(url)
    if response.streaming:
        b"".join(response.streaming_content)  # read to its end, so that the document is closed
    if response.status_code in (301, 302):
        logins = (reverse("admin:login"), reverse("account_login"))
        leads_away = response.url.startswith(logins) or response.url == reverse("admin:index")
        return name == "home" or not leads_away
    assert response.status_code in (200, 403, 404), f"{name}: {response.status_code}"
    return response.status_code == 200


@pytest.fixture
def arguments():
    return examples()


def test_every_address_has_a_row_and_no_row_is_left_over():
    listed = [name for names in GET.values() for name in names]

    assert sorted([*listed, *POST_ONLY]) == sorted(set(routes()) - NAMELESS)


@pytest.mark.parametrize("name", sorted(POST_ONLY))
def test_address_that_takes_only_post_refuses_get(client, arguments, name):
    client.force_login(UserFactory(is_superuser=True))

    assert client.get(example(name, arguments)).status_code == 405


# letter → how to get somebody of that kind, for a case.
PEOPLE = {
    **{letter: lambda case, role=role: UserFactory(roles=[role]) for letter, role in STAFF.items()},
    STAFF_WITHOUT_A_ROLE: lambda case: UserFactory(),
    "L": lambda case: member_of(case.participants[0].municipality, is_administrator=True),
    "P": lambda case: member_of(case.participants[1].municipality),
    "F": lambda case: MembershipFactory().user,
    "A": lambda case: officer_of(case.opinions.get()),
    WITHOUT_AN_ACCOUNT: lambda case: None,
}


# What these are for needs no right, and changes nothing of anybody else.
OPEN_BY_POST = {"account_login", "account_logout", "account_reset_password", "admin:logout"}
KEPT_BESIDE = {"Session", "DocumentView"}


def rows():
    """How many rows each model has: what no refused request may change."""
    return {
        model.__name__: model._base_manager.count() for model in apps.get_models() if model.__name__ not in KEPT_BESIDE
    }


@pytest.mark.parametrize("letter", PEOPLE)
def test_who_is_let_in_where_and_nobody_else_can_write_there(client, arguments, letter):
    if person := PEOPLE[letter](arguments[0]["application"]):
        client.force_login(person)
    every_address = set(routes()) - NAMELESS
    urls = {name: example(name, arguments) for name in sorted(every_address)}
    may_look = {name for who, names in GET.items() if letter in who for name in names}
    before = rows()

    let_in = {name for name in sorted(every_address - POST_ONLY) if is_let_in(client, name, urls[name])}
    # What takes POST alone has tests of its own for those whose business it may be.
    barred = every_address - may_look - OPEN_BY_POST - (POST_ONLY if letter in (*STAFF, "L") else set())
    answers = {name: client.post(urls[name], {"action": "x", "post": "yes"}).status_code for name in sorted(barred)}

    assert let_in == may_look
    # Sent away (to sign in, to the own front page), refused, or told that there is nothing.
    assert {name: status for name, status in answers.items() if status not in (302, 403, 404, 405)} == {}
    assert rows() == before
