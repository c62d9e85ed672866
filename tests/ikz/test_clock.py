from datetime import UTC, date, datetime

from ikz import clock

MOMENT = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)  # half past midnight in Hessen


def test_a_moment_holds_as_long_as_it_is_said():
    with clock.at(MOMENT):
        assert (clock.now(), clock.today()) == (MOMENT, date(2026, 4, 1))
        with clock.at(datetime(2026, 5, 1, tzinfo=UTC)):
            assert clock.today() == date(2026, 5, 1)
        assert clock.now() == MOMENT

    assert clock.now() > MOMENT
