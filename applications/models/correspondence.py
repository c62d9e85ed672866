"""What is asked, judged and noted around a case: opinions, judgements, file notes."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from applications.models.case_record import CaseRecord
from applications.models.cooperation import not_in_the_future
from applications.models.office import Office
from applications.models.stored_file import StoredFile
from applications.rules import JUDGED, no_double_funding
from applications.supervision import Authority
from ikz import clock
from ikz.german import beginning


class Recommendation(models.TextChoices):
    POSITIVE = "positive", "zustimmend"
    CONDITIONAL = "conditional", "zustimmend mit Hinweisen"
    NEGATIVE = "negative", "ablehnend"


class OpinionQuerySet(models.QuerySet):
    def unsettled(self):
        """Neither received nor waived."""
        return self.filter(received_on=None, waived_reason="")


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
    requested_on = models.DateField("angefordert am", null=True, blank=True, validators=[not_in_the_future])
    due_on = models.DateField("erbeten bis", null=True, blank=True)
    received_on = models.DateField("eingegangen am", null=True, blank=True, validators=[not_in_the_future])
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

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = "Stellungnahme"
        verbose_name_plural = "Stellungnahmen"
        ordering = ["application", "pk"]
        indexes = [models.Index(fields=["due_on"], condition=Q(received_on=None), name="opinion_awaited")]
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

    def delete(self, *args, **kwargs):
        if self.is_answered:
            raise ValidationError(
                "Diese Stellungnahme ist eingegangen und bleibt in der Akte. Wird sie nicht gebraucht, sagt es ein Vermerk."
            )
        return super().delete(*args, **kwargs)

    @property
    def is_answered(self):
        """Whether something of it came in, as a day, words or a document."""
        return self.received_on is not None or bool(self.text.strip()) or self.file_id is not None

    @property
    def is_settled(self):
        return self.received_on is not None or bool(self.waived_reason)


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

    facts = models.JSONField(
        "beurteilter Stand",
        default=dict,
        blank=True,
        editable=False,
        help_text="Woran zu erkennen ist, ob sich seither geändert hat, was beurteilt wurde.",
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
        if self._state.adding:
            # Read again: whoever judges may hold a case that was changed meanwhile.
            cases = type(self.application).objects.select_related("variant", "cooperation")
            self.note_facts(cases.prefetch_related("cooperation__participants").get(pk=self.application_id))
        super().save(*args, **kwargs)

    def note_facts(self, application):
        """Keep what the case says at this moment, so that a change is noticed later."""
        self.facts = application.facts_to_judge
        if self.rule == no_double_funding.name:
            self.seen_cases = [each.file_number for each in application.similar_cases]


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
        indexes = [models.Index(fields=["follow_up_on"], condition=Q(is_done=False), name="file_note_to_follow_up")]

    def __str__(self):
        return beginning(self.text, 60)
