"""Where documents lie: under a name made from their content, written once, byte by byte as they came.

`save()` chooses the name itself and returns it, as Django's storages may; a FileField keeps what it returns. The same
document brought twice is one file. STORAGES["default"] is the DocumentFolder of this file or, for S3, the DocumentBucket of
ikz/document_bucket.py.
"""

import errno
import hashlib
import logging
import os
import re
import tempfile
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, default_storage

logger = logging.getLogger(__name__)
INCOMING = "incoming"
NAME = re.compile(r"(?P<a>[0-9a-f]{2})/(?P<b>[0-9a-f]{2})/(?P<sha256>(?P=a)(?P=b)[0-9a-f]{60})(\.[a-z0-9]{1,8})?")


AWAY = "Die Ablage der Dokumente antwortet nicht."
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


class StoreAway(OSError):
    """The store of documents does not answer or takes nothing more. What was asked of it is not done."""

    def __str__(self):
        return AWAY


@contextmanager
def full_means_away():
    """A disk that takes nothing more, told as StoreAway."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        logger.error("The folder of documents is full or read-only: %s", errno.errorcode[error.errno])
        raise StoreAway from error


def content_name(sha256: str, name: str) -> str:
    ending = PurePath(name).suffix.lower()
    kept = ending if re.fullmatch(r"\.[a-z0-9]{1,8}", ending) else ""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}{kept}"


def sha256_of(name: str) -> str:
    """The checksum that a stored name promises; ValueError if it is no such name."""
    if not (match := NAME.fullmatch(name)):
        raise ValueError(f"{name!r} is not made from a checksum.")
    return match["sha256"]


def is_intact(name: str, storage: Storage | None = None) -> bool:
    """Whether the file still is what its name promises."""
    with (storage or default_storage).open(name) as file:
        return digest_of(file) == sha256_of(name)


def stored_names(storage: Storage | None = None) -> Iterator[str]:
    """Every document that lies there, for tidying up; what has another name is not ours to judge."""
    return (name for name in (storage or default_storage).names() if NAME.fullmatch(name))


def _walked(storage: Storage) -> Iterator[str]:
    """Whatever lies where a document may lie, folder by folder."""
    for first in _folders(storage, ""):
        for second in _folders(storage, first):
            yield from (f"{first}/{second}/{file}" for file in _files(storage, f"{first}/{second}"))


def _folders(storage: Storage, path: str) -> list[str]:
    return sorted(name for name in _listed(storage, path)[0] if re.fullmatch(r"[0-9a-f]{2}", name))


def _files(storage: Storage, path: str) -> list[str]:
    return sorted(_listed(storage, path)[1])


def _listed(storage: Storage, path: str) -> tuple[list[str], list[str]]:
    try:
        return storage.listdir(path)
    except FileNotFoundError:  # a folder comes with its first file
        return [], []


def digest_of(file) -> str:
    """SHA-256 of an open file, from where it stands to its end."""
    sha256 = hashlib.sha256()
    while block := file.read(File.DEFAULT_CHUNK_SIZE):
        sha256.update(block)
    return sha256.hexdigest()


class ContentAddressed:
    """For storages that write a file as a whole or not at all, such as S3: read once for the name, once to send.

    What lies there already is sent again: so its time is renewed, and tidying up spares it.
    """

    def get_available_name(self, name, max_length=None):
        return name  # the content decides

    def _save(self, name, content):
        content.seek(0)
        final = content_name(digest_of(content), name)
        content.seek(0)
        return super()._save(final, content)

    def names(self) -> Iterator[str]:
        return _walked(self)

    def remove_older(self, name: str, seconds: float, *, dry_run: bool = False) -> bool:
        """Whether the object is older than that; it is removed then.

        Such storages cannot ask and remove in one: whoever brings the same document in between loses it. The window is
        one request wide; a bucket with versions keeps what was removed, and the next sweep names what is missing.
        """
        if self.get_modified_time(name).timestamp() > time.time() - seconds:
            return False
        if not dry_run:
            self.delete(name)
        return True

    def remove_abandoned(self, *, older_than_seconds: float, dry_run: bool = False) -> int:
        """How many trials lay there whose process ended in their middle; of uploads such storages keep no parts."""
        left = [f"{INCOMING}/{name}" for name in _files(self, INCOMING)]
        return sum(self.remove_older(name, older_than_seconds, dry_run=dry_run) for name in left)

    def try_out(self) -> bool:
        """Whether what is written can be read again. OSError if the storage does not answer."""
        name, token = f"{INCOMING}/{uuid.uuid4().hex}.part", os.urandom(16)
        super()._save(name, ContentFile(token))
        try:
            with self.open(name) as file:
                return file.read() == token
        finally:
            self.delete(name)


class DocumentFolder(FileSystemStorage):
    """A folder. The file is hashed while it is written beside its place, and moved there when it is safely on the disk.

    Whatever interrupts this leaves nothing under a final name; a killed process leaves a part in `incoming/`, which
    remove_abandoned() takes away.
    """

    def get_available_name(self, name, max_length=None):
        return name  # the content decides

    def _save(self, name, content):
        incoming = Path(self.path(INCOMING))
        incoming.mkdir(parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(suffix=".part", dir=incoming)
        try:
            with full_means_away():
                final = content_name(self._write(descriptor, content), name)
                self._put_in_place(Path(part), final)
        finally:
            Path(part).unlink(missing_ok=True)
        return final

    def _write(self, descriptor: int, content: File) -> str:
        sha256 = hashlib.sha256()
        with os.fdopen(descriptor, "wb") as file:
            for chunk in content.chunks():
                sha256.update(chunk)
                file.write(chunk)
            file.flush()
            if self.file_permissions_mode is not None:
                os.fchmod(file.fileno(), self.file_permissions_mode)
            os.fsync(file.fileno())
        return sha256.hexdigest()

    def _put_in_place(self, part: Path, final: str) -> None:
        if self._lies_there(final):
            return
        place = Path(self.path(final))
        place.parent.mkdir(parents=True, exist_ok=True)
        part.replace(place)
        for folder in (place.parent, place.parent.parent, Path(self.location)):
            _sync_folder(folder)

    def _lies_there(self, final: str) -> bool:
        """Never written twice. Its time is renewed, as tidying up spares what is new, and somebody needs it now."""
        try:
            if is_intact(final, self):
                os.utime(self.path(final))
                return True
        except FileNotFoundError:
            return False
        logger.error("Stored document %s differs from its checksum; an intact copy replaces it.", final)
        return False

    def names(self) -> Iterator[str]:
        return _walked(self)

    def remove_older(self, name: str, seconds: float, *, dry_run: bool = False) -> bool:
        """Whether the object is older than that; it is removed then.

        Somebody may bring the same document in this moment: so it is taken aside first, and put back if its time was
        renewed meanwhile. Whoever comes later finds nothing and writes it anew.
        """
        place, border = Path(self.path(name)), time.time() - seconds
        if _modified(place) > border:
            return False
        if dry_run:
            return True
        aside = Path(self.path(INCOMING), f"{place.name}.part")
        aside.parent.mkdir(exist_ok=True)
        try:
            place.replace(aside)
        except FileNotFoundError:  # another run was faster
            return False
        if _modified(aside) > border:
            aside.replace(place)
            return False
        aside.unlink()
        return True

    def remove_abandoned(self, *, older_than_seconds: float, dry_run: bool = False) -> int:
        """Remove parts of uploads whose process died; says how many. Younger ones may still be growing."""
        parts = Path(self.path(INCOMING)).glob("*.part")
        return remove_parts(parts, older_than_seconds=older_than_seconds, dry_run=dry_run)

    def try_out(self) -> bool:
        """Whether what is written can be read again. OSError if not even that can be tried."""
        incoming, token = Path(self.path(INCOMING)), os.urandom(16)
        incoming.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(suffix=".part", dir=incoming) as part:
            part.write(token)
            part.flush()
            os.fsync(part.fileno())
            return Path(part.name).read_bytes() == token


def remove_parts(parts: Iterable[Path], *, older_than_seconds: float, dry_run: bool) -> int:
    border = time.time() - older_than_seconds
    abandoned = [part for part in parts if _modified(part) <= border]
    for part in [] if dry_run else abandoned:
        part.unlink(missing_ok=True)
    return len(abandoned)


def _modified(path: Path) -> float:
    """For ever young is what is gone meanwhile: another run removed it."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _sync_folder(folder: Path) -> None:
    """A moved file has its new name for good only when its folder is on the disk, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
