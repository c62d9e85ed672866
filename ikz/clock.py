"""What time it is for whoever records something. Only the demonstration ever lives in the past (a test holds it to that)."""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    return _moment.get() or timezone.now()


def today() -> date:
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The day of a moment in Germany. No other zone is ever active, which spares the stock's slow question for it."""
    return moment.astimezone(timezone.get_default_timezone()).date()


@contextmanager
def at(moment: datetime):
    """Record what follows as if it were this moment."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
