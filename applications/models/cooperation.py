"""The group, its purpose, and what each participant brings: resolution, signature, expenditure."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from applications.legal_forms import LegalForm
from applications.models.belongs_to_case import BelongsToCase
from applications.models.programme import SavingBasis, TaskField
from applications.models.stored_file import StoredFile
from ikz.columns import euros_field
from municipalities.models import Kind, Municipality


class OzgGoal(models.TextChoices):
    ONLINE_SERVICES = "online_services", "Online-Antragsverfahren entwickeln, einführen oder nachnutzen"
    SPECIALIST_PROCEDURES = "specialist_procedures", "verbundene Fachverfahren digitalisieren"
    SECURITY = "security", "Cyber- und IT-Sicherheit bewältigen"


def not_in_the_future(date):
    if date > timezone.localdate():
        raise ValidationError("Dieser Tag liegt in der Zukunft. Bitte prüfen Sie das Datum.")


def _money(label, **options):
    return euros_field(
        label,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        **options,
    )


def _spent(personnel, material, basis):
    """Expenditure on the variant's basis, or None while a figure is missing."""
    if basis == SavingBasis.PERSONNEL:
        return personnel
    if personnel is None or material is None:
        return None
    return personnel + material


class Cooperation(BelongsToCase, models.Model):
    title = models.CharField("Vorhaben", max_length=200)
    task_field = models.ForeignKey(
        TaskField,
        models.PROTECT,  # figures by task field must stay countable
        related_name="cooperations",
        verbose_name="Aufgabenfeld",
    )
    legal_form = models.CharField("Rechtsform", max_length=40, choices=LegalForm.choices, blank=True)
    lead = models.ForeignKey(
        Municipality,
        models.PROTECT,  # nothing in the register is deleted
        null=True,
        blank=True,
        related_name="led_cooperations",
        verbose_name="federführende Kommune",
    )
    starts_on = models.DateField("Beginn der Zusammenarbeit", null=True, blank=True)
    purpose = models.TextField("Zweck", blank=True)
    ozg_goals = models.JSONField("OZG-Ziele", default=list, blank=True)
    goals_description = models.TextField("Beschreibung der OZG-Ziele", blank=True)
    brigades = models.PositiveSmallIntegerField(
        "Zahl der Ortsteilfeuerwehren",
        null=True,
        blank=True,
        help_text="Nur beim Zusammenschluss von Ortsteilfeuerwehren.",
    )
    personnel_after = _money("Personalausgaben nachher (€/Jahr)", help_text="Aller Beteiligten zusammen.")
    material_after = _money("Sachausgaben nachher (€/Jahr)", help_text="Aller Beteiligten zusammen.")

    class Meta:
        verbose_name = "Kooperation"
        verbose_name_plural = "Kooperationen"
        ordering = ["title"]

    def __str__(self):
        return self.title

    def clean(self):
        unknown = set(self.ozg_goals) - set(OzgGoal.values)
        if unknown:
            raise ValidationError({"ozg_goals": f"Unbekanntes OZG-Ziel: {', '.join(sorted(unknown))}."})

    @property
    def case(self):
        return getattr(self, "application", None)

    @property
    def goal_labels(self):
        return [OzgGoal(each).label for each in self.ozg_goals]

    def after(self, variant):
        """Yearly expenditure of all participants together once they cooperate, on the variant's basis."""
        return _spent(self.personnel_after, self.material_after, variant.saving_basis)


class ParticipantQuerySet(models.QuerySet):
    def active(self):
        """Those who did not leave: only they count."""
        return self.filter(left_on=None)


