"""To whom a letter is addressed: the organ that represents a body, and its seat."""

from applications.typesetting import LetterRefused
from ikz.german import listing
from municipalities.models import Kind

PARTS_OF_A_TOWN = {
    Kind.MUNICIPALITY: "der Gemeinde",
    Kind.MARKET: "des Marktes",
    Kind.TOWN: "der Stadt",
    Kind.INDEPENDENT_CITY: "der Stadt",
}


def address(municipality) -> list[str]:
    """Whoever represents the body, then code and seat: „Magistrat der Stadt Bensheim“, „64625 Bensheim“."""
    code, town = municipality.postal_code, _town(municipality)
    if missing := listing(_missing(code, town)):
        raise LetterRefused(
            f"Für die Anschrift von {municipality.display_name} fehlt im Register {missing}. Bitte lassen Sie das von der "
            f"Rolle Stammdaten unter „Kommunen“ eintragen."
        )
    return [*_represented(municipality), f"{code} {town}"]


def _represented(body) -> list[str]:
    if body.kind in PARTS_OF_A_TOWN:
        return [f"{body.organs.signs} {PARTS_OF_A_TOWN[body.kind]} {body.display_name}"]
    if body.kind == Kind.DISTRICT:
        return [f"{body.organs.signs} des {_genitive(body.display_name)}"]
    if body.kind == Kind.OTHER_BODY:
        return [body.display_name]
    return [body.organs.signs, body.display_name]


def _genitive(district: str) -> str:
    """„Landkreises Bergstraße“, „Schwalm-Eder-Kreises“, „Vogelsbergkreises“."""
    first, space, rest = district.partition(" ")
    return f"{first}es{space}{rest}" if first.lower().endswith("kreis") else district


def _town(body) -> str:
    """Where the administration sits: a town is its own seat, every other body has to name it."""
    return body.seat or (body.display_name if body.kind in PARTS_OF_A_TOWN else "")


def _missing(code: str, town: str) -> list[str]:
    needed = {"die Postleitzahl": code, "der Sitz der Verwaltung": town}
    return [name for name, given in needed.items() if not given]
