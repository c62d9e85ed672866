"""Letters that wait for the lock of their case while a colleague takes a step."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.db import connection, transaction

from applications import evidence, notices, workflow
from applications.letter_kinds import LetterKind
from applications.models import Notice
from applications.typesetting import LetterRefused
from tests.applications import letter_samples
from tests.factories import decider
from tests.stationery import stationery

pytestmark = pytest.mark.django_db(transaction=True)


def while_waiting(first, second):
    """What `second` returns or is refused with; it begins before `first` is committed, and has to wait for it."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            waiting = pool.submit(_to_its_end, second)
            wait([waiting], timeout=1)  # it waits for the row, or for the whole database
        return waiting.result()


def _to_its_end(action):
    try:
        return action()
    except LetterRefused as refusal:
        return str(refusal)
    finally:
        connection.close()


def test_letter_that_waited_for_a_step_enters_the_state_that_it_finds():
    stationery()
    application = letter_samples.case()

    while_waiting(
        lambda: workflow.take(application, "withdraw", by=application.clerk, reason="Schreiben der Stadt."),
        lambda: notices.issue(application, LetterKind.RECEIPT, by=application.clerk),
    )

    entries = application.history.order_by("sequence").values_list("step", "source", "target")
    assert list(entries)[1:] == [
        ("withdraw", "drafted", "withdrawn"),
        ("issue_letter", "withdrawn", "withdrawn"),
    ]
    application = type(application).objects.get()
    assert evidence.prove(application).broken is None


def test_correction_that_waited_refuses_a_letter_that_was_voided_meanwhile():
    stationery()
    wrong = letter_samples.issue(LetterKind.GRANT)
    as_it_was = Notice.objects.get()
    facts = {"by": wrong.application.clerk, "corrections": [("2013", "2031")], "refers_to": as_it_was}

    refusal = while_waiting(
        lambda: notices.void(wrong, by=decider(), reason="Nie versandt."),
        lambda: notices.issue(wrong.application, LetterKind.CORRECTING, **facts),
    )

    assert refusal == "Bitte wählen Sie ein gültiges Schreiben desselben Falls, auf das sich dieses bezieht."
    assert Notice.objects.count() == 1
