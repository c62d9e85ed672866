"""Who is let in where, and nobody else can write there. An address without a row in tests/route_rights.py fails."""

import re
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from ikz.second_factor import OPEN_WITHOUT
from tests import unrendered
from tests.attacks.guesses import Page
from tests.factories import PDF, UserFactory
from tests.municipal_people import MembershipFactory, member_of, officer_of
from tests.route_examples import example, examples
from tests.route_names import NAMELESS, routes
from tests.route_rights import GET, POST_ONLY, STAFF, STAFF_WITHOUT_A_ROLE, WITHOUT_AN_ACCOUNT
from tests.route_writing import POST, TYPED

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_every_database]


def read(response):
    """Read it to its end, so that a document is closed."""
    if response.streaming:
        b"".join(response.streaming_content)
    return response


def is_let_in(client, name, url):
    response = read(client.get(url))
    if response.status_code in (301, 302):
        logins = (reverse("admin:login"), reverse("account_login"))
        leads_away = response.url.startswith(logins) or response.url == reverse("admin:index")
        return name == "home" or not leads_away
    assert response.status_code in (200, 403, 404), f"{name}: {response.status_code}"
    return response.status_code == 200


def keys_of_examples():
    """Ground to stand on: see tests/ground.py."""
    records, special = examples()
    return {name: (type(record), record.pk) for name, record in records.items()}, special


on_examples = pytest.mark.parametrize("ground", [keys_of_examples], indirect=True, ids=["examples"])


def records_of(built):
    keys, special = built
    return {name: model._base_manager.get(pk=key) for name, (model, key) in keys.items()}, special


@pytest.fixture
def arguments(built):
    return records_of(built)


@pytest.fixture(scope="module")
def known_forms(ground):
    """address → its form, as the first test that needs it found it; the records are the same for all."""
    return {}


def test_every_address_has_a_row_and_no_row_is_left_over():
    listed = [name for names in GET.values() for name in names]

    assert sorted([*listed, *POST_ONLY]) == sorted(set(routes()) - NAMELESS)


@on_examples
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
    "F": lambda case: MembershipFactory(is_administrator=True).user,
    "A": lambda case: officer_of(case.opinions.get()),
    WITHOUT_AN_ACCOUNT: lambda case: None,
}


@on_examples
def test_staff_without_second_factor_is_led_to_it_from_every_page(client, arguments, settings):
    """Each address with the key of a record that exists: pages of cases and documents too. Each request is the first."""
    settings.IKZ_REQUIRE_SECOND_FACTOR = True
    client.force_login(UserFactory(is_superuser=True))
    signed_in, let_in = client.cookies.copy(), set()

    for name in sorted(set(routes()) - NAMELESS):
        client.cookies = signed_in.copy()
        response = read(client.get(example(name, arguments)))
        if not (response.status_code == 302 and response.url == reverse("mfa_activate_totp")):
            let_in.add(name)

    assert let_in == OPEN_WITHOUT


# What these are for needs no right, and changes nothing of anybody else.
OPEN_BY_POST = {"account_login", "account_logout", "account_reset_password", "admin:logout"}
KEPT_BESIDE = {"ikz_session", "ikz_cache", "applications_documentview"}
WRITING = re.compile(r'(?:INSERT INTO|INSERT OR \w+ INTO|REPLACE INTO|UPDATE|DELETE FROM) "?(\w+)')


@contextmanager
def written():
    """The tables that are written to, one name for each command; what every request may write beside its purpose is left out."""
    tables = []

    def note(execute, sql, params, many, context):
        tables.extend(set(WRITING.findall(sql)) - KEPT_BESIDE)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield tables


@on_examples
@pytest.mark.parametrize("letter", PEOPLE)
def test_who_is_let_in_where(client, arguments, letter):
    if person := PEOPLE[letter](arguments[0]["application"]):
        client.force_login(person)
    urls = {name: example(name, arguments) for name in sorted(set(routes()) - NAMELESS - POST_ONLY)}

    let_in = {name for name, url in urls.items() if is_let_in(client, name, url)}

    assert let_in == {name for who, names in GET.items() if letter in who for name in names}


def filled_forms(arguments, urls):
    """address → its form as somebody gets it who may fill it, with every text changed, and its fields for a PDF."""
    readers = {letter: PEOPLE[letter](arguments[0]["application"]) for letter in "LPA"}
    readers["superuser"] = UserFactory(is_superuser=True)
    forms = {name: ({"post": "yes"}, set()) for name in urls}
    for letters, names in GET.items():
        outside = next((each for each in "LPA" if each in letters), "superuser")
        client = Client()
        client.force_login(readers["superuser" if set(letters) & set(STAFF) else outside])
        for name in set(names) & set(urls):
            response = read(client.get(urls[name]))
            if not response.streaming and "html" in response.headers["Content-Type"]:
                page = Page(response.content.decode())
                forms[name] = {**page.changed(), **TYPED.get(name, {})}, page.pdfs
    return forms


def as_if_never_sent(client, url, answers, pdfs):
    """The tables that were written to, though nothing of it is kept."""
    session = client.cookies.copy()
    form = {**answers, **{name: SimpleUploadedFile("unterlage.pdf", PDF, "application/pdf") for name in pdfs}}
    with transaction.atomic(), written() as tables, unrendered.pages():
        read(client.post(url, form))
        transaction.set_rollback(True)
    client.cookies = session
    return tables


@on_examples
@pytest.mark.parametrize("letters", ["SB", "HRT", "-LPFA?"])
def test_who_may_write_where_and_nobody_else_can(arguments, known_forms, letters):
    """Whoever may look at a page, and whoever may not, sends what somebody would who may fill its form."""
    urls = {name: example(name, arguments) for name in sorted(set(routes()) - NAMELESS - OPEN_BY_POST)}
    forms = known_forms or filled_forms(arguments, urls)
    known_forms.update(forms)
    found = {}

    for letter in letters:
        client = Client()
        if person := PEOPLE[letter](arguments[0]["application"]):
            client.force_login(person)
        sent = {name: as_if_never_sent(client, url, *forms[name]) for name, url in urls.items()}
        found[letter] = {name for name, tables in sent.items() if tables}

    assert found == {
        letter: {name for who, names in POST.items() if letter in who for name in names} for letter in letters
    }
    assert {name for name, (_answers, pdfs) in forms.items() if pdfs} <= {
        name for names in POST.values() for name in names
    }
