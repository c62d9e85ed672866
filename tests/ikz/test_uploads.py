"""Uploads too large for memory wait on the disk, which may be full."""

import errno
import os
import time

import pytest
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client

from applications.models import StoredFile
from applications.tidying import tidy
from tests.applications.portal.browsing import pdf, post, seen, url
from tests.applications.portal.test_documents import RESOLUTION
from tests.factories import ApplicationFactory
from tests.municipal_people import member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, settings):
    """Where a person is who brings a document that does not fit into memory."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 100
    case = ApplicationFactory()
    participant = case.participants[1]
    client.force_login(member_of(participant.municipality))
    return url("resolution", case, participant.pk)


def full(*args, **kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("step", ["new_file", "receive_data_chunk", "file_complete"])
@pytest.mark.parametrize("checks_tokens", [True, False])
def test_full_disk_says_so_and_leaves_nothing(client, page, settings, monkeypatch, step, checks_tokens):
    given = RESOLUTION | {"upload": pdf(), "seen": seen(client, page)}
    monkeypatch.setattr(TemporaryFileUploadHandler, step, full)
    visitor = Client(enforce_csrf_checks=checks_tokens)
    visitor.cookies = client.cookies

    response = visitor.post(page, given)

    assert response.status_code == 503
    assert "Ihre letzte Eingabe wurde nicht gespeichert." in response.content.decode()
    assert StoredFile.objects.count() == 0
    assert list(settings.FILE_UPLOAD_TEMP_DIR.glob("*.upload*")) == []


def test_other_fault_of_the_disk_is_not_called_full(client, page, monkeypatch):
    def broken(*args):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", broken)
    client.raise_request_exception = False

    assert client.post(page, RESOLUTION | {"upload": pdf()}).status_code == 500


def test_document_that_does_not_fit_into_memory_is_kept(client, page, settings):
    assert post(client, page, RESOLUTION | {"upload": pdf()}).status_code == 302

    assert StoredFile.objects.count() == 1
    assert list(settings.FILE_UPLOAD_TEMP_DIR.glob("*.upload*")) == []


def test_upload_of_a_killed_process_is_swept(settings):
    left, growing = (settings.FILE_UPLOAD_TEMP_DIR / name for name in ("tmpa.upload.pdf", "tmpb.upload.pdf"))
    for path in (left, growing):
        path.touch()
    os.utime(left, (time.time() - 7200,) * 2)

    assert tidy(older_than_seconds=3600, dry_run=True).parts == 1
    assert left.exists()
    assert tidy(older_than_seconds=3600).parts == 1
    assert (left.exists(), growing.exists()) == (False, True)
