"""File numbers: counted per year, drawn race-free."""

from django.db import models


class CaseNumber(models.Model):
    """The last file number drawn in a year."""

    year = models.PositiveSmallIntegerField("Jahr", unique=True)
    last = models.PositiveIntegerField("letzte Nummer", default=0)

    class Meta:
        verbose_name = "Nummernkreis"
        verbose_name_plural = "Nummernkreise"

    def __str__(self):
        return f"{self.year}: {self.last}"

    @classmethod
    def draw(cls, year):
        """The next file number of the year. Must run inside a transaction: the row lock makes it race-free."""
        cls.objects.get_or_create(year=year)
        counter = cls.objects.select_for_update().get(year=year)
        counter.last += 1
        counter.save(update_fields=["last"])
        return f"IKZ-{year}-{counter.last:04d}"
