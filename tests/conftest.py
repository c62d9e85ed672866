import pytest
from django.conf import settings as project_settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from applications import history_triggers


@pytest.fixture(scope="session", autouse=True)
def _static_root(tmp_path_factory):
    """An empty folder, because WhiteNoise wants to see one, and before the live server of the session starts."""
    project_settings.STATIC_ROOT = tmp_path_factory.mktemp("static")


@pytest.fixture(autouse=True)
def _plain_files(settings, tmp_path):
    """Static files without a manifest, documents in a folder of the test's own."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.MEDIA_ROOT = tmp_path / "documents"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _history_can_be_flushed(request):
    """A test with real transactions ends by emptying all tables, which the history's triggers refuse."""
    if not {"transactional_db", "live_server"} & set(request.fixturenames):
        yield
        return
    request.getfixturevalue("transactional_db")
    history_triggers.install(connection)
    ContentType.objects.clear_cache()
    yield
    history_triggers.remove(connection)
