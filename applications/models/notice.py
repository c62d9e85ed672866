"""A letter that was issued: made once, kept with its checksum, mended only by another one that refers to it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from applications.letter_kinds import NOTICES, ONE_PER_CASE, REPLACING, LetterKind
from applications.models.case_record import CaseRecord
from applications.models.cooperation import not_in_the_future
from applications.models.letterhead import TextBlockVersion
from applications.models.stored_file import StoredFile
from applications.states import State

UNCHANGED = (
    "Ein ausgefertigtes Schreiben wird nie geändert. Ein Fehler wird durch ein berichtigendes oder ersetzendes Schreiben "
    "behoben."
)
SENT_STAYS = "Ein versandtes Schreiben bleibt gültig. Bitte berichtigen Sie es."
# Known only after the letter was made; each is written once. What is said of the dispatch may be corrected with a reason.
OF_DISPATCH = {"delivery", "posted_on", "retrieved_on", "waiver_on"}
LATER = {*OF_DISPATCH, "voided_by_id", "voided_at", "voided_reason"}


class Delivery(models.TextChoices):
    POST = "post", "Post"
    ELECTRONIC = "electronic", "elektronisch"


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Letters of the cases that the user may see, for whoever may see letters at all."""
        if not user.has_perm("applications.view_notice"):
            return self.none()
        cases = self.model._meta.get_field("application").related_model.objects.visible_to(user)
        return self.filter(application__in=cases)

    def holding(self):
        """Neither voided nor replaced."""
        a_confirmation_again = Q(kind=LetterKind.WITHDRAWAL) & Q(kind=models.OuterRef("kind"))
        replaced = self.model.objects.filter(
            Q(kind__in=REPLACING) | a_confirmation_again, refers_to=models.OuterRef("pk"), voided_at=None
        )
        return self.filter(~models.Exists(replaced), voided_at=None)

    def sent(self):
        """`sent_on` in SQL: there is such a day."""
        return self.exclude(posted_on=None, retrieved_on=None)

    def unsent_decisions(self):
        """That hold. No period begins before they are sent, so nothing is paid out.

        A grant that was revoked before it went out need not go out any more.
        """
        unsent = self.holding().filter(kind__in=NOTICES, posted_on=None, retrieved_on=None)
        return unsent.exclude(kind__in=[LetterKind.GRANT, LetterKind.AMENDMENT], application__state=State.REVOKED)

    def delete(self):
        raise ValidationError(UNCHANGED)

    def update(self, **fields):
        raise ValidationError(UNCHANGED)


def _day(label):
    return models.DateField(label, null=True, blank=True, validators=[not_in_the_future])


