import pytest
from django.conf import settings as project_settings


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
