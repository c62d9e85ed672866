"""Twenty people at once: each test starts its threads at the same moment, on connections of their own.

On PostgreSQL two transactions really race. On SQLite writers queue; the same tests prove there that nobody is turned
away by a locked database.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from applications import workflow
from applications.models import Application, Budget, CaseNumber, Decision
from applications.states import State
from tests.factories import ApplicationFactory, BudgetFactory, CooperationFactory, case_in, clerk, decider
from tests.programme_factories import VariantFactory

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 20


def all_at_once(actions):
    """What each action returned, or the refusal that it ran into."""
    barrier = Barrier(len(actions), timeout=60)

    def run(action):
        try:
            barrier.wait()
            return action()
        except workflow.StepRefused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def refusals(results):
    return Counter(f"{type(each).__name__}: {each}" for each in results if isinstance(each, workflow.StepRefused))


def test_one_of_twenty_takes_the_step():
    application = case_in("drafted")

    results = all_at_once(
        [lambda: workflow.take(application, "collect_resolutions", by=application.clerk) for _ in range(PEOPLE)]
    )

    entry = application.history.last()
    when = timezone.localtime(entry.at)
    already_done = f"Dieser Schritt ist schon getan: {application.clerk} am {when:%d.%m.%Y um %H:%M} Uhr."
    assert refusals(results) == {f"WrongState: {already_done}": PEOPLE - 1}
    assert [each.step for each in application.history.all()] == ["open_case", "collect_resolutions"]
    assert Application.objects.get().state == State.RESOLUTIONS_COLLECTED


def test_a_budget_for_three_approves_three():
    one_clerk = clerk()
    applications = [case_in("checked", by=one_clerk) for _ in range(PEOPLE)]
    BudgetFactory()
    Budget.objects.update(allocated=Decimal(225000))
    year, by = timezone.localdate().year, decider()

    def approve(application):
        return lambda: workflow.take(application, "approve", by=by, amount=Decimal(75000), year=year)

    results = all_at_once([approve(each) for each in applications])

    too_late = f"Der Haushalt {year} reicht nicht: Verfügbar sind noch 0 €, bewilligt werden sollen 75.000 €."
    assert refusals(results) == {f"AnswerRefused: {too_late}": PEOPLE - 3}
    assert Decision.objects.count() == 3
    assert Budget.objects.get().left() == Decimal(0)
    assert Counter(Application.objects.values_list("state", flat=True)) == {"approved": 3, "checked": PEOPLE - 3}


def test_twenty_cases_get_twenty_consecutive_numbers():
    cooperations = CooperationFactory.create_batch(PEOPLE, participants=0)
    variant, by = VariantFactory(), clerk()

    def open_case(cooperation):
        return lambda: Application.objects.open_case(cooperation=cooperation, variant=variant, by=by).file_number

    numbers = all_at_once([open_case(each) for each in cooperations])

    year = timezone.localdate().year
    assert sorted(numbers) == [f"IKZ-{year}-{number:04d}" for number in range(1, PEOPLE + 1)]
    assert CaseNumber.objects.get().last == PEOPLE


def test_the_first_numbers_of_a_year_race_too():
    """The row of the year does not exist yet: two people create it at the same moment."""
    ApplicationFactory()
    CaseNumber.objects.all().delete()
    Application.objects.update(file_number="IKZ-2000-0001")
    variant, by = VariantFactory(), clerk()
    cooperations = CooperationFactory.create_batch(2, participants=0)

    numbers = all_at_once(
        [
            lambda each=each: Application.objects.open_case(cooperation=each, variant=variant, by=by).file_number
            for each in cooperations
        ]
    )

    year = timezone.localdate().year
    assert sorted(numbers) == [f"IKZ-{year}-0001", f"IKZ-{year}-0002"]


def test_approval_and_step_back_at_once():
    """Either order is fine; both never happen on the same state."""
    application = case_in("checked")
    year, by = timezone.localdate().year, decider()

    results = all_at_once(
        [
            lambda: workflow.take(application, "approve", by=by, amount=Decimal(75000), year=year),
            lambda: workflow.take(application, "undo", by=application.clerk, reason="Nachgereicht."),
        ]
    )

    application = Application.objects.get()
    steps = [each.step for each in application.history.all()][4:]
    refused = [type(each) for each in results if isinstance(each, workflow.StepRefused)]
    # Undoing an approval takes a decider, so a clerk who comes second is refused, too.
    assert (application.state, steps, refused) in [
        ("approved", ["approve"], [workflow.NotPermitted]),
        ("agreement_signed", ["undo"], [workflow.WrongState]),
    ]
    assert application.decisions.binding().count() == (1 if application.state == "approved" else 0)


def test_the_same_page_approved_by_two_deciders():
    application = case_in("checked")
    seen, year = application.revision, timezone.localdate().year

    results = all_at_once(
        [
            lambda by=by: workflow.take(application, "approve", by=by, seen=seen, amount=Decimal(75000), year=year)
            for by in (decider(), decider())
        ]
    )

    assert [type(each) for each in results if isinstance(each, workflow.StepRefused)] == [workflow.WrongState]
    assert Decision.objects.count() == 1
