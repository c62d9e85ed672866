"""The register of municipal bodies. Nothing in it is ever deleted: a merger sets validity and successor."""

import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from municipalities import keys, mergers, organs
from municipalities.access import Access, ended_by_and_at, validity_in_order
from municipalities.keys import HESSEN, REGIERUNGSBEZIRKE


class Kind(models.TextChoices):
    MUNICIPALITY = "municipality", "Gemeinde"
    MARKET = "market", "Markt"
    TOWN = "town", "Stadt"
    INDEPENDENT_CITY = "independent_city", "kreisfreie Stadt"
    DISTRICT = "district", "Landkreis"
    ASSOCIATION = "association", "Zweckverband"
    MUNICIPAL_ASSOCIATION = "municipal_association", "Gemeindeverwaltungsverband"
    OTHER_BODY = "other_body", "sonstige Körperschaft"


ORGANS = {
    Kind.MUNICIPALITY: organs.MUNICIPALITY,
    Kind.MARKET: organs.MUNICIPALITY,
    Kind.TOWN: organs.TOWN,
    Kind.INDEPENDENT_CITY: organs.INDEPENDENT_CITY,
    Kind.DISTRICT: organs.DISTRICT,
    Kind.ASSOCIATION: organs.ASSOCIATION,
    Kind.MUNICIPAL_ASSOCIATION: organs.ASSOCIATION,
    Kind.OTHER_BODY: organs.OTHER_BODY,
}
# Bodies that the official register of municipalities does not list.
FREE_KINDS = [Kind.ASSOCIATION, Kind.MUNICIPAL_ASSOCIATION, Kind.OTHER_BODY]
MEMBER_KINDS = [Kind.MUNICIPALITY, Kind.MARKET, Kind.TOWN]  # each lies in a Kreis


def display_name(kind, name) -> str:
    """The name as people say it, without the designation („Hünfeld, Konrad-Zuse-Stadt“).

    A Landkreis is called one, though the official register leaves that out.
    """
    short = name.partition(",")[0]
    if kind == Kind.DISTRICT and "kreis" not in short.lower():
        return f"Landkreis {short}"
    return short


def with_place(name, place) -> str:
    """What tells bodies of equal names apart stands behind the name: „Wald (Odenwaldkreis)“."""
    return f"{name} ({place})" if place else name


MERGERS = 4  # so many in a row are followed; since 1970 no body of Hessen went through more than two


def present_day(path: str = ""):
    """The key of what a body is today, in SQL: of the last successor, or its own. `path` leads to the body."""
    later = [f"{path}{'successor__' * merged}successor_id" for merged in reversed(range(MERGERS))]
    return Coalesce(*later, f"{path}pk")


