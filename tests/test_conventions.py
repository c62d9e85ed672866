"""What holds the house together: rules about the code itself."""

import ast
import re
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from auditlog.registry import auditlog
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models

from applications import grant_rules, rules
from applications.checklist import Rule, Status
from applications.management.commands.workflow_diagram import roles_that_may, targets, transitions_by_step
from applications.states import State
from tests.applications.rule_table import TABLE

pytestmark = pytest.mark.xdist_group("conventions")  # one process reads all files

ROOT = settings.BASE_DIR
OURS = ["ikz", "municipalities", "applications"]
FOLDERS = [*OURS, "tests"]
LEAVES = [
    "case_dates",
    "checklist",
    "courts",
    "due_dates",
    "file_state",
    "grant_terms",
    "grants",
    "group_rules",
    "iban",
    "interest",
    "legal_forms",
    "letter_forms",
    "letter_kinds",
    "letter_wordings",
    "letters_by_hand",
    "notifications",
    "owed_documents",
    "payment_file",
    "periods",
    "permissions",
    "proportion",
    "revocation_terms",
    "grant_rules",
    "rules",
    "savings",
    "states",
    "step_forms",
    "supervision",
    "text_blocks",
    "turns",
    "typesetting",
    "unlocks",
    "who_owes",
    "workflow",
]
IMPORTS_MODELS = re.compile(
    r"^(applications|municipalities|ikz)\.(models|admin|.*\bmodels)\b|^auditlog|^django\.contrib|apps$"
)
LATE_IMPORTS = {"applications/apps.py": {"ready"}, "ikz/apps.py": {"ready"}}  # Django loads models only then
ALL_RULES = {
    name: value for module in (rules, grant_rules) for name, value in vars(module).items() if isinstance(value, Rule)
}
ENDED = {State.REVOKED}  # nothing is left to do


@cache
def sources():
    """Every Python file of ours as (path, syntax tree), migrations excepted."""
    found = [path for folder in FOLDERS if (ROOT / folder).is_dir() for path in (ROOT / folder).rglob("*.py")]
    paths = sorted(str(path.relative_to(ROOT)) for path in found if path.parent.name != "migrations")
    return [(path, ast.parse((ROOT / path).read_text(encoding="utf-8"))) for path in paths]


def product():
    return [(path, tree) for path, tree in sources() if not path.startswith("tests/")]


@cache
def nodes(tree):
    """All of a tree, walked once for all rules."""
    return list(ast.walk(tree))


def imported(tree):
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{each.name}" for each in node.names)


@pytest.mark.parametrize("leaf", LEAVES)
def test_leaf_modules_import_no_models(leaf):
    tree = ast.parse((ROOT / "applications" / f"{leaf}.py").read_text(encoding="utf-8"))

    assert [name for name in imported(tree) if IMPORTS_MODELS.search(name)] == []


def test_the_search_for_models_finds_them():
    tree = ast.parse(
        "from applications.models import Entry\nimport municipalities.models\nfrom django.apps import apps"
    )

    assert [name for name in imported(tree) if IMPORTS_MODELS.search(name)] == list(imported(tree))


