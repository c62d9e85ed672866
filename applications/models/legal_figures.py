"""Figures that a law or an authority sets for all cases from a day on. Data that the ministry keeps up to date."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from applications.interest import is_start_of_half_year
from ikz.german import day, percent


class DeliveryRule(models.Model):
    """So many days after posting a letter counts as received."""

    valid_from = models.DateField(
        "zur Post gegeben ab",
        unique=True,
        error_messages={"unique": "Für diesen Tag gibt es schon eine Zustellungsregel."},
        help_text="Die Regel gilt für alle Schreiben, die von diesem Tag an zur Post gegeben werden, bis zur nächsten.",
    )
    days = models.PositiveSmallIntegerField(
        "Tage bis zur Bekanntgabe", validators=[MinValueValidator(1), MaxValueValidator(14)]
    )
    source = models.TextField("Quelle")

    class Meta:
        verbose_name = "Zustellungsregel"
        verbose_name_plural = "Zustellungsregeln"
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                name="delivery_rule_some_days",
                condition=Q(days__gte=1),
                violation_error_message="Ein Schreiben gilt frühestens einen Tag nach der Aufgabe zur Post als bekannt gegeben.",
            ),
        ]

    def __str__(self):
        return f"{self.days} Tage ab {day(self.valid_from)}"


def starts_a_half_year(date):
    if not is_start_of_half_year(date):
        raise ValidationError("Der Basiszinssatz gilt ab dem 1. Januar oder dem 1. Juli (BGB § 247 Abs. 1).")


class BaseRate(models.Model):
    """The Basiszinssatz of a half-year, as the Bundesbank made it known; also where it did not change."""

    valid_from = models.DateField(
        "gültig ab",
        unique=True,
        validators=[starts_a_half_year],
        error_messages={"unique": "Für dieses Halbjahr ist schon ein Basiszinssatz eingetragen."},
        help_text="1. Januar oder 1. Juli. Bitte tragen Sie jedes Halbjahr ein, auch wenn der Satz gleich bleibt.",
    )
    percent = models.DecimalField(
        "Basiszinssatz (%)",
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(-5), MaxValueValidator(25)],
    )
    source = models.TextField("Quelle")

    class Meta:
        verbose_name = "Basiszinssatz"
        verbose_name_plural = "Basiszinssätze"
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                name="base_rate_plausible",
                condition=Q(percent__gte=-5, percent__lte=25),
                violation_error_message="Der Basiszinssatz muss zwischen −5 % und 25 % liegen.",
            ),
        ]

    def __str__(self):
        return f"{percent(self.percent)} ab {day(self.valid_from)}"
