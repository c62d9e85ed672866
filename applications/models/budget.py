"""The money of a year: what is allocated, moved between lines, bound by decisions, and may be promised for later years.

What is bound is summed by the database (budget_books.py); the few transfers and authorisations of a line are summed here.
"""

from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from applications.models.budget_books import Books, WithBooks
from ikz import clock
from ikz.columns import euros_field
from ikz.german import euros

NOTHING = Decimal(0)
YEARS = [MinValueValidator(2000), MaxValueValidator(2100)]


def _euros(label):
    return euros_field(label, validators=[MinValueValidator(0)])


class BudgetQuerySet(models.QuerySet):
    def with_books(self):
        """Everything that the sums of a line are made of; six queries for any number of lines and of cases."""
        return self.with_bookings().prefetch_related("transfers_in", "transfers_out", "authorisations")

    def with_bookings(self):
        lines = self.all()
        lines._iterable_class = WithBooks
        return lines

    def held(self):
        """The same lines with their books, their rows locked until the transaction ends; always in the same order."""
        locked = [line.pk for line in self.select_for_update().order_by("pk")]
        return self.model.objects.filter(pk__in=locked).with_books().order_by("pk")


class Budget(models.Model):
    """One line of the Haushaltsplan: a year and a title."""

    year = models.PositiveSmallIntegerField("Haushaltsjahr", validators=YEARS)
    title = models.CharField(
        "Haushaltsstelle",
        max_length=120,
        blank=True,
        help_text="Kapitel und Titel. Leer, wenn es im Jahr nur eine gibt.",
    )
    allocated = _euros("Ansatz (€)")

    books = None  # shared with the other lines of a query (budget_books.py)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = "Haushaltsansatz"
        verbose_name_plural = "Haushaltsansätze"
        ordering = ["-year", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "title"],
                name="budget_once_per_year_and_title",
                violation_error_message="Für dieses Jahr und diese Haushaltsstelle gibt es schon einen Ansatz.",
            ),
            models.CheckConstraint(
                name="budget_not_negative",
                condition=Q(allocated__gte=0),
                violation_error_message="Der Ansatz darf nicht negativ sein.",
            ),
        ]

    def __str__(self):
        return f"Haushalt {self.year}" + (f", {self.title}" if self.title else "")

    def clean(self):
        if self.pk and self.allocated is not None and (short := -self.left()) > 0:
            least = self.allocated + short
            raise ValidationError(
                {"allocated": f"Gebunden sind schon {euros(least)}; der Ansatz kann nicht darunter liegen."}
            )

    @property
    def bookings(self):
        """What decisions bind, of files kept and of deleted ones; read anew each time where it was not read with others."""
        return (self.books or Books([self])).of(self)

    def transferred(self):
        """What came from other lines, less what went to them."""
        return _total(self.transfers_in.all()) - _total(self.transfers_out.all())

    def available(self):
        return self.allocated + self.transferred()

    def committed(self):
        """What decisions bind, paid or not."""
        return sum((each.bound for each in self.bookings), NOTHING)

    def paid(self):
        return sum((each.bound for each in self.bookings if each.is_paid), NOTHING)

    def left(self):
        return self.available() - self.committed()

    def promised(self, year):
        """What was granted out of this line in an earlier year."""
        return sum((each.bound for each in self.bookings if each.granted_in == year), NOTHING)

    def authorised(self, year):
        return _total(each for each in self.authorisations.all() if each.year == year)

    def left_to_promise(self, year):
        """What may still be granted in an earlier year (LHO § 38)."""
        return self.authorised(year) - self.promised(year)

    def room(self, year):
        """What can be granted out of this line in that year."""
        return self.left() if year >= self.year else min(self.left(), self.left_to_promise(year))

    def why_not(self, amount, year):
        """The sentence of why so much cannot be granted in that year, or None."""
        if amount > (left := self.left()):
            return (
                f"Der Haushalt {self.year} reicht nicht: Verfügbar sind noch {euros(max(left, NOTHING))}, "
                f"bewilligt werden sollen {euros(amount)}."
            )
        if amount > (room := self.room(year)):
            return (
                f"{year} darf zulasten von {self.year} nur bewilligt werden, was eine Verpflichtungsermächtigung deckt "
                f"(LHO § 38): Verfügbar sind noch {euros(max(room, NOTHING))}. Bitte wenden Sie sich an die Rolle Haushalt."
            )
        return None


