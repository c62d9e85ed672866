"""What the ministry edits of its letters: the letterhead, and text blocks of which every version stays."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.utils import timezone

from applications import text_blocks
from applications.letter_kinds import LetterKind


class LetterheadQuerySet(models.QuerySet):
    def on(self, day):
        """The letterhead of that day, or None."""
        return self.filter(valid_from__lte=day).order_by("-valid_from").first()


class Letterhead(models.Model):
    """One dated version; a letter keeps the words that it was made with."""

    valid_from = models.DateField(
        "gültig ab", unique=True, error_messages={"unique": "An diesem Tag beginnt schon ein anderer Briefkopf."}
    )
    authority = models.CharField("Behörde", max_length=120)
    department = models.CharField("Referat", max_length=120, blank=True)
    street = models.CharField("Straße und Hausnummer", max_length=120)
    postal_code = models.CharField(
        "Postleitzahl", max_length=5, validators=[RegexValidator(r"^\d{5}$", "Die Postleitzahl hat 5 Ziffern.")]
    )
    city = models.CharField("Ort", max_length=80)
    phone = models.CharField("Telefon", max_length=40, blank=True)
    email = models.EmailField("E-Mail-Adresse", blank=True)
    web = models.CharField("Internet", max_length=120, blank=True)
    bank = models.CharField("Bankverbindung für Erstattungen", max_length=200, blank=True)
    signatory = models.CharField(
        "unterzeichnende Person", max_length=120, blank=True, help_text="Ohne Namen wird kein Schreiben ausgefertigt."
    )
    function = models.CharField("deren Funktion", max_length=120, blank=True)
    note = models.CharField(
        "Hinweis am Ende",
        max_length=300,
        blank=True,
        help_text="Zum Beispiel, wo die Hinweise zum Datenschutz stehen.",
    )

    objects = LetterheadQuerySet.as_manager()

    class Meta:
        verbose_name = "Briefkopf"
        verbose_name_plural = "Briefköpfe"
        ordering = ["-valid_from"]

    def __str__(self):
        return f"{self.authority} ab {self.valid_from:%d.%m.%Y}"

    @property
    def place(self):
        return f"{self.postal_code} {self.city}"


class Place(models.TextChoices):
    BEFORE = "before", "vor den Tabellen"
    AFTER = "after", "nach den Tabellen"


class TextBlockQuerySet(models.QuerySet):
    def usable(self, kind):
        """What a letter of this kind may be made of, in its order."""
        return self.filter(kind=kind, is_active=True, versions__isnull=False).distinct().prefetch_related("versions")


class TextBlock(models.Model):
    """A passage of one kind of letter. Its words are its newest version; the older ones stay."""

    key = models.SlugField("Kürzel", max_length=60, unique=True)
    kind = models.CharField("Schreiben", max_length=30, choices=LetterKind.choices)
    title = models.CharField("Bezeichnung", max_length=120)
    heading = models.CharField("Überschrift im Schreiben", max_length=120, blank=True)
    place = models.CharField("Stelle", max_length=10, choices=Place.choices, default=Place.BEFORE)
    position = models.PositiveSmallIntegerField("Reihenfolge", default=0)
    is_standard = models.BooleanField(
        "gehört immer dazu", default=True, help_text="Nicht angekreuzt: wird im Einzelfall dazugewählt."
    )
    is_active = models.BooleanField("auswählbar", default=True)

    objects = TextBlockQuerySet.as_manager()

    class Meta:
        verbose_name = "Textbaustein"
        verbose_name_plural = "Textbausteine"
        ordering = ["kind", "place", "position", "key"]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.title}"

    @property
    def version(self):
        """The newest version, or None while there is none."""
        return max(self.versions.all(), key=lambda each: each.number, default=None)

    def write(self, text, *, by):
        """A new version, unless the words stay the same. Returns the newest."""
        with transaction.atomic():
            TextBlock.objects.select_for_update().get(pk=self.pk)
            newest = self.versions.order_by("-number").first()
            if newest and newest.text == text:
                return newest
            version = TextBlockVersion(block=self, number=newest.number + 1 if newest else 1, text=text, created_by=by)
            version.full_clean()
            version.save()
            return version


class TextBlockVersion(models.Model):
    block = models.ForeignKey(
        TextBlock,
        models.PROTECT,  # letters were made from it
        related_name="versions",
        verbose_name="Textbaustein",
    )
    number = models.PositiveIntegerField("Nr.")
    text = models.TextField("Text")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who wrote a passage stays known
        null=True,
        blank=True,
        related_name="+",
        verbose_name="geschrieben von",
        help_text="Leer: mitgeliefert.",
    )
    created_at = models.DateTimeField("geschrieben am", default=timezone.now)

    class Meta:
        verbose_name = "Fassung eines Textbausteins"
        verbose_name_plural = "Fassungen der Textbausteine"
        ordering = ["block", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["block", "number"],
                name="text_block_version_once",
                violation_error_message="Diese Fassung gibt es schon.",
            ),
            models.CheckConstraint(
                name="text_block_version_not_empty",
                condition=~models.Q(text=""),
                violation_error_message="Bitte geben Sie den Text ein.",
            ),
        ]

    def __str__(self):
        return f"{self.block}, Fassung {self.number}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise ValidationError(UNCHANGED)
        super().save(*args, **kwargs)

    def clean(self):
        if complaint := text_blocks.complaint(self.text):
            raise ValidationError({"text": complaint})

    def delete(self, *args, **kwargs):
        raise ValidationError(UNCHANGED)


UNCHANGED = "Eine Fassung wird nie geändert. Bitte speichern Sie den Baustein mit dem neuen Text."
