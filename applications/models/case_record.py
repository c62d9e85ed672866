"""What belongs to one case."""

from django.db import models

from applications.models.belongs_to_case import BelongsToCase


class CaseRecord(BelongsToCase, models.Model):
    application = models.ForeignKey(
        "applications.Application",
        models.PROTECT,  # the file of a case stays whole
        related_name="%(class)ss",
        verbose_name="Fall",
    )

    class Meta:
        abstract = True

    @property
    def case(self):
        return self.application
