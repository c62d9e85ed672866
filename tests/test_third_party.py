"""What ships with the product is listed with its licence, and the audit does not take silence for a pass."""

import pytest

from tests import audit, third_party

PAGE = (third_party.ROOT / "docs" / "third-party.md").read_text(encoding="utf-8")


def test_page_says_what_the_metadata_says():
    """Another Python or platform may need a few packages more or less; what it needs stands there."""
    assert set(third_party.table().splitlines()) - set(PAGE.splitlines()) == set()


def test_every_component_has_a_licence():
    assert [name for name in third_party.pinned() if not third_party.licence(name)] == []
    assert all(kind for _name, kind in third_party.assets())


@pytest.mark.parametrize(
    ("package", "expected"),
    [
        ({"name": "a", "version": "1", "vulns": []}, ([], [])),
        ({"name": "a", "skip_reason": "not found"}, ([], ["a"])),
        (
            {"name": "a", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]},
            (["a 1: CVE-1, behoben in 2."], []),
        ),
        (
            {"name": "a", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": []}]},
            (["a 1: CVE-1, behoben in noch keiner Version."], []),
        ),
    ],
)
def test_audit_tells_holes_from_what_nobody_looked_up(package, expected):
    assert audit.findings({"dependencies": [package]}) == expected


def test_sbom_names_what_ships_from_npm_beside_what_it_has():
    python = {"bom-ref": "requirements-L1", "name": "django"}
    given = {"components": [python], "dependencies": [{"ref": "requirements-L1"}], "version": 1}

    sbom = audit.with_assets(given, {"@a/b": {"version": "1.2", "integrity": "sha512-AAH/", "license": "MIT"}})

    assert sbom["components"] == [
        python,
        {
            "type": "library",
            "bom-ref": "pkg:npm/%40a/b@1.2",
            "name": "@a/b",
            "version": "1.2",
            "purl": "pkg:npm/%40a/b@1.2",
            "licenses": [{"expression": "MIT"}],
            "hashes": [{"alg": "SHA-512", "content": "0001ff"}],
        },
    ]
    assert sbom["dependencies"] == [{"ref": "requirements-L1"}, {"ref": "pkg:npm/%40a/b@1.2"}]
    assert sbom["version"] == 1


def test_design_system_ships_and_what_only_tests_need_does_not():
    assert list(third_party.shipped()) == ["@kern-ux/native"]
