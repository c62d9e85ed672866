"""Who in the ministry looked at which document, and when. Written once, never changed."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from ikz import clock

WRITTEN_ONCE = "Ein Nachweis der Einsicht kann nicht geändert werden."


class DocumentViewQuerySet(models.QuerySet):
    def delete(self):
        raise ValidationError(WRITTEN_ONCE)

    def update(self, **fields):
        raise ValidationError(WRITTEN_ONCE)


class DocumentView(models.Model):
    class Way(models.TextChoices):
        SHOWN = "shown", "angesehen"
        DOWNLOADED = "downloaded", "heruntergeladen"

    file = models.ForeignKey(
        "applications.StoredFile",
        models.PROTECT,  # evidence is never deleted
        related_name="views",
        verbose_name="Dokument",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who looked stays known
        related_name="+",
        verbose_name="durch",
    )
    at = models.DateTimeField("am", default=clock.now, editable=False)
    way = models.CharField("Art", max_length=10, choices=Way.choices)

    objects = DocumentViewQuerySet.as_manager()

    class Meta:
        verbose_name = "Einsicht"
        verbose_name_plural = "Einsichten"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="document_view_shown_or_downloaded",
                condition=Q(way__in=["shown", "downloaded"]),
                violation_error_message="Ein Dokument wird angesehen oder heruntergeladen.",
            ),
        ]

    def __str__(self):
        return f"{self.file} {self.get_way_display()} durch {self.by}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise ValidationError(WRITTEN_ONCE)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise ValidationError(WRITTEN_ONCE)
