"""The accounts that money goes to, and the one that it comes from."""

from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q

from applications import iban as ibans
from ikz import clock
from ikz.columns import acted_at, acted_by, both_or_neither
from municipalities.models import Municipality


class IbanField(models.CharField):
    """Typed with or without blanks, kept without."""

    def __init__(self, *args, **options):
        super().__init__(*args, **{"max_length": 42, **options})

    def to_python(self, value):
        text = super().to_python(value)
        try:
            return ibans.compact(text) if text else text
        except ibans.NotAnIban as problem:
            raise ValidationError(str(problem)) from problem


class AccountRefused(Exception):
    """Nothing was changed. The message is a German sentence."""


class BankAccountQuerySet(models.QuerySet):
    def open(self):
        """Not ended: the one that money goes to, and one that waits to be confirmed."""
        return self.filter(ended_at=None)

    def usable(self):
        return self.open().exclude(confirmed_at=None)

    def end(self, *, by, at):
        """One by one, so that auditlog sees it: there is one at most that waits, and one that counts."""
        for each in self:
            each.ended_by, each.ended_at = by, at
            each.save(update_fields=["ended_by", "ended_at"])

    end.queryset_only = True  # never of all accounts

    def enter(self, account, *, by):
        """A new account; one that waited to be confirmed gives way to it."""
        with transaction.atomic():
            account.municipality = Municipality.objects.select_for_update(no_key=True).get(pk=account.municipality_id)
            now = clock.now()
            account.municipality.bank_accounts.open().filter(confirmed_at=None).end(by=by, at=now)
            account.entered_by, account.entered_at = by, now
            account.full_clean()
            account.save()
            return account


class BankAccount(models.Model):
    """Where a municipality is paid. Never changed: another one is entered, and a second person confirms it."""

    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,  # where money went stays known
        related_name="bank_accounts",
        verbose_name="Kommune",
    )
    holder = models.CharField("Kontoinhaber", max_length=70)
    iban = IbanField("IBAN")
    entered_by = acted_by("eingetragen")
    entered_at = models.DateTimeField("eingetragen am", editable=False)
    confirmed_by = acted_by("bestätigt")
    confirmed_at = acted_at("bestätigt")
    ended_by = acted_by("beendet")
    ended_at = acted_at("beendet")

    objects = BankAccountQuerySet.as_manager()

    class Meta:
        verbose_name = "Bankverbindung"
        verbose_name_plural = "Bankverbindungen"
        ordering = ["municipality", "-entered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(ended_at=None, confirmed_at__isnull=False),
                name="bank_account_one_per_municipality",
                violation_error_message="Diese Kommune hat schon eine bestätigte Bankverbindung.",
            ),
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(ended_at=None, confirmed_at=None),
                name="bank_account_one_waits",
                violation_error_message="Für diese Kommune wartet schon eine Bankverbindung auf Bestätigung.",
            ),
            both_or_neither(
                "bank_account_confirmed_by_and_at", "confirmed", "Zur Bestätigung gehören Person und Zeitpunkt."
            ),
            models.CheckConstraint(
                name="bank_account_confirmed_by_another",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("entered_by")),
                violation_error_message="Wer eine Bankverbindung einträgt, bestätigt sie nicht.",
            ),
            both_or_neither("bank_account_ended_by_and_at", "ended", "Zum Ende gehören Person und Zeitpunkt."),
        ]

    def __str__(self):
        return f"{self.holder}, {self.masked}"

    @property
    def is_confirmed(self):
        return self.confirmed_at is not None

    @property
    def in_groups(self):
        return ibans.in_groups(self.iban)

    @property
    def masked(self):
        return ibans.masked(self.iban)

    @property
    def bank(self):
        return ibans.bank(self.iban)

    def confirm(self, *, by):
        """From now on money goes here, and no longer to the one before. Raises AccountRefused."""
        with self._held():
            if self.ended_at or self.confirmed_at:
                raise AccountRefused(f"{self}: schon {'beendet' if self.ended_at else 'bestätigt'}.")
            if self.entered_by_id == by.pk:
                raise AccountRefused(
                    f"{self}: Vier-Augen-Prinzip. Sie haben die Bankverbindung eingetragen; bestätigen muss eine andere Person."
                )
            self.confirmed_by, self.confirmed_at = by, clock.now()
            others = self.municipality.bank_accounts.usable().exclude(pk=self.pk)
            others.end(by=by, at=self.confirmed_at)
            self.save(update_fields=["confirmed_by", "confirmed_at"])

    def end(self, *, by):
        """No money goes here any more. Raises AccountRefused."""
        with self._held():
            if self.ended_at:
                raise AccountRefused(f"{self}: schon beendet.")
            self.ended_by, self.ended_at = by, clock.now()
            self.save(update_fields=["ended_by", "ended_at"])

    @contextmanager
    def _held(self):
        """The row as it is now, while nobody else enters, confirms or ends an account of the municipality, or pays to it."""
        with transaction.atomic():
            Municipality.objects.select_for_update(no_key=True).get(pk=self.municipality_id)
            self.refresh_from_db()
            yield


class PayingAccountQuerySet(models.QuerySet):
    def on(self, day):
        """The account of that day, or None."""
        return self.filter(valid_from__lte=day).order_by("-valid_from").first()


class PayingAccount(models.Model):
    """From which account the Land pays; one dated version."""

    valid_from = models.DateField(
        "gültig ab", unique=True, error_messages={"unique": "An diesem Tag beginnt schon ein anderes Konto."}
    )
    holder = models.CharField("Kontoinhaber", max_length=70)
    iban = IbanField("IBAN")

    objects = PayingAccountQuerySet.as_manager()

    class Meta:
        verbose_name = "Auszahlungskonto"
        verbose_name_plural = "Auszahlungskonten"
        ordering = ["-valid_from"]

    def __str__(self):
        return f"{self.holder}, {self.masked}"

    @property
    def masked(self):
        return ibans.masked(self.iban)
