"""Documents: stored once, never changed. A newer version is another row; the older one stays."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Min, Q, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from applications.models.belongs_to_case import BelongsToCase
from ikz import clock
from ikz.columns import acted_at, acted_by, both_or_neither


class Purpose(models.TextChoices):
    RESOLUTION = "resolution", "Beschluss"
    AGREEMENT = "agreement", "Vereinbarung"
    OPINION = "opinion", "Stellungnahme"
    LETTER = "letter", "Schreiben der Behörde"
    REPORT = "report", "Verwendungsnachweis"
    OTHER = "other", "sonstige Unterlage"


class Scan(models.TextChoices):
    CLEAN = "clean", "geprüft, ohne Befund"
    INFECTED = "infected", "vom Virenscanner beanstandet"
    PENDING = "pending", "noch nicht geprüft"
    UNSCANNED = "unscanned", "nicht geprüft (kein Virenscanner eingerichtet)"


WAITING = (Scan.PENDING, Scan.UNSCANNED)
ASKED_FOR = Q(scan=Scan.CLEAN, scan_requested_at__isnull=False)
AWAITS_SCAN = Q(scan__in=WAITING) | ASKED_FOR
TRY_AGAIN_AFTER = timedelta(minutes=1)

WITHHELD = {
    Scan.INFECTED: "Der Virenscanner hat dieses Dokument beanstandet. Es ist gesperrt und wird nicht ausgegeben. Bitte "
    "fordern Sie es neu an oder laden Sie es neu hoch.",
    Scan.PENDING: "Dieses Dokument ist noch nicht auf Viren geprüft. Es wird ausgegeben, sobald die Prüfung ohne Befund "
    "ist. Bitte versuchen Sie es später noch einmal.",
}


class StoredFileQuerySet(models.QuerySet):
    def awaiting_scan(self):
        """Documents without a verdict on viruses, and clean ones of which somebody asked for another.

        Those to be tried next come first, then those whose last try is longest ago. So a document that never gets a
        verdict keeps no other one waiting.
        """
        return self.filter(AWAITS_SCAN).order_by(F("scan_tried_at").asc(nulls_first=True), "pk")

    def due_for_scan(self, now):
        """What of these shall be tried now. Without a scanner "unscanned" is the answer, and stays, as does "clean"."""
        rested = Q(scan_tried_at=None) | Q(scan_tried_at__lte=now - TRY_AGAIN_AFTER)
        due = self.awaiting_scan().filter(rested)
        return due if settings.IKZ_CLAMD else due.filter(scan=Scan.PENDING)

    def scan_awaited_since(self):
        """Since when the oldest scan is awaited: an upload the scanner did not answer, or what somebody asked for."""
        since = Case(When(scan=Scan.CLEAN, then="scan_requested_at"), default="uploaded_at")
        return self.filter(ASKED_FOR | Q(scan=Scan.PENDING)).aggregate(oldest=Min(since))["oldest"]

    def awaiting_requested_scan(self):
        """Of which somebody asked for another scan that is still to come: the same answer as awaits_another_scan."""
        return self.filter(AWAITS_SCAN, scan_requested_at__isnull=False)

    def ask_for_scan(self, *, by) -> int:
        """Let a worker scan them next; returns how many. The last verdict counts until then; an infected one for ever.

        Who asked first and when stays, so that a worker that stands still is told of.
        """
        asked = self.exclude(scan=Scan.INFECTED)
        since = Coalesce("scan_requested_at", timezone.now(), output_field=models.DateTimeField())
        return asked.update(
            scan_requested_by=Coalesce("scan_requested_by", by.pk), scan_requested_at=since, scan_tried_at=None
        )

    def visible_to(self, user):
        """Documents of the cases that the user may see.

        The ministry sees all; the lead all of its group's, a participant its own and the agreement; a supervisory office
        all but the opinions of others. Opinions are for the ministry and for the office that gave them.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        cases = self.model._meta.get_field("application").related_model.objects.visible_to(user)
        seen = self.filter(application__in=cases)
        if user.is_staff and user.has_perm("applications.view_storedfile"):
            return seen
        mine = [each.municipality_id for each in user.memberships_today]
        led = Q(application__cooperation__lead__in=mine)
        own = Q(participant__municipality__in=mine)
        common = Q(purpose=Purpose.AGREEMENT, application__cooperation__participants__municipality__in=mine)
        asked = Q(
            application__opinions__office__in=user.offices_today, application__opinions__requested_on__isnull=False
        )
        answered = Q(application__opinions__file=F("pk"), application__opinions__office__in=user.offices_today)
        return seen.filter(~Q(purpose=Purpose.OPINION) & (led | own | common | asked) | answered).distinct()


