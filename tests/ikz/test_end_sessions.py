"""manage.py end_sessions: a lost device, a stolen session."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.factories import UserFactory
from tests.ikz.test_idle_sessions import is_signed_in

pytestmark = pytest.mark.django_db


def signed_in(*people):
    clients = [Client() for _ in people]
    for client, person in zip(clients, people, strict=True):
        client.force_login(person)
    return clients


def test_sessions_of_one_account_are_ended(capsys):
    anna, bert = UserFactory(email="anna@example.org"), UserFactory()
    clients = signed_in(anna, anna, bert)

    call_command("end_sessions", "ANNA@example.org")

    assert [is_signed_in(client) for client in clients] == [False, False, True]
    assert capsys.readouterr().out == "Beendete Sitzungen: 2.\n"


def test_sessions_of_all_accounts_are_ended():
    clients = signed_in(UserFactory(), UserFactory())

    call_command("end_sessions", "--all")

    assert [is_signed_in(client) for client in clients] == [False, False]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Bitte nennen Sie entweder eine E-Mail-Adresse oder --all."),
        (["anna@example.org", "--all"], "Bitte nennen Sie entweder eine E-Mail-Adresse oder --all."),
        (["niemand@example.org"], "Es gibt kein Konto mit der Adresse niemand@example.org."),
    ],
)
def test_command_says_what_is_missing(arguments, sentence):
    with pytest.raises(CommandError) as refusal:
        call_command("end_sessions", *arguments)

    assert str(refusal.value) == sentence
