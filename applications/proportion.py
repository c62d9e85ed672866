"""The hint on the proportion of grant and saving: for a person to weigh, it stops nothing.

Over how many years both are compared says the binding period of the variant; why the usual proportion is no parameter,
docs/decisions/0009-proportion.md.
"""

from decimal import Decimal

from applications.checklist import hint, rule

USUAL_PROPORTION = (Decimal("0.06"), Decimal("0.67"))  # the real cases of 2011–2025 with a published saving


@rule("Die Zuwendung steht im Verhältnis zur Einsparung", source="Fördervoraussetzungen")
def grant_proportionate(application):
    saving, amount = application.saving, application.amount_or_proposal
    years = application.variant.binding_years
    if saving is None or amount is None:
        return hint("Noch nicht zu berechnen: Die Ausgabentabelle oder der Betrag fehlt.")
    if not years:
        return hint("Nicht zu berechnen: Die Variante bindet für keine Zeit.")
    if saving.amount <= 0:
        return hint("Nicht zu berechnen: Es wird nichts eingespart.")
    proportion = amount / (saving.amount * years)
    low, high = (f"{each:.2f}".replace(".", ",") for each in USUAL_PROPORTION)
    return hint(
        f"Zuwendung geteilt durch die Einsparung von {years} Jahren: {proportion:.2f}. ".replace(".", ",", 1)
        + f"Bisherige Fälle lagen zwischen {low} und {high}.",
    )
