import errno
import hashlib
import io
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import InMemoryStorage, default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile

from ikz.storage import (
    ContentAddressed,
    DocumentFolder,
    StoreAway,
    content_name,
    is_intact,
    sha256_of,
    stored_names,
)

ROOT = Path(__file__).resolve().parents[2]
CONTENT = b"%PDF-1.7 Beschluss"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
NAME = f"{SHA256[:2]}/{SHA256[2:4]}/{SHA256}.pdf"


class Bucket(ContentAddressed, InMemoryStorage):
    """Stands for S3: another storage of Django's interface."""


def store(file, *, storage=default_storage):
    """The name under which it lies there."""
    return storage.save("dokument.pdf", File(file))


@pytest.fixture
def folder(tmp_path):
    return DocumentFolder(location=tmp_path / "documents", base_url=None)


@pytest.fixture(params=["folder", "bucket"])
def storage(request, folder):
    return folder if request.param == "folder" else Bucket()


def files_in(storage):
    root = Path(storage.location)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def content_of(storage, name):
    with storage.open(name) as file:
        return file.read()


class Broken(io.BytesIO):
    """Ends in an error after its first part, as an interrupted upload does."""

    def __init__(self):
        super().__init__(b"x" * 200_000)

    def read(self, size=-1):
        if self.tell() > 0:
            raise ConnectionResetError("gone")
        return super().read(size)


@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
def test_full_disk_takes_nothing_and_says_so(folder, monkeypatch, reason):
    def full(descriptor):
        raise OSError(reason, os.strerror(reason))

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(StoreAway, match="antwortet nicht"):
        store(io.BytesIO(CONTENT), storage=folder)
    assert files_in(folder) == []


def test_interrupted_write_leaves_no_file(folder):
    with pytest.raises(ConnectionResetError):
        store(Broken(), storage=folder)

    assert files_in(folder) == []


WRITE_FOR_EVER = """
import io, sys
from django.conf import settings
settings.configure()
from django.core.files.base import File
from ikz.storage import DocumentFolder
class Endless(io.RawIOBase):
    def read(self, size=-1):
        print("writing", flush=True)
        return b"x" * 65536
    def seek(self, *position):
        return 0
DocumentFolder(location=sys.argv[1]).save("dokument.pdf", File(Endless()))
"""


def test_killed_process_leaves_a_part_that_tidying_up_removes(folder):
    writer = subprocess.Popen([sys.executable, "-c", WRITE_FOR_EVER, folder.location], cwd=ROOT, stdout=subprocess.PIPE)
    with writer:
        writer.stdout.readline()
        writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
        writer.stdout.read()

    assert list(stored_names(folder)) == []
    assert len(files_in(folder)) == 1
    assert folder.remove_abandoned(older_than_seconds=3600) == 0
    assert folder.remove_abandoned(older_than_seconds=-1) == 1
    assert files_in(folder) == []


def test_file_gets_the_name_of_its_content(storage):
    kept = store(io.BytesIO(CONTENT), storage=storage)

    assert kept == NAME
    assert content_of(storage, NAME) == CONTENT
    assert list(stored_names(storage)) == [NAME]


def test_file_is_stored_from_its_beginning(storage):
    file = io.BytesIO(CONTENT)
    file.read()

    assert store(file, storage=storage) == NAME


def test_default_storage_is_used_where_none_is_given(settings, tmp_path):
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "ikz.storage.DocumentFolder"}}

    assert store(io.BytesIO(CONTENT)) == NAME
    assert is_intact(NAME)
    assert list(stored_names()) == [NAME]
    assert (Path(settings.MEDIA_ROOT) / NAME).read_bytes() == CONTENT


def test_storage_takes_what_a_file_field_gives(folder):
    assert folder.save("Beschluss.PDF", ContentFile(CONTENT)) == NAME


def test_large_upload_is_copied_and_not_moved(folder):
    content = os.urandom(300_000)
    with TemporaryUploadedFile("Beschluss.pdf", "application/pdf", len(content), None) as upload:
        upload.write(content)

        kept = store(upload, storage=folder)

        assert content_of(folder, kept) == content
        assert Path(upload.temporary_file_path()).exists()


def test_equal_file_is_not_written_again_but_counts_as_new(folder):
    store(io.BytesIO(CONTENT), storage=folder)
    path = Path(folder.path(NAME))
    os.utime(path, (1, 1))
    inode = path.stat().st_ino

    assert store(io.BytesIO(CONTENT), storage=folder) == NAME
    assert path.stat().st_ino == inode
    assert time.time() - path.stat().st_mtime < 60
    assert files_in(folder) == [NAME]


def test_equal_file_in_a_bucket_is_sent_again_so_that_its_time_is_renewed():
    bucket = Bucket()
    store(io.BytesIO(CONTENT), storage=bucket)
    before = bucket.get_modified_time(NAME)

    assert store(io.BytesIO(CONTENT), storage=bucket) == NAME
    assert bucket.get_modified_time(NAME) > before


def test_damaged_file_is_noticed_and_replaced_by_an_intact_copy(folder, caplog):
    store(io.BytesIO(CONTENT), storage=folder)
    Path(folder.path(NAME)).write_bytes(b"tampered")
    assert not is_intact(NAME, folder)

    store(io.BytesIO(CONTENT), storage=folder)

    assert is_intact(NAME, folder)
    assert caplog.messages == [f"Stored document {NAME} differs from its checksum; an intact copy replaces it."]


def test_twenty_equal_uploads_at_once_are_one_file(folder):
    content = os.urandom(200_000)

    with ThreadPoolExecutor(20) as pool:
        kept = set(pool.map(lambda _: store(io.BytesIO(content), storage=folder), range(20)))

    assert len(kept) == 1
    assert files_in(folder) == [kept.pop()]


@pytest.mark.parametrize(("mode", "found"), [(0o640, 0o640), (None, 0o644)])
def test_file_has_the_mode_of_the_settings(tmp_path, settings, mode, found):
    folder = DocumentFolder(location=tmp_path, file_permissions_mode=mode)

    store(io.BytesIO(CONTENT), storage=folder)

    assert Path(folder.path(NAME)).stat().st_mode & 0o777 == found


def test_other_files_are_not_ours_to_tidy(folder):
    for name in ("ab/notes.txt", "ab/cd/notes.txt", "cd/ab/" + SHA256 + ".pdf", "README"):
        path = Path(folder.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    assert list(stored_names(folder)) == []


def test_empty_storage_holds_nothing(folder):
    assert list(stored_names(folder)) == []
    assert folder.remove_abandoned(older_than_seconds=0) == 0


@pytest.mark.parametrize(
    ("name", "ending"),
    [("a.pdf", ".pdf"), ("a.PDF", ".pdf"), ("a", ""), ("a.tar.gz", ".gz"), ("a.ä", ""), ("a.verylongone", "")],
)
def test_only_a_plain_ending_is_kept(name, ending):
    assert content_name(SHA256, name) == f"{SHA256[:2]}/{SHA256[2:4]}/{SHA256}{ending}"


def test_checksum_is_read_from_the_name():
    assert sha256_of(NAME) == SHA256


@pytest.mark.parametrize("name", ["", "Beschluss.pdf", f"aa/bb/{SHA256}.pdf", f"{NAME}/..", SHA256])
def test_other_names_promise_no_checksum(name):
    with pytest.raises(ValueError, match="is not made from a checksum"):
        sha256_of(name)
