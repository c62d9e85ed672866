"""What is delivered for production speaks of files and settings that there are. Units and images are only read here."""

import configparser
import multiprocessing
import re
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management.utils import get_random_secret_key
from django.db import connection

from ikz.environment import FILE
from ikz.settings import env
from tests import postgresql
from tests.ikz.test_checks_of_settings import example_for_production, manage

ROOT = settings.BASE_DIR
DEPLOY = ROOT / "docs" / "deploy"
KNOWN = {*env.defaults, *(name + FILE for name in env.secrets)}
SERVICES = ["ikz-web", "ikz-worker", "ikz-nightly"]


def text(path):
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load(text(ROOT / "compose.yaml"))


@pytest.fixture(scope="module")
def stages():
    """The instructions of each stage of the Dockerfile, as (word, rest)."""
    lines = re.sub(r"\\\n", " ", re.sub(r"(?m)^#.*\n", "", text(ROOT / "Dockerfile"))).splitlines()
    instructions = [line.split(maxsplit=1) for line in lines if line.strip()]
    starts = [number for number, (word, _rest) in enumerate(instructions) if word == "FROM"]
    return [instructions[a:b] for a, b in zip(starts, [*starts[1:], None], strict=True)]


def settings_in(lines):
    return set(re.findall(r"\b(?:IKZ_[A-Z_0-9]+|DATABASE_URL)\b", lines))


def test_containers_set_only_what_there_is(compose, stages):
    of_services = {
        name for each in compose["services"].values() for name in each["environment"] if name.startswith("IKZ")
    }
    of_image = settings_in(" ".join(rest for stage in stages for _word, rest in stage))

    assert of_services | of_image <= KNOWN
    assert len(of_services) > 8


def test_containers_of_ours_are_shut_in(compose):
    ours = {name for name, each in compose["services"].items() if each.get("image") == "ikz:latest"}

    assert ours == {"setup", "web", "worker"}
    for name in ours:
        service = compose["services"][name]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert [name for name, each in compose["services"].items() if "ports" in each] == ["web"]
    assert compose["services"]["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_image_is_built_once_and_never_looked_for_elsewhere(compose):
    """Docker stops when two services export the same image at once, and `docker compose pull` at an image of no registry."""
    ours = {name: each for name, each in compose["services"].items() if each["image"] == "ikz:latest"}

    assert [name for name, each in compose["services"].items() if "build" in each] == ["setup"]
    assert {each["pull_policy"] for each in ours.values()} == {"never"}
    assert all("setup" in each["depends_on"] for name, each in ours.items() if name != "setup")


def test_no_secret_has_a_default(compose):
    values = [str(value) for each in compose["services"].values() for value in each["environment"].values()]
    named = [value for value in values if "${" in value]

    assert [value for value in named if not re.search(r"\$\{[A-Z_0-9]+:\?\}", value)] == []
    assert len(named) >= 6


def test_image_is_slim_and_runs_as_nobody_special(stages):
    last = stages[-1]
    words = [word for word, _rest in last]

    assert len(stages) == 3
    assert dict(last)["USER"] == "10001"
    assert words.index("USER") < words.index("HEALTHCHECK") < words.index("CMD")
    assert re.findall(r"build-essential|gcc|npm|pip install|curl", " ".join(rest for _word, rest in last)) == []


def test_image_takes_no_secret_along(stages):
    """docs/operations.md puts the secrets into .env beside the Dockerfile, and the image copies what is not left out."""
    left_out = text(ROOT / ".dockerignore").splitlines()

    assert ["COPY", ". ."] in stages[1]
    assert {".env*", "var", ".git", "tests"} <= set(left_out)
    assert ".env" in text(ROOT / ".gitignore").splitlines()


def test_containers_stop_no_earlier_than_their_processes(compose):
    graceful = int(re.search(r"graceful_timeout = (\d+)", text(DEPLOY / "gunicorn.conf.py"))[1])

    assert compose["services"]["web"]["stop_grace_period"] == f"{graceful + 10}s"
    assert compose["services"]["worker"]["stop_grace_period"] == "2m"


def test_image_names_files_that_there_are(stages):
    named = re.findall(r"docs/deploy/[\w.]+", " ".join(rest for stage in stages for _word, rest in stage))
    copies = [rest.split()[:-1] for word, rest in stages[1] if word == "COPY" and "--from" not in rest]
    copied = [name for names in copies for name in names]

    assert set(named) == {"docs/deploy/healthcheck.py", "docs/deploy/gunicorn.conf.py"}
    assert [name for name in [*named, *copied] if not (ROOT / name).exists()] == []


def unit(name, section="Service"):
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str
    parser.read_string(text(DEPLOY / (name if "." in name else f"{name}.service")))
    return dict(parser[section])


@pytest.mark.parametrize("name", SERVICES)
def test_unit_starts_what_there_is(name):
    lines = text(DEPLOY / f"{name}.service")

    assert [path for path in re.findall(r"docs/deploy/[\w.]+", lines) if not (ROOT / path).exists()] == []
    assert unit(name)["EnvironmentFile"] == "/etc/ikz/ikz.env"
    assert unit(name)["User"] == "ikz"


@pytest.fixture(scope="module")
def read_settings():
    """How `ikz-manage` reads the file of settings, which systemd reads for the services."""
    return runpy.run_path(str(DEPLOY / "ikz-manage"))["variables"]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=IKZ Portal <ikz@ikz.example>", "IKZ Portal <ikz@ikz.example>"),
        ("A=$HOME `id` $(id) & ; # bleibt", "$HOME `id` $(id) & ; # bleibt"),
        ("  A = mit Rand  ", "mit Rand"),
        ("A=", ""),
        ("A='ein ''Wort \"x\" \\'", 'ein Wort "x" \\'),
        ('A="a \\"b\\" \\$c \\n" \'d\'', 'a "b" $c \\nd'),
        ('A="zwei\nZeilen"', "zwei\nZeilen"),
        ("A=ein \\\nWort", "ein Wort"),
        ("A=it's", "it's"),
        ("# A=1\n; A=2\n\nA=3\n", "3"),
        ("A=1\nA=2", "2"),
    ],
)
def test_settings_are_read_as_systemd_reads_them(read_settings, line, value):
    """By the rules of systemd.exec(5) for EnvironmentFile=."""
    assert read_settings(line) == {"A": value}


