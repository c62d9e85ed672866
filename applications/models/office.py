"""Supervisory offices (Landrat, Regierungspräsidium, ministry …) and the people who answer for them."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from applications.supervision import Authority
from municipalities.access import Access, ended_by_and_at, validity_in_order

ADDRESS_LINES = 6  # what the window of the envelope shows (DIN 5008)


class Office(models.Model):
    """A body that is asked for opinions. Opinions name it; its people see exactly the cases in which it was asked."""

    authority = models.CharField("Stelle", max_length=20, choices=Authority.choices)
    name = models.CharField("Bezeichnung", max_length=200)
    email = models.EmailField("E-Mail-Adresse", blank=True)
    address = models.TextField(
        "Anschrift",
        blank=True,
        help_text="Wie sie im Anschriftfeld stehen soll: Bezeichnung, Straße oder Postfach, Postleitzahl und Ort, je eine Zeile. "
        "Leer: die bekannte Anschrift, bei Landräten die des Landkreises im Register.",
    )

    class Meta:
        verbose_name = "beteiligte Stelle"
        verbose_name_plural = "beteiligte Stellen"
        ordering = ["authority", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "name"],
                name="office_once_by_name",
                violation_error_message="Diese Stelle gibt es schon.",
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if len(self.address_lines) > ADDRESS_LINES:
            raise ValidationError(
                {"address": f"Ins Anschriftfeld passen {ADDRESS_LINES} Zeilen. Bitte kürzen Sie die Anschrift."}
            )

    @property
    def address_lines(self) -> list[str]:
        return [line.strip() for line in self.address.splitlines() if line.strip()]


class OfficeMember(Access):
    """A person answers for a supervisory office."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who answered for an office stays known
        related_name="office_memberships",
        verbose_name="Person",
    )
    office = models.ForeignKey(
        Office,
        models.PROTECT,  # who answered for an office stays known
        related_name="members",
        verbose_name="Stelle",
    )

    class Meta:
        verbose_name = "Zugang einer Stelle"
        verbose_name_plural = "Zugänge der Stellen"
        ordering = ["office", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "office"],
                condition=Q(valid_to=None),
                name="office_member_one_open_per_person",
                violation_error_message="Diese Person hat schon einen Zugang zu dieser Stelle.",
            ),
            validity_in_order("office_member_validity_in_order"),
            ended_by_and_at("office_member_ended_by_and_at"),
        ]

    def __str__(self):
        return f"{self.user} für {self.office}"
