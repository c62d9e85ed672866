"""Correction requests (Nachforderungen): what the ministry asks of whom, and what became of each item."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from applications.models.belongs_to_case import BelongsToCase
from applications.models.case_record import CaseRecord
from applications.models.cooperation import Participant
from applications.unlocks import SETTLED
from ikz import clock
from ikz.columns import acted_at, acted_by, both_or_neither


class CorrectionRequestQuerySet(models.QuerySet):
    def unanswered(self):
        """Open requests in which a municipality still has to do something."""
        return self.filter(Q(items=None) | Q(items__state="open"), closed_at=None).distinct()


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
    closed_by = acted_by("erledigt")
    closed_at = acted_at("erledigt")
    closing_note = models.CharField("Ergebnis", max_length=200, blank=True)

    objects = CorrectionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "Nachforderung"
        verbose_name_plural = "Nachforderungen"
        ordering = ["application", "due_on"]
        indexes = [models.Index(fields=["due_on"], condition=Q(closed_at=None), name="correction_open")]
        constraints = [
            both_or_neither(
                "correction_closed_by_and_at",
                "closed",
                "Wer eine Nachforderung erledigt hat und wann, gehört zusammen.",
            ),
        ]

    def __str__(self):
        return f"Nachforderung „{self.subject}“"

    @property
    def is_open(self):
        return self.closed_at is None

    @property
    def is_unanswered(self):
        """CorrectionRequestQuerySet.unanswered() says the same in SQL."""
        items = list(self.items.all())
        return self.is_open and (not items or any(each.state == ItemState.OPEN for each in items))

    def asks_for(self, kind):
        """Whether an item about this is not settled yet."""
        return any(each.kind == kind and not each.is_settled for each in self.items.all())

    def close(self, *, by, note=""):
        """End it. Raises ValidationError while an item is not settled and no note says why; such items are withdrawn."""
        unsettled = [item for item in self.items.all() if not item.is_settled]
        if unsettled and not note:
            raise ValidationError(
                "Noch sind nicht alle Punkte erledigt. Bitte prüfen Sie sie oder begründen Sie den Abschluss."
            )
        for item in unsettled:
            item.settle(ItemState.WITHDRAWN, by=by)
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


class CommonField(models.TextChoices):
    """The fields of the cooperation that a correction request may open one by one."""

    TITLE = "title", "Vorhaben"
    PURPOSE = "purpose", "Zweck"
    TASK_FIELD = "task_field", "Aufgabenfeld"
    LEGAL_FORM = "legal_form", "Rechtsform"
    STARTS_ON = "starts_on", "Beginn der Zusammenarbeit"
    OZG_GOALS = "ozg_goals", "OZG-Ziele"
    GOALS_DESCRIPTION = "goals_description", "Beschreibung der OZG-Ziele"
    BRIGADES = "brigades", "Zahl der Ortsteilfeuerwehren"


class ItemState(models.TextChoices):
    OPEN = "open", "offen"
    SUBMITTED = "submitted", "eingereicht"
    ACCEPTED = "accepted", "erledigt"
    WITHDRAWN = "withdrawn", "zurückgenommen"


class CorrectionItem(BelongsToCase, models.Model):
    """One thing that is asked: open until the municipality submits it, and again while what came does not suffice."""

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
    field = models.CharField(
        "nur diese Angabe",
        max_length=30,
        choices=CommonField.choices,
        blank=True,
        help_text="Nur bei „Angaben zum Vorhaben“. Leer: alle Angaben.",
    )
    text = models.CharField("Was fehlt", max_length=300)
    state = models.CharField("Stand", max_length=20, choices=ItemState.choices, default=ItemState.OPEN, editable=False)
    answer = models.TextField("Antwort", blank=True, editable=False)
    refusal = models.TextField("Warum es nicht genügt", blank=True, editable=False)
    submitted_by = acted_by("eingereicht")
    submitted_at = acted_at("eingereicht")
    settled_by = acted_by("abgeschlossen")
    settled_at = acted_at("abgeschlossen")

    class Meta:
        verbose_name = "Punkt"
        verbose_name_plural = "Punkte"
        ordering = ["request", "pk"]
        constraints = [
            both_or_neither(
                "correction_item_submitted_by_and_at",
                "submitted",
                "Wer einen Punkt eingereicht hat und wann, gehört zusammen.",
            ),
            models.CheckConstraint(
                name="correction_item_submitted_has_a_time",
                condition=~Q(state="submitted") | Q(submitted_at__isnull=False),
                violation_error_message="Ein eingereichter Punkt braucht einen Zeitpunkt.",
            ),
            models.CheckConstraint(
                name="correction_item_settled_by_and_at",
                condition=Q(settled_by=None, settled_at=None, state__in=["open", "submitted"])
                | Q(settled_by__isnull=False, settled_at__isnull=False, state__in=["accepted", "withdrawn"]),
                violation_error_message="Wer einen Punkt abgeschlossen hat und wann, gehört zum Stand.",
            ),
            models.CheckConstraint(
                name="correction_item_field_of_common_data",
                condition=Q(field="") | Q(kind="common_data"),
                violation_error_message="Eine einzelne Angabe lässt sich nur bei „Angaben zum Vorhaben“ wählen.",
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def case(self):
        return self.request.application

    @property
    def is_settled(self):
        return self.state in SETTLED

    def settle(self, state, *, by):
        self.state, self.settled_by, self.settled_at = state, by, clock.now()
        self.save()
