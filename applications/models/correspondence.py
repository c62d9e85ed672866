"""What is asked, answered and noted around a case: opinions, correction requests, judgements, file notes."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from applications.models.belongs_to_case import BelongsToCase
from applications.models.cooperation import Participant
from applications.models.office import Office
from applications.models.stored_file import StoredFile
from applications.rules import JUDGED, no_double_funding
from applications.supervision import Authority
from ikz import clock


class Recommendation(models.TextChoices):
    POSITIVE = "positive", "zustimmend"
    CONDITIONAL = "conditional", "zustimmend mit Hinweisen"
    NEGATIVE = "negative", "ablehnend"


class CaseRecord(BelongsToCase, models.Model):
    """What belongs to one case."""

    application = models.ForeignKey(
        "applications.Application",
        models.PROTECT,  # the file of a case stays whole
        related_name="%(class)ss",
        verbose_name="Fall",
    )

    class Meta:
        abstract = True

    @property
    def case(self):
        return self.application


class Opinion(CaseRecord):
    """The opinion of an authority: requested, then received or waived with a reason."""

    authority = models.CharField("Stelle", max_length=20, choices=Authority.choices)
    name = models.CharField("Bezeichnung", max_length=200)
    office = models.ForeignKey(
        Office,
        models.PROTECT,  # who was asked stays known
        editable=False,
        related_name="opinions",
        verbose_name="Stelle",
    )
    requested_on = models.DateField("angefordert am", null=True, blank=True)
    due_on = models.DateField("erbeten bis", null=True, blank=True)
    received_on = models.DateField("eingegangen am", null=True, blank=True)
    recommendation = models.CharField("Empfehlung", max_length=20, choices=Recommendation.choices, blank=True)
    text = models.TextField("Stellungnahme", blank=True)
    file = models.ForeignKey(
        StoredFile,
        models.PROTECT,  # documents are evidence
        null=True,
        blank=True,
        related_name="+",
        verbose_name="PDF",
    )
    waived_reason = models.TextField("Verzichtet, weil", blank=True)

    class Meta:
        verbose_name = "Stellungnahme"
        verbose_name_plural = "Stellungnahmen"
        ordering = ["application", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "authority", "name"],
                name="opinion_once_per_authority",
                violation_error_message="Diese Stelle ist schon um eine Stellungnahme gebeten.",
            ),
            models.CheckConstraint(
                name="opinion_received_says_what",
                condition=Q(received_on=None) | ~Q(recommendation=""),
                violation_error_message="Bitte wählen Sie die Empfehlung der eingegangenen Stellungnahme.",
            ),
        ]

    def __str__(self):
        return f"Stellungnahme {self.name}"

    def save(self, *args, **kwargs):
        self.waived_reason = self.waived_reason.strip()  # blanks waive nothing, in SQL as here
        self.office, _created = Office.objects.get_or_create(authority=self.authority, name=self.name)
        super().save(*args, **kwargs)

    @property
    def is_settled(self):
        return self.received_on is not None or bool(self.waived_reason)


class CorrectionRequest(CaseRecord):
    """What the ministry asks for (Nachforderung): items, a due date, and a state that follows from its dates."""

    subject = models.CharField("Betreff", max_length=200)
    text = models.TextField("Anschreiben", blank=True)
    due_on = models.DateField("fällig am")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who asked stays known
        related_name="+",
        editable=False,
        verbose_name="angefordert von",
    )
    requested_at = models.DateTimeField("angefordert am", default=clock.now, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who closed it stays known
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="erledigt von",
    )
    closed_at = models.DateTimeField("erledigt am", null=True, blank=True, editable=False)
    closing_note = models.CharField("Ergebnis", max_length=200, blank=True)

    class Meta:
        verbose_name = "Nachforderung"
        verbose_name_plural = "Nachforderungen"
        ordering = ["application", "due_on"]
        constraints = [
            models.CheckConstraint(
                name="correction_closed_by_and_at",
                condition=Q(closed_by=None, closed_at=None) | Q(closed_by__isnull=False, closed_at__isnull=False),
                violation_error_message="Wer eine Nachforderung erledigt hat und wann, gehört zusammen.",
            ),
        ]

    def __str__(self):
        return f"Nachforderung „{self.subject}“"

    @property
    def is_open(self):
        return self.closed_at is None

    def close(self, *, by, note=""):
        """End it. Raises ValidationError while an item is not ticked off and no note says why."""
        if not note and any(not item.is_done for item in self.items.all()):
            raise ValidationError(
                "Noch sind nicht alle Punkte erledigt. Bitte haken Sie sie ab oder begründen Sie den Abschluss."
            )
        self.closed_by, self.closed_at, self.closing_note = by, clock.now(), note
        self.save()


class Unlocks(models.TextChoices):
    """What a correction request opens again for exactly that participant."""

    RESOLUTION = "resolution", "Beschluss"
    EXPENDITURE = "expenditure", "Ausgaben bisher"
    AGREEMENT = "agreement", "Vereinbarung und Unterschriften"
    COMMON_DATA = "common_data", "Angaben zum Vorhaben"
    EXPENDITURE_AFTER = "expenditure_after", "Ausgaben nachher"
    OTHER = "other", "sonstige Unterlage"


class CorrectionItem(BelongsToCase, models.Model):
    request = models.ForeignKey(
        CorrectionRequest,
        models.CASCADE,  # an item is nothing without its request
        related_name="items",
        verbose_name="Nachforderung",
    )
    participant = models.ForeignKey(
        Participant,
        models.PROTECT,  # what was asked of whom stays known
        null=True,
        blank=True,
        related_name="correction_items",
        verbose_name="von",
        help_text="Leer: von der federführenden Kommune.",
    )
    kind = models.CharField(
        "betrifft", max_length=30, choices=Unlocks.choices, default=Unlocks.OTHER, help_text="Wird dafür freigegeben."
    )
    text = models.CharField("Was fehlt", max_length=300)
    is_done = models.BooleanField("erledigt", default=False)

    class Meta:
        verbose_name = "Punkt"
        verbose_name_plural = "Punkte"
        ordering = ["request", "pk"]

    def __str__(self):
        return self.text

    @property
    def case(self):
        return self.request.application


class Judgement(CaseRecord):
    """A person's answer to a rule that cannot be computed. The latest one counts; the older ones stay."""

    rule = models.CharField("Kriterium", max_length=60)
    answer = models.BooleanField("erfüllt")
    reason = models.TextField("Begründung")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who judged stays known
        related_name="+",
        verbose_name="beurteilt von",
    )
    at = models.DateTimeField("beurteilt am", default=clock.now, editable=False)
    seen_cases = models.JSONField(
        "ähnliche Fälle",
        default=list,
        blank=True,
        editable=False,
        help_text="Aktenzeichen der ähnlichen Fälle, die bei der Beurteilung bekannt waren.",
    )

    class Meta:
        verbose_name = "Beurteilung"
        verbose_name_plural = "Beurteilungen"
        ordering = ["application", "pk"]
        constraints = [
            models.CheckConstraint(
                name="judgement_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="Bitte begründen Sie die Beurteilung.",
            ),
        ]

    def __str__(self):
        known = JUDGED.get(self.rule)
        return f"„{known.label if known else self.rule}“: {'ja' if self.answer else 'nein'}"

    def save(self, *args, **kwargs):
        if self._state.adding and self.rule == no_double_funding.name:
            similar = type(self.application).objects.similar_to(self.application)
            self.seen_cases = [each.file_number for each in similar]
        super().save(*args, **kwargs)


class FileNote(CaseRecord):
    """A note for the file (Vermerk), with a follow-up date where something is to be done (Wiedervorlage)."""

    text = models.TextField("Vermerk")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who noted stays known
        related_name="+",
        editable=False,
        verbose_name="von",
    )
    at = models.DateTimeField("am", default=clock.now, editable=False)
    follow_up_on = models.DateField("Wiedervorlage am", null=True, blank=True)
    is_done = models.BooleanField("erledigt", default=False)

    class Meta:
        verbose_name = "Vermerk"
        verbose_name_plural = "Vermerke"
        ordering = ["application", "-pk"]

    def __str__(self):
        return self.text[:60]
