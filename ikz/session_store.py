"""Sessions that know whose they are: people see theirs, and a change of their keys ends the others.

Kept are no addresses and no browsers: when a session began and when it was last used tells which one it is.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls):
        return apps.get_model("ikz", "Session")

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        return row

    def save(self, must_create=False):
        """One that is there is renewed by one statement, which needs no savepoint: every minute of work pays for it."""
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        row = self.create_model_instance(self._get_session())
        kept = {"session_data": row.session_data, "expire_date": row.expire_date, "user_id": row.user_id}
        if not self.model.objects.filter(pk=row.pk).update(**kept):
            raise UpdateError  # somebody ended it meanwhile: it does not come back


@dataclass(frozen=True)
class Listed:
    begun: datetime
    last_used: datetime  # within a minute (idle_sessions.STEP)
    is_this: bool


def listed(user, this: str) -> list[Listed]:
    """The live sessions of an account, this one first, then the one used last."""
    told = [_told(row, this) for row in _live(user)]
    return sorted(told, key=lambda each: (each.is_this, each.last_used), reverse=True)


def end(user, *, but: str | None = None) -> int:
    """End the live sessions of an account, except the one with this key. Returns how many."""
    return _live(user).exclude(pk=but).delete()[0]


def end_all() -> int:
    return SessionStore.get_model_class().objects.all().delete()[0]


def _live(user):
    return SessionStore.get_model_class().objects.filter(user=user, expire_date__gt=timezone.now())


def _told(row, this):
    kept = row.get_decoded()
    begun = kept.get("begun", 0)
    return Listed(_moment(begun), _moment(kept.get("renewed", begun)), is_this=row.pk == this)


def _moment(timestamp):
    return datetime.fromtimestamp(timestamp, UTC)
