"""Which settings must not go together, and that the example for production has nothing to complain of."""

import json
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
    "EMAIL_HOST": "mail.example",
    "EMAIL_HOST_PASSWORD": "geheim",
    "EMAIL_USE_TLS": True,
    "EMAIL_USE_SSL": False,
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": ""}},
    "IKZ_S3": {"bucket": "", "endpoint": "", "key": "", "secret": ""},
    "IKZ_COMMON_PASSWORDS": __file__,  # any list of lines
    "IKZ_OTLP_URL": "https://otel.ikz.example:4318",
    "IKZ_METRICS_TOKEN": "geheim-geheim-geheim",
    "SECRET_KEY_FALLBACKS": [],
}
EXAMPLE = project_settings.BASE_DIR / "docs" / "deploy" / "ikz.env"
FOLDER = project_settings.BASE_DIR / "docs"
IMAGE = FOLDER / "images" / "case.png"
BUCKET = {"bucket": "ikz", "endpoint": "https://s3.ikz.example", "key": "ikz", "secret": "geheim"}
ELSEWHERE = {"ENGINE": "django.db.backends.postgresql", "HOST": "db.example"}
LAPTOP = ["127.0.0.1", "localhost", "[::1]"]


@pytest.fixture
def given(monkeypatch, tmp_path):
    """Set what a check reads; the test's own database stays untouched."""
    collected(tmp_path)

    def _given(**changed):
        for name, value in {**PRODUCTION, "STATIC_ROOT": tmp_path, **changed}.items():
            monkeypatch.setattr(checks_of_settings.settings, name, value)

    return _given