class StoredFile(BelongsToCase, models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(
        "applications.Application",
        models.PROTECT,  # documents are evidence
        related_name="files",
        verbose_name="Fall",
    )
    participant = models.ForeignKey(
        "applications.Participant",
        models.PROTECT,  # documents are evidence
        null=True,
        blank=True,
        related_name="files",
        verbose_name="Beteiligte",
    )
    purpose = models.CharField("Zweck", max_length=20, choices=Purpose.choices)
    file = models.FileField("Datei", max_length=200)
    original_name = models.CharField("Dateiname", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    size = models.PositiveBigIntegerField("Größe (Bytes)")
    pages = models.PositiveIntegerField("Seiten")
    pdfa = models.CharField("PDF/A (laut Datei)", max_length=10, blank=True)
    scan = models.CharField("Virenprüfung", max_length=10, choices=Scan.choices, default=Scan.PENDING)
    scan_detail = models.CharField("Befund", max_length=200, blank=True)
    scanned_at = models.DateTimeField("geprüft am", null=True, blank=True)
    # Until a scan that began later has a verdict.
    scan_requested_by = acted_by("erneute Prüfung angefordert")
    scan_requested_at = acted_at("erneute Prüfung angefordert")
    # Whoever scans it anew holds it until the verdict; the claim of a process that died ends by itself.
    scan_claimed_at = models.DateTimeField("Prüfung begonnen am", null=True, blank=True, editable=False)
    scan_tried_at = models.DateTimeField("Prüfung zuletzt versucht am", null=True, blank=True, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who brought a document stays known
        related_name="+",
        verbose_name="hochgeladen von",
    )
    uploaded_at = models.DateTimeField("hochgeladen am", default=clock.now, editable=False)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = "Dokument"
        verbose_name_plural = "Dokumente"
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="stored_file_verdict_has_a_time",
                condition=Q(scan__in=[Scan.PENDING, Scan.UNSCANNED]) | Q(scanned_at__isnull=False),
                violation_error_message="Ein Prüfergebnis braucht einen Zeitpunkt.",
            ),
            both_or_neither(
                "stored_file_scan_requested_by_and_at",
                "scan_requested",
                "Zur Anforderung einer erneuten Prüfung gehören Person und Zeitpunkt.",
            ),
        ]
        indexes = [
            # The list of documents shows the newest of a kind, and the few that the scanner objected to.
            models.Index(fields=["purpose", "-id"], name="stored_file_by_purpose"),
            models.Index(fields=["-id"], name="stored_file_infected", condition=Q(scan=Scan.INFECTED)),
            # Every worker asks every five seconds for the few that wait.
            models.Index(fields=["scan", "scan_tried_at"], name="stored_file_awaits_scan", condition=AWAITS_SCAN),
        ]

    def __str__(self):
        return self.original_name

    @property
    def case(self):
        return self.application

    @property
    def awaits_another_scan(self) -> bool:
        """Whether somebody asked for one that is still to come."""
        return self.scan_requested_at is not None and self.scan != Scan.INFECTED

    @property
    def why_withheld(self) -> str | None:
        """The sentence of why nobody gets this document now, or None.

        Where a scanner is configured, nothing leaves that it has not found clean.
        """
        unknown = self.scan == Scan.UNSCANNED and settings.IKZ_CLAMD
        return WITHHELD.get(Scan.PENDING if unknown else self.scan)
