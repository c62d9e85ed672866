"""A session that somebody else prepared is worth nothing, and a sign-in tells nothing by the work that it takes."""

import re
from contextlib import contextmanager
from unittest import mock

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from post_office.models import Email

from ikz.models import CacheEntry, Session
from tests import mail_server
from tests.factories import PASSWORD, UserFactory
from tests.ikz.test_second_factor import code_of
from tests.ports import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return UserFactory(email="anna@example.org", is_staff=False)


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


def test_second_factor_ends_the_session_that_waited_for_it(person):
    """Until the code is given the session belongs to nobody; afterwards it is another one."""
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(person, secret)
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    waiting = client.session.session_key
    assert "_auth_user_id" not in client.session

    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

    assert client.session["_auth_user_id"] == str(person.pk)
    assert client.session.session_key != waiting
    assert not Session.objects.filter(session_key=waiting).exists()


def with_cookie_of(client):
    """Somebody who copied the cookie."""
    thief = Client()
    thief.cookies = client.cookies.copy()
    return thief


def test_copied_cookie_opens_nothing_after_its_owner_signed_out(person, client):
    client.force_login(person)
    thief = with_cookie_of(client)
    assert thief.get(reverse("portal:start")).status_code == 200

    client.post(reverse("account_logout"))

    assert thief.get(reverse("portal:start")).status_code == 302


def test_disabled_account_is_out_at_once(person, client):
    client.force_login(person)
    assert client.get(reverse("portal:start")).status_code == 200

    type(person).objects.filter(pk=person.pk).update(is_active=False)

    assert client.get(reverse("portal:start")).status_code == 302


UNLIKE = {
    "known": "anna@example.org",
    "unknown": "unbekannt@example.org",
    "disabled": "ausgeschieden@example.org",
    "without a password": "eingeladen@example.org",
}


@pytest.fixture
def others(person):
    UserFactory(email=UNLIKE["disabled"], is_active=False)
    invited = UserFactory(email=UNLIKE["without a password"])
    invited.set_unusable_password()
    invited.save()


@contextmanager
def computed_hashes():
    with mock.patch.object(MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode) as encode:
        yield lambda: encode.call_count


@pytest.mark.parametrize("account", UNLIKE)
def test_sign_in_computes_one_hash_whoever_tries(others, account):
    with computed_hashes() as count:
        Client().post(reverse("account_login"), {"login": UNLIKE[account], "password": "falsch"})

    assert count() == 1


@pytest.mark.parametrize("account", UNLIKE)
def test_request_for_a_new_password_computes_none_whoever_asks(others, account):
    with computed_hashes() as count:
        Client().post(reverse("account_reset_password"), {"email": UNLIKE[account]})

    assert count() == 0


def answered(name, answers):
    """The answer as the server has it before it sends it: what is done later is not done yet."""
    handler = BaseHandler()
    handler.load_middleware()
    request = RequestFactory().post(reverse(name), answers)
    request._dont_enforce_csrf_checks = True
    return handler.get_response(request)


def kinds_of(queries):
    """Without savepoints, and without what differs in the values alone."""
    return [re.sub(r"'[^']*'|\d+", "?", each["sql"]) for each in queries.captured_queries]


def work_of(name, answers):
    """The queries of a request, from a fresh count of guesses."""
    CacheEntry.objects.all().delete()
    with CaptureQueriesContext(connection) as queries:
        response = answered(name, answers)
    return response, kinds_of(queries)


def test_request_for_a_new_password_asks_the_database_the_same_whoever_asks(others, settings):
    settings.EMAIL_BACKEND = "ikz.outbox.OutboxBackend"
    work = {name: work_of("account_reset_password", {"email": email})[1] for name, email in UNLIKE.items()}

    assert len(work["known"]) > 5
    assert [name for name, queries in work.items() if queries != work["known"]] == []


def test_failed_sign_in_asks_the_database_the_same_whoever_tries(others):
    work = {name: work_of("account_login", {"login": email, "password": "falsch"})[1] for name, email in UNLIKE.items()}

    assert len(work["known"]) > 5
    assert [name for name, queries in work.items() if queries != work["known"]] == []


@pytest.mark.django_db(transaction=True)
def test_mail_for_a_new_password_is_written_and_sent_after_the_answer(others, settings):
    port = free_port()
    settings.EMAIL_BACKEND = "ikz.outbox.OutboxBackend"
    settings.IKZ_MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.IKZ_MAIL_AT_ONCE = "127.0.0.1", port, True
    before, after = {}, {}

    with mail_server.serving(port) as mailbox:
        for name, email in UNLIKE.items():
            response, _queries = work_of("account_reset_password", {"email": email})
            before[name] = (Email.objects.count(), len(mailbox.received))
            response.close()
            after[name] = len(mailbox.received)
            Email.objects.all().delete()
            mailbox.received.clear()

    assert before == dict.fromkeys(UNLIKE, (0, 0))
    assert after == {"known": 1, "unknown": 0, "disabled": 0, "without a password": 1}
