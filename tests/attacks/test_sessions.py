"""A session that somebody else prepared is worth nothing, and a sign-in tells nothing by the work that it takes."""

from unittest import mock

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_every_database]

PASSWORD = "correct horse battery"


@pytest.fixture
def person():
    account = UserFactory(email="anna@example.org", is_staff=False)
    account.set_password(PASSWORD)
    account.save()
    return account


def test_sign_in_ends_a_session_that_was_prepared(person):
    client = Client()
    session = client.session
    session["prepared"] = True
    session.save()
    prepared = session.session_key

    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})

    assert client.session.session_key != prepared
    assert client.session["_auth_user_id"] == str(person.pk)
    assert not Session.objects.filter(session_key=prepared).exists()


@pytest.mark.parametrize("email", ["anna@example.org", "unbekannt@example.org"])
def test_sign_in_computes_one_hash_whoever_tries(person, email):
    with mock.patch.object(
        MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode
    ) as computed:
        Client().post(reverse("account_login"), {"login": email, "password": "falsch"})

    assert computed.call_count == 1
