"""Signing in and passwords: every refusal says the same, guesses are counted, nothing of the library is left in English."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.crypto import get_random_string

from ikz.accounts import NOT_SIGNED_IN, TOO_MANY_ATTEMPTS
from ikz.models import CacheEntry, User

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_every_database]

PASSWORD = "ein langes Kennwort 1"
LOGIN = "/konto/anmelden/"


@pytest.fixture
def person():
    return User.objects.create_user("anna@example.org", PASSWORD, first_name="Anna", last_name="Arndt")


def sign_in(email, password=PASSWORD, client=None, **more):
    return (client or Client()).post(LOGIN, {"login": email, "password": password}, **more)


def test_person_signs_in_with_address_in_any_case_and_lands_in_the_portal(person, client):
    response = sign_in(" Anna@Example.org ", client=client)

    assert response.url == reverse("portal:start")
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize("staff", [True, False])
def test_admin_sends_to_the_one_login_page_and_back(person, client, staff):
    User.objects.update(is_staff=staff)

    first = client.get(reverse("admin:index"), follow=True)
    answer = sign_in(person.email, client=client, QUERY_STRING="next=/verwaltung/")
    last = client.get(answer.url, follow=True)

    assert first.redirect_chain[-1][0] == "/konto/anmelden/?next=/verwaltung/"
    assert last.request["PATH_INFO"] == ("/verwaltung/" if staff else "/portal/")


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("anna@example.org", "falsch"),
        ("unbekannt@example.org", PASSWORD),
        ("ausgeschieden@example.org", PASSWORD),
        ("ausgeschieden@example.org", "falsch"),
        ("ohne.passwort@example.org", PASSWORD),
    ],
)
def test_every_failed_sign_in_says_the_same(person, email, password):
    User.objects.create_user("ausgeschieden@example.org", PASSWORD, is_active=False)
    User.objects.create_user("ohne.passwort@example.org")

    response = sign_in(email, password)

    assert response.status_code == 200
    assert response.context["form"].errors == {"__all__": [NOT_SIGNED_IN]}


def test_sign_in_leads_to_no_foreign_site(person):
    response = sign_in(person.email, QUERY_STRING="next=https://boese.example/")

    assert response.url == reverse("portal:start")


def said(answer):
    return answer.context["form"].non_field_errors()


@pytest.mark.parametrize("email", ["anna@example.org", "unbekannt@example.org"])
def test_sixth_guess_at_an_account_from_one_address_is_refused(person, email):
    answers = [sign_in(email, "falsch", REMOTE_ADDR="192.0.2.1") for _ in range(6)]

    assert [said(answer) for answer in answers] == [[NOT_SIGNED_IN]] * 5 + [[TOO_MANY_ATTEMPTS]]


def test_stranger_who_guesses_does_not_shut_the_person_out(person):
    for number in range(20):
        sign_in(person.email, "falsch", REMOTE_ADDR=f"192.0.2.{number % 2}")

    assert said(sign_in(person.email, REMOTE_ADDR="192.0.2.0")) == [TOO_MANY_ATTEMPTS]
    assert sign_in(person.email, REMOTE_ADDR="198.51.100.1").url == reverse("portal:start")


@pytest.mark.parametrize("email", ["anna@example.org", "unbekannt@example.org"])
def test_fifty_first_guess_within_an_hour_is_refused_from_anywhere(person, email):
    answers = [sign_in(email, "falsch", REMOTE_ADDR=f"192.0.2.{number}") for number in range(51)]

    assert [said(answer) for answer in answers] == [[NOT_SIGNED_IN]] * 50 + [[TOO_MANY_ATTEMPTS]]
    assert said(sign_in(email)) == [TOO_MANY_ATTEMPTS]


def test_one_address_cannot_use_up_the_guesses_of_all(person):
    """Over an hour it has fifteen; what was refused is not counted again."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        answers = []
        for _ in range(50):
            answers.append(said(sign_in(person.email, "falsch", REMOTE_ADDR="192.0.2.1")))
            clock.shift(timedelta(minutes=1))

        assert answers.count([NOT_SIGNED_IN]) == 15
        assert sign_in(person.email, REMOTE_ADDR="192.0.2.2").url == reverse("portal:start")


def test_other_port_in_the_host_does_not_count_anew(person):
    answers = [sign_in(person.email, "falsch", HTTP_HOST=f"localhost:{8000 + number}") for number in range(6)]

    assert said(answers[-1]) == [TOO_MANY_ATTEMPTS]


def test_sign_ins_that_succeed_are_not_counted(person):
    for number in range(60):
        assert sign_in(person.email, REMOTE_ADDR=f"192.0.2.{number % 3}").url == reverse("portal:start")


def test_who_is_shut_out_comes_in_by_a_new_password(person):
    for number in range(51):
        sign_in(person.email, "falsch", REMOTE_ADDR=f"192.0.2.{number}")
    Client().post(reverse("account_reset_password"), {"email": person.email})

    assert reset(link_of_mail()).url == reverse("portal:start")


def test_eleventh_guess_from_one_address_is_refused_whatever_the_account(person):
    for _ in range(10):
        sign_in(f"{get_random_string(8)}@example.org", "falsch", REMOTE_ADDR="192.0.2.1")

    assert sign_in(person.email, REMOTE_ADDR="192.0.2.1").context["form"].non_field_errors() == [TOO_MANY_ATTEMPTS]
    assert sign_in(person.email, REMOTE_ADDR="192.0.2.2").url == reverse("portal:start")


