"""What the sources must not do, whatever a page or a test says: found by reading them."""

import ast
import re

import pytest
from django.apps import apps
from django.conf import settings

from applications.models import Programme, Variant
from tests.test_conventions import OURS, product

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


AT_ONCE = {"update", "aupdate", "bulk_update", "abulk_update", "bulk_create", "abulk_create", "delete", "adelete"}
VERSIONS = {"Programme", "Variant", "programmes", "variants"}


def fields_of(models):
    return {field.name for model in models for field in model._meta.concrete_fields}


def writes_at_once(tree, parameters, versions=VERSIONS):
    """The lines that write to many versions or variants at once, or, whatever they call them, to a field that only those have."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in AT_ONCE
        if parameters & {each.arg for each in node.keywords}
        or versions & {getattr(each, "attr", getattr(each, "id", "")) for each in ast.walk(node.func.value)}
    ]


@pytest.fixture(scope="module")
def parameters():
    others = {model for app in OURS for model in apps.get_app_config(app).get_models()} - {Programme, Variant}
    return fields_of([Programme, Variant]) - fields_of(others)


def test_programmes_are_not_written_past_their_lock(parameters):
    """See applications/models/programme.py: within it, a QuerySet of them is `self`."""
    found = [
        (path, line)
        for path, tree in product()
        for line in writes_at_once(tree, parameters, VERSIONS | ({"self"} if path.endswith("/programme.py") else set()))
    ]

    assert found == []


@pytest.mark.parametrize(
    ("code", "is_found"),
    [
        ("Programme.objects.filter(pk=1).update(name='x')", True),
        ("Variant.objects.bulk_update(each, ['cap'])", True),
        ("programme.variants.all().update(label='x')", True),
        ("case.variant.programme.variants.filter(code='ozg').delete()", True),
        ("chosen.update(retention_years=1)", True),
        ("Application.objects.update(note='x')", False),
        ("Variant.objects.create(cap=1)", False),
        ("super().delete()", False),
    ],
)
def test_the_search_for_what_passes_the_lock_finds_it(parameters, code, is_found):
    assert bool(writes_at_once(ast.parse(code), parameters)) is is_found