class Participant(BelongsToCase, models.Model):
    """A municipality of the group. One that leaves stays in the file with its documents, but counts no longer."""

    cooperation = models.ForeignKey(
        Cooperation,
        models.CASCADE,  # a participant is nothing without its group
        related_name="participants",
        verbose_name="Kooperation",
    )
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,  # nothing in the register is deleted
        related_name="participations",
        verbose_name="Kommune",
    )
    joins = models.BooleanField("tritt bei", default=False, help_text="Nur in der Variante Beitritt.")
    personnel_before = _money("Personalausgaben bisher (€/Jahr)")
    material_before = _money("Sachausgaben bisher (€/Jahr)")
    left_on = models.DateField("ausgeschieden am", null=True, blank=True, validators=[not_in_the_future])
    left_reason = models.TextField("Grund des Ausscheidens", blank=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = "Beteiligte"
        verbose_name_plural = "Beteiligte"
        ordering = ["cooperation", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cooperation", "municipality"],
                name="participant_once_per_cooperation",
                violation_error_message="Diese Kommune ist schon beteiligt.",
            ),
            models.CheckConstraint(
                name="participant_left_on_and_why",
                condition=Q(left_on=None, left_reason="") | (Q(left_on__isnull=False) & ~Q(left_reason="")),
                violation_error_message="Zum Ausscheiden gehören Tag und Grund; beide oder keins von beiden.",
            ),
        ]

    def __str__(self):
        return str(self.municipality)

    def save(self, *args, **kwargs):
        self.left_reason = self.left_reason.strip()  # blanks are no reason, in SQL as here
        super().save(*args, **kwargs)

    @property
    def case(self):
        return self.cooperation.case

    @cached_property
    def resolution_or_none(self):
        return getattr(self, "resolution", None)

    @property
    def has_documents(self):
        return self.resolution_or_none is not None or self.signatures.exists() or self.files.exists()

    def before(self, variant):
        """Its yearly expenditure so far, on the variant's basis."""
        return _spent(self.personnel_before, self.material_before, variant.saving_basis)


