"""docs/security.md promises nothing that is not there."""

import re

from django.conf import settings

PAGE = (settings.BASE_DIR / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`((?:tests|applications|ikz|docs)/[\w/.-]+|[\w.-]+\.txt)`", PAGE)


def test_every_file_that_the_page_names_exists():
    assert len(NAMED) > 40
    assert [name for name in NAMED if not (settings.BASE_DIR / name).exists()] == []


def test_every_attack_has_a_test():
    table = PAGE.partition("## Who attacks")[2].partition("## OWASP")[0]
    rows = [line.split("|")[1:-1] for line in table.splitlines() if line.startswith("|")][2:]

    assert len(rows) > 15
    assert [row[1].strip() for row in rows if "`tests/" not in row[3]] == []