class Notice(CaseRecord):
    kind = models.CharField("Art", max_length=30, choices=LetterKind.choices)
    subject = models.CharField("Betreff", max_length=300)
    file_number = models.CharField("Aktenzeichen", max_length=20)
    code = models.CharField("Code", max_length=20, unique=True)
    recipient = models.JSONField("Anschrift", default=list)
    dated_on = models.DateField("Datum des Schreibens")
    file = models.OneToOneField(
        StoredFile,
        models.PROTECT,  # the letter itself
        related_name="notice",
        verbose_name="PDF",
    )
    data = models.JSONField("Angaben", default=dict)
    text_versions = models.ManyToManyField(
        TextBlockVersion, related_name="notices", verbose_name="verwendete Textbausteine"
    )
    refers_to = models.ForeignKey(
        "self",
        models.PROTECT,  # what was mended stays known
        null=True,
        blank=True,
        related_name="mended_by",
        verbose_name="bezieht sich auf",
        help_text="Das Schreiben, das dieses berichtigt oder ersetzt.",
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who issued a letter stays known
        related_name="+",
        verbose_name="ausgefertigt von",
    )
    issued_at = models.DateTimeField("ausgefertigt am")
    delivery = models.CharField("Versandweg", max_length=12, choices=Delivery.choices, blank=True)
    posted_on = _day("zur Post gegeben am")
    retrieved_on = _day("elektronisch abgerufen am")
    waiver_on = _day("Rechtsbehelfsverzicht eingegangen am")
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who voided a letter stays known
        null=True,
        blank=True,
        related_name="+",
        verbose_name="für ungültig erklärt von",
    )
    voided_at = models.DateTimeField("für ungültig erklärt am", null=True, blank=True)
    voided_reason = models.TextField("ungültig, weil", blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "Schreiben"
        verbose_name_plural = "Schreiben"
        ordering = ["application", "pk"]
        indexes = [
            # The list of letters shows the newest of a kind, of a way of delivery or of a period.
            models.Index(fields=["kind", "-id"], name="notice_by_kind"),
            models.Index(fields=["delivery", "-id"], name="notice_by_delivery"),
            models.Index(fields=["dated_on"], name="notice_by_day"),
            # What still has to be sent, by its day.
            models.Index(
                fields=["dated_on"],
                condition=Q(posted_on=None, retrieved_on=None, voided_at=None),
                name="notice_to_be_sent",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind"],
                condition=Q(kind__in=ONE_PER_CASE, refers_to=None, voided_at=None),
                name="notice_one_per_case",
                violation_error_message="Dieses Schreiben gibt es in dem Fall schon.",
            ),
            models.UniqueConstraint(
                fields=["refers_to", "kind"],
                condition=Q(refers_to__isnull=False, kind__in=ONE_PER_CASE, voided_at=None),
                name="notice_replaced_once",
                violation_error_message="Dieses Schreiben ist schon durch ein anderes ersetzt.",
            ),
            models.CheckConstraint(
                name="notice_not_about_itself",
                condition=Q(refers_to=None) | ~Q(refers_to=F("pk")),
                violation_error_message="Ein Schreiben kann sich nicht auf sich selbst beziehen.",
            ),
            models.CheckConstraint(
                name="notice_correction_names_what_it_corrects",
                condition=~Q(kind=LetterKind.CORRECTING) | Q(refers_to__isnull=False),
                violation_error_message="Bitte wählen Sie das Schreiben, das berichtigt wird.",
            ),
            models.CheckConstraint(
                name="notice_sent_says_how",
                condition=Q(posted_on=None, retrieved_on=None)
                | Q(delivery=Delivery.POST, posted_on__isnull=False, retrieved_on=None)
                | Q(delivery=Delivery.ELECTRONIC, posted_on=None, retrieved_on__isnull=False),
                violation_error_message="Zum Tag der Aufgabe zur Post oder des Abrufs gehört der Versandweg.",
            ),
            models.CheckConstraint(
                name="notice_voided_by_and_at",
                condition=Q(voided_by=None, voided_at=None, voided_reason="")
                | (Q(voided_by__isnull=False, voided_at__isnull=False) & ~Q(voided_reason="")),
                violation_error_message="Eine Ungültigkeit braucht Person, Zeitpunkt und Grund.",
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.file_number} vom {self.dated_on:%d.%m.%Y}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            self._refuse_changes()
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise ValidationError(UNCHANGED)

    def clean(self):
        if self.is_voided and self.sent_on:
            raise ValidationError(SENT_STAYS)
        days = {name: getattr(self, name) for name in ("posted_on", "retrieved_on", "waiver_on")}
        if early := [name for name, day in days.items() if day and day < self.dated_on]:
            raise ValidationError(dict.fromkeys(early, f"Das Schreiben trägt das Datum {self.dated_on:%d.%m.%Y}."))
        if self.waiver_on and not (self.kind in NOTICES and self.sent_on and self.sent_on <= self.waiver_on):
            raise ValidationError({"waiver_on": "Ein Verzicht gehört zu einem Bescheid und folgt auf dessen Versand."})

    def correct(self, **days):
        """Other days of the dispatch than were written down. notices.correct_dispatch() keeps who, when and why."""
        for name, value in days.items():
            setattr(self, name, value)
        self.full_clean()
        self._refuse_changes(besides=OF_DISPATCH)
        super().save()

    def _refuse_changes(self, besides=frozenset()):
        stored = Notice.objects.get(pk=self.pk)
        names = {field.attname for field in self._meta.concrete_fields} - besides
        changed = {name for name in names if getattr(self, name) != getattr(stored, name)}
        if changed - LATER or any(getattr(stored, name) for name in changed):
            raise ValidationError(UNCHANGED)

    @property
    def name(self):
        """What the letter calls itself."""
        return self.data.get("kind") or self.get_kind_display()

    @property
    def sent_on(self):
        """The day on which it left the house, or None."""
        return self.posted_on or self.retrieved_on

    @property
    def is_voided(self):
        return self.voided_at is not None
