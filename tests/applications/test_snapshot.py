"""The proof of the history while people work."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.db import connection

from applications import evidence, workflow
from applications.models import Application
from tests.factories import case_in

pytestmark = pytest.mark.django_db(transaction=True)


def _take(application):
    try:
        return workflow.take(application, "collect_resolutions", by=application.clerk)
    finally:
        connection.close()


def test_step_taken_meanwhile_is_no_false_alarm():
    application = case_in("drafted")

    with ThreadPoolExecutor(1) as pool:
        with evidence.snapshot():
            before = Application.objects.get()
            step = pool.submit(_take, application)
            wait([step], timeout=1)  # done on PostgreSQL; SQLite lets it in afterwards
            proof = evidence.prove(before)
        step.result()

    assert (proof.entries, proof.broken) == (1, None)
    after = evidence.prove(Application.objects.get())
    assert (after.entries, after.broken) == (2, None)
