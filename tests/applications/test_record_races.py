"""Forms of records that wait for the lock of their case while a step is taken."""

from concurrent.futures import ThreadPoolExecutor, wait
from decimal import Decimal
from time import monotonic, sleep

import pytest
from django.db import connection, transaction
from django.urls import reverse

from applications import workflow
from applications.models import Application, Budget, Opinion, Participant
from tests.factories import OpinionFactory, answers_for, case_in, decider, treasurer
from tests.municipal_people import member_of, officer_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in from the beginning")
@pytest.mark.parametrize("form", ["resolution", "application"])
def test_form_that_waited_for_the_check_changes_no_fact(client, form):
    application = case_in("agreement_signed")
    client.force_login(application.clerk)
    address, answers = _form_of(form, application, client)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            workflow.take(application, "check_application", by=application.clerk)
            posting = pool.submit(_post, client, address, answers)
            _wait_until_somebody_waits()
        response = posting.result()

    application = Application.objects.get()
    assert (response.status_code, application.state) == (200, "checked")
    assert application.few_participants_reason == ""
    assert application.participants[0].resolution.number == "12/2026"


def test_budget_that_waited_for_a_grant_does_not_fall_below_it(client):
    application = case_in("checked")
    budget = Budget.objects.get()
    client.force_login(treasurer())
    address = reverse("admin:applications_budget_change", args=[budget.pk])

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            workflow.take(application, "approve", by=decider(), **answers_for(application, "approve"))
            posting = pool.submit(_post, client, address, {"year": budget.year, "allocated": "100"})
            wait([posting], timeout=1)  # it waits for the row, or for the whole database
        response = posting.result()

    assert response.context["adminform"].form.errors == {
        "allocated": ["Gebunden sind schon 75.000 €; der Ansatz kann nicht darunter liegen."]
    }
    assert Budget.objects.get().allocated == Decimal(2000000)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in from the beginning")
@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("resolution", "ist inzwischen aus der Zusammenarbeit ausgeschieden. Ihre Eingaben wurden nicht gespeichert."),
        ("opinion", "Das Ministerium hat auf diese Stellungnahme verzichtet. Sie müssen nichts tun."),
    ],
)
def test_form_of_somebody_who_is_no_longer_asked_says_so(client, page, sentence):
    """Who left or was let off while the form waited for the lock."""
    application = case_in("drafted")
    participant = application.participants[1]
    opinion = OpinionFactory(
        application=application, name="Landrat", authority="landrat", received_on=None, recommendation=""
    )
    person, key = (
        (member_of(participant.municipality), participant.pk)
        if page == "resolution"
        else (officer_of(opinion), opinion.pk)
    )
    client.force_login(person)
    address = reverse(f"portal:{page}", args=[application.uuid, key])

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Application.objects.locked(application.pk)
            Participant.objects.filter(pk=participant.pk).update(left_on="2026-09-15", left_reason="Verzicht.")
            Opinion.objects.filter(pk=opinion.pk).update(waived_reason="Nicht mehr nötig.")
            posting = pool.submit(_post, client, address, {})
            _wait_until_somebody_waits()
        response = posting.result()

    assert (response.status_code, sentence in response.content.decode()) == (403, True)


def _form_of(form, application, client):
    if form == "resolution":
        address = reverse("admin:applications_resolution_change", args=[application.participants[0].resolution.pk])
        facts = {"number": "9", "is_positive": "on", "organ": "Gemeindevertretung", "resolved_on": "01.06.2026"}
    else:
        address = reverse("admin:applications_application_edit", args=[application.pk])
        facts = {"few_participants_reason": "Zu spät.", "variant": application.variant_id, "received_on": "01.09.2026"}
    return address, {"seen": client.get(address).context["adminform"].form["seen"].value(), **facts}


def _post(client, address, answers):
    try:
        return client.post(address, answers)
    finally:
        connection.close()


def _wait_until_somebody_waits():
    deadline = monotonic() + 10
    while monotonic() < deadline:
        with connection.cursor() as cursor:
            # In this database alone: the other process of the tests has one of its own on the same server.
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_locks WHERE database = "
                "(SELECT oid FROM pg_database WHERE datname = current_database()))"
            )
            if cursor.fetchone()[0]:
                return
        sleep(0.02)
    raise AssertionError("Nobody waits for the lock of the case.")
