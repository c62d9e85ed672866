import pytest


@pytest.fixture(autouse=True)
def _plain_files(settings, tmp_path):
    """Static files without a manifest, documents in a folder of the test's own."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.STATIC_ROOT = tmp_path  # must exist, else whitenoise warns
    settings.MEDIA_ROOT = tmp_path / "documents"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
