"""The case list takes at most twelve queries, whatever is chosen."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications.admin.case_filters import CASE_FILTERS
from applications.models import Application
from tests.applications.test_case_list import LIST
from tests.factories import (
    ApplicationFactory,
    CooperationFactory,
    CorrectionRequestFactory,
    FileNoteFactory,
    MunicipalityFactory,
    case_in,
    clerk,
)

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year
# What is chosen → queries of a later visit. The first one also keeps the selection: one more.
QUERIES = {
    "clerk=me": 10,
    "clerk=none": 10,
    "turn=me": 10,
    "turn=participants": 10,
    "turn=decider": 10,
    "state=open": 10,
    "state=drafted": 10,
    "corrections=overdue": 10,
    "corrections=open": 10,
    "due=overdue": 11,
    "due=soon": 11,
    "due=archive": 11,
    "variant=standard": 11,
    "task_field=bauhof": 10,
    "region=064": 10,
    "district=06431": 10,
    "year=2026": 10,
    f"decided={YEAR}": 10,
    "received_on__year=2026": 11,
    "received_on__year=2026&received_on__month=9": 11,
    "received_on__year=2026&received_on__month=9&received_on__day=1": 10,
    "q=Bauhof": 11,
    "q=LK+Bergstrasse+Bauhof": 11,
    f"q=IKZ-{YEAR}-": 10,
    "o=-6": 11,
}


def test_every_filter_is_among_them():
    asked = {query.partition("=")[0] for query in QUERIES}

    assert {each.parameter_name for each in CASE_FILTERS} <= asked


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_at_most_twelve_queries_whatever_is_chosen(client, rows):
    me, kreis = clerk(), MunicipalityFactory(ags="06431", name="Bergstraße", kind="district")
    for _ in range(rows):
        _one_for_each_choice(me, kreis)
    client.force_login(me)

    asked = {query: [_queries(client, query, rows) for _visit in ("first", "later")] for query in QUERIES}

    assert asked == {query: [number + 1, number] for query, number in QUERIES.items()}
    assert max(first for first, _later in asked.values()) <= 12


def _one_for_each_choice(me, kreis):
    today = timezone.localdate()
    late = ApplicationFactory(by=me, cooperation=CooperationFactory(participants=[kreis]))
    CorrectionRequestFactory(application=late, due_on=today - timedelta(days=1))
    FileNoteFactory(application=ApplicationFactory(by=me, clerk=None), follow_up_on=today)
    ApplicationFactory(by=me, complete=True)
    for state in ("checked", "approved"):
        case_in(state)
    Application.objects.filter(pk=case_in("rejected").pk).update(state_since=datetime(2009, 5, 1, tzinfo=UTC))


def _queries(client, query, rows):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"{LIST}?{query}")
    assert len(response.context["cl"].result_list) >= rows
    return len(queries)
