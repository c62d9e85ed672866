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


# ── ASVS, requirement by requirement ──────────────────────────────────────────────────────────────────────────────────

CHAPTERS = {
    1: "Encoding and sanitisation",
    2: "Validation and business logic",
    3: "Web frontend",
    4: "API and web service",
    5: "File handling",
    6: "Authentication",
    7: "Session management",
    8: "Authorisation",
    9: "Self-contained tokens",
    10: "OAuth and OIDC",
    11: "Cryptography",
    12: "Secure communication",
    13: "Configuration",
    14: "Data protection",
    15: "Secure coding and architecture",
    16: "Logging and error handling",
    17: "WebRTC",
}
STATES = ["met", "operator", "not applicable", "open"]


def requirements():
    """number, subject, state, where, proof of each row."""
    page = (settings.BASE_DIR / "docs" / "asvs.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("|")]
    return rows[2:]


def test_each_requirement_has_one_row_with_its_state_and_proof():
    rows = requirements()
    numbers = [tuple(int(part) for part in row[0].split(" ")[0].split(".")) for row in rows]

    assert [len(row) for row in rows if len(row) != 5] == []
    assert len(rows) > 180
    assert numbers == sorted(set(numbers))
    assert [row[0] for row in rows if row[2] not in STATES] == []
    assert [row[0] for row in rows if row[2] == "met" and "`tests/" not in row[4]] == []
    assert [row[0] for row in rows if row[2] in ("operator", "not applicable", "open") and len(row[3]) < 4] == []


def numbered(row, standard):
    """The numbers that a row stands for: its own, or all of the standard from the first to the last that it names."""
    first, _, last = row[0].partition(" to ")
    return standard[standard.index(first) : standard.index(last or first) + 1]


def test_rows_are_the_requirements_of_the_standard():
    lines = (settings.BASE_DIR / "tests" / "asvs_5_0_0.txt").read_text(encoding="utf-8").splitlines()
    standard = [line.split()[0] for line in lines if not line.startswith("#")]

    assert len(standard) == 253
    assert [number for row in requirements() for number in numbered(row, standard)] == standard


def test_every_file_that_the_requirements_name_exists():
    named = {
        name
        for row in requirements()
        for name in re.findall(r"`((?:tests|applications|ikz|municipalities|docs)/[\w/.-]+)`", str(row))
    }

    assert len(named) > 60
    assert sorted(name for name in named if not (settings.BASE_DIR / name).exists()) == []


def test_chapters_are_counted_from_the_requirements():
    states = [(int(row[0].split(".")[0]), row[2]) for row in requirements()]
    table = "\n".join(
        f"| V{number} {name} | " + " | ".join(str(states.count((number, state)) or "–") for state in STATES) + " |"
        for number, name in CHAPTERS.items()
    )

    assert table in PAGE
