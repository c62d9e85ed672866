"""docs/settings.md lists every setting that there is, with its default and an example that works."""

import re

import pytest
from django.conf import settings as project_settings

from ikz.settings import env
from tests.ikz.test_checks_of_settings import collected, manage, moved

TABLE = project_settings.BASE_DIR / "docs" / "settings.md"
ROW = re.compile(
    r"\| `(?P<name>[A-Z0-9_]+)`(?P<secret> \*secret\*)? \| (?P<default>.+?) \| (?P<meaning>.+?) \| `(?P<example>.+)` \|"
)


@pytest.fixture
def rows():
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return {row["name"]: row for row in (ROW.fullmatch(line) for line in lines if line.startswith("| `")) if row}


def as_written(default):
    """A default as the table writes it, in backticks."""
    return {True: "on", False: "off"}.get(default, str(default)) if isinstance(default, bool) else str(default)


def test_table_lists_what_the_settings_read(rows):
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]

    assert sorted(rows) == sorted(env.defaults)
    assert len(lines) == len(rows)


def test_table_marks_the_secrets(rows):
    assert {name for name, row in rows.items() if row["secret"]} == env.secrets


def test_table_knows_the_defaults(rows):
    """What is in backticks alone is literal; a dash is nothing; everything else is told in words."""
    literal = {name: match[1] for name, row in rows.items() if (match := re.fullmatch(r"`([^`]*)`", row["default"]))}
    nothing = {name for name, row in rows.items() if row["default"] == "–"}

    assert literal == {name: as_written(env.defaults[name]) for name in literal}
    assert {name for name in nothing if env.defaults[name]} == set()
    assert literal.keys() > {"IKZ_HTTPS", "IKZ_DAILY_HOUR", "IKZ_MAX_UPLOAD_MB"}


@pytest.mark.parametrize(("given", "is_pooled"), [("", False), ("on", True)])
def test_behind_a_pool_the_database_keeps_no_cursors(tmp_path, given, is_pooled):
    command = "from django.db import connection; print(connection.settings_dict['DISABLE_SERVER_SIDE_CURSORS'])"

    told = manage("shell", "--command", command, IKZ_VAR_DIR=str(tmp_path), IKZ_DATABASE_POOLED=given)

    assert told.stdout.splitlines()[-1:] == [str(is_pooled)]


def test_examples_work_together(rows, tmp_path):
    examples = {name: row["example"] for name, row in rows.items()}
    (tmp_path / "passwords.txt").write_text("sommer in wiesbaden\n", encoding="utf-8")
    (tmp_path / "postgres-ca.pem").touch()
    collected(tmp_path / "static")
    places = {"/etc/ikz": str(tmp_path), "/var/lib/ikz": str(tmp_path), "/srv/ikz": str(tmp_path)}
    here = {name: moved(example, places) for name, example in examples.items()}

    done = manage("check", "--deploy", **here)

    assert (done.returncode, done.stdout, done.stderr) == (0, "System check identified no issues (1 silenced).\n", "")
