"""The hint on the proportion of grant and saving: for a person to weigh, it stops nothing."""

from decimal import Decimal

from applications.checklist import hint, rule

HINT_YEARS = 5  # Fördervoraussetzungen compare the grant with the saving over the binding period
USUAL_PROPORTION = (Decimal("0.06"), Decimal("0.67"))  # the real cases of 2011–2025 with a published saving


@rule("Die Zuwendung steht im Verhältnis zur Einsparung", source="Fördervoraussetzungen")
def grant_proportionate(application):
    saving, amount = application.saving, application.amount_or_proposal
    if saving is None or amount is None:
        return hint("Noch nicht zu berechnen: Die Ausgabentabelle oder der Betrag fehlt.")
    if saving.amount <= 0:
        return hint("Nicht zu berechnen: Es wird nichts eingespart.")
    proportion = amount / (saving.amount * HINT_YEARS)
    low, high = (f"{each:.2f}".replace(".", ",") for each in USUAL_PROPORTION)
    return hint(
        f"Zuwendung geteilt durch die Einsparung von {HINT_YEARS} Jahren: {proportion:.2f}. ".replace(".", ",", 1)
        + f"Bisherige Fälle lagen zwischen {low} und {high}.",
    )
