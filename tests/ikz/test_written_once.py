from datetime import UTC, datetime

import pytest
from django.db.models import Subquery

from applications.models import Application
from applications.turns import Turn
from ikz import clock
from tests.factories import case_in

pytestmark = pytest.mark.django_db


def sql_of(queryset):
    return str(queryset.query)


def test_copies_of_a_query_share_what_is_written(monkeypatch):
    cases = Application.objects.with_turn()
    first = sql_of(cases.filter(pk__in=[1, 2]))
    monkeypatch.delattr(Subquery, "as_sql")  # to write it anew would fail

    assert sql_of(cases.filter(pk__in=[3, 4])) == first.replace("IN (1, 2)", "IN (3, 4)")


def test_it_is_written_anew_on_the_next_day():
    cases = Application.objects.with_turn()
    days = [datetime(2026, 3, day, 12, tzinfo=UTC) for day in (30, 31)]
    written = []
    for day in days:
        with clock.at(day):
            written.append(sql_of(cases))

    assert "2026-03-30" in written[0]
    assert written[1] == written[0].replace("2026-03-30", "2026-03-31")


@pytest.mark.parametrize("is_asked_before", [False, True])
def test_inside_another_query_it_speaks_of_the_tables_there(is_asked_before):
    at_clerk, at_lead = case_in("agreement_signed"), case_in("paid")
    cases = Application.objects.at_turn(Turn.LEAD)
    if is_asked_before:
        assert list(cases) == [at_lead]

    assert list(Application.objects.filter(pk__in=cases.values("pk"))) == [at_lead]
    assert list(Application.objects.exclude(pk__in=cases.values("pk"))) == [at_clerk]
