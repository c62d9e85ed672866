"""What time it is for whoever records something. Only the demonstration ever lives in the past (a test holds it to that)."""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    return _moment.get() or timezone.now()


def today() -> date:
    return timezone.localdate(now())


@contextmanager
def at(moment: datetime):
    """Record what follows as if it were this moment."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