def test_line_that_is_no_setting_is_named(read_settings):
    with pytest.raises(SystemExit) as stop:
        read_settings("A=1\nexport B=2\n")

    assert stop.value.code == "/etc/ikz/ikz.env, Zeile 2, ist keine Einstellung. Erwartet wird NAME=WERT."


def test_example_is_read_whole(read_settings):
    lines = text(DEPLOY / "ikz.env").splitlines()

    assert [f"{name}={value}" for name, value in read_settings("\n".join(lines)).items()] == [
        line for line in lines if not line.startswith("#")
    ]


def test_socket_listens_where_the_web_processes_are_asked():
    """It stays open while the service is replaced, which must not begin without it and bind the address on its own."""
    service, address = unit("ikz-web", "Unit"), unit("ikz-web.socket", "Socket")["ListenStream"]

    assert service["Requires"] == "ikz-web.socket"
    assert "ikz-web.socket" in service["After"].split()
    assert "ExecReload" not in unit("ikz-web")
    assert f"server {address};" in text(DEPLOY / "nginx.conf")
    assert runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))["bind"] == address
    assert unit("ikz-web.socket", "Install")["WantedBy"] == "sockets.target"


def test_units_are_shut_in_alike():
    hardening = {text(DEPLOY / f"{name}.service").partition("# Hardening")[2].partition("\n[")[0] for name in SERVICES}

    assert len({each.strip() for each in hardening}) == 1
    assert "ProtectSystem=strict" in hardening.pop()


def test_night_does_its_work_once_and_writes_where_it_may():
    service, timer = unit("ikz-nightly"), unit("ikz-nightly.timer", "Timer")
    command, folder = re.fullmatch(r"\S+ manage\.py (\w+) (\S+)", service["ExecStart"]).groups()

    assert (service["Type"], service["ReadWritePaths"]) == ("oneshot", folder)
    assert (ROOT / "applications" / "management" / "commands" / f"{command}.py").exists()
    assert (timer["OnCalendar"], timer["Persistent"]) == ("*-*-* 02:30:00", "true")
    assert unit("ikz-nightly.timer", "Install")["WantedBy"] == "timers.target"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="Dieser Rechner hat kein systemd-analyze.")
