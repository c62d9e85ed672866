"""What is paid to whom, put together by one person and released by another."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from applications import iban as ibans
from applications.models.case_record import CaseRecord
from ikz.columns import acted_at, acted_by, both_or_neither, euros_field
from ikz.german import euros
from municipalities.models import Municipality


class PaymentOrder(models.Model):
    """Zahlungsliste: prepared, then released as a whole. The file for the bank is stored as it was made."""

    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who ordered a payment stays known
        related_name="+",
        verbose_name="vorbereitet von",
    )
    prepared_at = models.DateTimeField("vorbereitet am")
    released_by = acted_by("freigegeben", editable=True)
    released_at = acted_at("freigegeben", editable=True)
    execute_on = models.DateField("Ausführung am", null=True, blank=True)
    file = models.TextField("Datei für die Bank", blank=True, help_text="pain.001.001.09, wie sie freigegeben wurde.")

    class Meta:
        verbose_name = "Zahlungsliste"
        verbose_name_plural = "Zahlungslisten"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="payment_order_released_as_a_whole",
                condition=Q(released_by=None, released_at=None, execute_on=None, file="")
                | (Q(released_by__isnull=False, released_at__isnull=False, execute_on__isnull=False) & ~Q(file="")),
                violation_error_message="Zur Freigabe gehören Person, Zeitpunkt, Ausführungstag und Datei.",
            ),
            models.CheckConstraint(
                name="payment_order_released_by_another",
                condition=Q(released_by=None) | ~Q(released_by=models.F("prepared_by")),
                violation_error_message="Wer eine Zahlungsliste vorbereitet, gibt sie nicht frei.",
            ),
        ]

    def __str__(self):
        return f"Zahlungsliste {self.pk}"

    @property
    def is_released(self):
        return self.released_at is not None

    @property
    def standing_payments(self):
        return [each for each in self.payments.all() if each.is_standing]

    @property
    def total(self):
        """In euros."""
        return sum(each.amount for each in self.standing_payments)

    @property
    def state_label(self):
        if self.is_released:
            return "freigegeben"
        return "vorbereitet" if self.standing_payments else "verworfen"


class PaymentQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(left_out_at=None)


class Payment(CaseRecord):
    """One transfer. Holder and IBAN are copies: what was released stays readable."""

    order = models.ForeignKey(
        PaymentOrder,
        models.PROTECT,  # what was paid stays known
        related_name="payments",
        verbose_name="Zahlungsliste",
    )
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,  # what was paid stays known
        related_name="payments",
        verbose_name="Kommune",
    )
    holder = models.CharField("Kontoinhaber", max_length=70)
    iban = models.CharField("IBAN", max_length=34)
    amount = euros_field("Betrag (€)", validators=[MinValueValidator(0)])
    left_out_by = acted_by("herausgenommen", editable=True)
    left_out_at = acted_at("herausgenommen", editable=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = "Zahlung"
        verbose_name_plural = "Zahlungen"
        ordering = ["order", "application", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "municipality"],
                condition=Q(left_out_at=None),
                name="payment_once_per_case_and_municipality",
                violation_error_message="Diese Kommune wird für diesen Fall schon bezahlt.",
            ),
            models.CheckConstraint(
                name="payment_positive",
                condition=Q(amount__gt=0),
                violation_error_message="Gezahlt wird mehr als 0 €.",
            ),
            both_or_neither("payment_left_out_by_and_at", "left_out", "Zum Herausnehmen gehören Person und Zeitpunkt."),
        ]

    def __str__(self):
        return f"{euros(self.amount)} an {self.holder}"

    @property
    def is_standing(self):
        return self.left_out_at is None

    @property
    def in_groups(self):
        return ibans.in_groups(self.iban)

    @property
    def why_not_undone(self):
        return f"Der Fall steht in der {self.order}. Bitte nehmen Sie ihn zuerst aus ihr heraus."

    @property
    def reference(self):
        """What the bank hands through from end to end; no two standing payments share it."""
        return f"{self.application.file_number}-{self.pk}"

    @property
    def remittance(self):
        return f"Zuwendung {self.application.file_number}"