class Resolution(BelongsToCase, models.Model):
    """The vote of one participant's competent organ."""

    participant = models.OneToOneField(
        Participant,
        models.PROTECT,  # a participant with a resolution is not taken out by accident
        related_name="resolution",
        verbose_name="Beteiligte",
        error_messages={"unique": "Zu dieser Beteiligten liegt schon ein Beschluss vor. Bitte ändern Sie ihn."},
    )
    organ = models.CharField("Organ", max_length=120, blank=True)
    is_delegated = models.BooleanField(
        "Zuständigkeit übertragen",
        default=False,
        help_text="Ankreuzen, wenn ein anderes Organ beschlossen hat, dem die Zuständigkeit übertragen war (HGO § 50, HKO § 29).",
    )
    resolved_on = models.DateField("beschlossen am", null=True, blank=True, validators=[not_in_the_future])
    number = models.CharField("Beschlussnummer", max_length=60, blank=True)
    is_positive = models.BooleanField("zustimmend", default=True)
    votes_for = models.PositiveSmallIntegerField("Ja-Stimmen", null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField("Nein-Stimmen", null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField("Enthaltungen", null=True, blank=True)
    is_public = models.BooleanField("öffentlich", default=True)
    wording = models.TextField("Wortlaut", blank=True)
    file = models.ForeignKey(
        StoredFile,
        models.PROTECT,  # documents are evidence
        null=True,
        blank=True,
        related_name="+",
        verbose_name="PDF",
    )

    class Meta:
        verbose_name = "Beschluss"
        verbose_name_plural = "Beschlüsse"
        ordering = ["participant"]
        constraints = [
            models.CheckConstraint(
                name="resolution_positive_has_majority",
                condition=Q(is_positive=False)
                | Q(votes_for=None)
                | Q(votes_against=None)
                | Q(votes_for__gt=F("votes_against")),
                violation_error_message="Ein zustimmender Beschluss braucht mehr Ja- als Nein-Stimmen (HGO § 54).",
            ),
        ]

    def __str__(self):
        return f"Beschluss von {self.participant.municipality.display_name}"

    def save(self, *args, **kwargs):
        self.organ = self.organ or self.participant.municipality.organs.resolves
        super().save(*args, **kwargs)

    @property
    def is_of_competent_organ(self):
        """Free bodies name their organ themselves; for all others the law does, unless it was delegated."""
        municipality = self.participant.municipality
        if self.is_delegated or municipality.kind == Kind.OTHER_BODY:
            return True
        return self.organ.strip().casefold() == municipality.organs.resolves.casefold()

    @property
    def case(self):
        return self.participant.case


class Agreement(BelongsToCase, models.Model):
    """What the participants agree on. Its legal form is the cooperation's."""

    cooperation = models.OneToOneField(
        Cooperation,
        models.PROTECT,  # the contract stays with its group
        related_name="agreement",
        verbose_name="Kooperation",
        error_messages={"unique": "Zu dieser Kooperation gibt es schon eine Vereinbarung. Bitte ändern Sie sie."},
    )
    file = models.ForeignKey(
        StoredFile,
        models.PROTECT,  # documents are evidence
        null=True,
        blank=True,
        related_name="+",
        verbose_name="PDF",
    )
    starts_on = models.DateField("Beginn", null=True, blank=True)
    is_unlimited = models.BooleanField("unbefristet", default=False)
    ends_on = models.DateField("Ende", null=True, blank=True, help_text="Letzter Tag der Laufzeit.")
    termination_terms_confirmed = models.BooleanField(
        "Kündigung geregelt",
        default=False,
        help_text="Nötig bei unbefristeten und bei lange laufenden Vereinbarungen (KGG § 24).",
    )
    approval_authority = models.CharField("Genehmigt von", max_length=120, blank=True)
    approved_on = models.DateField("Genehmigt am", null=True, blank=True, validators=[not_in_the_future])
    approval_file_number = models.CharField("Aktenzeichen der Genehmigung", max_length=60, blank=True)
    published_in = models.CharField("Bekannt gemacht in", max_length=200, blank=True)
    published_on = models.DateField("Bekannt gemacht am", null=True, blank=True, validators=[not_in_the_future])
    notified_on = models.DateField("Angezeigt am", null=True, blank=True, validators=[not_in_the_future])

    class Meta:
        verbose_name = "Vereinbarung"
        verbose_name_plural = "Vereinbarungen"
        constraints = [
            models.CheckConstraint(
                name="agreement_unlimited_or_ends",
                condition=Q(is_unlimited=False) | Q(ends_on=None),
                violation_error_message="Eine unbefristete Vereinbarung hat kein Ende.",
            ),
            models.CheckConstraint(
                name="agreement_term_in_order",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(starts_on__lte=F("ends_on")),
                violation_error_message="Das Ende der Vereinbarung liegt vor ihrem Beginn.",
            ),
        ]

    def __str__(self):
        return f"Vereinbarung „{self.cooperation}“"

    @property
    def case(self):
        return self.cooperation.case

    def signature_of(self, participant):
        return next((each for each in self.signatures.all() if each.participant_id == participant.pk), None)


class Signature(BelongsToCase, models.Model):
    """Two people sign for a municipality (HGO § 71 Abs. 2, HKO § 45)."""

    agreement = models.ForeignKey(
        Agreement,
        models.CASCADE,  # a signature is nothing without what it signs
        related_name="signatures",
        verbose_name="Vereinbarung",
    )
    participant = models.ForeignKey(
        Participant,
        models.PROTECT,  # a participant that signed is not taken out by accident
        related_name="signatures",
        verbose_name="Beteiligte",
    )
    signatory_1 = models.CharField("erste Unterschrift", max_length=120, help_text="Name und Amt.")
    signatory_2 = models.CharField("zweite Unterschrift", max_length=120, blank=True, help_text="Name und Amt.")
    signed_on = models.DateField("unterschrieben am", validators=[not_in_the_future])

    class Meta:
        verbose_name = "Unterschrift"
        verbose_name_plural = "Unterschriften"
        ordering = ["agreement", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "participant"],
                name="signature_once_per_participant",
                violation_error_message="Für diese Beteiligte ist schon eine Unterschrift eingetragen.",
            ),
        ]

    def __str__(self):
        return f"Unterschrift für {self.participant}"

    @property
    def case(self):
        return self.agreement.case