@pytest.mark.parametrize("name", [*(f"{each}.service" for each in SERVICES), "ikz-web.socket", "ikz-nightly.timer"])
def test_systemd_can_read_every_unit(tmp_path, name):
    """With a program that there is in place of those that will be installed."""
    for path in DEPLOY.glob("ikz-*.*"):
        lines = re.sub(r"(?m)^(Exec\w+=)/opt/\S+", r"\1/bin/true", text(path))
        (tmp_path / path.name).write_text(lines, encoding="utf-8")

    read = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / name)], capture_output=True, text=True, check=False
    )

    assert (read.stdout + read.stderr, read.returncode) == ("", 0)


@pytest.mark.parametrize(("cores", "given", "workers"), [(1, "", 2), (4, "", 5), (64, "", 8), (64, "20", 20)])
def test_web_processes_are_bounded_on_a_machine_with_many_cores(monkeypatch, cores, given, workers):
    """Each thread holds a connection, and PostgreSQL gives a hundred unless it is told otherwise."""
    monkeypatch.setattr(multiprocessing, "cpu_count", lambda: cores)
    monkeypatch.setenv("WEB_CONCURRENCY", given)

    read = runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))

    assert (read["workers"], read["threads"]) == (workers, 4)


def test_containers_can_be_given_every_setting(compose, stages):
    """Compose removes what is named without a value and not given, even if the image sets it."""
    environment = compose["services"]["web"]["environment"]
    passed = {name for name, value in environment.items() if value is None}
    of_image = {name for word, rest in stages[-1] if word == "ENV" for name in re.findall(r"\b([A-Z_]+)=", rest)}
    of_libraries = set(re.findall(r"\b(?:OTEL|PROMETHEUS)_[A-Z_]+", text(ROOT / "docs" / "operations.md")))

    assert set(env.defaults) - set(environment) == {"IKZ_DEBUG", "IKZ_LOG", "IKZ_STATIC_DIR", "IKZ_VAR_DIR"}
    assert {*of_libraries, "WEB_CONCURRENCY"} <= passed
    assert {"IKZ_LOG", "IKZ_STATIC_DIR", "IKZ_VAR_DIR"} <= of_image
    assert passed & of_image == set()


@pytest.mark.parametrize("empty", [False, True])
def test_containers_warn_of_their_closed_network_and_of_nothing_else(compose, tmp_path, empty):
    """With nothing given beyond what must be, and with every other setting in .env but empty."""
    must = example_for_production(tmp_path) | {
        "IKZ_SECRET_KEY": get_random_secret_key(),
        "IKZ_SMTP_URL": "smtp+tls://ikz:geheim@mail.example:587",
    }
    named = compose["services"]["web"]["environment"]
    given = {
        name: re.sub(r"\$\{([A-Z_0-9]+):\?\}", lambda match: must.get(match[1], "geheim"), value)
        for name, value in named.items()
        if value is not None
    }
    given |= {name: "" for name, value in named.items() if value is None and empty}

    done = manage("check", "--deploy", **given, IKZ_VAR_DIR=must["IKZ_VAR_DIR"])

    assert done.returncode == 0
    assert re.findall(r"\((\w+\.[EW]\d+)\)", done.stderr) == ["ikz.W001", "ikz.W008", "ikz.W010", "ikz.W011"]


def test_images_of_others_have_a_version(compose):
    tags = {name: each["image"].partition(":")[2] for name, each in compose["services"].items()}

    assert {name for name, tag in tags.items() if not re.match(r"v?\d", tag)} == {"setup", "web", "worker"}


def test_application_is_no_superuser_of_the_database(compose):
    """Its role and its database are made by a script that runs once; the superuser has a password of its own."""
    postgres = compose["services"]["postgres"]
    address = compose["services"]["web"]["environment"]["DATABASE_URL"]
    script = text(DEPLOY / "postgres.sh")

    assert address == "postgres://ikz:${DATABASE_PASSWORD:?}@postgres/ikz?sslmode=disable"
    assert "POSTGRES_USER" not in postgres["environment"]
    assert "./docs/deploy/postgres.sh:/docker-entrypoint-initdb.d/ikz.sh:ro" in postgres["volumes"]
    assert "CREATE ROLE ikz LOGIN PASSWORD :'password'" in script


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="Das Skript ist für PostgreSQL.")
def test_script_of_the_database_makes_a_role_that_owns_its_database_and_nothing_else():
    server = connection.settings_dict
    given = {"PGHOST": server["OPTIONS"].get("host") or server["HOST"], "PGPORT": str(server["PORT"] or "")}
    given |= {"POSTGRES_USER": server["USER"], "DATABASE_PASSWORD": 'it\'s; a "password"'}
    psql = str(postgresql.binaries() / "psql")

    def asks(command, user=server["USER"], database="postgres"):
        options = ["--username", user, "--dbname", database, "--no-align", "--tuples-only", "--command", command]
        return subprocess.run([psql, *options], env=given, capture_output=True, text=True, check=True).stdout.strip()

    path = f"{Path(psql).parent}:/usr/bin:/bin"
    subprocess.run(["sh", str(DEPLOY / "postgres.sh")], env=given | {"PATH": path}, check=True, capture_output=True)
    try:
        made = asks(
            "CREATE TABLE own (id int); SELECT usesuper, usecreatedb FROM pg_user WHERE usename = 'ikz'", "ikz", "ikz"
        )
        assert made.splitlines()[-1] == "f|f"
    finally:
        asks("DROP DATABASE ikz")
        asks("DROP ROLE ikz")


