"""A link to us never ends at somebody else: whatever it names as the next page. There is no switch of languages."""

from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD, UserFactory
from tests.ikz.test_second_factor import code_of

pytestmark = pytest.mark.django_db

FOREIGN = [
    "https://boese.example/",
    "//boese.example/",
    "///boese.example/",
    "/\\boese.example/",
    "\\\\boese.example/",
    "https:boese.example",
    "https:///boese.example/",
    "http://testserver@boese.example/",
    "http://testserver.boese.example/",
    " https://boese.example/",
    "\thttps://boese.example/",
    "java\nscript:alert(1)",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "ftp://testserver/",
]


@pytest.fixture
def person():
    return UserFactory(email="anna@example.org")


def leads_to(response):
    """Where a browser would go, as it reads the address: backslashes are slashes, and blanks are dropped."""
    address = "".join(response.url.split()).replace("\\", "/")
    parts = urlsplit(address)
    return parts.scheme or parts.netloc or ("//" if address.startswith("//") else "")


def sign_in(client, address):
    return client.post(address, {"login": "anna@example.org", "password": PASSWORD})


@pytest.mark.parametrize("foreign", FOREIGN)
def test_no_page_of_an_account_leads_to_a_foreign_site(person, foreign):
    client, found = Client(), {}
    visited = client.get(reverse("admin:login"), {"next": foreign})
    found["to the login of the admin"] = visited
    found["login"] = sign_in(client, visited.url)
    found["login, although signed in"] = client.get(reverse("account_login"), {"next": foreign})
    for name, fields in {
        "account_reauthenticate": {"password": PASSWORD},
        "account_change_password": {
            "oldpassword": PASSWORD,
            "password1": "ein langes neues",
            "password2": "ein langes neues",
        },
        "account_logout": {},
    }.items():
        found[name] = client.post(reverse(name), {**fields, "next": foreign}, query_params={"next": foreign})

    assert {name: response.status_code for name, response in found.items()} == dict.fromkeys(found, 302)
    assert {name: leads_to(response) for name, response in found.items()} == dict.fromkeys(found, "")


@pytest.mark.parametrize("foreign", FOREIGN)
def test_second_factor_leads_to_no_foreign_site(person, foreign):
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(person, secret)
    client = Client()
    sign_in(client, reverse("account_login", query={"next": foreign}))

    response = client.post(reverse("mfa_authenticate"), {"code": code_of(secret), "next": foreign})

    assert (response.status_code, response.url) == (302, reverse("portal:start"))
