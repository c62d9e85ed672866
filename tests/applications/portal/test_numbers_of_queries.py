"""No page of the portal asks the database more than fifteen times, even where the session is renewed on the way."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.journeys.portal_pages import PAGES, furnish

pytestmark = pytest.mark.django_db

MOST = 15
QUERIES = {
    "start": 15,
    "inbox": 8,
    "case": 11,
    "resolution": 13,
    "resolution_submitted": 13,
    "expenditure": 11,
    "expenditure_after": 11,
    "agreement": 12,
    "other_documents": 11,
    "opinion": 13,
    "usage_report": 12,
    "bank_account": 11,
    "people": 8,
    "invite": 5,
    "end_access": 9,
    "correction": 12,
    "common_data": 12,
    "new": 7,
    "draft_basics": 11,
    "draft_partners": 10,
    "draft_details": 7,
    "draft_expenditure": 7,
    "draft_hand_in": 9,
    "handed_in": 10,
    "withdraw": 9,
}


def test_pages_of_a_furnished_town_take_few_queries_while_the_session_is_renewed(client):
    town = furnish()

    numbers = {name: _number_of_queries(client, town, name) for name in PAGES}

    assert numbers == QUERIES
    assert max(numbers.values()) <= MOST


def _number_of_queries(client, town, name):
    client.force_login(town.person(name))
    session = client.session
    session["begun"] -= 120
    session.pop("renewed", None)  # that of the page before
    session.save()
    address = town.url(name)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