def _total(movements):
    return sum((each.amount for each in movements), NOTHING)


class BudgetTransfer(models.Model):
    """Money moved from one line to another. It stays; a wrong one is moved back by another."""

    source = models.ForeignKey(
        Budget,
        models.PROTECT,  # the books stay whole
        related_name="transfers_out",
        verbose_name="aus",
    )
    target = models.ForeignKey(
        Budget,
        models.PROTECT,  # the books stay whole
        related_name="transfers_in",
        verbose_name="nach",
    )
    amount = _euros("Betrag (€)")
    reason = models.TextField("Begründung")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who booked stays known
        editable=False,
        related_name="+",
        verbose_name="gebucht von",
    )
    at = models.DateTimeField("gebucht am", default=clock.now, editable=False)

    class Meta:
        verbose_name = "Umbuchung"
        verbose_name_plural = "Umbuchungen"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="budget_transfer_moves_something",
                condition=Q(amount__gt=0),
                violation_error_message="Bitte geben Sie einen Betrag über 0 € an.",
            ),
            models.CheckConstraint(
                name="budget_transfer_between_two_lines",
                condition=~Q(source=F("target")),
                violation_error_message="Bitte wählen Sie zwei verschiedene Haushaltsansätze.",
            ),
        ]

    def __str__(self):
        return f"{euros(self.amount)} aus {self.source} nach {self.target}"

    def clean(self):
        if self.source_id and self.amount is not None and self.amount > (left := self.source.left()):
            raise ValidationError(
                {
                    "amount": f"In {self.source} sind nur noch {euros(left)} verfügbar. Bitte buchen Sie höchstens so viel um."
                }
            )


class CommitmentAuthorisation(models.Model):
    """Verpflichtungsermächtigung: so much of a later year's line may be granted in this year (LHO §§ 16, 38)."""

    year = models.PositiveSmallIntegerField(
        "gilt im Haushaltsjahr", validators=YEARS, help_text="Das Jahr, in dem bewilligt wird."
    )
    budget = models.ForeignKey(
        Budget,
        models.PROTECT,  # the books stay whole
        related_name="authorisations",
        verbose_name="zulasten von",
        help_text="Der Ansatz des späteren Jahres, aus dem gezahlt wird.",
    )
    amount = _euros("Betrag (€)")
    note = models.TextField("Bemerkung", blank=True)

    class Meta:
        verbose_name = "Verpflichtungsermächtigung"
        verbose_name_plural = "Verpflichtungsermächtigungen"
        ordering = ["-year", "budget"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "budget"],
                name="commitment_authorisation_once",
                violation_error_message="Für dieses Jahr und diesen Ansatz gibt es schon eine. Bitte ändern Sie deren Betrag.",
            ),
            models.CheckConstraint(
                name="commitment_authorisation_not_negative",
                condition=Q(amount__gte=0),
                violation_error_message="Der Betrag darf nicht negativ sein.",
            ),
        ]

    def __str__(self):
        return f"Verpflichtungsermächtigung {self.year} für {self.budget}"

    def clean(self):
        if not (self.year and self.budget_id and self.amount is not None):
            return
        if self.budget.year <= self.year:
            raise ValidationError(
                {"budget": "Bitte wählen Sie einen Ansatz eines späteren Jahres; im laufenden Jahr braucht es keine."}
            )
        if self.amount < (promised := self.budget.promised(self.year)):
            raise ValidationError(
                {"amount": f"Bewilligt sind schon {euros(promised)}; die Ermächtigung kann nicht darunter liegen."}
            )
