"""The people of `python -m tests.load traffic` with few cases: they find their work, or the run ends with a sentence."""

from datetime import date
from io import StringIO
from itertools import islice

import pytest
from django.core.management import call_command

from applications.generated.cases import fill_up_to
from tests.load.people import Clerk, Decider, Municipality, TooFewCases
from tests.load.traffic import complete_what_deciders_need

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("kind", "what"),
    [(Clerk, "anybody can look at"), (Decider, "anybody can look at"), (Municipality, "still take documents")],
)
def test_people_without_cases_are_told_what_is_missing(kind, what):
    with pytest.raises(TooFewCases) as refusal:
        kind(0, port=0)

    assert str(refusal.value) == f"Too few cases: 1 that {what} are needed. Give more --cases or fewer --users."


def test_people_with_few_cases_find_work_all_day_and_one_too_many_is_told_what_is_missing():
    call_command("load_register", stdout=StringIO())
    call_command("load_programmes", stdout=StringIO())
    fill_up_to(200, TODAY)
    complete_what_deciders_need()

    days = [
        list(islice(person.day(), 500)) for person in (Clerk(0, port=0), Decider(1, port=0), Municipality(1, port=0))
    ]
    with pytest.raises(TooFewCases) as refusal:
        Clerk(400, port=0)

    assert [len(day) for day in days] == [500, 500, 500]
    assert {name for name, _act, _went_well in days[0] if "Seite " in name} == {"Fallliste, Seite 4"}
    assert (
        str(refusal.value) == "Too few cases: 201 that can be checked are needed. Give more --cases or fewer --users."
    )