def test_no_import_hides_inside_a_function():
    hidden = [
        (path, function.name)
        for path, tree in sources()
        for function in nodes(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and function.name not in LATE_IMPORTS.get(path, ())
    ]

    assert hidden == []


def test_no_file_is_longer_than_400_lines():
    lengths = {path: (ROOT / path).read_text(encoding="utf-8").count("\n") for path, _tree in sources()}

    assert {path: lines for path, lines in lengths.items() if lines > 400} == {}


def test_nobody_writes_the_state_past_the_one_door():
    """`.update(state=…)`, `application.state = …`: nowhere. Tests that prove the constraints say {"state": …}."""
    updates = [
        (path, node.lineno)
        for path, tree in sources()
        for node in nodes(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("update", "bulk_update", "bulk_create", "create")
        and any(keyword.arg == "state" for keyword in node.keywords)
    ]
    assignments = [
        (path, node.lineno)
        for path, tree in product()
        for node in nodes(tree)
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Attribute) and target.attr == "state"
    ]

    assert updates + assignments == []


def is_state(node):
    """`State.PAID` or "paid"."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.value.id == "State"
    return isinstance(node, ast.Constant) and node.value in State.values


def test_groups_of_states_have_their_names_in_one_place():
    """Exempt: which stamps fit which state, and how many generated cases stand where."""
    exempt = {"applications/states.py", "applications/models/stamps.py", "applications/generated/cases.py"}
    groups = [
        (path, node.lineno)
        for path, tree in product()
        if path not in exempt
        for node in nodes(tree)
        if isinstance(node, ast.List | ast.Tuple | ast.Set) and sum(map(is_state, node.elts)) > 1
    ]
    patterns = [
        (path, node.lineno)
        for path, tree in product()
        for node in nodes(tree)
        if isinstance(node, ast.MatchOr)
        and sum(isinstance(each, ast.MatchValue) and is_state(each.value) for each in node.patterns) > 1
    ]

    assert groups + patterns == []


def test_nobody_calls_a_step_but_the_one_door():
    steps = transitions_by_step()
    # `complete` and `close` are also names of other things; a step is always called with by=.
    calls = [
        (path, node.func.attr, node.lineno)
        for path, tree in sources()
        for node in nodes(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in steps
        and any(keyword.arg == "by" for keyword in node.keywords)
    ]

    assert calls == []


def test_only_the_demonstration_lives_in_the_past():
    """The clock of ikz/clock.py is set by the demonstration alone: no history is ever written under another date."""
    setters = {
        path
        for path, tree in product()
        for node in nodes(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "at"
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "clock"
    }
    borrowed = {path for path, tree in product() if {"ikz.clock.at", "ikz.clock._moment"} & set(imported(tree))}

    assert (setters, borrowed) == ({"applications/demo/real_cases.py", "applications/demo/running_cases.py"}, set())


def test_only_their_commands_reach_what_is_made_up():
    """The demonstration and the generated cases stand apart from what runs for a ministry."""
    made_up = ("applications.demo", "applications.generated")
    reached = {
        path
        for path, tree in product()
        if not path.startswith(("applications/demo/", "applications/generated/"))
        for name in imported(tree)
        if name.startswith(made_up)
    }

    commands = ("compare_real_cases", "generate_load", "load_demo")
    assert reached == {f"applications/management/commands/{name}.py" for name in commands}


# Where it is said why: the outermost loop of the worker, which must not die of what one of its parts brings up.
MAY_CATCH_EVERYTHING = [("applications/management/commands/worker.py", "_guarded")]


def catches_everything(handler):
    caught = handler.type
    return caught is None or (isinstance(caught, ast.Name) and caught.id in ("Exception", "BaseException"))


def test_no_broad_except_but_the_one_of_the_worker():
    broad = [
        (path, getattr(around, "name", ""))
        for path, tree in product()
        for around in nodes(tree)
        for node in ast.iter_child_nodes(around)
        if isinstance(node, ast.Try | ast.TryStar)
        if any(catches_everything(handler) for handler in node.handlers)
    ]

    assert broad == MAY_CATCH_EVERYTHING


@pytest.mark.parametrize("name", ALL_RULES)
def test_every_rule_has_a_label_a_source_and_a_checklist(name):
    rule = ALL_RULES[name]

    assert rule.name == name
    assert rule.label and rule.source  # noqa: PT018 (one claim)
    assert rule in {*rules.CHECK, *rules.AGREEMENT, *grant_rules.PAYMENT, *grant_rules.COMPLETION}


@pytest.mark.parametrize("name", ALL_RULES)
def test_every_rule_is_tried_met_and_unmet(name):
    statuses = {status for rule, _given, status, _message in TABLE if rule.name == name}
    unmet = {Status.MISSING, Status.TO_JUDGE} & statuses
    met = statuses - unmet

    # A hint is never unmet; it is tried with and without figures.
    assert (bool(met), bool(unmet) or statuses == {Status.HINT}) == (True, True)


def test_the_decider_answers_for_what_the_clerk_checked():
    assert rules.APPROVAL is rules.CHECK


@pytest.mark.parametrize("name", transitions_by_step())
def test_every_step_has_a_label_a_door_and_says_by_whom(name):
    for transition in transitions_by_step()[name]:
        assert transition.custom["label"]
        assert callable(transition.custom["may"])
        assert transition.custom["tone"] in ("main", "normal", "serious", "rare")


LANDS_IN = {
    "hand_in": [State.DRAFTED],
    "collect_resolutions": [State.RESOLUTIONS_COLLECTED],
    "sign_agreement": [State.AGREEMENT_SIGNED],
    "check_application": [State.CHECKED],
    "approve": [State.APPROVED],
    "reject": [State.REJECTED],
    "withdraw": [State.WITHDRAWN],
    "pay": [State.PAID],
    "complete": [State.COMPLETED],
    "revoke": [State.REVOKED],
    "amend": [State.APPROVED],
    "revoke_part": [State.APPROVED, State.PAID, State.COMPLETED],
    "record_repayment": [State.APPROVED, State.PAID, State.COMPLETED, State.REVOKED],
    "take_over": [State.APPROVED],
    "undo": [State.DRAFTED, State.RESOLUTIONS_COLLECTED, State.AGREEMENT_SIGNED, State.CHECKED],
}


def test_each_step_lands_where_its_name_says():
    landed = {
        name: list(dict.fromkeys(target for each in transitions for target in targets(each)))
        for name, transitions in transitions_by_step().items()
    }

    assert landed == LANDS_IN


@pytest.mark.parametrize("state", [state for state in State if state not in ENDED])
def test_every_open_state_has_an_exit_for_somebody(state):
    exits = {
        name: roles_that_may(each)
        for name, transitions in transitions_by_step().items()
        for each in transitions
        if each.source == state
    }

    assert [name for name, who in exits.items() if who] != []


def test_every_foreign_key_to_people_and_cases_protects():
    """Nothing that a case stands on disappears with something else."""
    cascading = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("applications").get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is not models.PROTECT
    ]

    # Parts of a whole; and the two that auditlog brings: a change outlives its actor, not its kind of record;
    # a message outlives its mail in the outbox, and so does what is known of an invitation.
    assert sorted(cascading) == [
        "CorrectionItem.request",
        "FieldChange.actor",
        "FieldChange.content_type",
        "InvitationMail.email",
        "Message.email",
        "Participant.cooperation",
        "Signature.agreement",
    ]


NOT_AUDITED = {
    "applications.CaseNumber",  # a counter that only counts up
    "applications.DailyRun",  # a mark of the night's run, set by no person
    "applications.Deletion",  # names nobody, and is never changed
    "applications.DocumentView",  # itself a log
    "applications.Entry",  # itself the history
    "applications.FieldChange",  # itself what auditlog writes
    "applications.InvitationMail",  # itself a log, of mails
    "applications.Message",  # made by steps; of it only changes that it was read
    "applications.TextBlockVersion",  # a version is added and never changed
    "ikz.CacheEntry",  # no record of the domain
    "ikz.Session",  # no record of the domain
    "municipalities.RegisterImport",  # itself a log
}


def test_field_changes_of_every_other_model_are_kept():
    ours = {model for app in OURS for model in apps.get_app_config(app).get_models()}

    assert {model._meta.label for model in ours if not auditlog.contains(model)} == NOT_AUDITED


def test_the_diagram_is_what_the_steps_say():
    out = StringIO()

    call_command("workflow_diagram", stdout=out)

    assert Path(ROOT / "docs" / "workflow.md").read_text(encoding="utf-8") == out.getvalue(), (
        "Bitte neu schreiben: manage.py workflow_diagram > docs/workflow.md"
    )


@pytest.mark.django_db
def test_migrations_say_what_the_models_say():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_key_is_written_as_an_amount():
    """Numbers in templates are grouped: the key 10489 would become 10.489, which no address knows."""
    templates = [path for app in ("applications", "ikz", "municipalities") for path in (ROOT / app).rglob("*.html")]
    keys = r"\{\{ *[\w.]*(\bpk|(?<!auto)_id|(?<!attrs)\.id) *\}\}"

    assert templates
    assert [path.name for path in templates if re.search(keys, path.read_text(encoding="utf-8"))] == []