def collected(folder):
    """As if `collectstatic` had been there."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "staticfiles.json").write_text('{"version": "1.1", "paths": {}, "hash": ""}', encoding="utf-8")


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
        ({"SECRET_KEY": "abcdefghij" * 6}, "E006"),
        ({"SECRET_KEY_FALLBACKS": [get_random_secret_key(), "ehemals"]}, "E010"),
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


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({"IKZ_S3": {**BUCKET, "key": ""}}, "E008"),
        ({"IKZ_S3": {**BUCKET, "secret": ""}}, "E008"),
        ({"IKZ_S3": {**BUCKET, "bucket": ""}}, "E011"),
        ({"IKZ_S3": {**BUCKET, "bucket": "", "endpoint": ""}}, "E011"),
        ({"IKZ_COMMON_PASSWORDS": "/nirgends.txt"}, "E009"),
        ({"IKZ_COMMON_PASSWORDS": str(FOLDER)}, "E009"),
        ({"IKZ_COMMON_PASSWORDS": str(IMAGE)}, "E009"),
        ({"IKZ_COMMON_PASSWORDS": "/dev/null"}, "E009"),
        ({"IKZ_METRICS_TOKEN": "x"}, "E012"),
        ({"IKZ_METRICS_TOKEN": "x" * 19}, "E012"),
        ({"EMAIL_USE_TLS": False}, "E013"),
        ({"DATABASES": {"default": {**ELSEWHERE, "OPTIONS": {"sslmode": "verify-full"}}}}, "E014"),
        (
            {
                "DATABASES": {
                    "default": {**ELSEWHERE, "OPTIONS": {"sslmode": "verify-ca", "sslrootcert": "/nirgends.pem"}}
                }
            },
            "E014",
        ),
    ],
)
def test_what_cannot_work_or_gives_secrets_away_stops_even_a_laptop(given, changed, number):
    given(ALLOWED_HOSTS=LAPTOP, **changed)

    assert list(found(checks_of_settings.errors)) == [f"ikz.{number}"]


@pytest.mark.parametrize(
    "changed",
    [
        {"EMAIL_USE_TLS": False, "EMAIL_HOST": "localhost"},
        {"EMAIL_USE_TLS": False, "EMAIL_USE_SSL": True},
        {"DATABASES": {"default": {**ELSEWHERE, "OPTIONS": {"sslmode": "verify-full", "sslrootcert": "system"}}}},
        {"DATABASES": {"default": {**ELSEWHERE, "OPTIONS": {"sslmode": "verify-full", "sslrootcert": __file__}}}},
        {"DATABASES": {"default": {**ELSEWHERE, "HOST": "", "OPTIONS": {"host": "/run/postgresql"}}}},
        {"IKZ_OTLP_URL": "http://127.0.0.1:4318", "IKZ_S3": {**BUCKET, "endpoint": "http://localhost:9000"}},
    ],
)
def test_what_stays_here_or_is_encrypted_is_fine(given, changed):
    given(**changed)

    assert (found(checks_of_settings.errors), found(checks_of_settings.warnings)) == ({}, {})


def test_scanner_that_cannot_be_meant_stops_a_server(given):
    given(IKZ_CLAMD="quatsch")

    with pytest.raises(ImproperlyConfigured, match="IKZ_CLAMD nennt keinen Virenscanner: „quatsch“"):
        checks_of_settings.stop_if_unsafe()


def test_server_without_style_sheets_stops(given, tmp_path):
    given(STATIC_ROOT=tmp_path / "static")

    assert found(checks_of_settings.errors_of_servers) == {
        "ikz.E015": f"Die Gestaltung fehlt: {tmp_path}/static/staticfiles.json ist nicht da. Bitte führen Sie manage.py "
        "collectstatic mit denselben Einstellungen aus."
    }
    with pytest.raises(ImproperlyConfigured, match="Die Gestaltung fehlt"):
        checks_of_settings.stop_if_unsafe()


def test_laptop_needs_no_collected_style_sheets(given, tmp_path):
    given(ALLOWED_HOSTS=LAPTOP, STATIC_ROOT=tmp_path)

    assert checks_of_settings.stop_if_unsafe() is None


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
        ({"IKZ_OTLP_URL": "http://otel.ikz.example:4318"}, "W009"),
        ({"DATABASES": {"default": {**ELSEWHERE, "OPTIONS": {"sslmode": "disable"}}}}, "W010"),
        ({"DATABASES": {"default": {**ELSEWHERE, "OPTIONS": {"sslmode": "require"}}}}, "W010"),
        ({"IKZ_COMMON_PASSWORDS": ""}, "W011"),
        ({"EMAIL_USE_TLS": False, "EMAIL_HOST_PASSWORD": ""}, "W012"),
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
    (tmp_path / "passwords.txt").write_text("sommer in wiesbaden\n", encoding="utf-8")
    collected(tmp_path / "var" / "static")
    places = {"/etc/ikz": str(tmp_path), "/var/lib/ikz": str(tmp_path / "var")}
    return {name: moved(value, places) for name, value in variables.items()}


def moved(value, places):
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
        (
            {"IKZ_MAIL_FROM": "quatsch"},
            "IKZ_MAIL_FROM ist falsch gesetzt: „quatsch“. Erwartet wird eine einzige Adresse wie „ikz@ikz.example“ oder "
            "„IKZ <ikz@ikz.example>“.",
        ),
        (
            {"IKZ_VAR_DIR": "/proc/nix"},
            "IKZ_VAR_DIR nennt einen Ordner, der sich nicht anlegen lässt: „/proc/nix“. Bitte prüfen Sie Pfad und Rechte.",
        ),
        (
            {"IKZ_S3_BUCKET": "Mein Bucket!"},
            "IKZ_S3_BUCKET ist falsch gesetzt: „Mein Bucket!“. Erwartet wird ein Name aus 3 bis 63 Kleinbuchstaben, Ziffern, "
            "Punkten und Bindestrichen.",
        ),
        (
            {"IKZ_S3_REGION": "eu central"},
            "IKZ_S3_REGION ist falsch gesetzt: „eu central“. Erwartet wird eine Region wie „eu-central-1“.",
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


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"IKZ_HTTPS": "off"},
            "IKZ_HOSTS nennt fremde Rechnernamen (ikz.example), aber IKZ_HTTPS ist aus: Passwörter gingen unverschlüsselt "
            "über das Netz. Bitte setzen Sie IKZ_HTTPS=on.",
        ),
        (
            {"IKZ_CLAMD": "quatsch"},
            "IKZ_CLAMD nennt keinen Virenscanner: „quatsch“. Erwartet wird „unix:/pfad/zum/socket“ oder „rechner:port“.",
        ),
    ],
)
def test_server_stops_with_the_same_sentence(tmp_path, change, sentence):
    """Servers run no system checks; the module that they load does."""
    done = subprocess.run(
        [sys.executable, "-c", "import ikz.wsgi"],
        cwd=project_settings.BASE_DIR,
        env={**os.environ, **example_for_production(tmp_path), **change},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    last = json.loads(done.stderr.splitlines()[-1])  # the example for production logs JSON
    assert (last["error"], last["sentence"]) == ("ImproperlyConfigured", sentence)
