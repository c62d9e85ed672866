"""Which settings must not go together, and that the example for production has nothing to complain of."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as project_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from ikz import checks_of_settings

PRODUCTION = {
    "ALLOWED_HOSTS": ["ikz.example"],
    "IKZ_PUBLIC_URL": "https://ikz.example",
    "HTTPS": True,
    "BEHIND_PROXY": True,
    "DEBUG": False,
    "IKZ_REQUIRE_SECOND_FACTOR": True,
    "SECRET_KEY": get_random_secret_key(),
    "IKZ_ACCEPT_UNSCANNED": False,
    "IKZ_CLAMD": "unix:/run/clamav/clamd.ctl",
    "IKZ_MAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "IKZ_MAIL_AT_ONCE": False,
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}},
    "IKZ_S3": {"bucket": "", "endpoint": "", "key": "", "secret": ""},
}
EXAMPLE = project_settings.BASE_DIR / "docs" / "deploy" / "ikz.env"
BUCKET = {"bucket": "ikz", "endpoint": "https://s3.ikz.example", "key": "ikz", "secret": "geheim"}
LAPTOP = ["127.0.0.1", "localhost", "[::1]"]


@pytest.fixture
def given(monkeypatch):
    """Set what a check reads; the test's own database stays untouched."""

    def _given(**changed):
        for name, value in {**PRODUCTION, **changed}.items():
            monkeypatch.setattr(checks_of_settings.settings, name, value)

    return _given


def found(check):
    return {each.id: each.msg for each in check()}


def test_production_as_in_the_example_is_fine(given):
    given()

    assert (found(checks_of_settings.errors), found(checks_of_settings.warnings)) == ({}, {})
    assert checks_of_settings.stop_if_unsafe() is None


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({"ALLOWED_HOSTS": ["*", "ikz.example"]}, "E002"),
        ({"HTTPS": False}, "E003"),
        ({"DEBUG": True}, "E004"),
        ({"IKZ_REQUIRE_SECOND_FACTOR": False}, "E005"),
        ({"SECRET_KEY": "a" * 60}, "E006"),
        ({"SECRET_KEY": get_random_secret_key()[:49]}, "E006"),
        ({"IKZ_PUBLIC_URL": "http://ikz.example"}, "E007"),
        ({"IKZ_PUBLIC_URL": "https://anders.example"}, "E007"),
        ({"IKZ_PUBLIC_URL": "https://127.0.0.1", "ALLOWED_HOSTS": ["127.0.0.1", "ikz.example"]}, "E007"),
    ],
)
def test_dangerous_setting_stops_whoever_serves_others(given, changed, number):
    given(**changed)

    assert list(found(checks_of_settings.errors)) == [f"ikz.{number}"]
    with pytest.raises(ImproperlyConfigured) as stop:
        checks_of_settings.stop_if_unsafe()
    assert str(stop.value) == found(checks_of_settings.errors)[f"ikz.{number}"]


@pytest.mark.parametrize("missing", ["key", "secret"])
def test_store_without_its_secret_stops_even_a_laptop(given, missing):
    given(ALLOWED_HOSTS=LAPTOP, IKZ_S3={**BUCKET, missing: ""})

    assert list(found(checks_of_settings.errors)) == ["ikz.E008"]


def test_list_of_passwords_that_is_not_there_stops_the_start(given):
    given(ALLOWED_HOSTS=LAPTOP, IKZ_COMMON_PASSWORDS="/nirgends.txt")

    assert list(found(checks_of_settings.errors)) == ["ikz.E009"]


def test_laptop_may_leave_everything_off(given):
    given(ALLOWED_HOSTS=LAPTOP, HTTPS=False, DEBUG=True, IKZ_REQUIRE_SECOND_FACTOR=False, SECRET_KEY="kurz")

    assert found(checks_of_settings.errors) == {}


def test_whole_domain_may_be_served(given):
    given(ALLOWED_HOSTS=[".example"])

    assert found(checks_of_settings.errors) == {}


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({"IKZ_ACCEPT_UNSCANNED": True}, "W002"),
        ({"IKZ_CLAMD": ""}, "W003"),
        ({"IKZ_MAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}, "W004"),
        ({"IKZ_MAIL_AT_ONCE": True}, "W005"),
        ({"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}}, "W006"),
        ({"BEHIND_PROXY": False}, "W007"),
        ({"IKZ_S3": {**BUCKET, "endpoint": "http://s3.ikz.example"}}, "W008"),
    ],
)
def test_doubtful_setting_is_warned_of(given, changed, number):
    given(**changed)

    assert list(found(checks_of_settings.warnings)) == [f"ikz.{number}"]


def example_for_production(tmp_path):
    """The variables of docs/deploy/ikz.env, with its folders and secrets in a place of the test's own."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    variables = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    (tmp_path / "secret_key").write_text(get_random_secret_key(), encoding="utf-8")
    (tmp_path / "smtp_url").write_text("smtp+tls://ikz:geheim@mail.example:587", encoding="utf-8")
    places = {"/etc/ikz": str(tmp_path), "/var/lib/ikz": str(tmp_path / "var")}
    return {name: _moved(value, places) for name, value in variables.items()}


def _moved(value, places):
    for old, new in places.items():
        value = value.replace(old, new)
    return value


def manage(*arguments, **variables):
    others = {name: value for name, value in os.environ.items() if not name.startswith(("IKZ_", "DATABASE_URL"))}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=project_settings.BASE_DIR,
        env={**others, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_example_for_production_passes_the_check_for_deployment(tmp_path):
    done = manage("check", "--deploy", "--fail-level", "WARNING", **example_for_production(tmp_path))

    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "System check identified no issues (1 silenced).\n",
        "",
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"IKZ_HTTSP": "on"}, "Die Einstellung IKZ_HTTSP gibt es nicht. Meinten Sie IKZ_HTTPS?"),
        (
            {"IKZ_DOCUMENTS": "s3"},
            "IKZ_DOCUMENTS=s3 braucht IKZ_S3_BUCKET. Bitte nennen Sie den Bucket für die Dokumente.",
        ),
        ({"IKZ_DAILY_HOUR": "24"}, "IKZ_DAILY_HOUR ist falsch gesetzt: „24“. Erwartet wird eine ganze Zahl von 0 bis 23."),
        (
            {"IKZ_SECRET_KEY_FILE": ""},
            "IKZ_SECRET_KEY fehlt: Wer andere Rechner als den eigenen bedient (IKZ_HOSTS), muss einen geheimen Schlüssel "
            "setzen, auch als Datei in IKZ_SECRET_KEY_FILE.",
        ),
    ],
)  # fmt: skip
def test_command_stops_with_one_sentence(tmp_path, change, sentence):
    done = manage("migrate", **{**example_for_production(tmp_path), **change})

    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence + "\n")


def test_server_stops_with_the_same_sentence(tmp_path):
    """Servers run no system checks; the module that they load does."""
    variables = {**os.environ, **example_for_production(tmp_path), "IKZ_HTTPS": "off"}
    done = subprocess.run(
        [sys.executable, "-c", "import ikz.wsgi"],
        cwd=project_settings.BASE_DIR,
        env=variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "django.core.exceptions.ImproperlyConfigured: IKZ_HOSTS nennt fremde Rechnernamen (ikz.example), aber IKZ_HTTPS "
        "ist aus: Passwörter gingen unverschlüsselt über das Netz. Bitte setzen Sie IKZ_HTTPS=on."
    )
