"""How a demonstration case is known: by a UUID made from its key, and by the account that opened it."""

import uuid

from applications.models import Application

NAMESPACE = uuid.UUID("6d0a4f0e-2f6b-5b5e-9a52-0f3c8d7e1b64")
LOADER = "demodaten@ikz.example"


def case_uuid(key):
    """The UUID of the case with this key of fixtures/, the same in every database."""
    return uuid.uuid5(NAMESPACE, key)


def loaded():
    """The UUIDs of the demonstration cases that are there."""
    return set(_opened_by_the_loader(Application.objects).values_list("uuid", flat=True))


def real_cases():
    """Cases that people opened: beside them no demonstration case may stand."""
    return Application.objects.exclude(pk__in=_opened_by_the_loader(Application.objects).values("pk"))


def _opened_by_the_loader(applications):
    return applications.filter(history__sequence=1, history__by__email=LOADER)


def missing(records):
    """The records (dicts with a key) whose case is not there yet."""
    present = loaded()
    return [record for record in records if case_uuid(record["key"]) not in present]
