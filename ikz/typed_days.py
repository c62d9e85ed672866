"""Days as people type them: a slip of the finger must not become a year that nothing can be counted from."""

from datetime import date

from django.core.exceptions import ValidationError

from ikz import clock

YEARS = range(1900, 2200)


def plausible_year(value: date) -> None:
    """For every field of a form that takes a day or a point in time."""
    if value.year not in YEARS:
        raise ValidationError(f"Bitte prüfen Sie das Jahr: Möglich sind {YEARS[0]} bis {YEARS[-1]}.")


def after_today(value: date) -> None:
    """For a day until which others are given time: one that has begun leaves them none. No law names a least number of days."""
    if value <= clock.today():
        raise ValidationError("Bis dahin bleibt keine Zeit. Bitte nennen Sie einen Tag ab morgen.")
