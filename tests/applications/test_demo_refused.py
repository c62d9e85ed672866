"""What keeps the demonstration away from a database without register, or with cases of its own."""

import pytest
from django.core.management import CommandError, call_command

from applications.models import Application
from ikz.models import User
from tests.factories import ApplicationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _serves_only_itself(settings):
    """The test runner adds a host of its own."""
    settings.ALLOWED_HOSTS = ["127.0.0.1"]


def refusal():
    with pytest.raises(CommandError) as refused:
        call_command("load_demo")
    return str(refused.value)


def test_without_the_register_nothing_is_loaded():
    assert refusal() == (
        "Im Register fehlt der Schlüssel 06431. Bitte laden Sie zuerst das Register: manage.py load_register."
    )
    assert (Application.objects.count(), User.objects.count()) == (0, 0)


def test_without_task_fields_nothing_is_loaded(capsys):
    call_command("load_register")

    assert refusal() == ("Es gibt noch keine Aufgabenfelder. Bitte laden Sie sie zuerst: manage.py load_programmes.")
    assert (Application.objects.count(), User.objects.count()) == (0, 0)


def test_beside_a_real_case_no_account_is_created():
    clerk = ApplicationFactory().clerk

    assert refusal() == (
        "Hier steht 1 echter Fall. Demodaten werden nicht daneben geladen. Bitte benutzen Sie dafür eine leere Datenbank."
    )
    assert list(User.objects.all()) == [clerk]


def test_without_published_cases_there_is_nothing_to_compare(capsys):
    call_command("compare_real_cases")

    assert capsys.readouterr().out == (
        "Es sind keine veröffentlichten Fälle geladen. Bitte rufen Sie manage.py load_demo auf.\n"
    )
