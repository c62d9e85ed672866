"""For how long somebody has access: from a day, to a day, or until it is ended at once."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class AccessQuerySet(models.QuerySet):
    def valid_on(self, day):
        """Both ends of the validity count; what was ended at once is over on that very day."""
        return self.filter(
            Q(valid_to=None) | Q(valid_to__gte=day),
            Q(ended_at=None) | Q(ended_at__date__gt=day),
            valid_from__lte=day,
        )


class Access(models.Model):
    """A person's access to something. It is ended and never deleted: who acted stays known."""

    valid_from = models.DateField("gültig ab", default=timezone.localdate)
    valid_to = models.DateField("gültig bis", null=True, blank=True, help_text="Letzter Tag des Zugangs.")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who took the access away stays known
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="beendet durch",
    )
    ended_at = models.DateTimeField("beendet am", null=True, blank=True, editable=False)

    objects = AccessQuerySet.as_manager()

    class Meta:
        abstract = True

    def end(self, *, by):
        """Take the access away now. What the person did stays."""
        self.ended_by, self.ended_at = by, timezone.now()
        self.valid_to = max(timezone.localdate(), self.valid_from)
        self.save()


def validity_in_order(name):
    return models.CheckConstraint(
        name=name,
        condition=Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
        violation_error_message="„gültig bis“ darf nicht vor „gültig ab“ liegen.",
    )


def ended_by_and_at(name):
    return models.CheckConstraint(
        name=name,
        condition=Q(ended_by=None, ended_at=None)
        | Q(ended_by__isnull=False, ended_at__isnull=False, valid_to__isnull=False),
        violation_error_message="Zum Ende eines Zugangs gehören Person und Zeitpunkt.",
    )
