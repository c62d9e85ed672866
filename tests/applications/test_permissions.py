"""Who may do what, state by state, as one table to read."""

from dataclasses import dataclass

import pytest
from django.contrib.auth.models import Group

from applications import roles, workflow
from applications.models import Application, StoredFile
from applications.permissions import ROLES
from applications.states import State
from ikz.models import User
from tests.factories import BudgetFactory, UserFactory, answers_for, case_in, decider
from tests.report_factories import UsageReportFactory

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_every_database]

# Steps of each state, and who may take them:
#   S Sachbearbeitung · B Bewilligung · H Haushalt · R Revision · D Stammdaten · X Superuser · O ohne Rolle
#   s who checked, holding every role · b who approved, holding every role
MAY = {
    "drafted": {
        "hand_in": "",
        "collect_resolutions": "S X s b",
        "reject": "B X s b",
        "withdraw": "S X s b",
        "take_over": "X",
    },
    "resolutions_collected": {
        "sign_agreement": "S X s b",
        "undo": "S X s b",
        "reject": "B X s b",
        "withdraw": "S X s b",
    },
    "agreement_signed": {
        "check_application": "S X s b",
        "undo": "S X s b",
        "reject": "B X s b",
        "withdraw": "S X s b",
    },
    "checked": {
        "approve": "B X b",
        "undo": "S X s b",
        "reject": "B X b",
        "withdraw": "S X s b",
    },
    "approved": {
        "pay": "H X s",
        "undo": "B X s b",
        "revoke": "B X b",
        "revoke_part": "B X b",
        "amend": "B X b",
        "record_repayment": "",  # there is nothing to be repaid: test_repayments.py
    },
    "rejected": {"undo": "B X s b"},
    "withdrawn": {"undo": "S X s b"},
    "paid": {"complete": "S X s b", "revoke": "B X b", "revoke_part": "B X b", "record_repayment": ""},
    "completed": {"revoke": "B X b", "revoke_part": "B X b", "record_repayment": ""},
    "revoked": {"record_repayment": ""},
}
GRANTED = {"approved", "paid", "completed", "revoked"}


def people():
    """One person per letter."""
    everything = list(ROLES)
    return {
        **{letter: UserFactory(roles=[role]) for letter, role in zip("SBHRD", ROLES, strict=True)},
        "X": UserFactory(is_superuser=True),
        "O": UserFactory(),
        "s": UserFactory(roles=everything),
        "b": UserFactory(roles=everything),
    }


@dataclass(frozen=True)
class Handled:
    """Ground to stand on: people, and a case in the state that „s“ checked and „b“ approved."""

    state: str

    def __call__(self):
        everybody = people()
        case = case_handled_by(self.state, everybody["s"], everybody["b"])
        return case.pk, {letter: person.pk for letter, person in everybody.items()}


@pytest.fixture
def handled(built):
    """The case, and letter → person."""
    case, everybody = built
    return (
        Application.objects.with_case().get(pk=case),
        {letter: User.objects.get(pk=person) for letter, person in everybody.items()},
    )


def in_state(*states):
    return pytest.mark.parametrize(
        ("ground", "state"), [(Handled(state), state) for state in states], indirect=["ground"], scope="module"
    )


def case_handled_by(state, checker, approver):
    """A case in the state, checked and approved by these people where it came so far."""
    if state not in GRANTED:
        return case_in(state, by=checker)
    application = case_in("checked", by=checker)
    UsageReportFactory(application=application, accepted_by=checker)
    BudgetFactory()
    application = workflow.take(application, "approve", by=approver, **answers_for(application, "approve"))
    onward = {"approved": [], "paid": ["pay"], "completed": ["pay", "complete"], "revoked": ["revoke"]}[state]
    for step in onward:
        by = approver if step == "revoke" else UserFactory(is_superuser=True)
        application = workflow.take(application, step, by=by, **answers_for(application, step))
    return application


