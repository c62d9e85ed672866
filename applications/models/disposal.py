"""The end of a file: what the Landesarchiv answered to its offer, and the record that stays when it is deleted."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from applications.models.belongs_to_case import BelongsToCase
from applications.models.budget import Budget
from applications.models.cooperation import not_in_the_future
from applications.models.programme import Variant
from applications.states import State
from ikz import clock
from ikz.columns import euros_field


class ArchiveVerdict(models.TextChoices):
    TAKEN = "taken", "archivwürdig: wird übernommen"
    WORTHLESS = "worthless", "nicht archivwürdig"


class ArchiveAnswer(BelongsToCase, models.Model):
    application = models.OneToOneField(
        "applications.Application",
        models.PROTECT,  # goes with the file alone
        related_name="archive_answer",
        verbose_name="Fall",
    )
    offered_on = models.DateField("angeboten am", validators=[not_in_the_future])
    answered_on = models.DateField("beantwortet am", validators=[not_in_the_future])
    verdict = models.CharField("Antwort", max_length=10, choices=ArchiveVerdict.choices)
    reference = models.CharField("Zeichen des Landesarchivs", max_length=100, blank=True)
    handed_over_on = models.DateField(
        "übergeben am",
        null=True,
        blank=True,
        validators=[not_in_the_future],
        help_text="Der Tag, an dem das Landesarchiv die Akte erhalten hat. Vorher wird sie nicht gelöscht.",
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # another person deletes
        related_name="+",
        verbose_name="eingetragen von",
        editable=False,
    )
    recorded_at = models.DateTimeField("eingetragen am", default=clock.now, editable=False)

    class Meta:
        verbose_name = "Antwort des Landesarchivs"
        verbose_name_plural = "Antworten des Landesarchivs"
        constraints = [
            models.CheckConstraint(
                name="archive_answered_after_the_offer",
                condition=Q(answered_on__gte=F("offered_on")),
                violation_error_message="Das Landesarchiv kann nicht vor dem Angebot geantwortet haben.",
            ),
            models.CheckConstraint(
                name="archive_takes_what_it_wants",
                condition=Q(handed_over_on=None)
                | Q(verdict=ArchiveVerdict.TAKEN, handed_over_on__gte=F("answered_on")),
                violation_error_message="Übergeben wird nach der Antwort, und nur, was das Landesarchiv übernimmt.",
            ),
        ]

    def __str__(self):
        return f"Antwort des Landesarchivs {self.application}"

    @property
    def case(self):
        return self.application

    @property
    def awaits_handover(self):
        return self.verdict == ArchiveVerdict.TAKEN and self.handed_over_on is None


class Deletion(models.Model):
    """Löschnachweis: that a file was deleted, when and why it could be. It names nobody and tells nothing of the content.

    `seals` are the moment and the hash of each entry of its history, in their order: [["2026-03-01T09:00:00+00:00", "…"]].
    With them every anchor that was ever printed can still be computed (evidence.py). `bound` is what the file's decision
    held of a line of the budget, in euros, so that the books of its year still add up.
    """

    application_key = models.BigIntegerField("Schlüssel des Falls", unique=True)
    file_number = models.CharField("Aktenzeichen", max_length=20, unique=True)
    variant = models.ForeignKey(
        Variant,
        models.PROTECT,  # under which rules it ran stays known
        related_name="deletions",
        verbose_name="Variante",
    )
    last_state = models.CharField("Stand am Ende", max_length=40, choices=State.choices)
    ended_on = models.DateField("beendet am")
    kept_until = models.DateField("aufbewahrt bis")
    verdict = models.CharField("Antwort des Landesarchivs", max_length=10, choices=ArchiveVerdict.choices)
    answered_on = models.DateField("beantwortet am")
    reference = models.CharField("Zeichen des Landesarchivs", max_length=100, blank=True)
    documents = models.PositiveIntegerField("Dokumente")
    seals = models.JSONField("Prüfsummen der Verfahrensgeschichte", default=list)
    budget = models.ForeignKey(
        Budget,
        models.PROTECT,  # the books stay whole
        null=True,
        blank=True,
        related_name="deletions",
        verbose_name="Haushalt",
    )
    bound = euros_field(
        "im Haushalt gebunden (€)",
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    is_paid = models.BooleanField("ausgezahlt", default=False)
    decided_in = models.PositiveSmallIntegerField("bewilligt im Jahr", null=True, blank=True)
    deleted_on = models.DateField("gelöscht am")

    class Meta:
        verbose_name = "Löschnachweis"
        verbose_name_plural = "Löschnachweise"
        ordering = ["-deleted_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="deletion_after_the_years_of_keeping",
                condition=Q(kept_until__gt=F("ended_on"), deleted_on__gt=F("kept_until"))
                & Q(answered_on__gt=F("kept_until"), deleted_on__gte=F("answered_on")),
                violation_error_message="Gelöscht wird nach der Aufbewahrung und nach der Antwort des Landesarchivs.",
            ),
            models.CheckConstraint(
                name="deletion_keeps_the_books",
                condition=Q(budget=None, bound=None) | Q(budget__isnull=False, bound__gte=0, decided_in__isnull=False),
                violation_error_message="Was im Haushalt gebunden war, bleibt mit Ansatz, Betrag und Jahr stehen.",
            ),
        ]

    def __str__(self):
        return f"Löschnachweis {self.file_number}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise ValidationError("Ein Löschnachweis kann nicht geändert werden.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise ValidationError("Ein Löschnachweis bleibt.")
