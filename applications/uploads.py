"""One way in for a file: its structure checked, scanned for viruses, stored once under its content, never changed."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from applications import file_names, pdf_check
from applications.models import Message, StoredFile
from applications.models.stored_file import Scan
from ikz import antivirus

MOST_AT_ONCE = 20  # files of one form: each takes a look of its own, and whoever sent them waits for all
TOO_MANY = (
    "Sie haben {number} Dateien auf einmal gesendet, möglich sind {most}. Es wurde keine gespeichert. Bitte senden Sie sie in "
    "mehreren Teilen."
)
UNDECIDED_SCANS = (antivirus.PENDING, antivirus.UNSCANNED)


class Refused(Exception):
    """The file is not taken and nothing is kept. The message says how to mend it."""


class Infected(Refused):
    """The scanner objects to the file, whose checksum is kept so that the same file is told of once."""

    def __init__(self, finding: str, sha256: str):
        self.sha256 = sha256
        super().__init__(finding)


@dataclass(frozen=True)
class Checked:
    """A file that may be stored: what is known of it, and what the scanner said."""

    facts: pdf_check.PdfFacts
    scan: antivirus.ScanResult


def check(upload) -> Checked:
    """Look at an uploaded file before anything is written. Raises Refused."""
    limits = pdf_check.Limits(max_bytes=settings.IKZ_MAX_UPLOAD_BYTES)
    try:
        facts = pdf_check.check(upload.file, limits=limits, refuse=settings.IKZ_PDF_REFUSE)
    except pdf_check.Refused as refusal:
        raise Refused(refusal.sentence) from refusal
    scan = antivirus.scan(upload.file)
    if scan.status == antivirus.INFECTED:
        raise Infected(scan.detail, facts.sha256)
    upload.seek(0)
    return Checked(facts, scan)


def look_at(files) -> None:
    """Leave the verdict, Checked or Refused, with each file of a request: before anything is locked, as it takes time."""
    uploads = _each(files)
    too_many = len(uploads) > MOST_AT_ONCE
    for upload in uploads:
        if too_many:
            upload.verdict = Refused(TOO_MANY.format(number=len(uploads), most=MOST_AT_ONCE))
            continue
        try:
            upload.verdict = check(upload)
        except Refused as refusal:
            upload.verdict = refusal


def tell_of_infected(files, *, application, participant, by) -> None:
    """Tell the clerk of what the scanner objected to; whoever brought it reads so in the form. Nothing was kept."""
    for upload in _each(files):
        if isinstance(upload.verdict, Infected):
            Message.objects.announce(
                application,
                "document_infected",
                key=f"refused:{application.pk}:{upload.verdict.sha256}",
                by=by,
                participant=participant,
                uploader=by,
                what=file_names.clean(upload.name),
                finding=str(upload.verdict),
                is_kept=False,
            )


def _each(files):
    return [upload for _name, uploads in files.lists() for upload in uploads]


def store(upload, checked: Checked, *, application, participant, purpose, by) -> StoredFile:
    """Keep a checked file as a new version; older ones stay."""
    facts, scan = checked.facts, checked.scan
    return StoredFile.objects.create(
        application=application,
        participant=participant,
        purpose=purpose,
        file=upload,
        original_name=file_names.clean_pdf(upload.name),
        sha256=facts.sha256,
        size=facts.size,
        pages=facts.pages,
        pdfa=facts.pdfa,
        scan=Scan(scan.status),
        scan_detail=scan.detail[:200],
        scanned_at=None if scan.status in UNDECIDED_SCANS else timezone.now(),
        uploaded_by=by,
    )
