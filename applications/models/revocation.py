"""A revocation, of the whole grant or of a part: what was revoked, and what of it was paid and comes back."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from applications.models.belongs_to_case import BelongsToCase
from applications.models.cooperation import not_in_the_future
from applications.models.decision import Decision
from ikz.columns import acted_at, acted_by, euros_field


class RevocationQuerySet(models.QuerySet):
    def to_be_repaid(self):
        """What was asked back, and nobody has written down that it came."""
        return self.filter(repayment__gt=0, repaid_on=None)


class Revocation(BelongsToCase, models.Model):
    """Written by the steps `revoke` and `revoke_part`; the step `record_repayment` adds that the money came back."""

    decision = models.ForeignKey(
        Decision,
        models.PROTECT,  # what was revoked stays traceable
        related_name="revocations",
        verbose_name="Bewilligung",
    )
    amount = euros_field("Widerrufen (€)", validators=[MinValueValidator(Decimal("0.01"))])
    repayment = euros_field("Zu erstatten (€)", help_text="Was davon schon ausgezahlt war.")
    reason = models.TextField("Gründe")
    legal_basis = models.CharField("Rechtsgrundlage", max_length=300)
    known_on = models.DateField(
        "Gründe bekannt seit",
        null=True,
        blank=True,
        validators=[not_in_the_future],
        help_text="Von diesem Tag an lief die Jahresfrist.",
    )
    interest_since = models.DateField("Zinsen vom Tag nach", null=True, blank=True)
    interest_until = models.DateField("Zinsen bis", null=True, blank=True)
    interest = euros_field("Zinsen (€)", default=Decimal(0))
    due_on = models.DateField("Zu zahlen bis", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who decided stays known
        related_name="+",
        verbose_name="widerrufen von",
    )
    revoked_at = models.DateTimeField("widerrufen am")
    repaid_on = models.DateField("erstattet am", null=True, blank=True, validators=[not_in_the_future])
    repaid_by = acted_by("Erstattung festgehalten")
    repaid_at = acted_at("Erstattung festgehalten")

    objects = RevocationQuerySet.as_manager()

    class Meta:
        verbose_name = "Widerruf"
        verbose_name_plural = "Widerrufe"
        ordering = ["decision", "pk"]
        indexes = [
            # What still has to come back, by its day.
            models.Index(
                fields=["due_on"], condition=Q(repayment__gt=0, repaid_on=None), name="revocation_to_be_repaid"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="revocation_of_some_amount",
                condition=Q(amount__gt=0),
                violation_error_message="Ein Widerruf nennt einen Betrag über 0 €.",
            ),
            models.CheckConstraint(
                name="revocation_repays_no_more_than_it_revokes",
                condition=Q(repayment__gte=0, repayment__lte=F("amount")),
                violation_error_message="Zu erstatten ist höchstens, was widerrufen wird.",
            ),
            models.CheckConstraint(
                name="revocation_repayment_has_a_due_date",
                condition=Q(repayment=0) | Q(due_on__isnull=False),
                violation_error_message="Eine Erstattung braucht einen Tag, bis zu dem gezahlt wird.",
            ),
            models.CheckConstraint(
                name="revocation_interest_has_its_days",
                condition=Q(interest=0) | Q(interest_since__isnull=False, interest_until__isnull=False),
                violation_error_message="Zinsen brauchen den Tag, von dem an, und den Tag, bis zu dem sie zählen.",
            ),
            models.CheckConstraint(
                name="revocation_repaid_by_and_at",
                condition=Q(repaid_on=None, repaid_by=None, repaid_at=None)
                | Q(repaid_on__isnull=False, repaid_by__isnull=False, repaid_at__isnull=False, repayment__gt=0),
                violation_error_message="Zu einer Erstattung gehören ihr Tag, und wer sie wann festgehalten hat.",
            ),
        ]

    def __str__(self):
        return f"Widerruf {self.decision.application}"

    @property
    def asked_back(self):
        """What has to come back by the day, with interest, in euros."""
        return self.repayment + self.interest

    @property
    def case(self):
        return self.decision.application
