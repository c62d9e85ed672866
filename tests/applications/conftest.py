from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from applications import disposal
from tests.applications.demonstration import LOOPBACK, printed_by
from tests.ground import lasting


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
