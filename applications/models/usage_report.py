"""The report of use (Verwendungsnachweis): what the money was for in the end, and whether the ministry accepts it."""

from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from applications.models.belongs_to_case import BelongsToCase
from applications.models.cooperation import not_in_the_future
from applications.models.stored_file import StoredFile
from applications.savings import saving
from ikz import clock
from ikz.columns import euros_field
from ikz.german import euros


def _euros(label, help_text):
    return euros_field(label, validators=[MinValueValidator(Decimal(0))], help_text=help_text)


class Verdict(models.TextChoices):
    OPEN = "open", "noch nicht geprüft"
    ACCEPTED = "accepted", "angenommen"
    OBJECTED = "objected", "beanstandet"


class UsageReport(BelongsToCase, models.Model):
    """One for each case (VV Nr. 10 to LHO § 44). Handed in again it is looked at again."""

    application = models.OneToOneField(
        "applications.Application",
        models.PROTECT,  # the file of a case stays whole
        related_name="report_of_use",
        verbose_name="Fall",
        error_messages={"unique": "Zu diesem Fall gibt es schon einen Verwendungsnachweis. Bitte ändern Sie ihn."},
    )
    submitted_on = models.DateField("eingegangen am", validators=[not_in_the_future])
    text = models.TextField("Sachbericht", help_text="Was aus der Zusammenarbeit geworden ist und was erreicht wurde.")
    spent = _euros("Verwendete Zuwendung (€)", "Wie viel der Zuwendung für den Zweck ausgegeben ist.")
    personnel_after = _euros("Personalausgaben im Jahr jetzt (€)", "Alle Beteiligten zusammen, im letzten vollen Jahr.")
    material_after = _euros("Sachausgaben im Jahr jetzt (€)", "Alle Beteiligten zusammen, im letzten vollen Jahr.")
    file = models.ForeignKey(
        StoredFile,
        models.PROTECT,  # documents are evidence
        null=True,
        blank=True,
        related_name="+",
        verbose_name="PDF",
    )
    verdict = models.CharField("Prüfung", max_length=10, choices=Verdict.choices, default=Verdict.OPEN)
    note = models.TextField(
        "Ergebnis der Prüfung",
        blank=True,
        help_text="Bei einer Beanstandung liest die federführende Kommune diesen Text.",
    )
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who checked stays known
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="geprüft von",
    )
    judged_at = models.DateTimeField("geprüft am", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "Verwendungsnachweis"
        verbose_name_plural = "Verwendungsnachweise"
        ordering = ["application"]
        constraints = [
            models.CheckConstraint(
                name="usage_report_judged_by_and_at",
                condition=Q(verdict="open", judged_by=None, judged_at=None)
                | (~Q(verdict="open") & Q(judged_by__isnull=False, judged_at__isnull=False)),
                violation_error_message="Zu einer Prüfung gehören Person und Zeitpunkt.",
            ),
            models.CheckConstraint(
                name="usage_report_objection_says_why",
                condition=~Q(verdict="objected") | ~Q(note=""),
                violation_error_message="Bitte schreiben Sie, was an dem Nachweis fehlt.",
            ),
        ]

    def __str__(self):
        return f"Verwendungsnachweis {self.application}"

    def clean(self):
        granted = self._granted_when_it_came()
        if granted is not None and self.spent is not None and self.spent > granted:
            raise ValidationError({"spent": f"Bewilligt sind {euros(granted)}; mehr kann davon nicht ausgegeben sein."})

    def _granted_when_it_came(self):
        """In euros; what was revoked since may have been spent before. None while nobody can tell."""
        decision = self.application.decision
        if decision is None or self.submitted_on is None:
            return None
        earlier = [each for each in decision.revocations.all() if clock.day_of(each.revoked_at) < self.submitted_on]
        return decision.amount - sum(each.amount for each in earlier)

    @property
    def case(self):
        return self.application

    @property
    def is_at_ministry(self):
        """Handed in, and not objected to. An accepted one waits for the step that closes the case."""
        return not self.is_objected

    @property
    def is_accepted(self):
        return self.verdict == Verdict.ACCEPTED

    @property
    def is_objected(self):
        return self.verdict == Verdict.OBJECTED

    @property
    def saving(self):
        """What is saved in truth, counted like the promised saving; None while a figure of before is missing."""
        variant = self.application.variant
        before = (each.before(variant) for each in self.application.participants)
        personnel_only = variant.saving_basis == "personnel"
        return saving(before, self.personnel_after + (Decimal(0) if personnel_only else self.material_after))

    def hand_in_again(self):
        """Whatever the ministry said about the earlier version does not count any more."""
        self.submitted_on, self.verdict = clock.today(), Verdict.OPEN
        self.judged_by = self.judged_at = None

    def judge(self, by):
        """Say who judged it as the verdict stands; an open one nobody judged."""
        judged = self.verdict != Verdict.OPEN
        self.judged_by, self.judged_at = (by, clock.now()) if judged else (None, None)
