from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from applications import workflow
from applications.models import Application, Decision, Entry
from applications.states import State
from tests.factories import (
    STEPS_TO,
    ApplicationFactory,
    BudgetFactory,
    answers_for,
    case_in,
    clerk,
    decider,
    treasurer,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", State.values)
def test_a_complete_case_reaches_every_state(state):
    application = case_in(state)

    assert application.state == state
    assert [entry.step for entry in application.history.all()] == ["open_case", *STEPS_TO[state]]
    assert Application.objects.get(pk=application.pk).state == state


def test_file_numbers_count_per_year():
    year = timezone.localdate().year

    numbers = [ApplicationFactory().file_number for _ in range(3)]

    assert numbers == [f"IKZ-{year}-0001", f"IKZ-{year}-0002", f"IKZ-{year}-0003"]


def test_step_with_missing_facts_is_refused_and_changes_nothing():
    application = ApplicationFactory()

    with pytest.raises(workflow.NotReady) as refusal:
        workflow.take(application, "collect_resolutions", by=application.clerk)

    assert [finding.rule.name for finding in refusal.value.findings] == ["resolutions_present"]
    assert Application.objects.get(pk=application.pk).state == State.DRAFTED
    assert application.history.count() == 1


def test_step_from_another_state_is_refused():
    application = ApplicationFactory()

    with pytest.raises(workflow.WrongState, match="im Stand „Entwurf“ nicht vorgesehen"):
        workflow.take(application, "approve", by=decider(), amount=Decimal(1), year=2026)


@pytest.mark.parametrize("ground", ["resolutions_collected"], indirect=True)
def test_step_taken_twice_names_who_took_it(case):
    with pytest.raises(workflow.WrongState, match=f"schon getan: {case.clerk}"):
        workflow.take(case, "collect_resolutions", by=case.clerk)


@pytest.mark.parametrize("ground", ["checked"], indirect=True)
def test_step_without_the_role_is_refused(case):
    with pytest.raises(workflow.NotPermitted, match="Rolle Bewilligung"):
        workflow.take(case, "approve", by=treasurer(), amount=Decimal(75000), year=2026)


@pytest.mark.parametrize("is_superuser", [False, True])
def test_whoever_checked_does_not_approve(is_superuser):
    both = clerk(is_superuser=is_superuser)
    both.groups.add(*decider().groups.all())
    application = case_in("checked", by=both)

    with pytest.raises(workflow.NotPermitted, match="Vier-Augen-Prinzip"):
        workflow.take(application, "approve", by=both, amount=Decimal(75000), year=timezone.localdate().year)


@pytest.mark.parametrize("ground", ["checked"], indirect=True)
def test_stale_page_is_refused_and_names_who_changed_the_case(case):
    seen, other = case.revision, decider()
    workflow.take(case, "undo", by=case.clerk, reason="Nachgereicht.")
    workflow.take(case, "check_application", by=case.clerk)

    with pytest.raises(workflow.Stale, match=f"inzwischen von {case.clerk} geändert"):
        workflow.take(case, "approve", by=other, seen=seen, amount=Decimal(75000), year=2026)


@pytest.mark.parametrize("ground", ["checked"], indirect=True)
def test_field_change_makes_a_page_stale(case):
    seen = case.revision
    case.cooperation.title = "Anderes Vorhaben"
    case.cooperation.save()

    with pytest.raises(workflow.Stale, match="Anderes Vorhaben"):
        workflow.take(case, "approve", by=decider(), seen=seen, amount=Decimal(75000), year=2026)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"amount": Decimal(80000)}, "reason"),
        ({"amount": Decimal(80000), "reason": "   "}, "reason"),
        ({"amount": Decimal(-1), "reason": "x"}, "amount"),
        ({"amount": Decimal(75000), "year": 2031}, "budget"),
        ({"amount": Decimal("75000.01"), "reason": "Mehrbedarf"}, "amount"),
    ],
)
@pytest.mark.parametrize("ground", ["checked"], indirect=True)
def test_approval_refuses_answers(case, answers, field):
    BudgetFactory._meta.model.objects.update(allocated=Decimal(75000))

    with pytest.raises(workflow.AnswerRefused) as refusal:
        workflow.take(case, "approve", by=decider(), **{"year": timezone.localdate().year, **answers})

    assert refusal.value.field == field
    assert Decision.objects.count() == 0
    assert Application.objects.get(pk=case.pk).state == State.CHECKED


