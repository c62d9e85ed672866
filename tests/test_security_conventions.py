"""What the sources must not do, whatever a page or a test says: found by reading them."""

import re

import pytest
from django.conf import settings

pytestmark = pytest.mark.same_on_every_database
APPS = ("ikz", "applications", "municipalities")
IN_SCRIPTS = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "postMessage")
STORES = ("localStorage", "sessionStorage", "indexedDB", "document.cookie")
IN_PYTHON = ("pickle", "marshal", "yaml.load", "shell=True", "os.system", "CERT_NONE", "verify=False", "_unverified_")


def found(pattern, words):
    files = [path for app in APPS for path in (settings.BASE_DIR / app).rglob(pattern) if "kern" not in path.parts]
    assert len(files) >= 3
    return [(path.name, word) for path in files for word in words if word in path.read_text(encoding="utf-8")]


def test_scripts_write_text_and_talk_to_nobody():
    assert found("*.js", IN_SCRIPTS) == []


def test_scripts_store_nothing_in_the_browser():
    assert found("*.js", STORES) == []


def test_python_runs_no_shell_and_trusts_no_certificate_blindly():
    assert found("*.py", IN_PYTHON) == []


def test_regular_expressions_are_not_built_of_what_people_type():
    """Only of constants, whose names are upper-case."""
    built = re.compile(r"re\.\w+\(\s*r?f\"([^\"]*)\"")
    texts = [
        inner
        for app in APPS
        for path in (settings.BASE_DIR / app).rglob("*.py")
        for expression in built.findall(path.read_text(encoding="utf-8"))
        for inner in re.findall(r"\{([^}]*)\}", expression)
    ]

    assert len(texts) >= 3
    assert [text for text in texts if not text.isupper()] == []
