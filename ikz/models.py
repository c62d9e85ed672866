"""Who works here: accounts belong to people and are known by their e-mail address."""

from django.contrib.auth.models import AbstractUser, Group, UserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property

from ikz.mail_addresses import sendable
from ikz.session_store import SessionStore


class AccountManager(UserManager):
    def create_user(self, email, password=None, **fields):
        return self._create(email, password, **{"is_staff": False, "is_superuser": False, **fields})

    def create_superuser(self, email, password=None, **fields):
        return self._create(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def _create(self, email, password, **fields):
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email.strip())


class User(AbstractUser):
    username = None
    email = models.EmailField("E-Mail-Adresse", unique=True, validators=[sendable])
    is_active = models.BooleanField(
        "freigeschaltet",
        default=True,
        help_text="Ohne diesen Haken ist keine Anmeldung möglich. Wer ausscheidet, verliert ihn; Konten werden nicht gelöscht.",
    )
    is_staff = models.BooleanField(
        "Zugang zur Verwaltung",
        default=False,
        help_text="Nur mit diesem Haken ist die Anmeldung hier möglich.",
    )
    is_superuser = models.BooleanField(
        "alle Rechte",
        default=False,
        help_text="Nur für die technische Betreuung. Das Vier-Augen-Prinzip gilt trotzdem.",
    )
    groups = models.ManyToManyField(
        Group,
        verbose_name="Rollen",
        blank=True,
        related_name="user_set",
        related_query_name="user",
        help_text="Was jemand tun darf, folgt aus den Rollen.",
    )
    case_list_selection = models.TextField("Auswahl der Fallliste", blank=True, default="", editable=False)

    objects = AccountManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = "Konto"
        verbose_name_plural = "Konten"
        ordering = ["last_name", "first_name", "email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_account_per_email",
                violation_error_message="Zu dieser E-Mail-Adresse gibt es schon ein Konto.",
            ),
        ]

    def __str__(self):
        return self.get_full_name() or self.email

    def save(self, *args, **kwargs):
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    @cached_property
    def memberships_today(self):
        """For which municipalities the person acts today. Read once for each request."""
        return list(self.memberships.valid_on(timezone.localdate()).select_related("municipality__district"))

    @property
    def manages_people(self):
        """Whether the person invites and dismisses people of a municipality today."""
        return any(each.is_administrator for each in self.memberships_today)

    @cached_property
    def offices_today(self):
        """For which supervisory offices the person answers today. Read once for each request."""
        return [each.office for each in self.office_memberships.valid_on(timezone.localdate()).select_related("office")]


class CacheEntry(models.Model):
    """The table of Django's database cache, as a model, so that every migration makes it and every test empties it."""

    cache_key = models.CharField("Schlüssel", max_length=255, primary_key=True)
    value = models.TextField("Wert")
    expires = models.DateTimeField("gilt bis", db_index=True)

    class Meta:
        verbose_name = "Eintrag des Zwischenspeichers"
        verbose_name_plural = "Zwischenspeicher"
        db_table = "ikz_cache"

    def __str__(self):
        return self.cache_key


class Session(AbstractBaseSession):
    """A session of the portal or the admin, and whose it is once somebody signed in (ikz/session_store.py)."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="sessions", verbose_name="Konto"
    )

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "Sitzung"
        verbose_name_plural = "Sitzungen"
        db_table = "ikz_session"

    @classmethod
    def get_session_store_class(cls):
        return SessionStore


class LegalPage(models.Model):
    """A text that the law asks for. Paragraphs are parted by empty lines; one that begins with `# ` is a heading."""

    class Key(models.TextChoices):
        ACCESSIBILITY = "barrierefreiheit", "Barrierefreiheit"
        IMPRINT = "impressum", "Impressum"
        PRIVACY = "datenschutz", "Datenschutz"

    key = models.CharField("Seite", max_length=20, choices=Key.choices, unique=True, editable=False)
    title = models.CharField("Überschrift", max_length=100)
    text = models.TextField(
        "Text",
        help_text="Absätze trennt eine leere Zeile. Eine Zeile, die mit „# “ beginnt, wird zur Zwischenüberschrift. "
        "Internet- und E-Mail-Adressen werden zu Links.",
    )
    changed_at = models.DateTimeField("Stand", auto_now=True)

    class Meta:
        verbose_name = "Rechtliche Seite"
        verbose_name_plural = "Rechtliche Seiten"
        ordering = ["key"]

    def __str__(self):
        return self.get_key_display()

    @property
    def paragraphs(self):
        """(is it a heading, its text) for each."""
        blocks = (block.strip() for block in self.text.replace("\r\n", "\n").split("\n\n"))
        return [(block.startswith("# "), block.removeprefix("# ")) for block in blocks if block]