@in_state(*State.values)
def test_who_may_take_which_step(handled, state):
    application, everybody = handled

    may = {}
    for letter, person in everybody.items():
        for step in workflow.steps(application, person):
            may.setdefault(step.name, []).extend([letter] if step.refusal is None else [])

    assert {step: " ".join(letters) for step, letters in may.items()} == MAY[state]


@in_state(*State.values)
def test_whoever_may_not_is_refused_at_the_door_and_leaves_no_trace(handled, state):
    application, everybody = handled
    before = application.history.count()

    for step, letters in MAY[state].items():
        for letter in everybody.keys() - set(letters.split()):
            with pytest.raises(workflow.NotPermitted):
                workflow.take(application, step, by=everybody[letter], **answers_for(application, step))

    assert Application.objects.get(pk=application.pk).state == state
    assert application.history.count() == before


@pytest.mark.parametrize(
    ("ground", "step", "letter", "sentence"),
    [
        (Handled("drafted"), "collect_resolutions", "B", "Diesen Schritt nimmt die Rolle Sachbearbeitung vor."),
        (Handled("drafted"), "take_over", "S", "Altfälle übernimmt, wem die Administration dieses Recht gegeben hat."),
        (Handled("checked"), "approve", "S", "Diesen Schritt nimmt die Rolle Bewilligung vor."),
        (
            Handled("checked"),
            "approve",
            "s",
            "Vier-Augen-Prinzip: Sie haben den Fall geprüft. Entscheiden muss eine andere Person.",
        ),
        (
            Handled("checked"),
            "reject",
            "s",
            "Vier-Augen-Prinzip: Sie haben den Fall geprüft. Entscheiden muss eine andere Person.",
        ),
        (Handled("approved"), "pay", "B", "Diesen Schritt nimmt die Rolle Haushalt vor."),
        (
            Handled("approved"),
            "pay",
            "b",
            "Vier-Augen-Prinzip: Sie haben den Fall bewilligt. Auszahlen muss eine andere Person.",
        ),
        (Handled("approved"), "undo", "S", "Diesen Schritt nimmt die Rolle Bewilligung vor."),
        (Handled("checked"), "undo", "B", "Diesen Schritt nimmt die Rolle Sachbearbeitung vor."),
    ],
    indirect=["ground"],
    scope="module",
)
def test_a_refusal_says_whose_step_it_is(handled, step, letter, sentence):
    application, everybody = handled

    refusals = {each.name: each.refusal for each in workflow.steps(application, everybody[letter])}

    assert refusals[step] == sentence


def test_four_eyes_hold_for_superusers_too():
    checker = UserFactory(is_superuser=True)
    application = case_in("checked", by=checker)

    may = {each.name for each in workflow.steps(application, checker) if each.refusal is None}

    assert may == {"undo", "withdraw"}


