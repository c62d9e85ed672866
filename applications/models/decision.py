"""The decisions that grant money, and bind the budget that it comes from."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from applications.models.belongs_to_case import BelongsToCase
from applications.models.budget import Budget
from ikz import clock
from ikz.columns import acted_at, acted_by, euros_field


class DecisionQuerySet(models.QuerySet):
    def binding(self):
        return self.filter(annulled_at=None)


class Decision(BelongsToCase, models.Model):
    """A grant. An annulled one stays, with who, when and why."""

    application = models.ForeignKey(
        "applications.Application",
        models.PROTECT,  # the decision must stay traceable
        related_name="decisions",
        verbose_name="Fall",
    )
    budget = models.ForeignKey(
        Budget,
        models.PROTECT,  # the decision must stay traceable
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name="Haushalt",
        help_text="Leer bei Altfällen, die vor diesem Verfahren entschieden wurden.",
    )
    amount = euros_field("Zuwendung (€)", validators=[MinValueValidator(0)])
    proposed_amount = euros_field(
        "Vorschlag (€)",
        null=True,
        blank=True,
        help_text="Leer, wenn die Variante keinen festen Betrag kennt.",
    )
    revoked_amount = euros_field("davon widerrufen (€)", default=Decimal(0), editable=False)
    released_amount = euros_field(
        "davon widerrufen, bevor es ausgezahlt war (€)",
        default=Decimal(0),
        editable=False,
    )
    reason = models.TextField("Begründung der Abweichung", blank=True)
    purpose = models.TextField("Zuwendungszweck", blank=True)
    starts_on = models.DateField("Bewilligungszeitraum von", null=True, blank=True)
    ends_on = models.DateField("Bewilligungszeitraum bis", null=True, blank=True)
    report_due_on = models.DateField("Verwendungsnachweis bis", null=True, blank=True)
    payment_rule = models.TextField("Auszahlung", blank=True)
    legal_basis = models.CharField("Rechtsgrundlage", max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # the decision must stay traceable
        related_name="+",
        verbose_name="entschieden von",
    )
    decided_at = models.DateTimeField("entschieden am")
    annulled_by = acted_by("zurückgenommen", editable=True)
    annulled_at = acted_at("zurückgenommen", editable=True)
    annulled_reason = models.TextField("zurückgenommen, weil", blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "Entscheidung"
        verbose_name_plural = "Entscheidungen"
        ordering = ["application", "pk"]
        indexes = [models.Index(fields=["decided_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(annulled_at=None),
                name="decision_one_binding_per_case",
                violation_error_message="Dieser Fall ist schon entschieden.",
            ),
            models.CheckConstraint(
                name="decision_amount_positive",
                condition=Q(amount__gt=0),
                violation_error_message="Die Zuwendung muss größer als 0 € sein.",
            ),
            models.CheckConstraint(
                name="decision_revokes_no_more_than_it_grants",
                condition=Q(released_amount__gte=0)
                & Q(released_amount__lte=models.F("revoked_amount"))
                & Q(revoked_amount__lte=models.F("amount")),
                violation_error_message="Widerrufen ist höchstens, was bewilligt ist.",
            ),
            models.CheckConstraint(
                name="decision_deviation_has_a_reason",
                condition=Q(proposed_amount__isnull=False, amount=models.F("proposed_amount")) | ~Q(reason=""),
                violation_error_message="Ein anderer Betrag als der Vorschlag braucht eine Begründung.",
            ),
            models.CheckConstraint(
                name="decision_period_in_order",
                condition=Q(starts_on=None, ends_on=None)
                | Q(starts_on__isnull=False, ends_on__isnull=False, starts_on__lte=models.F("ends_on")),
                violation_error_message="Der Bewilligungszeitraum braucht Beginn und Ende, in dieser Reihenfolge.",
            ),
            models.CheckConstraint(
                name="decision_report_after_the_start",
                condition=Q(report_due_on=None) | Q(starts_on=None) | Q(report_due_on__gte=models.F("starts_on")),
                violation_error_message="Der Verwendungsnachweis kann nicht vor dem Beginn fällig sein.",
            ),
            models.CheckConstraint(
                name="decision_annulled_by_and_at",
                condition=Q(annulled_by=None, annulled_at=None, annulled_reason="")
                | (Q(annulled_by__isnull=False, annulled_at__isnull=False) & ~Q(annulled_reason="")),
                violation_error_message="Eine Rücknahme braucht Person, Zeitpunkt und Grund.",
            ),
        ]

    def __str__(self):
        return f"Zuwendung {self.application}"

    @property
    def is_binding(self):
        return self.annulled_at is None

    @property
    def standing(self):
        """What is left after revocations, in euros."""
        return self.amount - self.revoked_amount

    @property
    def bound(self):
        """What the budget has to hold ready or has paid, in euros. Money that comes back does not return to it."""
        return self.amount - self.released_amount

    def annul(self, *, by, reason):
        self.annulled_by, self.annulled_at, self.annulled_reason = by, clock.now(), reason
        self.save()

    def terms(self) -> dict[str, object]:
        """What another decision on the same case takes over."""
        names = ("proposed_amount", "purpose", "starts_on", "ends_on", "report_due_on", "payment_rule", "legal_basis")
        return {name: getattr(self, name) for name in names}

    def note_revocation(self, revocation, *, was_paid):
        """What was paid does not return to the budget, whether it comes back or stays where it is."""
        self.revoked_amount += revocation.amount
        self.released_amount += Decimal(0) if was_paid else revocation.amount
        self.save()

    @property
    def case(self):
        return self.application
