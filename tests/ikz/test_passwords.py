"""Passwords: how they are typed, which are refused, how they are kept."""

import re

import pytest
from django.conf import global_settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from ikz import settings as ours
from tests.ikz.test_checks_of_settings import manage
from tests.ikz.test_second_factor import PASSWORD, person, set_up  # noqa: F401 (a fixture)
from tests.ikz.test_sign_in import link_of_mail, reset

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_every_database]
FIELD = re.compile(r"<input[^>]*name=\"(?:password|oldpassword|password1|password2)\"[^>]*>")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("elf Zeichen", "password_too_short"),
        *[
            (number, "guessable_number")
            for number in (
                "123456789012",
                "987654321098",
                "000000000000",
                "111111222222",
                "121212121212",
                "123123123123",
                "147258369147",
                "061135327890",
                "+49 611 353-27890",
                "496113532789",
                "01.02.1985 31.12.1990",
                "010285311290",
                "19850201 19901231",
                "01021985 4711",
                "3 31.01.1985 77",
            )
        ],
        ("q1w2e3r4t5y6", "password_too_common"),
        ("IKZ-Foerderung-2026!", "words_of_the_house"),
        ("HessenHessen2026", "words_of_the_house"),
        ("Innenministerium1", "words_of_the_house"),
        ("Kommune-Gemeinde", "words_of_the_house"),
        ("ikzikzikzikzikz", "words_of_the_house"),
    ],
)
def test_what_is_easily_guessed_is_refused(password, code):
    with pytest.raises(ValidationError) as refused:
        validate_password(password)

    assert code in [each.code for each in refused.value.error_list]


@pytest.mark.parametrize(
    "password",
    [
        "839201746503",
        "8392 0174 6503 9182",
        "31.01.1985 zu Hause",
        "Gemeinsam-stark-2027",
        "Hessenstier frisst Gras",
        "nur kleine buchstaben",
        "ä" * 64,
    ],
)
def test_any_other_will_do(password):
    validate_password(password)


def test_house_may_refuse_more(tmp_path):
    listed = tmp_path / "passwords.txt"
    listed.write_text("Sommer in Wiesbaden\nzwölf Apfelbäume\n", encoding="utf-8")
    places = {"IKZ_COMMON_PASSWORDS": str(listed), "IKZ_VAR_DIR": str(tmp_path)}

    def try_out(password):
        command = f"from django.contrib.auth import password_validation as v; v.validate_password({password!r})"
        return manage("shell", "--command", command, **places)

    for password in ("sommer in wiesbaden", "Zwölf Apfelbäume"):
        assert "Dieses Passwort ist zu üblich." in try_out(password).stderr
    assert try_out("Winter in Wiesbaden").returncode == 0


@pytest.mark.parametrize(("name", "fields"), [("account_login", 1), ("account_change_password", 3)])
def test_password_is_hidden_and_managers_may_fill_it_in(person, name, fields):  # noqa: F811
    client = Client()
    if name != "account_login":
        client.force_login(person)

    typed = FIELD.findall(client.get(reverse(name)).content.decode())

    assert len(typed) == fields
    assert [each for each in typed if 'type="password"' not in each or "autocomplete=" not in each] == []
    assert [each for each in typed if "onpaste" in each or "maxlength" in each] == []


def test_change_asks_for_the_present_password(person):  # noqa: F811
    client = Client()
    client.force_login(person)
    new = "ein ganz neues Kennwort"

    client.post(reverse("account_change_password"), {"oldpassword": "falsch", "password1": new, "password2": new})

    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_case_and_blanks_count(person):  # noqa: F811
    assert not person.check_password(PASSWORD.upper())
    assert not person.check_password(PASSWORD + " ")


def test_new_password_by_mail_does_not_get_past_the_second_factor(person):  # noqa: F811
    set_up(Client())
    mail.outbox.clear()
    client = Client()
    client.post(reverse("account_reset_password"), {"email": person.email})

    answer = reset(link_of_mail())

    assert answer.url == reverse("mfa_authenticate")
    assert not answer.wsgi_request.user.is_authenticated


def test_passwords_are_kept_as_the_framework_keeps_them(settings):
    assert not hasattr(ours, "PASSWORD_HASHERS")
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS  # the tests have one that is fast
    kind, rounds, *_rest = make_password(PASSWORD).split("$")

    assert (kind, int(rounds) >= 1_000_000) == ("pbkdf2_sha256", True)
