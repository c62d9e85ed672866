"""Invitations: a one-time link that gives a person access to a municipality or to an office."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Prefetch, Q
from django.utils import timezone
from post_office.models import Email

from applications.models.office import Office, OfficeMember
from ikz import outbox
from ikz.columns import acted_at, acted_by, both_or_neither
from ikz.mail_addresses import sendable
from ikz.models import User
from municipalities.models import Membership, Municipality

VALID_DAYS = 7


class InvitationQuerySet(models.QuerySet):
    def open(self):
        """Neither accepted nor revoked; the link of an open invitation may have expired."""
        return self.filter(accepted_at=None, revoked_at=None)

    def with_last_mail(self):
        """With what `last_mail` asks for, in one query for all."""
        return self.prefetch_related(Prefetch("mails", InvitationMail.objects.select_related("email")))

    def with_token(self, token):
        """The open invitations whose link holds this token and has not expired: one, or none."""
        return self.open().filter(token_hash=hash_of(token), expires_at__gt=timezone.now())


def hash_of(token) -> str:
    """Tokens are random and long, so a plain hash keeps them: whoever reads the database cannot use them."""
    return hashlib.sha256(token.encode()).hexdigest()


class Invitation(models.Model):
    email = models.EmailField("E-Mail-Adresse", validators=[sendable])
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,  # nothing in the register is deleted
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name="Kommune",
    )
    office = models.ForeignKey(
        Office,
        models.PROTECT,  # who was invited for an office stays known
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name="Stelle",
    )
    role = models.CharField("Rolle", max_length=20, choices=Membership.Role.choices, default=Membership.Role.CLERK)
    is_administrator = models.BooleanField(
        "verwaltet die Personen",
        default=False,
        help_text="Lädt andere Personen der eigenen Kommune ein und beendet ihren Zugang.",
    )
    token_hash = models.CharField("Prüfwert des Links", max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField("Link gilt bis", editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who let somebody in stays known
        editable=False,
        related_name="+",
        verbose_name="eingeladen von",
    )
    invited_at = models.DateTimeField("eingeladen am", editable=False)
    accepted_by = acted_by("angenommen")
    accepted_at = acted_at("angenommen")
    revoked_by = acted_by("zurückgezogen")
    revoked_at = acted_at("zurückgezogen")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "Einladung"
        verbose_name_plural = "Einladungen"
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="invitation_for_one_body",
                condition=Q(municipality=None, office__isnull=False) | Q(municipality__isnull=False, office=None),
                violation_error_message="Bitte wählen Sie entweder eine Kommune oder eine Stelle.",
            ),
            both_or_neither("invitation_accepted_by_and_at", "accepted", "Zur Annahme gehören Person und Zeitpunkt."),
            both_or_neither(
                "invitation_revoked_by_and_at", "revoked", "Zum Zurückziehen gehören Person und Zeitpunkt."
            ),
            models.CheckConstraint(
                name="invitation_accepted_or_revoked",
                condition=Q(accepted_at=None) | Q(revoked_at=None),
                violation_error_message="Eine angenommene Einladung lässt sich nicht zurückziehen.",
            ),
            *(
                models.UniqueConstraint(
                    fields=["email", body],
                    condition=Q(accepted_at=None, revoked_at=None),
                    name=f"invitation_one_open_for_{body}",
                    violation_error_message="Diese Person ist schon eingeladen. Bitte senden Sie die Einladung erneut.",
                )
                for body in ("municipality", "office")
            ),
        ]

    def __str__(self):
        return f"{self.email} für {self.body_name}"

    def clean(self):
        self.email = self.email.strip().lower()
        if self._access().filter(valid_to=None, user__email=self.email).exists():
            raise ValidationError({"email": "Diese Person hat schon einen Zugang."})

    @property
    def body_name(self):
        return self.municipality.display_name if self.municipality_id else str(self.office)

    @property
    def is_open(self):
        return self.accepted_at is None and self.revoked_at is None

    @property
    def is_expired(self):
        return self.is_open and self.expires_at <= timezone.now()

    @property
    def last_mail(self):
        """The mail that went out last, as long as the outbox keeps it."""
        last = next(iter(self.mails.all()), None)
        return last and last.email

    @property
    def is_undeliverable(self):
        return self.is_open and outbox.has_failed(self.last_mail)

    @property
    def account(self):
        """The account of the person invited, if there is one."""
        return User.objects.filter(email=self.email).first()

    def renew(self, *, by) -> str:
        """Make a new token, after which the former one opens nothing. Returns it; only its hash is kept."""
        token = secrets.token_urlsafe(32)
        self.token_hash = hash_of(token)
        self.invited_by, self.invited_at = by, timezone.now()
        self.expires_at = self.invited_at + timedelta(days=VALID_DAYS)
        return token

    def grant(self, user):
        """Give the person the access that the invitation promises. An access that is there already is left alone."""
        found = self._access().filter(user=user, valid_to=None).first()
        return found or self._access().create(user=user, **self._promised())

    def _access(self):
        if self.municipality_id:
            return Membership.objects.filter(municipality=self.municipality_id)
        return OfficeMember.objects.filter(office=self.office_id)

    def _promised(self):
        if self.municipality_id:
            return {
                "municipality": self.municipality,
                "role": self.role,
                "is_administrator": self.is_administrator,
            }
        return {"office": self.office}


class InvitationMail(models.Model):
    """One mail that invited somebody: how many go out is counted here (applications/invitations.py)."""

    invitation = models.ForeignKey(
        Invitation,
        models.PROTECT,  # invitations stay
        related_name="mails",
        verbose_name="Einladung",
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who wrote to strangers stays known
        related_name="+",
        verbose_name="gesendet von",
    )
    sent_at = models.DateTimeField("gesendet am")
    email = models.OneToOneField(
        Email,
        models.SET_NULL,  # the outbox is emptied in time
        null=True,
        blank=True,
        related_name="invitation_row",
        verbose_name="E-Mail",
    )

    class Meta:
        verbose_name = "Einladungsmail"
        verbose_name_plural = "Einladungsmails"
        default_permissions = ()  # shown with the invitation, nowhere alone
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["sent_by", "sent_at"])]

    def __str__(self):
        return f"{self.invitation.email}, {self.sent_at:%d.%m.%Y %H:%M}"
