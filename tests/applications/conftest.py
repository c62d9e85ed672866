from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from time_machine import travel

from applications import disposal
from applications.models import Notice
from tests.applications import letter_samples
from tests.applications.demonstration import LOOPBACK, printed_by
from tests.date_factories import DeliveryRuleFactory
from tests.factories import decider
from tests.ground import lasting
from tests.stationery import stationery


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """Register, programme versions and demonstration, in a transaction that ends with the module.

    Each test of the module works in a savepoint above it.
    """
    documents = tmp_path_factory.mktemp("documents")

    def load():
        call_command("load_register", stdout=StringIO())
        call_command("load_programmes", stdout=StringIO())
        return printed_by("load_demo")

    with lasting(django_db_blocker, load, ALLOWED_HOSTS=LOOPBACK, MEDIA_ROOT=documents) as printed:
        yield SimpleNamespace(documents=documents, printed=printed)


@pytest.fixture
def executed(django_capture_on_commit_callbacks):
    """Delete as a request would, with what follows the commit."""

    def delete(case, by):
        with django_capture_on_commit_callbacks(execute=True):
            return disposal.delete_file(case, by=by)

    return delete


def granted():
    """Ground to stand on (tests/ground.py), an hour before the tests go on with it."""
    with travel("2026-11-24 11:00"):
        stationery()
        DeliveryRuleFactory()
        return letter_samples.granted().pk


def pytest_generate_tests(metafunc):
    """STANDS_ON of a module says of a fixture on which ground (tests/ground.py) each test stands that asks for it.

    Unless the test says so itself.
    """
    says_itself = any("ground" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    for fixture, ground in {"grant": granted, **getattr(metafunc.module, "STANDS_ON", {})}.items():
        if fixture in metafunc.fixturenames and not says_itself:
            metafunc.parametrize("ground", [ground], indirect=True, ids=[fixture])


@pytest.fixture
def grant(time_machine, built):
    """The notice of a grant, issued on a day of its own."""
    time_machine.move_to("2026-11-24 12:00")
    return Notice.objects.get(pk=built)


@pytest.fixture
def people(grant):
    return {"clerk": grant.application.clerk, "decider": decider()}
