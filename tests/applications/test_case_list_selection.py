"""What somebody filters and sorts the case list by is kept with the account."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applications.models import FieldChange
from ikz.models import User
from tests.applications.test_case_list import LIST
from tests.factories import clerk

pytestmark = pytest.mark.django_db


def test_selection_is_there_after_the_next_sign_in():
    me, other = clerk(), clerk()
    choosing, next_day, somebody = Client(), Client(), Client()
    for browser, person in ((choosing, me), (next_day, me), (somebody, other)):
        browser.force_login(person)

    choosing.get(f"{LIST}?state=checked&clerk=me&o=-6&p=1")

    assert next_day.get(LIST).url == f"{LIST}?state=checked&clerk=me&o=-6"
    assert somebody.get(LIST).status_code == 200
    next_day.get(f"{LIST}?fresh=1")
    assert choosing.get(LIST).status_code == 200


def test_selection_is_kept_by_one_update_and_is_no_change_of_the_account(client):
    me = clerk()
    client.force_login(me)
    client.get(f"{LIST}?fresh=1")
    changes = FieldChange.objects.count()

    with CaptureQueriesContext(connection) as queries:
        client.get(f"{LIST}?q=Bauhof")

    written = [each["sql"] for each in queries if not each["sql"].startswith("SELECT")]
    assert [sql.partition(" SET ")[0] for sql in written] == ['UPDATE "ikz_user"']
    assert User.objects.get(pk=me.pk).case_list_selection == "q=Bauhof"
    assert FieldChange.objects.count() == changes


def test_selection_that_cannot_be_shown_is_forgotten(client):
    client.force_login(clerk())

    client.get(f"{LIST}?gibt_es=nicht")
    client.get(LIST, follow=True)

    assert client.get(LIST).status_code == 200
