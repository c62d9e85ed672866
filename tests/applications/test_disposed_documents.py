"""What becomes of the documents of a deleted file: they leave the store with the last case that holds them."""

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.urls import reverse

from applications import disposal
from applications.models import (
    StoredFile,
)
from applications.tidying import tidy
from tests.disposal_factories import answered_case, documents_of
from tests.factories import (
    PDF,
    ApplicationFactory,
    StoredFileFactory,
    case_in,
    clerk,
    decider,
)

pytestmark = pytest.mark.django_db


def test_document_that_another_case_holds_too_stays(client, executed):
    case, other = answered_case(), case_in("paid")
    shared = other.files.first()
    assert shared.file.name in documents_of(case)

    executed(case, decider())

    client.force_login(clerk())
    assert default_storage.exists(shared.file.name)
    assert b"".join(client.get(reverse("document", args=[shared.uuid]))) == PDF


def test_last_of_two_cases_takes_the_shared_document_with_it(executed):
    case, other = answered_case(), answered_case()
    names = documents_of(case)
    assert names == documents_of(other)

    executed(case, decider())
    executed(other, decider())

    assert [name for name in names if default_storage.exists(name)] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in from the beginning")
def test_document_that_is_brought_again_meanwhile_stays():
    case, other, by = answered_case(), ApplicationFactory(), decider()
    name, stored, deleted = documents_of(case)[0], Event(), Event()

    def bring():
        try:
            with transaction.atomic():
                StoredFileFactory(application=other, uploaded_by=by)
                stored.set()
                assert deleted.wait(10)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        bringing = pool.submit(bring)
        assert stored.wait(10)
        disposal.delete_file(case, by=by)
        deleted.set()
        bringing.result()

    assert StoredFile.objects.get().file.name == name
    assert default_storage.exists(name)


def test_document_whose_time_was_renewed_is_left_to_the_daily_sweep(executed):
    case = answered_case()
    name, *_others = documents_of(case)
    os.utime(default_storage.path(name))  # somebody brings it, whose row is not committed yet

    executed(case, decider())

    assert default_storage.exists(name)
    assert tidy(older_than_seconds=0).orphans == [name]
