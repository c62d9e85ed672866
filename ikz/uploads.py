"""Uploads too large for memory: a file of FILE_UPLOAD_TEMP_DIR while their request lasts."""

from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from ikz import storage


class FileUploadHandler(TemporaryFileUploadHandler):
    """Django's own, to which a full disk is a store that takes nothing more."""

    def new_file(self, *args, **kwargs):
        with storage.full_means_away():
            super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data, start):
        with self._whole_or_gone():
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size):
        with self._whole_or_gone():
            return super().file_complete(file_size)

    @contextmanager
    def _whole_or_gone(self):
        with storage.full_means_away():
            try:
                yield
            except OSError:
                self.upload_interrupted()
                raise


def remove_abandoned(*, older_than_seconds: float, dry_run: bool = False) -> int:
    """Remove uploads whose process died, which nobody scanned; says how many. Each machine has its own folder of them."""
    uploads = Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload*")
    return storage.remove_parts(uploads, older_than_seconds=older_than_seconds, dry_run=dry_run)
