"""What follows a decision on paper: when the notice went out, who waived, what is known since when."""

from django.core.exceptions import ValidationError
from django.db import models

from applications.due_dates import NoDeliveryRule, delivery_days
from applications.models.belongs_to_case import BelongsToCase
from applications.models.cooperation import not_in_the_future
from applications.models.legal_figures import DeliveryRule


class DateFactsQuerySet(models.QuerySet):
    def note(self, application, **days):
        """Write down what became known; the other facts stay. Raises ValidationError for a day that cannot be."""
        facts = self.filter(application=application).first() or self.model()
        facts.application = application
        for name, day in days.items():
            setattr(facts, name, day)
        facts.full_clean()
        facts.save()
        return facts


class DateFacts(BelongsToCase, models.Model):
    """The days that the dates of a decided case are counted from."""

    application = models.OneToOneField(
        "applications.Application",
        models.PROTECT,  # the file of a case stays whole
        related_name="date_facts",
        verbose_name="Fall",
    )
    posted_on = models.DateField(
        "Bescheid zur Post gegeben am",
        null=True,
        blank=True,
        validators=[not_in_the_future],
        help_text="Daraus ergeben sich Bekanntgabe, Klagefrist und Bestandskraft.",
    )
    retrieved_on = models.DateField(
        "Bescheid elektronisch abgerufen am", null=True, blank=True, validators=[not_in_the_future]
    )
    waived_on = models.DateField(
        "Verzicht auf Rechtsbehelfe eingegangen am",
        null=True,
        blank=True,
        validators=[not_in_the_future],
        help_text="Der Bescheid wird dann an diesem Tag bestandskräftig. Bitte nur, wenn alle verzichtet haben.",
    )
    is_instructed = models.BooleanField(
        "Rechtsbehelfsbelehrung richtig",
        default=True,
        help_text="Ohne richtige Belehrung dauert die Klagefrist ein Jahr (VwGO § 58 Abs. 2).",
    )
    action_pending = models.BooleanField(
        "Klage anhängig", default=False, help_text="Solange sie anhängig ist, wird der Bescheid nicht bestandskräftig."
    )
    report_on = models.DateField(
        "Verwendungsnachweis vorzulegen bis", null=True, blank=True, help_text="Der Tag, der im Bescheid steht."
    )
    known_on = models.DateField(
        "Widerrufsgründe bekannt seit",
        null=True,
        blank=True,
        validators=[not_in_the_future],
        help_text="Von diesem Tag an ist ein Jahr Zeit für den Widerruf (HVwVfG §§ 48, 49). Bitte leeren Sie das Feld, "
        "wenn nicht widerrufen wird.",
    )

    objects = DateFactsQuerySet.as_manager()

    class Meta:
        verbose_name = "Fristangaben"
        verbose_name_plural = "Fristangaben"
        indexes = [models.Index(fields=["report_on"]), models.Index(fields=["known_on"])]

    def __str__(self):
        return f"Fristangaben {self.application}"

    def forget_notice(self):
        """Another notice takes the place of the one that the days are about."""
        self.posted_on = self.retrieved_on = self.waived_on = None
        self.save()

    def forget_grounds(self):
        """What was known has led to a revocation."""
        self.known_on = None
        self.save()

    def clean(self):
        decided_on = self.application.decided_on
        if decided_on is None:
            raise ValidationError("Über den Antrag ist noch nicht entschieden. Fristen gibt es erst danach.")
        # What was amended keeps the day of its report.
        since = {"posted_on": decided_on, "retrieved_on": decided_on, "waived_on": decided_on}
        since["report_on"] = self.application.first_decided_on
        early = {
            name: f"Entschieden wurde erst am {first:%d.%m.%Y}."
            for name, first in since.items()
            if (day := getattr(self, name)) and day < first
        }
        if early:
            raise ValidationError(early)
        self._refuse_posting_without_a_rule()

    def _refuse_posting_without_a_rule(self):
        if self.posted_on:
            try:
                delivery_days(DeliveryRule.objects.all(), self.posted_on)
            except NoDeliveryRule as missing:
                raise ValidationError({"posted_on": str(missing)}) from missing

    @property
    def case(self):
        return self.application
