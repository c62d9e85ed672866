"""Evidence: one append-only entry per step, chained by hash per case and protected by triggers (history_triggers.py).

Beside it FieldChange keeps who changed which field of which record; auditlog writes it.
"""

import hashlib
import json
from datetime import UTC

from auditlog.models import AbstractLogEntry
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from ikz import clock

GENESIS = "0" * 64
APPEND_ONLY = "Die Verfahrensgeschichte kann nicht geändert werden."


class EntryQuerySet(models.QuerySet):
    def append(self, application, *, step, source, target, by, reason="", findings=(), data=None):
        """Add the next entry to the case's chain. The caller holds the lock on the application's row."""
        last = self.filter(application=application).order_by("-sequence").first()
        entry = Entry(
            application=application,
            sequence=last.sequence + 1 if last else 1,
            step=step,
            source=source,
            target=target,
            by=by,
            by_name=str(by),
            at=clock.now(),
            reason=reason,
            findings=_as_stored(list(findings)),
            data=_as_stored(data or {}),
            previous_hash=last.hash if last else GENESIS,
        )
        entry.hash = entry.digest()
        entry.save(force_insert=True)
        return entry

    def delete(self):
        raise ValidationError(APPEND_ONLY)

    def update(self, **fields):
        raise ValidationError(APPEND_ONLY)


def _as_stored(value):
    """The value as it comes back from the database, so that the hash can be computed again."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


class Entry(models.Model):
    application = models.ForeignKey(
        "applications.Application",
        models.PROTECT,  # evidence is never deleted
        related_name="history",
        verbose_name="Fall",
    )
    sequence = models.PositiveIntegerField("Nr.")
    step = models.CharField("Schritt", max_length=60)
    source = models.CharField("von", max_length=40, blank=True)
    target = models.CharField("nach", max_length=40)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # evidence is never deleted
        related_name="+",
        verbose_name="durch",
    )
    by_name = models.CharField("Name", max_length=320)
    at = models.DateTimeField("am")
    reason = models.TextField("Grund", blank=True)
    findings = models.JSONField("Prüfergebnisse", default=list)
    data = models.JSONField("Angaben", default=dict)
    previous_hash = models.CharField("vorige Prüfsumme", max_length=64)
    hash = models.CharField("Prüfsumme", max_length=64)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "Eintrag der Verfahrensgeschichte"
        verbose_name_plural = "Verfahrensgeschichte"
        ordering = ["application", "sequence"]
        indexes = [models.Index(fields=["at"], name="entry_by_time")]  # the list of all histories, of a day or a month
        constraints = [
            models.UniqueConstraint(fields=["application", "sequence"], name="entry_sequence_once_per_case"),
        ]

    def __str__(self):
        return f"{self.application} Nr. {self.sequence}: {self.step}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise ValidationError(APPEND_ONLY)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise ValidationError(APPEND_ONLY)

    def digest(self):
        """SHA-256 over canonical JSON of everything but the hash itself."""
        facts = {
            "application": self.application_id,
            "sequence": self.sequence,
            "step": self.step,
            "source": self.source,
            "target": self.target,
            "by": self.by_id,
            "by_name": self.by_name,
            "at": self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "reason": self.reason,
            "findings": self.findings,
            "data": self.data,
            "previous_hash": self.previous_hash,
        }
        canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


class FieldChange(AbstractLogEntry):
    """Which field of which record was changed by whom; written by auditlog, found by case."""

    application = models.ForeignKey(
        "applications.Application",
        models.PROTECT,  # a case with history is never deleted
        null=True,
        blank=True,
        related_name="field_changes",
        verbose_name="Fall",
    )

    class Meta(AbstractLogEntry.Meta):
        verbose_name = "Feldänderung"
        verbose_name_plural = "Feldänderungen"

    def save(self, *args, **kwargs):
        self.application_id = (self.additional_data or {}).get("application")
        if self._state.adding:
            self.timestamp = clock.now()
        super().save(*args, **kwargs)
