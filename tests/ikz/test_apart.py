"""What goes wrong in one part of the work is told, and stops no other."""

import logging

import pytest
from django.db import OperationalError

from ikz.apart import Apart


def test_error_is_logged_with_what_it_was_about(caplog):
    with Apart("Fall 7"):
        raise ValueError("day out of range")

    (record,) = caplog.records
    assert (record.levelno, record.getMessage()) == (logging.ERROR, "Fall 7: nicht erledigt, alles andere geht weiter.")
    assert str(record.exc_info[1]) == "day out of range"


@pytest.mark.parametrize("error", [OperationalError, KeyboardInterrupt])
def test_database_that_is_away_and_a_request_to_end_stop_everything(error, caplog):
    with pytest.raises(error), Apart("Fall 7"):
        raise error

    assert caplog.records == []


def test_nothing_is_logged_of_what_went_well(caplog):
    with Apart("Fall 7"):
        pass

    assert caplog.records == []
