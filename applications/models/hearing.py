"""The hearing before a decision that burdens the lead (HVwVfG § 28): its letter, its due date, its answer."""

from django.db import models
from django.db.models import Q

from applications.letter_kinds import Intention
from applications.models.case_record import CaseRecord
from applications.models.cooperation import not_in_the_future
from applications.models.notice import Notice
from applications.states import GRANTED, UNDECIDED
from ikz import clock
from ikz.german import day

MAY_STILL_HAPPEN = {Intention.REFUSE: UNDECIDED, Intention.REVOKE: GRANTED}  # by the state of the case


class HearingQuerySet(models.QuerySet):
    def over(self, today):
        """`is_over` in SQL."""
        return self.filter(Q(answered_on__isnull=False) | Q(due_on__lt=today))


class Hearing(CaseRecord):
    intention = models.CharField("beabsichtigt", max_length=10, choices=Intention.choices)
    reasons = models.TextField("Gründe", help_text="Stehen im Schreiben an die federführende Kommune.")
    due_on = models.DateField("Äußerung bis")
    notice = models.OneToOneField(
        Notice,
        models.PROTECT,  # the letter that was sent
        editable=False,
        related_name="hearing",
        verbose_name="Schreiben",
    )
    answered_on = models.DateField("Äußerung eingegangen am", null=True, blank=True, validators=[not_in_the_future])
    answer = models.TextField("Äußerung", blank=True, help_text="Was vorgetragen wurde, in Worten für die Akte.")

    objects = HearingQuerySet.as_manager()

    class Meta:
        verbose_name = "Anhörung"
        verbose_name_plural = "Anhörungen"
        ordering = ["application", "pk"]
        constraints = [
            models.CheckConstraint(
                name="hearing_answer_and_its_day",
                condition=Q(answered_on=None, answer="") | (Q(answered_on__isnull=False) & ~Q(answer="")),
                violation_error_message="Zu einer Äußerung gehören ihr Tag und was vorgetragen wurde.",
            ),
        ]

    def __str__(self):
        return f"Anhörung, Äußerung bis {self.due_on:%d.%m.%Y}"

    @property
    def asked_at(self):
        return self.notice.issued_at

    @property
    def is_over(self):
        """Answered, or the time for an answer has passed."""
        return self.answered_on is not None or self.due_on < clock.today()

    @property
    def is_overtaken(self):
        """The case was decided before the time for an answer had passed."""
        return not self.is_over and self.application.state not in MAY_STILL_HAPPEN[self.intention]

    @property
    def tone_and_standing(self):
        """How it stands: done, info or wait, and in words."""
        if self.answered_on:
            return "done", f"beantwortet am {day(self.answered_on)}"
        if self.is_over:
            return "info", "ohne Antwort abgelaufen"
        if self.is_overtaken:
            return "info", "durch die Entscheidung überholt"
        return "wait", "läuft noch"
