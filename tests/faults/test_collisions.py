"""Two clerks on one case, twenty deciders on one budget: through real web processes, as people really meet."""

from collections import Counter
from decimal import Decimal
from functools import partial

import pytest

from applications.models import Application, Budget, Decision, Entry
from municipalities.models import Municipality
from tests.factories import BudgetFactory, case_in, clerk, decider
from tests.faults.damage import Fault
from tests.faults.interruptions import all_at_once
from tests.web_client import Visitor, step_page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
ROUNDS = 10
DECIDERS = 20


def test_two_clerks_on_the_same_case(server):
    """Both opened the page, both press the button: one step is taken, the other person is told."""
    fault = Fault("two clerks on the same case")
    case = case_in("agreement_signed")
    people = [Visitor(person, server.port) for person in (case.clerk, clerk())]
    before = Entry.objects.count()

    for name, filled in [("check_application", {}), ("undo", {"reason": "Zurück."})] * (ROUNDS // 2):
        forms = [{**person.form(step_page(case, name)), **filled} for person in people]
        answers = all_at_once(
            [partial(each.post, step_page(case, name), form) for each, form in zip(people, forms, strict=True)]
        )
        fault.tried += len(answers)
        fault.acknowledged += sum(map(was_told_of_success, people, answers))
        assert {each.status for each in answers} <= {200, 302}

    fault.lost = before + fault.acknowledged - Entry.objects.count()
    assert fault.acknowledged == ROUNDS  # of each pair one; the other person reads who was faster
    assert fault.look_around().damage == (0, 0, 0, 0)


def was_told_of_success(person, answer) -> bool:
    """Who was faster reads so on the page of the case; the other one reads there, or above the form, who that was."""
    return answer.status == 302 and b'class="success"' in person.get(answer.location).body


def test_twenty_deciders_on_one_budget(server, letters):
    fault = Fault("20 deciders on one budget that is enough for 3", tried=DECIDERS)
    one_clerk = clerk()
    cases = [case_in("checked", by=one_clerk) for _ in range(DECIDERS)]
    BudgetFactory()
    Budget.objects.update(allocated=Decimal(225000))
    Municipality.objects.update(postal_code="64625")
    people = [Visitor(decider(), server.port) for _ in cases]
    forms = [person.form(step_page(case, "approve")) for person, case in zip(people, cases, strict=True)]

    answers = all_at_once(
        [
            partial(each.post, step_page(case, "approve"), form)
            for each, case, form in zip(people, cases, forms, strict=True)
        ]
    )

    fault.acknowledged = sum(each.status == 302 for each in answers)
    fault.lost = fault.acknowledged - Decision.objects.binding().count()
    assert Counter(each.status for each in answers) == {302: 3, 200: DECIDERS - 3}
    assert Counter(Application.objects.values_list("state", flat=True)) == {"approved": 3, "checked": DECIDERS - 3}
    assert Budget.objects.get().left() == 0
    assert fault.look_around().damage == (0, 0, 0, 0)