@pytest.mark.parametrize(("exists", "third"), [("0", []), ("1", ["update-user --access ikz --secret geheim"])])
def test_application_has_an_account_of_its_own_in_the_store(compose, tmp_path, exists, third):
    """Told to a versitygw that writes down what it is asked: the store itself is not at hand."""
    asked = tmp_path / "asked"
    asked.touch()
    program = f'#!/bin/sh\nshift 7\necho "$@" >> {asked}\n[ "$1" != create-user ] || exit {exists}\n'
    (tmp_path / "versitygw").write_text(program, encoding="utf-8")
    (tmp_path / "versitygw").chmod(0o755)
    given = {"ROOT_ACCESS_KEY": "root", "ROOT_SECRET_KEY": "x", "ENDPOINT": "http://s3:7070", "S3_SECRET": "geheim"}

    subprocess.run(
        ["sh", str(DEPLOY / "s3.sh")], env=given | {"PATH": f"{tmp_path}:/usr/bin:/bin"}, check=True, timeout=60
    )

    assert asked.read_text(encoding="utf-8").splitlines() == [
        "list-users",
        "create-user --access ikz --secret geheim --role user",
        *third,
        "change-bucket-owner --bucket ikz --owner ikz",
    ]
    settings_of_web = compose["services"]["web"]["environment"]
    assert (settings_of_web["IKZ_S3_KEY"], settings_of_web["IKZ_S3_SECRET"]) == ("ikz", "${S3_SECRET:?}")
    assert compose["services"]["s3"]["environment"]["ROOT_SECRET_KEY"] == "${S3_ROOT_SECRET:?}"


def test_handbook_of_operations_names_files_and_commands_that_there_are():
    lines = text(ROOT / "docs" / "operations.md")
    files = set(re.findall(r"docs/deploy/[\w.-]+", lines))
    commands = set(re.findall(r"(?:ikz-manage|manage\.py) ([a-z_]+)", lines))
    ours = {path.stem for path in ROOT.glob("*/management/commands/*.py")}

    assert [name for name in files if not (ROOT / name).exists()] == []
    assert commands - ours == {"migrate", "collectstatic", "createsuperuser", "check"}


@pytest.mark.parametrize("document", ["operations.md", "settings.md"])
def test_handbooks_name_settings_that_there_are(document):
    assert settings_in(text(ROOT / "docs" / document)) <= KNOWN


def test_nothing_is_installed_without_its_hash():
    """By `make`, in the image and in the handbook."""
    places = [ROOT / "Makefile", ROOT / "Dockerfile", ROOT / "docs" / "operations.md"]
    lines = [line for path in places for line in re.sub(r"\\\n", " ", text(path)).splitlines()]
    installs = [line for line in lines if re.search(r"\$\(PIP\)|pip install", line) and not line.startswith("PIP =")]
    pinned = [re.search(r"--require-hashes (?:-r|--requirement) ([\w./-]+\.txt)", line) for line in installs]

    assert None not in pinned
    assert {match[1] for match in pinned} == {
        "requirements.txt",
        "requirements-dev.txt",
        "tests/requirements-postgresql.txt",
        "docs/deploy/requirements-node.txt",
    }
    for match in pinned:
        requirements = re.sub(r"\\\n", " ", text(ROOT / match[1])).splitlines()
        named = [line for line in requirements if line and not line.startswith("#")]
        assert [line for line in named if "==" not in line or "--hash=sha256:" not in line] == []
