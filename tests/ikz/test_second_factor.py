"""The second factor: required of the ministry, offered to everybody else, encrypted in the database.

That no page opens without it: tests/test_routes.py.
"""

import re
import time
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.fernet import InvalidToken
from django.conf import settings as project_settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ikz import second_factor
from ikz.accounts import TOO_MANY_ATTEMPTS
from ikz.management.commands import prepare
from ikz.models import Session, User
from ikz.second_factor import SecondFactorAdapter

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_every_database]

PASSWORD = "ein langes Kennwort 1"
PERIOD, LEAST_LEFT = 30, 3  # seconds
WRONG = "Der Code stimmt nicht oder ist abgelaufen. Bitte geben Sie den Code ein, den Ihre App jetzt zeigt."


@pytest.fixture
def person():
    return User.objects.create_user("anna@example.org", PASSWORD, is_staff=True)


@pytest.fixture
def required(settings):
    settings.IKZ_REQUIRE_SECOND_FACTOR = True


def code_of(secret):
    """What the app shows. A code that is about to change is waited for, as people do: only the one of now counts."""
    left = PERIOD - time.time() % PERIOD
    if left < LEAST_LEFT:
        time.sleep(left)
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD))


def sign_in(client):
    return client.post(reverse("account_login"), {"login": "anna@example.org", "password": PASSWORD})


