"""What the environment may say, and which sentence stops the start."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from ikz.environment import Environment


@pytest.fixture
def secret_file(tmp_path):
    path = tmp_path / "secret"
    path.write_text("aus der Datei\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("given", "read", "value"),
    [
        ("", lambda env: env.text("IKZ_X", default="d"), "d"),
        (" a ", lambda env: env.text("IKZ_X"), "a"),
        ("ON", lambda env: env.switch("IKZ_X", default=False), True),
        ("nein", lambda env: env.switch("IKZ_X", default=True), False),
        ("", lambda env: env.switch("IKZ_X", default=True), True),
        ("7", lambda env: env.number("IKZ_X", default=1, least=1, most=7), 7),
        ("", lambda env: env.number("IKZ_X", default=1, least=5, most=7), 1),
        ("a, b,,", lambda env: env.several("IKZ_X"), ["a", "b"]),
        ("", lambda env: env.several("IKZ_X", default=["c"]), ["c"]),
        ("json", lambda env: env.choice("IKZ_X", default="text", among=["text", "json"]), "json"),
        ("", lambda env: env.choice("IKZ_X", default="text", among=["text", "json"]), "text"),
        ("https://ikz.example:8443/", lambda env: env.web_address("IKZ_X"), "https://ikz.example:8443"),
        ("http://[::1]:8000", lambda env: env.web_address("IKZ_X"), "http://[::1]:8000"),
        ("", lambda env: env.web_address("IKZ_X"), ""),
        ("k1,k2\nk3", lambda env: env.secrets_of("IKZ_X"), ["k1", "k2", "k3"]),
        ("", lambda env: env.mail_server("IKZ_X"), {}),
        ("smtp://a@h:26", lambda env: env.mail_server("IKZ_X")["EMAIL_PORT"], 26),
        ("postgres:///ikz", lambda env: env.database("IKZ_X", default="")["NAME"], "ikz"),
        ("postgres:///ikz", lambda env: env.database("IKZ_X", default="")["OPTIONS"], {}),
        ("postgres://127.0.0.1/ikz", lambda env: env.database("IKZ_X", default="")["OPTIONS"], {}),
        ("postgres://x@/ikz?host=/run/pg", lambda env: env.database("IKZ_X", default="")["OPTIONS"], {"host": "/run/pg"}),
        ("postgres://db.example/ikz", lambda env: env.database("IKZ_X", default="")["OPTIONS"], {"sslmode": "verify-full"}),
        ("postgres://db/ikz?sslmode=disable", lambda env: env.database("IKZ_X", default="")["OPTIONS"], {"sslmode": "disable"}),
        ("ikz.example,.ikz.example,192.0.2.1,[::1],*", lambda env: env.hosts("IKZ_X", default=[]), ["ikz.example", ".ikz.example", "192.0.2.1", "[::1]", "*"]),
        ("", lambda env: env.hosts("IKZ_X", default=["localhost"]), ["localhost"]),
        ("ikz@localhost", lambda env: env.sender("IKZ_X", default=""), "ikz@localhost"),
        ("IKZ <ikz@ikz.example>", lambda env: env.sender("IKZ_X", default=""), "IKZ <ikz@ikz.example>"),
        ("eu-1", lambda env: env.word("IKZ_X", pattern="[a-z0-9-]+", expected="ein Wort"), "eu-1"),
        ("", lambda env: env.word("IKZ_X", pattern="[a-z]+", expected="ein Wort"), ""),
        ("", lambda env: env.database("IKZ_X", default="sqlite:////a/b")["NAME"], "/a/b"),
    ],
)  # fmt: skip
def test_value_is_read(given, read, value):
    assert read(Environment({"IKZ_X": given})) == value


@pytest.mark.parametrize(
    ("given", "read", "sentence"),
    [
        ("vielleicht", lambda env: env.switch("IKZ_X", default=True), "„vielleicht“. Erwartet wird „on“ oder „off“."),
        ("8", lambda env: env.number("IKZ_X", default=1, least=1, most=7), "„8“. Erwartet wird eine ganze Zahl von 1 bis 7."),
        ("٣", lambda env: env.number("IKZ_X", default=1, least=1, most=7), "„٣“. Erwartet wird eine ganze Zahl von 1 bis 7."),
        ("-1", lambda env: env.number("IKZ_X", default=1, least=1, most=7), "„-1“. Erwartet wird eine ganze Zahl von 1 bis 7."),
        ("a,z", lambda env: env.several("IKZ_X", among=["b", "a"]), "„z“. Erwartet wird eine Auswahl aus a, b."),
        ("xml", lambda env: env.choice("IKZ_X", default="a", among=["a", "b"]), "„xml“. Erwartet wird „a“ oder „b“."),
        ("ikz.example", lambda env: env.web_address("IKZ_X"), "„ikz.example“. Erwartet wird eine Adresse wie „https://ikz.example“ ohne Pfad."),
        ("https://a:99999", lambda env: env.web_address("IKZ_X"), "„https://a:99999“. Erwartet wird eine Adresse wie „https://ikz.example“ ohne Pfad."),
        ("https://a:0", lambda env: env.web_address("IKZ_X"), "„https://a:0“. Erwartet wird eine Adresse wie „https://ikz.example“ ohne Pfad."),
        ("Mein!", lambda env: env.word("IKZ_X", pattern="[a-z]+", expected="ein Wort"), "„Mein!“. Erwartet wird ein Wort."),
        ("a.example,*.b.example,c_d,[x]", lambda env: env.hosts("IKZ_X", default=[]), "„*.b.example, c_d, [x]“. Erwartet wird eine Liste von Rechnernamen wie „ikz.example“; „.ikz.example“ meint alle darunter."),
        ("postgres://h/x?sslmode=quatsch", lambda env: env.database("IKZ_X", default=""), "„sslmode=quatsch“. Erwartet wird sslmode=disable oder allow oder prefer oder require oder verify-ca oder verify-full."),
        *[(given, lambda env: env.sender("IKZ_X", default=""), f"„{given}“. Erwartet wird eine einzige Adresse wie „ikz@ikz.example“ oder „IKZ <ikz@ikz.example>“.") for given in ("quatsch", "a@b.example, c@d.example", "a@b.example,", "a@b.example\nBcc: c@d.example", "Müller, Anna <a@b.example>")],
        ("https://a/b", lambda env: env.web_address("IKZ_X"), "„https://a/b“. Erwartet wird eine Adresse wie „https://ikz.example“ ohne Pfad."),
    ],
)  # fmt: skip
def test_malformed_value_stops_with_what_is_expected(given, read, sentence):
    with pytest.raises(ImproperlyConfigured) as stop:
        read(Environment({"IKZ_X": given}))

    assert str(stop.value) == f"IKZ_X ist falsch gesetzt: {sentence}"


@pytest.mark.parametrize(
    "url", ["psql://ikz:geheim@h/x", "postgres://ikz:geheim@h:abc/x", "geheim", "postgres://", "postgres://db"]
)
def test_broken_address_of_a_service_does_not_tell_its_password(url):
    with pytest.raises(ImproperlyConfigured) as stop:
        Environment({"DATABASE_URL": url}).database("DATABASE_URL", default="")

    assert str(stop.value) == (
        "DATABASE_URL ist keine lesbare Adresse. Erwartet wird zum Beispiel „postgres://name:passwort@rechner/ikz“ oder "
        "„sqlite:////var/lib/ikz/ikz.sqlite3“."
    )


@pytest.mark.parametrize("url", ["mail.example", "smtp://", "smtp://:25", "smtp://ikz:geheim@:25", "smtp://h:abc"])
def test_mail_server_without_a_host_is_none(url):
    with pytest.raises(ImproperlyConfigured) as stop:
        Environment({"IKZ_X": url}).mail_server("IKZ_X")

    assert str(stop.value) == (
        "IKZ_X ist keine lesbare Adresse. Erwartet wird zum Beispiel „smtp+tls://name:passwort@rechner:587“."
    )


def test_secret_may_lie_in_a_file(secret_file):
    assert Environment({"IKZ_X_FILE": str(secret_file)}).secret("IKZ_X") == "aus der Datei"


def test_secret_given_twice_is_ambiguous(secret_file):
    with pytest.raises(ImproperlyConfigured, match="IKZ_X und IKZ_X_FILE sind beide gesetzt"):
        Environment({"IKZ_X_FILE": str(secret_file), "IKZ_X": "a"}).secret("IKZ_X")


def test_secret_that_cannot_be_read_stops(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="IKZ_X_FILE nennt eine Datei, die sich nicht lesen lässt"):
        Environment({"IKZ_X_FILE": str(tmp_path / "nichts")}).secret("IKZ_X")


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("IKZ_HTPS", "Meinten Sie IKZ_HTTPS?"),
        ("IKZ_KEY_FIL", "Meinten Sie IKZ_KEY_FILE?"),
        ("IKZ_WETTER", "Alle Einstellungen stehen in docs/settings.md; bitte entfernen Sie die unbekannte."),
        ("IKZ_HTTPS_FILE", "Meinten Sie IKZ_HTTPS?"),
    ],
)
def test_unknown_setting_stops_with_the_nearest_known(name, advice):
    env = Environment({name: "on", "OTHERS": "may", "IKZ_HTTPS": "on"})
    env.switch("IKZ_HTTPS", default=False)
    env.secret("IKZ_KEY")

    with pytest.raises(ImproperlyConfigured) as stop:
        env.refuse_unknown()

    assert str(stop.value) == f"Die Einstellung {name} gibt es nicht. {advice}"


def test_known_settings_pass(secret_file):
    env = Environment({"IKZ_X_FILE": str(secret_file), "PATH": "/bin"})
    env.secret("IKZ_X")

    assert env.refuse_unknown() is None


def environment_of_a_machine(**variables):
    env = Environment({"PATH": "/bin", **variables})
    env.secret("DATABASE_URL")
    env.switch("IKZ_HTTPS", default=False)
    return env


@pytest.mark.parametrize(
    "name",
    [
        "DATABSE_URL",
        "DATBASE_URL",
        "DATABASE_ULR",
        "DATABASEURL",
        "DATABASES_URL",
        "DATABASE_URI",
        "database_url",
    ],
)
def test_slip_in_a_name_without_our_prefix_stops(name):
    """Else the database of a laptop would be taken for the one of the house."""
    with pytest.raises(ImproperlyConfigured) as stop:
        environment_of_a_machine(**{name: "postgres://x/y"}).refuse_unknown()

    assert str(stop.value) == (
        f"Die Einstellung {name} gibt es nicht. Meinten Sie DATABASE_URL? Gehört der Name zu einem anderen Programm, so "
        "setzen Sie bitte DATABASE_URL ausdrücklich."
    )


def test_slip_in_the_name_of_a_file_stops(secret_file):
    with pytest.raises(ImproperlyConfigured, match=r"DATABASE_URL_FIL gibt es nicht. Meinten Sie DATABASE_URL_FILE\?"):
        environment_of_a_machine(DATABASE_URL_FIL=str(secret_file)).refuse_unknown()


@pytest.mark.parametrize(
    "name",
    [
        *("DATABASE", "DATABASE_HOST", "DATABASE_NAME", "DATABASE_PASSWORD", "DATABASE_PORT", "DATABASE_USER"),
        *("DATABASE_FILE", "DATABASE_URL_TEST", "TEST_DATABASE_URL", "SQLALCHEMY_DATABASE_URI", "DJANGO_DATABASE_URL"),
        *(
            "DB_URL",
            "BASE_URL",
            "POSTGRES_URL",
            "POSTGRES_PASSWORD",
            "PGDATABASE",
            "PGHOST",
            "REDIS_URL",
            "MYSQL_DATABASE",
        ),
        *("DJANGO_SETTINGS_MODULE", "WEB_CONCURRENCY", "GUNICORN_CMD_ARGS", "HOME", "LANG", "https_proxy", "HOSTNAME"),
    ],
)
def test_names_of_other_programs_pass(name):
    assert environment_of_a_machine(**{name: "x"}).refuse_unknown() is None


@pytest.mark.parametrize("given", [{"DATABASE_URL": "x"}, {"DATABASE_URL_FILE": "a file"}, {"DATABASE_URI": " "}])
def test_similar_name_passes_where_nothing_is_missed(given, secret_file):
    given = {name: value.replace("a file", str(secret_file)) for name, value in given.items()}

    assert environment_of_a_machine(**{"DATABASE_URI": "y", **given}).refuse_unknown() is None
