"""Files whose years of keeping are over, and records of deleted ones."""

import os
import time
from datetime import date, timedelta

import factory
from django.core.files.storage import default_storage
from django.utils import timezone
from factory.django import DjangoModelFactory

from applications import disposal
from applications.models import Application, ArchiveAnswer, Deletion
from tests.factories import case_in, clerk
from tests.programme_factories import VariantFactory


def ended_long_ago(state="completed", **fields):
    """To be offered to the Landesarchiv."""
    case = case_in(state, **fields)
    years = case.variant.programme.retention_years + 2
    Application.objects.filter(pk=case.pk).update(state_since=timezone.now() - timedelta(days=366 * years))
    return Application.objects.with_case().get(pk=case.pk)


def answer(case, **fields):
    day = disposal.kept_until(case) + timedelta(days=30)
    facts = {"offered_on": day, "answered_on": day, "verdict": "worthless", "recorded_by": clerk(), **fields}
    return ArchiveAnswer.objects.create(application=case, **facts)


def answered_case(state="completed", **fields):
    """May be deleted."""
    case = ended_long_ago(state)
    answer(case, **fields)
    return Application.objects.with_case().get(pk=case.pk)


class DeletionFactory(DjangoModelFactory):
    class Meta:
        model = Deletion

    application_key = factory.Sequence(lambda number: 900_000 + number)
    file_number = factory.Sequence(lambda number: f"IKZ-2009-{number:04d}")
    variant = factory.SubFactory(VariantFactory)
    last_state = "completed"
    ended_on = date(2010, 5, 1)
    kept_until = date(2020, 12, 31)
    verdict = "worthless"
    answered_on = date(2021, 3, 1)
    documents = 4
    seals = factory.LazyFunction(lambda: [["2010-05-01T09:00:00+00:00", "a" * 64]])
    deleted_on = date(2021, 4, 1)


def documents_of(case):
    """The names of its documents, which lie in the store for hours, as those of every real file do."""
    names = sorted(set(case.files.values_list("file", flat=True)))
    hours_ago = time.time() - 2 * 3600
    for name in names:
        os.utime(default_storage.path(name), (hours_ago, hours_ago))
    return names
