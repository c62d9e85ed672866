"""Changing the facts of a case outside its steps: only while the case is open, and never over somebody else's change."""

import hashlib
import json
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

CLOSED = "Der Fall steht auf „{state}“ und kann nicht mehr geändert werden. Bitte nehmen Sie zuerst den letzten Schritt zurück."


def why_closed(application) -> str | None:
    """The sentence of why facts of the case may not change now, or None."""
    if application is None or application.is_open_for_changes:
        return None
    return CLOSED.format(state=application.get_state_display())


@contextmanager
def open_for_writing(application):
    """Write facts while the case's row is locked, so that no step is taken on facts that are just changing.

    Raises PermissionDenied with the sentence of why, if the case was closed in the meantime.
    """
    with transaction.atomic():
        locked = type(application).objects.select_for_update().get(pk=application.pk)
        if closed := why_closed(locked):
            raise PermissionDenied(closed)
        yield locked


def fingerprint(record, *parts) -> str:
    """What a person saw of a record and its parts: differs as soon as one of their fields differs."""
    rows = [
        [
            each._meta.label,
            each.pk,
            {field.attname: getattr(each, field.attname) for field in each._meta.concrete_fields},
        ]
        for each in (record, *parts)
    ]
    return hashlib.sha256(json.dumps(rows, cls=DjangoJSONEncoder, sort_keys=True, default=str).encode()).hexdigest()