def test_behind_a_proxy_the_address_is_what_the_proxy_says(person, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(11):
        forged = {"HTTP_X_FORWARDED_FOR": f"198.51.100.{number}, 192.0.2.1", "REMOTE_ADDR": "127.0.0.1"}
        response = sign_in(f"{get_random_string(8)}@example.org", "falsch", **forged)

    assert response.context["form"].non_field_errors() == [TOO_MANY_ATTEMPTS]


def test_guesses_are_counted_where_all_processes_see_them(person):
    sign_in(person.email, "falsch")

    counted = CacheEntry.objects.filter(cache_key__contains="login_failed").values_list("cache_key", flat=True)
    assert sorted(key.split(":")[6] for key in counted) == ["10/60/ip", "15/3600/key", "5/300.0/key", "50/3600/key"]


@pytest.mark.parametrize(
    ("email", "mails"),
    [
        ("anna@example.org", ["anna@example.org"]),
        ("ANNA@example.org", ["anna@example.org"]),
        ("unbekannt@example.org", []),
        ("ausgeschieden@example.org", []),
    ],
)
def test_request_for_a_new_password_says_the_same_for_everybody(person, email, mails):
    User.objects.create_user("ausgeschieden@example.org", PASSWORD, is_active=False)

    response = Client().post(reverse("account_reset_password"), {"email": email}, follow=True)

    [heading] = re.findall(r"<h1[^>]*>(.*?)</h1>", response.content.decode())
    assert heading == "Bitte sehen Sie in Ihr Postfach"
    assert [each.to for each in mail.outbox] == [[address.lower()] for address in mails]


def link_of_mail():
    [link] = re.findall(r"http://127\.0\.0\.1:8000(/konto/\S+)", mail.outbox[-1].body)
    return link


def reset(link, password="ein ganz neues Kennwort"):  # noqa: S107
    client = Client()
    page = client.get(link, follow=True)
    if not page.redirect_chain:
        return page
    return client.post(page.request["PATH_INFO"], {"password1": password, "password2": password})


def test_new_password_by_mail_signs_in_and_the_link_counts_once(person):
    Client().post(reverse("account_reset_password"), {"email": person.email})
    link = link_of_mail()

    assert list(reset(link, "kurz").context["form"].errors) == ["password1"]
    assert reset(link).url == reverse("portal:start")
    assert "Dieser Link gilt nicht mehr" in reset(link).content.decode()

    assert sign_in(person.email, "ein ganz neues Kennwort").url == reverse("portal:start")
    assert [each.subject for each in mail.outbox] == [
        "IKZ-Förderportal: Neues Passwort setzen",
        "IKZ-Förderportal: Ihr Passwort wurde neu gesetzt",
    ]


def test_mail_leads_to_the_address_of_the_settings(person, settings):
    settings.ALLOWED_HOSTS = ["*"]

    Client().post(reverse("account_reset_password"), {"email": person.email}, HTTP_HOST="boese.example")

    assert "boese.example" not in mail.outbox[0].body
    assert link_of_mail().startswith("/konto/passwort/neu/")


def test_former_address_opens_nothing_after_it_was_changed(person):
    Client().post(reverse("account_reset_password"), {"email": person.email})
    person.email = "anna.neu@example.org"
    person.save()
    mail.outbox.clear()

    Client().post(reverse("account_reset_password"), {"email": "anna@example.org"})

    assert mail.outbox == []
    assert sign_in("anna@example.org").context["form"].non_field_errors() == [NOT_SIGNED_IN]
    assert sign_in("anna.neu@example.org").url == reverse("portal:start")


def test_changed_password_is_told_by_mail_and_ends_other_sessions(person):
    here, elsewhere = Client(), Client()
    sign_in(person.email, client=here)
    sign_in(person.email, client=elsewhere)
    new = "ein ganz neues Kennwort"

    here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert [each.subject for each in mail.outbox] == ["IKZ-Förderportal: Ihr Passwort wurde geändert"]
    assert here.get(reverse("mfa_index")).status_code == 200
    assert elsewhere.get(reverse("mfa_index")).status_code == 302


@pytest.mark.parametrize(
    "name", ["account_signup", "account_email", "account_inactive", "account_set_password", "mfa_list_webauthn"]
)
def test_what_is_not_offered_does_not_exist(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


ENGLISH = re.compile(r"\b(the|your|you|please|sign|forgot|email address|password)\b", re.IGNORECASE)
PAGES = [
    "mfa_index",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_change_password",
    "account_sessions",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_pages_and_their_errors_speak_german(person, name, method):
    client = Client()
    if name not in ("account_login", "account_reset_password"):
        client.force_login(person)

    response = getattr(client, method)(reverse(name))

    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    assert ENGLISH.findall(text) == []
    assert 'lang="de"' in response.content.decode() or response.status_code in (302, 405)


def test_page_after_signing_out_says_so_and_leads_back(client):
    client.force_login(User.objects.create_user("weg@ikz.example", is_staff=True))

    page = client.post(reverse("admin:logout")).text

    assert "<h1>Sie sind abgemeldet.</h1>" in page
    assert f'href="{reverse("admin:index")}">Wieder anmelden</a>' in page
    assert "nette Minuten" not in page
