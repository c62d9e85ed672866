"""One way in for a file: checked, hashed, stored once, never changed."""

import hashlib
from dataclasses import dataclass

from applications.models import StoredFile
from applications.models.stored_file import Scan

MAX_BYTES = 25 * 1024 * 1024


class Refused(Exception):
    """The file is not taken. The message says how to mend it."""


@dataclass(frozen=True)
class Checked:
    sha256: str
    size: int
    pages: int


def check(upload) -> Checked:
    if upload.size > MAX_BYTES:
        raise Refused("Die Datei ist größer als 25 MB. Bitte speichern Sie sie kleiner und laden Sie sie erneut hoch.")
    content = upload.read()
    upload.seek(0)
    if not content.startswith(b"%PDF-"):
        raise Refused("Die Datei ist kein PDF. Bitte speichern Sie das Dokument als PDF und laden Sie es erneut hoch.")
    return Checked(hashlib.sha256(content).hexdigest(), len(content), 1)


def store(upload, checked: Checked, *, application, participant, purpose, by) -> StoredFile:
    return StoredFile.objects.create(
        application=application,
        participant=participant,
        purpose=purpose,
        file=upload,
        original_name=upload.name,
        sha256=checked.sha256,
        size=checked.size,
        pages=checked.pages,
        scan=Scan.UNSCANNED,
        uploaded_by=by,
    )