def test_approval_creates_the_decision():
    application, by = case_in("checked"), decider()

    workflow.take(
        application, "approve", by=by, amount=Decimal(60000), year=timezone.localdate().year, reason="Teilweise."
    )

    decision = Decision.objects.get()
    assert (decision.amount, decision.proposed_amount, decision.reason) == (
        Decimal(60000),
        Decimal(75000),
        "Teilweise.",
    )
    assert decision.decided_by == by
    assert decision.budget.left() == Decimal(1940000)


@pytest.mark.parametrize(
    ("ground", "back_to"),
    [
        ("resolutions_collected", "drafted"),
        ("agreement_signed", "resolutions_collected"),
        ("checked", "agreement_signed"),
        ("approved", "checked"),
        ("rejected", "drafted"),
        ("withdrawn", "drafted"),
    ],
    indirect=["ground"],
    scope="module",
)
def test_undo_leads_one_step_back_and_clears_the_stamps(case, back_to):
    by = decider() if case.state in ("approved", "rejected") else case.clerk

    application = workflow.take(case, "undo", by=by, reason="Versehen.")

    assert application.state == back_to
    assert application.history.last().reason == "Versehen."
    assert (application.checked_by is not None) == (back_to == "checked")
    assert application.approved_by is None
    assert not application.decisions.binding().exists()


@pytest.mark.parametrize("ground", ["checked"], indirect=True)
def test_rejected_after_the_check_goes_back_to_checked(case):
    case = workflow.take(case, "reject", by=decider(), reason="Haushalt.", no_hearing_reason="Nach Aktenlage.")

    case = workflow.take(case, "undo", by=decider(), reason="Mittel frei geworden.")

    assert case.state == State.CHECKED
    assert case.checked_by == case.clerk


@pytest.mark.parametrize("step", ["undo", "reject", "withdraw"])
@pytest.mark.parametrize("ground", ["agreement_signed"], indirect=True)
def test_step_that_needs_a_reason_refuses_blanks(case, step):
    by = decider() if step == "reject" else case.clerk

    with pytest.raises(workflow.AnswerRefused):
        workflow.take(case, step, by=by, reason="  ")

    assert Application.objects.get(pk=case.pk).state == State.AGREEMENT_SIGNED


@pytest.mark.parametrize("ground", ["checked"], indirect=True)
def test_history_keeps_the_findings_and_documents_of_the_moment(case):
    entry = case.history.last()

    assert {finding["status"] for finding in entry.findings} == {"met", "not_required", "hint"}
    assert [document["name"] for document in entry.data["documents"]] == ["beschluss.pdf"] * 4


def test_case_with_history_cannot_be_deleted():
    application = ApplicationFactory()

    with pytest.raises(ValidationError):
        application.delete()

    assert Entry.objects.count() == 1


@pytest.mark.parametrize("ground", ["agreement_signed"], indirect=True)
def test_steps_are_shown_with_their_reasons(case):
    offered = {step.name: (step.refusal, step.is_ready) for step in workflow.steps(case, case.clerk)}

    assert offered == {
        "check_application": (None, True),
        "undo": (None, True),
        "reject": ("Diesen Schritt nimmt die Rolle Bewilligung vor.", False),
        "withdraw": (None, True),
    }


def test_paid_case_needs_another_person_than_the_decider():
    both = decider()
    both.groups.add(*treasurer().groups.all())
    application = case_in("checked")
    application = workflow.take(application, "approve", by=both, **answers_for(application, "approve"))

    with pytest.raises(workflow.NotPermitted, match="Vier-Augen-Prinzip"):
        workflow.take(application, "pay", by=both, final_on=timezone.localdate())