class MunicipalityQuerySet(models.QuerySet):
    def same_today_as(self, keys):
        """These bodies, what they became, and all that became the same."""
        today = self.model.objects.filter(pk__in=keys).values_list(present_day())
        return self.annotate(present_day=present_day()).filter(present_day__in=today)

    def existing_on(self, day):
        """Bodies that exist on the day; both ends of the validity count."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        )

    def delete(self):
        raise ValidationError(NEVER_DELETED)


def _successor_of(pk):
    return Municipality.objects.filter(pk=pk).values_list("successor_id", flat=True).first()


NEVER_DELETED = (
    "Kommunen werden nie gelöscht. Bitte setzen Sie stattdessen „gültig bis“ und, bei einem Zusammenschluss, "
    "die Nachfolgerin."
)


class Municipality(models.Model):
    ags = models.CharField(
        "Amtlicher Gemeindeschlüssel",
        max_length=8,
        null=True,
        blank=True,
        unique=True,
        validators=[RegexValidator(r"^(\d{8}|\d{5})$", "Der Schlüssel hat 8 Ziffern, bei einem Landkreis 5.")],
        help_text="8 Ziffern; bei einem Landkreis 5. Leer bei Zweckverbänden und anderen freien Körperschaften.",
        error_messages={"unique": "Dieser Schlüssel ist schon vergeben."},
    )
    ars = models.CharField(
        "Regionalschlüssel",
        max_length=12,
        blank=True,
        validators=[
            RegexValidator(r"^(\d{12}|\d{5})$", "Der Regionalschlüssel hat 12, bei einem Landkreis 5 Ziffern.")
        ],
    )
    name = models.CharField("Name", max_length=200)
    kind = models.CharField("Art", max_length=30, choices=Kind.choices)
    district = models.ForeignKey(
        "self",
        models.PROTECT,  # a body keeps its Kreis; nothing in the register is deleted
        null=True,
        blank=True,
        related_name="members",
        limit_choices_to={"kind": Kind.DISTRICT},
        verbose_name="Landkreis",
        help_text="Leer bei Landkreisen und kreisfreien Städten.",
    )
    population = models.PositiveIntegerField("Einwohner", null=True, blank=True)
    population_date = models.DateField("Stand der Einwohnerzahl", null=True, blank=True)
    area_km2 = models.DecimalField(
        "Fläche (km²)",
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    seat = models.CharField(
        "Sitz",
        max_length=100,
        blank=True,
        default="",
        help_text="Ort der Verwaltung, wenn er nicht der Name ist, zum Beispiel Homberg (Efze) beim "
        "Schwalm-Eder-Kreis.",
    )
    postal_code = models.CharField(
        "Postleitzahl",
        max_length=5,
        blank=True,
        validators=[RegexValidator(r"^\d{5}$", "Die Postleitzahl hat 5 Ziffern.")],
        help_text="Sitz der Verwaltung.",
    )
    street = models.CharField(
        "Straße und Hausnummer oder Postfach",
        max_length=120,
        blank=True,
        default="",
        help_text="Steht im Anschriftfeld der Schreiben. Leer, wo die Postleitzahl genügt (Großkunden-PLZ).",
    )
    latitude = models.DecimalField(
        "Breite",
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(47), MaxValueValidator(56)],
        help_text="Grad nördlicher Breite, WGS 84.",
    )
    longitude = models.DecimalField(
        "Länge",
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(5), MaxValueValidator(16)],
        help_text="Grad östlicher Länge, WGS 84.",
    )
    valid_from = models.DateField("gültig ab", null=True, blank=True, help_text="Leer: seit jeher.")
    valid_to = models.DateField("gültig bis", null=True, blank=True, help_text="Letzter Tag des Bestehens.")
    successor = models.ForeignKey(
        "self",
        models.PROTECT,  # the trace from a merged body to its successor must stay
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name="Nachfolgerin",
    )
    email = models.EmailField("E-Mail-Adresse", blank=True)
    note = models.TextField("Bemerkung", blank=True)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = "Kommune"
        verbose_name_plural = "Kommunen"
        ordering = ["name", "ags"]
        indexes = [models.Index(fields=["name"])]
        constraints = [
            models.CheckConstraint(
                name="municipality_validity_in_order",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
                violation_error_message="„gültig bis“ darf nicht vor „gültig ab“ liegen.",
            ),
            models.CheckConstraint(
                name="municipality_successor_after_end",
                condition=Q(successor=None) | Q(valid_to__isnull=False),
                violation_error_message="Wer eine Nachfolgerin hat, braucht ein Datum „gültig bis“.",
            ),
            models.CheckConstraint(
                name="municipality_key_unless_free",
                condition=Q(ags__isnull=False) | Q(kind__in=FREE_KINDS),
                violation_error_message="Nur Zweckverbände und andere freie Körperschaften haben keinen Schlüssel.",
            ),
            models.CheckConstraint(
                name="municipality_no_district_of_its_own",
                condition=Q(district=None) | ~Q(kind__in=[Kind.DISTRICT, Kind.INDEPENDENT_CITY]),
                violation_error_message="Landkreise und kreisfreie Städte gehören keinem Landkreis an.",
            ),
        ]

    def __str__(self):
        return with_place(self.display_name, self.place)

    def save(self, *args, **kwargs):
        self.name = unicodedata.normalize("NFC", self.name)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise ValidationError(NEVER_DELETED)

    def clean(self):
        self.name = unicodedata.normalize("NFC", self.name or "").strip()
        self.ags = self.ags or None
        self._check_key()
        self._check_district()
        self._check_successor()

    def _check_key(self):
        if self.ags and self.kind and (problem := keys.objection(self.ags, self.kind)):
            raise ValidationError({"ags": problem})
        if self.ags and self.ars and not keys.belong_together(self.ags, self.ars):
            raise ValidationError({"ars": f"Der Regionalschlüssel {self.ars} gehört nicht zum Schlüssel {self.ags}."})

    def _check_district(self):
        """The key names the Kreis; of other Länder the register holds no Kreise."""
        if not self.ags or self.kind not in MEMBER_KINDS:
            return
        if self.district_id is None:
            if self.is_hessian:
                raise ValidationError(
                    {"district": f"Bitte wählen Sie den Landkreis; der Schlüssel nennt den mit {self.ags[:5]}."}
                )
        elif self.district.ags != self.ags[:5]:
            raise ValidationError(
                {
                    "district": f"Der Schlüssel {self.ags} gehört in den Landkreis mit {self.ags[:5]}, nicht zu "
                    f"{self.district.display_name} ({self.district.ags}). Bitte berichtigen Sie Schlüssel oder Landkreis."
                }
            )

    def _check_successor(self):
        if not self.successor_id:
            return
        if problem := mergers.objection(self.as_party, self.successor.as_party, _successor_of):
            raise ValidationError({"successor": problem})

    @property
    def as_party(self):
        return mergers.Party(self.pk, self.display_name, self.kind, self.valid_from, self.valid_to)

    @property
    def display_name(self):
        return display_name(self.kind, self.name)

    @property
    def place(self):
        """What tells bodies of equal names apart: the Kreis; empty for a Kreis and a kreisfreie Stadt."""
        if self.district_id:
            return self.district.display_name
        return ""

    @property
    def organs(self):
        return ORGANS[Kind(self.kind)]

    @property
    def regierungsbezirk(self):
        """Computed from digits 1–3 of the key; a free body has that of its Kreis."""
        key = self.ags or (self.district.ags if self.district_id else "")
        return REGIERUNGSBEZIRKE.get((key or "")[:3], "")

    @property
    def district_key(self):
        """The five digits of the Kreis or kreisfreie Stadt; empty for a free body without a Kreis."""
        return (self.ags or (self.district.ags if self.district_id else "") or "")[:5]

    @property
    def is_hessian(self):
        return self.ags is None or self.ags.startswith(HESSEN)

    def exists_on(self, day):
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class RegisterImport(models.Model):
    """The record of an import that changed the register or repaired rows; without a person from the command line."""

    file_name = models.CharField("Datei", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who changed the register must stay traceable
        null=True,
        blank=True,
        related_name="+",
        verbose_name="durch",
    )
    at = models.DateTimeField("am")
    imported = models.PositiveIntegerField("übernommen")
    repaired = models.PositiveIntegerField("berichtigt")
    refused = models.PositiveIntegerField("abgelehnt")
    skipped = models.PositiveIntegerField("übersprungen")
    unchanged = models.PositiveIntegerField("unverändert")
    findings = models.JSONField("abgelehnte und berichtigte Zeilen", default=list, blank=True)

    class Meta:
        verbose_name = "Einlesen des Registers"
        verbose_name_plural = "Protokoll der Importe"
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.file_name} ({timezone.localtime(self.at):%d.%m.%Y %H:%M})"


class Membership(Access):
    """A person acts for a municipality. Accounts belong to people, cases to municipalities: who leaves takes nothing along."""

    class Role(models.TextChoices):
        CLERK = "clerk", "Bearbeitung"
        SIGNATORY = "signatory", "Zeichnungsbefugt"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who acted for a municipality stays known
        related_name="memberships",
        verbose_name="Person",
    )
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,  # nothing in the register is deleted
        related_name="memberships",
        verbose_name="Kommune",
    )
    role = models.CharField("Rolle", max_length=20, choices=Role.choices, default=Role.CLERK)
    is_administrator = models.BooleanField(
        "verwaltet die Personen",
        default=False,
        help_text="Lädt andere Personen der eigenen Kommune ein und beendet ihren Zugang.",
    )

    class Meta:
        verbose_name = "Zugang einer Kommune"
        verbose_name_plural = "Zugänge der Kommunen"
        ordering = ["municipality", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "municipality"],
                condition=Q(valid_to=None),
                name="membership_one_open_per_person",
                violation_error_message="Diese Person hat schon einen Zugang zu dieser Kommune.",
            ),
            validity_in_order("membership_validity_in_order"),
            ended_by_and_at("membership_ended_by_and_at"),
        ]

    def __str__(self):
        return f"{self.user} für {self.municipality.display_name}"

    @property
    def may_sign(self):
        return self.role == self.Role.SIGNATORY

    @property
    def is_last_administrator(self):
        """Whether nobody else manages the people of this municipality today."""
        others = Membership.objects.valid_on(timezone.localdate()).filter(
            municipality=self.municipality, is_administrator=True, user__is_active=True
        )
        return self.is_administrator and not others.exclude(pk=self.pk).exists()