def set_up(client):
    """Sign in, confirm by password, and give the first code. Returns the secret."""
    sign_in(client)
    confirm = client.get(reverse("mfa_activate_totp")).url
    client.post(confirm, {"password": PASSWORD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    return secret


def test_staff_with_second_factor_works(person, required):
    client = Client()
    set_up(client)

    assert client.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize(("staff", "setting"), [(False, True), (True, False)])
def test_others_may_do_without(person, settings, staff, setting):
    settings.IKZ_REQUIRE_SECOND_FACTOR = setting
    User.objects.update(is_staff=staff)
    client = Client()
    sign_in(client)

    assert client.get(reverse("account_change_password")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_setting_up_is_told_and_brings_recovery_codes(person):
    client = Client()

    set_up(client)

    assert [each.subject for each in mail.outbox] == ["IKZ-Förderportal: Zweiter Faktor eingerichtet"]
    assert client.get(reverse("mfa_view_recovery_codes")).content.decode().count("<li><code") == 10
    page = client.get(reverse("mfa_index")).content.decode()
    assert "Noch 10 von 10 Ersatzcodes sind unbenutzt." in page


def test_sign_in_asks_for_the_code_and_takes_it_once(person):
    secret = set_up(Client())
    client = Client()

    assert sign_in(client).url == reverse("mfa_authenticate")
    assert client.get(reverse("mfa_index")).status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.context["form"].errors == {"code": [WRONG]}
    assert client.post(reverse("mfa_authenticate"), {"code": code_of(secret)}).url == reverse("portal:start")

    again = Client()
    sign_in(again)
    assert again.post(reverse("mfa_authenticate"), {"code": code_of(secret)}).context["form"].errors == {
        "code": [WRONG]
    }


def test_setting_up_asks_for_the_password_again_and_changes_the_key_of_the_session(person):
    client = Client()
    sign_in(client)
    before = client.session.session_key
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        confirm = client.get(reverse("mfa_activate_totp")).url
        client.post(confirm, {"password": "falsch"})
        assert client.get(reverse("mfa_activate_totp")).status_code == 302
        client.post(confirm, {"password": PASSWORD})
        assert client.get(reverse("mfa_activate_totp")).status_code == 200

    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


def test_recovery_code_replaces_the_app_once(person):
    client = Client()
    set_up(client)
    code = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]

    answers = []
    for _ in range(2):
        fresh = Client()
        sign_in(fresh)
        answers.append(fresh.post(reverse("mfa_authenticate"), {"code": code}).status_code)

    assert answers == [302, 200]


def test_guessing_codes_ends_after_five(person):
    set_up(Client())
    client = Client()
    sign_in(client)

    answers = [client.post(reverse("mfa_authenticate"), {"code": f"00000{n}"}) for n in range(6)]

    said = [answer.context["form"].errors["code"][0] for answer in answers]
    assert said == [WRONG] * 5 + [TOO_MANY_ATTEMPTS]


def test_staff_cannot_remove_a_required_second_factor(person, required):
    client = Client()
    set_up(client)

    client.post(reverse("mfa_deactivate_totp"))

    assert Authenticator.objects.filter(type="totp").count() == 1


def test_secrets_do_not_stand_in_the_database(person):
    secret = set_up(Client())

    stored = Authenticator.objects.get(type="totp").data["secret"]

    assert secret not in stored
    assert SecondFactorAdapter().decrypt(stored) == secret


def test_former_secret_key_still_reads(settings):
    written = SecondFactorAdapter().encrypt("GEHEIM")
    settings.SECRET_KEY_FALLBACKS = [project_settings.SECRET_KEY]
    settings.SECRET_KEY = "ein neuer Schlüssel"

    assert SecondFactorAdapter().decrypt(written) == "GEHEIM"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken):
        SecondFactorAdapter().decrypt(written)


def test_secrets_are_sealed_anew_so_that_the_former_key_may_go(person, settings, capsys):
    client = Client()
    secret = set_up(client)
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [project_settings.SECRET_KEY], "ein neuer Schlüssel"

    call_command("seal_second_factors")

    settings.SECRET_KEY_FALLBACKS = []
    factors = {each.type: each.wrap() for each in Authenticator.objects.all()}
    assert factors["totp"].validate_code(code_of(secret))
    assert factors["recovery_codes"].get_unused_codes() == codes
    assert capsys.readouterr().out == "Neu verschlüsselt: 2.\n"


def test_sealing_without_the_former_key_changes_nothing(person, settings):
    set_up(Client())
    before = list(Authenticator.objects.values_list("pk", "data"))
    settings.SECRET_KEY = "ein neuer Schlüssel"

    with pytest.raises(CommandError, match=r"IKZ_SECRET_KEY_FALLBACKS ein\. Es wurde nichts geändert\."):
        call_command("seal_second_factors")

    assert list(Authenticator.objects.values_list("pk", "data")) == before


@pytest.mark.parametrize("staff", [True, False])
def test_second_factor_can_be_required_of_all(person, settings, staff):
    settings.IKZ_REQUIRE_SECOND_FACTOR_OF_ALL = True
    User.objects.update(is_staff=staff)
    client = Client()
    sign_in(client)

    assert client.get(reverse("portal:start")).url == reverse("mfa_activate_totp")
    assert Client().get(reverse("account_login")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_new_second_factor_ends_other_sessions(person):
    elsewhere, here = Client(), Client()
    sign_in(elsewhere)

    set_up(here)

    assert elsewhere.get(reverse("mfa_index")).status_code == 302
    assert here.get(reverse("mfa_index")).status_code == 200


PAGES = [
    "mfa_index",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_reauthenticate",
]
ENGLISH = re.compile(r"\b(the|your|you|please|code is|recovery|authentication|deactivate)\b", re.IGNORECASE)


@pytest.mark.parametrize("name", PAGES)
def test_pages_speak_german(person, name):
    client = Client()
    set_up(client)

    response = client.get(reverse(name))

    assert response.status_code == 200
    assert ENGLISH.findall(re.sub(r"<[^>]+>", " ", response.content.decode())) == []


def test_lost_second_factor_is_forgotten_on_request(person, required, capsys):
    lost = Client()
    set_up(lost)

    call_command("forget_second_factor", "ANNA@example.org")

    assert lost.get(reverse("mfa_index")).status_code == 302

    client = Client()
    assert sign_in(client).url == reverse("portal:start")
    assert client.get(reverse("admin:index")).url == reverse("mfa_activate_totp")
    assert capsys.readouterr().out == (
        "anna@example.org richtet den zweiten Faktor bei der nächsten Anmeldung neu ein.\n"
    )


def test_second_factor_of_nobody_cannot_be_forgotten():
    with pytest.raises(CommandError, match=r"Es gibt kein Konto mit der Adresse niemand@example\.org\."):
        call_command("forget_second_factor", "niemand@example.org")


@pytest.mark.parametrize(("is_required", "times"), [(False, 1), (True, 0)])
def test_sign_in_page_says_where_the_second_factor_is_off(settings, is_required, times):
    settings.IKZ_REQUIRE_SECOND_FACTOR = is_required

    assert Client().get(reverse("account_login")).content.decode().count(second_factor.OFF) == times


@pytest.mark.parametrize(("is_required", "last"), [(False, [second_factor.OFF]), (True, [])])
def test_start_of_the_demonstration_says_that_it_is_off(settings, monkeypatch, is_required, last):
    settings.IKZ_REQUIRE_SECOND_FACTOR = is_required
    monkeypatch.setattr(prepare, "STEPS", [])
    out = StringIO()

    call_command("prepare", stdout=out)

    assert out.getvalue().splitlines() == last
