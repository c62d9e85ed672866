"""That the daily work of a day was done, and by one worker alone."""

from datetime import timedelta

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone

DEAD_AFTER = timedelta(hours=1)  # a run that takes longer was killed


class DailyRunQuerySet(models.QuerySet):
    def claim(self, day):
        """The run of this day, if it is ours to do now; None when it is done or somebody else is at it."""
        now = timezone.now()
        try:
            with transaction.atomic():
                return self.create(day=day, started_at=now)
        except IntegrityError:
            dead = self.filter(day=day, finished_at=None, started_at__lt=now - DEAD_AFTER)
            return self.get(day=day) if dead.update(started_at=now) else None


class DailyRun(models.Model):
    day = models.DateField("Tag", unique=True)
    started_at = models.DateTimeField("begonnen am")
    finished_at = models.DateTimeField("beendet am", null=True, blank=True)

    objects = DailyRunQuerySet.as_manager()

    class Meta:
        verbose_name = "Tageslauf"
        verbose_name_plural = "Tagesläufe"
        ordering = ["-day"]
        constraints = [
            models.CheckConstraint(
                name="daily_run_ends_after_it_began",
                condition=Q(finished_at=None) | Q(finished_at__gte=models.F("started_at")),
                violation_error_message="Ein Tageslauf endet nicht, bevor er begonnen hat.",
            ),
        ]

    def __str__(self):
        return f"{self.day:%d.%m.%Y}"

    def give_back(self):
        """To whoever comes next. What somebody else took for dead and is at meanwhile stays theirs."""
        DailyRun.objects.filter(pk=self.pk, started_at=self.started_at, finished_at=None).delete()
