"""docs/settings.md lists every setting that there is, with its default and an example that works."""

import re

import pytest
from django.conf import settings as project_settings

from ikz.settings import env
from tests.ikz.test_checks_of_settings import manage

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


def test_examples_work_together(rows, tmp_path):
    examples = {name: row["example"] for name, row in rows.items()}
    listed = tmp_path / "passwords.txt"
    listed.write_text("sommer in wiesbaden\n", encoding="utf-8")
    places = {"IKZ_VAR_DIR": str(tmp_path), "IKZ_COMMON_PASSWORDS": str(listed)}

    done = manage("check", "--deploy", **{**examples, **places})

    assert (done.returncode, done.stdout, done.stderr) == (0, "System check identified no issues (1 silenced).\n", "")
