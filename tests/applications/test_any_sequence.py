"""Whatever anybody tries in whatever order, a case stays in order."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from auditlog.context import disable_auditlog
from django.db import transaction
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st

from applications import workflow
from applications.evidence import prove
from applications.models import Application, Budget, Entry
from applications.models.stamps import STAMPS
from applications.permissions import ROLES
from applications.states import State
from tests.applications.test_constraints import STAMPS_OF
from tests.date_factories import repaid
from tests.factories import ApplicationFactory, BudgetFactory, UserFactory
from tests.report_factories import UsageReportFactory

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
ALLOCATED = Decimal(80000)  # one case fits
WITHOUT_ANSWERS = ["hand_in", "collect_resolutions", "sign_agreement", "check_application"]
WITH_A_REASON = ["complete", "undo", "reject", "withdraw", "revoke"]
GOOD = {
    "approve": {"amount": Decimal(75000), "year": TODAY.year},
    "pay": {"final_on": TODAY},
    "take_over": {"amount": Decimal(5000), "decided_on": TODAY - timedelta(days=900), "reason": "Altfall."},
    **{step: {"reason": "Aus gutem Grund."} for step in WITH_A_REASON},
    **{step: {} for step in WITHOUT_ANSWERS},
    "reject": {"reason": "Aus gutem Grund.", "no_hearing_reason": "Nach Aktenlage."},
    "revoke": {"reason": "Aus gutem Grund.", **repaid()},
    "revoke_part": {"amount": Decimal(5000), "reason": "Aus gutem Grund.", **repaid()},
    "record_repayment": {"repaid_on": TODAY, "revocation": 0},
    "amend": {"amount": Decimal(76000), "year": TODAY.year, "reason": "Aus gutem Grund."},
}
BAD = {
    "approve": {"amount": Decimal(75001), "year": TODAY.year},
    "pay": {"final_on": TODAY + timedelta(days=1)},
    "take_over": {"amount": Decimal("-1"), "decided_on": TODAY, "reason": "Altfall."},
    **{step: {"reason": " "} for step in WITH_A_REASON},
    "revoke_part": {"amount": Decimal(75000), "reason": "Aus gutem Grund.", **repaid()},
    "record_repayment": {"repaid_on": TODAY, "revocation": 0},
    "amend": {"amount": Decimal(0), "year": TODAY.year, "reason": "Aus gutem Grund."},
    **{step: {} for step in WITHOUT_ANSWERS},
}
STAY = {"amend", "revoke_part", "record_repayment"}  # these leave the state as it is
TO_CHECKED = ["collect_resolutions", "sign_agreement", "check_application"]
PEOPLE = [*ROLES, "superuser", "all roles", "another with all roles", "no role"]
OFTEN = 4
NUMBER = st.integers(0, 10**6)
ATTEMPT = st.tuples(
    st.integers(0, 2),  # which of three cases
    # Mostly what starts from where the case is, or hardly any sequence would get far.
    st.one_of(NUMBER, NUMBER, st.tuples(st.sampled_from(sorted(GOOD)), st.sampled_from(PEOPLE))),
    st.sampled_from([True, True, True, False]),
)

# Rare among the drawn ones; by two people, because one of them may be barred by four eyes.
TWO_PEOPLE = ("all roles", "another with all roles")
A_REVOCATION = [(0, (step, person), True) for step in ("approve", "revoke") for person in TWO_PEOPLE]
A_PARTIAL_REVOCATION = [(1, (step, person), True) for step in ("approve", "revoke_part") for person in TWO_PEOPLE]


def people():
    with_all_roles = list(ROLES)
    return {
        **{role: UserFactory(roles=[role]) for role in ROLES},
        "superuser": UserFactory(is_superuser=True),
        "all roles": UserFactory(roles=with_all_roles),
        "another with all roles": UserFactory(roles=with_all_roles),
        "no role": UserFactory(),
    }


def looked_at(application, everybody):
    """The case as it is now, and what the rules find in it, which is the same for everybody."""
    application = Application.objects.with_case().get(pk=application.pk)
    steps = workflow.steps(application, everybody["all roles"])
    return application, {finding.rule: finding for each in steps for finding in each.findings}


def chosen(application, choice, everybody, findings):
    """A step and a person: as drawn, or of what starts from here (the main step more often), half of it only if ready."""
    if not isinstance(choice, int):
        return choice[0], everybody[choice[1]]
    some = [everybody[who] for who in TWO_PEOPLE]
    every = [(step, person) for person in some for step in workflow.steps(application, person, findings)]
    from_here = [pair for pair in every for _ in range(OFTEN if pair[0].tone == "main" else 1)]
    number, of_all = divmod(choice, 2)
    offered = [(step.name, person) for step, person in from_here if of_all or step.is_ready]
    return offered[number % len(offered)] if offered else ("undo", some[0])


def attempt(application, name, by, good):
    """Try one step and return its refusal or None."""
    if name == "complete" and good and application.state == State.PAID and not application.usage_report:
        UsageReportFactory(application=application, accepted_by=by)
    try:
        workflow.take(application, name, by=by, **(GOOD if good else BAD)[name])
    except workflow.StepRefused as refusal:
        return refusal
    return None


def check_invariants(application, everybody, findings):
    assert_stamps_fit(application)
    assert (
        application.approved_by_id is None
        or application.taken_over_at
        or (application.approved_by_id != application.checked_by_id)
    )
    assert application.rejected_by_id is None or application.rejected_by_id != application.checked_by_id
    assert application.paid_by_id is None or application.paid_by_id != application.approved_by_id
    binding = application.decisions.binding().count()
    assert binding == (1 if application.approved_at else 0)
    assert prove(application).broken is None
    steps = (each for person in everybody.values() for each in workflow.steps(application, person, findings))
    has_exit = any(not each.refusal for each in steps)
    assert has_exit or application.state == State.REVOKED


def assert_stamps_fit(application):
    marks = {each[1:]: each[0] for each in STAMPS_OF[application.state].split()}
    for name in STAMPS:
        who, when = getattr(application, f"{name}_by_id"), getattr(application, f"{name}_at")
        assert (who is None) == (when is None)
        assert when is None or name in marks
        assert when is not None or marks.get(name) != "●"


def test_any_sequence_of_steps_keeps_the_case_in_order(scene):
    applications, everybody = scene
    happened = Counter()

    @example(attempts=A_REVOCATION)
    @example(attempts=A_PARTIAL_REVOCATION)
    @given(attempts=st.lists(ATTEMPT, min_size=10, max_size=16))
    @settings(max_examples=20, derandomize=True, database=None)
    def try_a_sequence(attempts):
        with transaction.atomic(), disable_auditlog():
            seen = {}
            for which, choice, good in attempts:
                application, findings = seen.get(which) or looked_at(applications[which], everybody)
                before, entries = application.state, application.history.count()

                name, by = chosen(application, choice, everybody, findings)
                refusal = attempt(application, name, by, good)

                happened[name if refusal is None else _kind(refusal)] += 1
                application, findings = seen[which] = looked_at(application, everybody)
                assert application.history.count() == entries + (refusal is None)
                # Everybody is staff here: nobody hands in again.
                assert (application.state != before) is (refusal is None and name not in STAY)
                check_invariants(application, everybody, findings)
                assert Budget.objects.get().committed() <= ALLOCATED
            transaction.set_rollback(True)

    try_a_sequence()

    # Else it would prove nothing.
    assert {"approve", "revoke_part", "revoke", "undo", "pay", "four eyes", "budget"} - set(happened) == set()


def _kind(refusal) -> str:
    kinds = {"Vier-Augen": "four eyes", "Haushalt": "budget"}
    return next((kind for word, kind in kinds.items() if word in str(refusal)), "refused")


@pytest.fixture
def scene(db):
    """Three complete cases, two checked and one soon, a budget for one, and one person of every kind."""
    with disable_auditlog():
        BudgetFactory(allocated=ALLOCATED)
        everybody = people()
        one = everybody["all roles"]
        applications = [ApplicationFactory(complete=True, by=one) for _ in range(3)]
        for application, steps in zip(applications, [3, 3, 2], strict=True):
            for step in TO_CHECKED[:steps]:
                workflow.take(application, step, by=one)
    return applications, everybody


def test_the_machine_reaches_what_it_is_to_prove(scene):
    """A fixed sequence through the same functions: else a machine that never gets anywhere would prove nothing."""
    applications, everybody = scene
    one, other = everybody["all roles"], everybody["another with all roles"]
    route = [
        ("check_application", one, True),
        ("approve", one, False),  # four eyes
        ("approve", other, False),
        ("approve", other, True),
        ("pay", other, False),  # four eyes
        ("pay", one, True),
        ("complete", one, True),
        ("revoke", one, False),
        ("revoke", other, True),
    ]

    key = applications[2].pk
    refusals = [attempt(Application.objects.with_case().get(pk=key), name, by, good) for name, by, good in route]

    taken = [refusal is None for refusal in refusals]
    assert taken == [True, False, False, True, False, True, True, False, True]
    assert Entry.objects.filter(application=key).count() == 8
    application, findings = looked_at(applications[2], everybody)
    check_invariants(application, everybody, findings)
