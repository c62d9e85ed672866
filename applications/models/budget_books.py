"""What grants have booked on lines of the budget. The database makes the sums, so that a year may hold any number of cases.

It sums whole cents: decimals are floats inside SQLite, and whole numbers are exact there too.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.apps import apps
from django.db.models import DecimalField, ExpressionWrapper, F, Q, Sum
from django.db.models.functions import ExtractYear, Round
from django.db.models.query import ModelIterable
from django.utils.functional import cached_property

CENTS = DecimalField(max_digits=15, decimal_places=0)


@dataclass(frozen=True)
class Booking:
    """The sum of the grants of one year that are paid, or of those that are not, in euros."""

    granted_in: int
    is_paid: bool
    bound: Decimal


class Books:
    """The bookings of some lines, read in two queries when the first is asked for."""

    def __init__(self, lines=()):
        self.lines = list(lines)

    def of(self, line) -> list[Booking]:
        return self._by_line[line.pk]

    @cached_property
    def _by_line(self):
        keys = [line.pk for line in self.lines]
        found = defaultdict(list)
        for key, year, is_paid, cents in (*_decisions(keys), *_deletions(keys)):
            found[key].append(Booking(year, is_paid, cents / 100))
        return found


class WithBooks(ModelIterable):
    """Gives the lines of one query the same books."""

    def __iter__(self):
        books = Books()
        for line in super().__iter__():
            books.lines.append(line)
            line.books = books
            yield line


def _decisions(lines):
    binding = apps.get_model("applications", "Decision").objects.binding().filter(budget__in=lines)
    in_years = binding.annotate(year=ExtractYear("decided_at"), is_paid=Q(application__paid_at__isnull=False))
    return _sums(in_years, "year", F("amount") - F("released_amount"))


def _deletions(lines):
    deleted = apps.get_model("applications", "Deletion").objects.filter(budget__in=lines)
    return _sums(deleted, "decided_in", F("bound"))


def _sums(rows, year, euros):
    cents = Round(ExpressionWrapper(euros * 100, CENTS))
    return rows.order_by().values_list("budget", year, "is_paid").annotate(cents=Sum(cents, output_field=CENTS))