# Rights to records: v view, a add, c change, d delete. Columns: Sachbearbeitung, Bewilligung, Haushalt, Revision, Stammdaten.
RIGHTS = {
    "applications.agreement": "vac  v    v    v    v",
    "applications.application": "vac  v    v    v    v",
    "applications.archiveanswer": "vac  v    v    v    v",
    "applications.bankaccount": "va   v    va   v    v",
    "applications.baserate": "v    v    v    v    vac",
    "applications.budget": "v    v    vac  v    v",
    "applications.budgettransfer": "v    v    va   v    v",
    "applications.casenumber": "-    -    -    -    -",
    "applications.dailyrun": "-    -    -    -    -",
    "applications.commitmentauthorisation": "v    v    vac  v    v",
    "applications.cooperation": "vac  v    v    v    v",
    "applications.correctionitem": "vacd v    v    v    v",
    "applications.correctionrequest": "vac  v    v    v    v",
    "applications.datefacts": "vac  v    v    v    v",
    "applications.decision": "v    v    v    v    v",
    "applications.documentview": "-    -    -    v    -",
    "applications.deletion": "v    v    v    v    v",
    "applications.deliveryrule": "v    v    v    v    vac",
    "applications.entry": "v    v    v    v    v",
    "applications.fieldchange": "v    v    v    v    v",
    "applications.filenote": "vac  vac  v    v    v",
    "applications.usagereport": "vac  v    v    v    v",
    "applications.hearing": "vac  v    v    v    v",
    "applications.revocation": "v    v    v    v    v",
    "applications.invitation": "vac  v    v    v    v",
    "applications.judgement": "vac  v    v    v    v",
    "applications.message": "v    v    v    v    v",
    "applications.office": "vac  v    v    v    v",
    "applications.officemember": "vac  v    v    v    v",
    "applications.opinion": "vacd v    v    v    v",
    "applications.participant": "vacd v    v    v    v",
    "applications.payingaccount": "v    v    v    v    vac",
    "applications.payment": "v    v    v    v    v",
    "applications.paymentorder": "v    v    va   v    v",
    "applications.programme": "v    v    v    v    vac",
    "applications.resolution": "vac  v    v    v    v",
    "applications.signature": "vacd v    v    v    v",
    "applications.storedfile": "vac  v    v    v    v",
    "applications.textblock": "v    v    v    v    vac",
    "applications.textblockversion": "v    v    v    v    v",
    "applications.letterhead": "v    v    v    v    vac",
    "applications.notice": "v    v    v    v    v",
    "applications.taskfield": "v    v    v    v    vac",
    "applications.variant": "v    v    v    v    vacd",
    "ikz.cacheentry": "-    -    -    -    -",
    "ikz.session": "-    -    -    -    -",
    "ikz.legalpage": "v    v    v    v    vc",
    "ikz.user": "-    -    -    v    v",
    "municipalities.membership": "vac  v    v    v    v",
    "municipalities.municipality": "v    v    v    v    vac",
}
ACTIONS = {"v": "view", "a": "add", "c": "change", "d": "delete"}


@pytest.mark.parametrize("model", RIGHTS)
def test_rights_of_the_roles_to_records(model):
    app, name = model.split(".")

    granted = []
    for role in ROLES:
        user = UserFactory(roles=[role])
        granted.append("".join(letter for letter, action in ACTIONS.items() if user.has_perm(f"{app}.{action}_{name}")))

    assert [rights or "-" for rights in granted] == RIGHTS[model].split()


def test_the_table_of_rights_names_every_model():
    ours = {"applications", "ikz", "municipalities"}
    models = {
        permission.split(".")[0] + "." + permission.split("_", 1)[1]
        for permission in UserFactory(is_superuser=True).get_all_permissions()
        if permission.split(".")[0] in ours and permission.split(".")[1].startswith("view_")
    }

    assert models - RIGHTS.keys() <= {"municipalities.registerimport"}


def test_groups_are_made_equal_to_the_table():
    group = Group.objects.get(name="Revision")
    group.permissions.set(Group.objects.get(name="Bewilligung").permissions.all())

    roles.sync_roles()

    codenames = {f"{each.content_type.app_label}.{each.codename}" for each in group.permissions.all()}
    assert codenames == ROLES["Revision"] & UserFactory(is_superuser=True).get_all_permissions()


@pytest.mark.parametrize(("role", "sees"), [(None, False), *((role, True) for role in ROLES)])
@pytest.mark.parametrize("ground", ["drafted"], indirect=True)
def test_rows_are_visible_to_staff_with_a_role_alone(case, role, sees):
    user = UserFactory(roles=[role] if role else [])

    seen = (Application.objects.visible_to(user).count(), StoredFile.objects.visible_to(user).count())

    assert seen == ((1, 4) if sees else (0, 0))


def test_decider_has_only_the_decision():
    assert decider().get_all_permissions() & {
        "applications.process_application",
        "applications.decide_application",
        "applications.pay_application",
        "applications.take_over_application",
    } == {"applications.decide_application"}
