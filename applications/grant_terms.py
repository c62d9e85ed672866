"""What a grant says beside its amount: purpose, period, report, payment and legal basis. Imports no models."""

from datetime import date

from applications.periods import last_day_of_years

LEGAL_BASIS = "§§ 23 und 44 LHO"
PAYMENT_RULE = (
    "Die Zuwendung wird in einer Summe ausgezahlt, sobald dieser Bescheid bestandskräftig ist. Sie können die "
    "Bestandskraft herbeiführen, indem Sie schriftlich auf Rechtsbehelfe verzichten."
)
REPORT_AFTER_YEARS = 3  # usual, no rule: the decider may change the day


def first_terms(application) -> dict[str, object]:
    """What the file suggests; a day that it does not know is left to the decider."""
    start, years = application.starts_on, application.variant.binding_years
    return {
        "purpose": application.cooperation.purpose.strip() or application.title,
        "starts_on": start,
        "ends_on": last_day_of_years(start, years) if start and years else None,
        "report_due_on": last_day_of_years(start, REPORT_AFTER_YEARS) if start else None,
        "payment_rule": PAYMENT_RULE,
        "legal_basis": LEGAL_BASIS,
    }


def complaint(*, today: date, starts_on=None, ends_on=None, report_due_on=None, **_others) -> tuple[str, str] | None:
    """The field and the sentence of what cannot be, or None."""
    if (starts_on is None) != (ends_on is None):
        return "ends_on", "Bitte nennen Sie Beginn und Ende des Bewilligungszeitraums."
    if starts_on and ends_on < starts_on:
        return "ends_on", "Der Bewilligungszeitraum kann nicht enden, bevor er beginnt."
    if report_due_on and report_due_on < today:
        return "report_due_on", "Der Verwendungsnachweis kann nicht vor dem Bescheid fällig sein."
    if starts_on and report_due_on and report_due_on < starts_on:
        return (
            "report_due_on",
            "Der Verwendungsnachweis kann nicht vor dem Beginn des Bewilligungszeitraums fällig sein.",
        )
    return None
