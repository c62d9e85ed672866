"""The programme: dated versions of the rules, with the parameters of each variant. Data that the ministry edits.

What decided cases rest on does not change under them. `save()` and `Variant.delete()` refuse it, whoever calls them;
`clean()` says the same beside the form, and it alone refuses a new variant; the admin shows such a version and its variants
read-only. The database knows nothing of it, and what a QuerySet updates, adds or deletes at once passes all of them: no code
of ours does that to these models but migrations (tests/test_security_conventions.py).
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import F, Q

from applications.legal_forms import LegalForm
from ikz.columns import euros_field
from ikz.german import day


class Unit(models.TextChoices):
    MUNICIPALITY = "municipality", "je Kommune"
    BRIGADE = "brigade", "je Ortsteilfeuerwehr"
    JOINING_MUNICIPALITY = "joining_municipality", "je beitretender Kommune"


class SavingBasis(models.TextChoices):
    PERSONNEL = "personnel", "Personalausgaben"
    PERSONNEL_AND_MATERIAL = "personnel_and_material", "Personal- und Sachausgaben"
    NONE = "none", "keine Einsparung verlangt"


class TaskField(models.Model):
    code = models.SlugField("Kürzel", unique=True)
    label = models.CharField("Bezeichnung", max_length=120, unique=True)
    position = models.PositiveSmallIntegerField("Reihenfolge", default=0)
    is_active = models.BooleanField("auswählbar", default=True)

    class Meta:
        verbose_name = "Aufgabenfeld"
        verbose_name_plural = "Aufgabenfelder"
        ordering = ["position", "label"]

    def __str__(self):
        return self.label


DECIDED = "Diese Fassung hat entschiedene Fälle. Ihre Parameter sind deshalb nur noch lesbar."
NEW_VERSION = "Bitte legen Sie eine neue Fassung an."
# Of variants: grants, also those taken back, and refusals. Both were measured by the parameters.
DECIDED_CASES = Q(applications__decisions__isnull=False) | Q(applications__rejected_at__isnull=False)


def _changed_fields(record, names) -> list[str]:
    """Which of these fields differ from what is stored. Asks the database once."""
    stored = type(record).objects.get(pk=record.pk)
    fields = [record._meta.get_field(name) for name in names]
    return [
        each.name for each in fields if getattr(stored, each.attname) != each.to_python(getattr(record, each.attname))
    ]


class ProgrammeQuerySet(models.QuerySet):
    def released(self):
        return self.filter(is_draft=False)

    def in_force_on(self, date):
        return self.released().filter(Q(valid_to=None) | Q(valid_to__gte=date), valid_from__lte=date)

    def newest(self):
        """The released version that holds longest, or None while there is none."""
        return self.released().order_by("-valid_from").first()

    def why_nobody_applies_on(self, date) -> str:
        """Asked where no version is in force, for municipalities: what they wait for."""
        last = self.newest()
        if last and last.has_ended_on(date):
            return (
                f"Heute gilt keine Fassung der Rahmenvereinbarung: Die letzte galt bis {day(last.valid_to)}. Sobald eine neue "
                f"gilt, können Sie einen Antrag stellen. Fragen dazu beantwortet das Ministerium."
            )
        return (
            "Heute gilt keine Fassung der Rahmenvereinbarung, nach der Sie einen Antrag stellen können. Bitte wenden Sie "
            "sich an das Ministerium."
        )

    def why_none_on(self, date) -> str:
        """Asked where no version is in force, for the ministry: the sentence of why, and what to do about it."""
        last = self.newest()
        if last and last.has_ended_on(date):
            return (
                f"Die letzte Fassung der Rahmenvereinbarung („{last}“) gilt nur bis {day(last.valid_to)}. Bitte lassen Sie "
                f"die Rolle Stammdaten eine neue Fassung anlegen und freigeben, die am {day(date)} gilt."
            )
        return f"Am {day(date)} gilt keine Fassung der Rahmenvereinbarung. Bitte prüfen Sie das Datum."


class Programme(models.Model):
    """One dated version of the Rahmenvereinbarung."""

    # Nothing of this changes under a case that was decided by it. Its last day may: see _is_cut().
    PARAMETERS = ("name", "file_number", "valid_from", "is_draft", "reminder_months", "retention_years")

    name = models.CharField("Bezeichnung", max_length=200)
    file_number = models.CharField("Aktenzeichen", max_length=60, blank=True)
    valid_from = models.DateField("gültig ab")
    valid_to = models.DateField("gültig bis", null=True, blank=True, help_text="Letzter Tag; leer, solange offen.")
    is_draft = models.BooleanField(
        "Entwurf",
        default=False,
        help_text="Eine Fassung im Entwurf gilt für keinen Fall. Nehmen Sie den Haken heraus, um sie freizugeben.",
    )
    reminder_months = models.PositiveSmallIntegerField(
        "An den Verwendungsnachweis erinnern (Monate vorher)", default=3, validators=[MaxValueValidator(24)]
    )
    retention_years = models.PositiveSmallIntegerField(
        "Aufbewahrung (Jahre nach dem Jahr, in dem der Fall endete)",
        default=10,
        validators=[MaxValueValidator(100)],
        help_text="Danach wird die Akte dem Landesarchiv angeboten.",
    )
    source = models.TextField("Quelle", blank=True)
    note = models.TextField("Bemerkung", blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = "Programmfassung"
        verbose_name_plural = "Programmfassungen"
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                name="programme_validity_in_order",
                condition=Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
                violation_error_message="„gültig bis“ darf nicht vor „gültig ab“ liegen.",
            ),
            models.UniqueConstraint(
                fields=["valid_from"],
                condition=Q(is_draft=False),
                name="programme_one_start",
                violation_error_message="An diesem Tag beginnt schon eine andere Fassung.",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        with transaction.atomic():
            # All versions are locked, so that two people cannot save overlapping ones at the same moment.
            list(Programme.objects.select_for_update().values_list("pk"))
            if other := self.overlapping():
                raise ValidationError(self._overlap_sentence(other))
            if refusals := self._why_locked():
                raise ValidationError(refusals)
            super().save(*args, **kwargs)

    def clean(self):
        if self.is_draft and self.has_cases:
            raise ValidationError(
                {"is_draft": "Nach dieser Fassung werden schon Fälle bearbeitet. Sie bleibt freigegeben."}
            )
        if self.valid_from and (other := self.overlapping()):
            raise ValidationError(self._overlap_sentence(other))
        if refusals := self._why_locked():
            raise ValidationError(refusals)

    def _why_locked(self) -> dict[str, str]:
        """field → the sentence of why it does not change any more."""
        if not self.has_decided_cases:
            return {}
        refusals = dict.fromkeys(_changed_fields(self, self.PARAMETERS), f"{DECIDED} {NEW_VERSION}")
        if _changed_fields(self, ["valid_to"]) and self._is_cut():
            refusals["valid_to"] = (
                f"Nach dieser Fassung ist ein Fall mit Eingang am {day(self._last_receipt)} entschieden. Bitte wählen Sie "
                f"diesen Tag oder einen späteren."
            )
        return refusals

    def _is_cut(self) -> bool:
        """Whether it would now end before the receipt of a case that was decided by it. It may end later, and at last."""
        before = Programme.objects.values_list("valid_to", flat=True).get(pk=self.pk)
        if self.valid_to is None or (before and self.valid_to > before):
            return False
        return self._last_receipt is not None and self.valid_to < self._last_receipt

    @property
    def _last_receipt(self):
        """The latest receipt of a case that was decided by this version."""
        return self.variants.filter(DECIDED_CASES).aggregate(last=models.Max("applications__received_on"))["last"]

    def overlapping(self):
        """The first other released version whose days overlap with this one's; a draft is in nobody's way."""
        if self.is_draft:
            return None
        others = (
            Programme.objects.released().exclude(pk=self.pk).filter(Q(valid_to=None) | Q(valid_to__gte=self.valid_from))
        )
        if self.valid_to:
            others = others.filter(valid_from__lte=self.valid_to)
        return others.first()

    def _overlap_sentence(self, other):
        until = day(other.valid_to) if other.valid_to else "auf Weiteres"
        return (
            f"Die Geltung überschneidet sich mit „{other.name}“ ({day(other.valid_from)} bis {until}). "
            f"Bitte ändern Sie die Daten so, dass an jedem Tag höchstens eine Fassung gilt."
        )

    def has_ended_on(self, date) -> bool:
        return self.valid_to is not None and self.valid_to < date

    @property
    def has_cases(self):
        return self.pk is not None and self.variants.filter(applications__isnull=False).exists()

    @property
    def has_decided_cases(self):
        return self.pk is not None and self.variants.filter(DECIDED_CASES).exists()

    def copy(self):
        """A draft with the same variants, meant for the days after this version ends."""
        if self.valid_to is None:
            raise ValidationError(
                "Bitte setzen Sie zuerst „gültig bis“: Die Kopie ist für die Zeit ab dem Tag danach, und Fassungen dürfen "
                "sich nicht überschneiden."
            )
        start = self.valid_to + timedelta(days=1)
        with transaction.atomic():
            new = Programme.objects.create(
                name=f"{self.name} (Kopie)",
                valid_from=start,
                is_draft=True,
                reminder_months=self.reminder_months,
                retention_years=self.retention_years,
                source=self.source,
                note=f"Kopie von „{self.name}“.",
            )
            for variant in self.variants.all():
                variant.pk, variant._state.adding, variant.programme = None, True, new
                variant.save()
        return new


CODE_SHAPE = "Bitte nehmen Sie kleine Buchstaben ohne Umlaute, Ziffern und Unterstriche, am Anfang einen Buchstaben."


class VariantQuerySet(models.QuerySet):
    def kinds(self) -> list[tuple[str, str]]:
        """Code and label of each kind of funding that was ever released, by the newest version that has it."""
        released = self.filter(programme__is_draft=False).order_by("-programme__valid_from", "pk")
        newest = {}
        for code, label in released.values_list("code", "label"):
            newest.setdefault(code, label)
        return list(newest.items())

    def of_version_on(self, day, variant):
        """The same variant in the version in force on the day, or None."""
        return self.filter(programme__in=Programme.objects.in_force_on(day), code=variant.code).first()


class Variant(models.Model):
    """The parameters of one way of funding in one version of the programme."""

    programme = models.ForeignKey(
        Programme,
        models.PROTECT,  # decided cases refer to the parameters that were valid for them
        related_name="variants",
        verbose_name="Fassung",
    )
    code = models.CharField(
        "Kürzel",
        max_length=20,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*\Z", CODE_SHAPE)],
        help_text="Dasselbe Kürzel in jeder Fassung, die diese Art der Förderung kennt. Eine neue Art bekommt ein neues.",
    )
    label = models.CharField("Bezeichnung", max_length=120)
    unit = models.CharField("Einheit", max_length=30, choices=Unit.choices, default=Unit.MUNICIPALITY)
    amount_per_unit = euros_field(
        "Betrag je Einheit (€)",
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Leer: Die Höhe wird im Einzelfall festgesetzt.",
    )
    cap = euros_field(
        "Höchstbetrag (€)",
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Leer: ohne Höchstbetrag.",
    )
    min_units = models.PositiveSmallIntegerField(
        "Mindestzahl der Einheiten",
        default=1,
        help_text="Der Ortsteilfeuerwehren oder der beitretenden Kommunen. Sonst zählen die Beteiligten.",
    )
    min_participants = models.PositiveSmallIntegerField("Mindestzahl der Beteiligten", default=2)
    min_participants_with_reason = models.PositiveSmallIntegerField(
        "Mindestzahl mit Begründung",
        null=True,
        blank=True,
        help_text="Ausnahme, die einen schriftlichen Grund braucht.",
    )
    saving_basis = models.CharField(
        "Einsparung gemessen an",
        max_length=30,
        choices=SavingBasis.choices,
        default=SavingBasis.PERSONNEL_AND_MATERIAL,
    )
    min_saving_percent = models.DecimalField(
        "Mindesteinsparung (%)",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    requires_agreement = models.BooleanField("Vereinbarung verlangt", default=True)
    legal_forms = models.JSONField("zugelassene Rechtsformen", default=list, blank=True)
    min_term_years = models.PositiveSmallIntegerField("Mindestlaufzeit (Jahre)", default=5)
    termination_terms_above_years = models.PositiveSmallIntegerField(
        "Kündigungsregeln nötig ab mehr als (Jahre)", default=10
    )
    binding_years = models.PositiveSmallIntegerField("Bindungsdauer (Jahre)", default=5)
    requires_ozg_goal = models.BooleanField("OZG-Ziel verlangt", default=False)
    excludes_pure_it = models.BooleanField("reine IT-Investition ausgeschlossen", default=True)
    conditions = models.TextField("Bedingungen in einfachen Worten", blank=True)
    source = models.TextField("Quelle", blank=True)

    objects = VariantQuerySet.as_manager()

    class Meta:
        verbose_name = "Fördervariante"
        verbose_name_plural = "Fördervarianten"
        ordering = ["-programme__valid_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "code"],
                name="variant_once_per_programme",
                violation_error_message="Diese Variante gibt es in der Fassung schon.",
            ),
            models.CheckConstraint(
                name="variant_saving_has_basis",
                condition=Q(min_saving_percent=None, saving_basis=SavingBasis.NONE)
                | (Q(min_saving_percent__isnull=False) & ~Q(saving_basis=SavingBasis.NONE)),
                violation_error_message="Eine Mindesteinsparung braucht eine Bemessungsgrundlage, und umgekehrt.",
            ),
        ]

    def __str__(self):
        return f"{self.label} ({self.programme.valid_from:%Y})"

    def save(self, *args, **kwargs):
        if not self._state.adding and self._is_locked() and _changed_fields(self, self._parameters()):
            raise ValidationError(f"{DECIDED} {NEW_VERSION}")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        if self._is_locked():
            raise ValidationError(f"{DECIDED} {NEW_VERSION}")
        return super().delete(*args, **kwargs)

    def clean(self):
        unknown = set(self.legal_forms) - set(LegalForm.values)
        if unknown:
            raise ValidationError({"legal_forms": f"Unbekannte Rechtsform: {', '.join(sorted(unknown))}."})
        if (
            self.programme_id
            and self._is_locked()
            and (self._state.adding or _changed_fields(self, self._parameters()))
        ):
            raise ValidationError({"programme": f"{DECIDED} {NEW_VERSION}"})

    def _parameters(self):
        """All that it says, its version too: a variant neither changes nor moves under cases that were decided."""
        return [each.name for each in self._meta.concrete_fields if not each.primary_key]

    def _is_locked(self) -> bool:
        """Whether cases were decided by its version, or by the one that it would be taken out of."""
        versions = Programme.objects.filter(Q(pk=self.programme_id) | Q(variants=self.pk))
        return versions.filter(variants__in=Variant.objects.filter(DECIDED_CASES)).exists()
