"""Documents are scanned anew: those that the scanner has not seen yet, and whatever somebody asks for.

Several processes may do so at once: each claims a document before it scans, and a claim of a killed process ends by
itself.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from applications.models import Message, StoredFile
from applications.models.stored_file import Scan
from ikz import antivirus, storage
from ikz.german import counted

logger = logging.getLogger(__name__)
CLAIM = timedelta(minutes=10)  # far longer than a scan may take (IKZ_CLAMD_SECONDS)
GONE = "Das Dokument fehlt in der Ablage."
VERDICTS = (Scan.CLEAN, Scan.INFECTED)
AWAY = (
    "Der Virenscanner oder die Ablage ist nicht erreichbar oder antwortet zu langsam. Die übrigen Dokumente warten auf "
    "die nächste Prüfung."
)
WHY_AWAY = (antivirus.UNREACHABLE, antivirus.TOO_SLOW, storage.AWAY)


@dataclass
class Rescan:
    """How many documents ended as what: a status of ikz/antivirus.py, or None for one that somebody else has or is locked.

    `is_away` when the scanner or the store did not answer, or not in time, so that the rest has to wait.
    """

    outcomes: Counter = field(default_factory=Counter)
    is_away: bool = False

    def __str__(self):
        found = self.outcomes
        return (
            f"{counted(found[Scan.CLEAN], 'Dokument', 'Dokumente')} ohne Befund, {found[Scan.INFECTED]} beanstandet, "
            f"{found[Scan.PENDING] + found[Scan.UNSCANNED]} weiter ungeprüft, {found[None]} übergangen."
        )


def are_left_to_a_worker() -> bool:
    """Whether what somebody asks for is done by a worker; else by the web process, at once as at an upload.

    Without a scanner nobody has to be waited for.
    """
    return bool(settings.IKZ_CLAMD) and not settings.IKZ_MAIL_AT_ONCE


def rescan_all(documents, *, limit: int, is_stopping: Callable[[], bool] = lambda: False) -> Rescan:
    """Scan these documents, at most so many; looks before each whether whoever asked is stopping."""
    done = Rescan()
    for stored in list(documents[:limit]):
        if is_stopping():
            break
        result = rescan(stored)
        done.outcomes[result and result.status] += 1
        if result and result.detail in WHY_AWAY:
            done.is_away = True
            break
    return done


def rescan(stored) -> antivirus.ScanResult | None:
    """Ask the scanner about one document and keep what it says; None if somebody else is at it or it is locked already.

    None too if somebody tried since it was read: whoever works through a list comes to what others have done meanwhile.
    Takes no lock while the scanner works. What was found infected once stays so: only a person can bring it anew.
    """
    claim = timezone.now()
    free = Q(scan_claimed_at=None) | Q(scan_claimed_at__lt=claim - CLAIM)
    untouched = StoredFile.objects.filter(free, pk=stored.pk, scan_tried_at=stored.scan_tried_at)
    open_ones = untouched.exclude(scan=Scan.INFECTED)
    if not open_ones.update(scan_claimed_at=claim, scan_tried_at=claim):
        return None
    result = _scanned(stored)
    with transaction.atomic():
        held = StoredFile.objects.select_for_update().filter(pk=stored.pk, scan_claimed_at=claim).first()
        if held is None:
            return None  # it took so long that somebody else has claimed it since
        _keep(held, result)
    return result


def _scanned(stored) -> antivirus.ScanResult:
    """The scanner's answer; a document that is gone has none."""
    try:
        with stored.file.open("rb") as content:
            return antivirus.scan(content)
    except FileNotFoundError:
        logger.error("Stored document %s is gone.", stored.uuid)
        return antivirus.ScanResult(antivirus.PENDING, GONE)
    except storage.StoreAway:
        return antivirus.ScanResult(antivirus.PENDING, storage.AWAY)


def _keep(stored, result):
    """A verdict counts; no verdict leaves a former one as it is, and somebody who asked for one waits on.

    Except for what is gone: that has no other answer to come, and the daily sweep names it until it is found.
    """
    began, stored.scan_claimed_at = stored.scan_claimed_at, None
    is_answered = result.status in VERDICTS or result.detail == GONE
    if is_answered and stored.scan_requested_at and stored.scan_requested_at <= began:
        stored.scan_requested_by = stored.scan_requested_at = None
    if result.status in VERDICTS or stored.scan not in VERDICTS:
        stored.scan, stored.scan_detail = Scan(result.status), result.detail[:200]
        stored.scanned_at = timezone.now() if result.status in VERDICTS else None
    request = ["scan_requested_by", "scan_requested_at"]
    stored.save(update_fields=["scan", "scan_detail", "scanned_at", *request, "scan_claimed_at"])
    if stored.scan == Scan.INFECTED:
        _tell(stored)


def _tell(stored):
    Message.objects.announce(
        stored.application,
        "document_infected",
        key=f"infected:{stored.uuid}",
        participant=stored.participant,
        uploader=stored.uploaded_by,
        what=stored.original_name,
        finding=stored.scan_detail,
        is_kept=True,
    )
