"""The hearing before a decision that burdens the lead (HVwVfG § 28): its letter, its due date, its answer."""

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When

from applications.letter_kinds import Intention
from applications.models.case_record import CaseRecord
from applications.models.cooperation import not_in_the_future
from applications.models.history import Entry
from applications.models.notice import Notice
from applications.states import DECISIONS, GRANTED, UNDECIDED
from ikz import clock
from ikz.german import day

MAY_STILL_HAPPEN = {Intention.REFUSE: UNDECIDED, Intention.REVOKE: GRANTED}  # by the state of the case
# What the properties of the same names say, in SQL.
HAS_BEGUN = Q(notice__posted_on__lt=F("due_on")) | Q(notice__retrieved_on__lt=F("due_on"))
IS_TO_BE_SENT = Q(answered_on=None, notice__posted_on=None, notice__retrieved_on=None)


def is_running(today) -> Q:
    return HAS_BEGUN & Q(answered_on=None, due_on__gte=today)


def is_over(today) -> Q:
    return Q(answered_on__isnull=False) | (HAS_BEGUN & Q(due_on__lt=today))


class HearingWork(models.TextChoices):
    """What is to be done about a hearing whose time does not run."""

    SEND = "send", "Versenden Sie die Anhörung und halten Sie den Versand fest; bis dahin läuft die Frist nicht."
    REPEAT = "repeat", "Hören Sie erneut an; die Anhörung ging erst hinaus, als keine Zeit zur Äußerung mehr war."


class HearingQuerySet(models.QuerySet):
    def that_count(self):
        """CaseFacts.hearings_on() in SQL: the letter holds, and nothing was decided since."""
        decided_since = Entry.objects.filter(
            application=OuterRef("application"), step__in=DECISIONS, at__gte=OuterRef("notice__issued_at")
        )
        return self.filter(~Exists(decided_since), notice__voided_at=None)

    def running_first(self, today):
        """Those whose time runs, then the others, the last one first."""
        return self.order_by(Case(When(is_running(today), then=0), default=1), "-pk")

    def awaiting_dispatch(self):
        """Those to be sent that a case still waits for."""
        may_happen = Q()
        for intention, states in MAY_STILL_HAPPEN.items():
            may_happen |= Q(intention=intention, application__state__in=states)
        return self.that_count().filter(IS_TO_BE_SENT, may_happen)


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
    def sent_on(self):
        return self.notice.sent_on

    @property
    def is_to_be_sent(self):
        """No time runs while nobody has written down that the letter went out."""
        return self.answered_on is None and self.sent_on is None

    @property
    def has_begun(self):
        """Whether the time for an answer runs or ran: a letter that went out after its end gave none."""
        return self.sent_on is not None and self.sent_on < self.due_on

    @property
    def is_over(self):
        """Answered, or the time for an answer has passed."""
        return self.answered_on is not None or (self.has_begun and self.due_on < clock.today())

    @property
    def is_running(self):
        """Whether the lead may still answer in time."""
        return self.has_begun and not self.is_over

    @property
    def is_overtaken(self):
        """The case was decided, or a part of it, before the time for an answer had passed."""
        if self.answered_on:
            return False
        if decided_at := next(
            (each.at for each in self.application.decision_entries if each.at >= self.asked_at), None
        ):
            return not self.has_begun or clock.day_of(decided_at) <= self.due_on
        return not self.is_over and self.application.state not in MAY_STILL_HAPPEN[self.intention]

    @property
    def tone_and_standing(self):
        """How it stands: done, info, wait or stop, and in words."""
        tone, words = next((tone, words) for holds, tone, words in STANDINGS if holds(self))
        days = {"answered_on": self.answered_on, "sent_on": self.sent_on}
        return tone, words.format(**{name: known and day(known) for name, known in days.items()})


# The first that holds is said: whether it does, the tone, the words.
STANDINGS = [
    (lambda each: each.notice.is_voided, "info", "gilt nicht, das Schreiben ist ungültig"),
    (lambda each: each.answered_on, "done", "beantwortet am {answered_on}"),
    (lambda each: each.is_overtaken, "info", "durch die Entscheidung überholt"),
    (lambda each: each.is_over, "info", "ohne Antwort abgelaufen"),
    (lambda each: each.is_to_be_sent, "wait", "Versand noch nicht festgehalten; bis dahin läuft die Frist nicht"),
    (lambda each: each.has_begun, "wait", "läuft noch"),
    (lambda each: True, "stop", "erst am {sent_on} versandt, ohne Zeit zur Äußerung; bitte erneut anhören"),
]
