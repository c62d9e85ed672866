"""Where a letter goes: of a body who represents it, then street, postal code and seat; of an office what was entered for it.

What is not known stops the letter with a sentence that says where to enter it.
"""

from collections.abc import Sequence

from applications.supervision import Authority
from applications.typesetting import LetterRefused
from ikz.german import listing
from municipalities.models import Kind

PARTS_OF_A_TOWN = {
    Kind.MUNICIPALITY: "der Gemeinde",
    Kind.MARKET: "des Marktes",
    Kind.TOWN: "der Stadt",
    Kind.INDEPENDENT_CITY: "der Stadt",
}
# Of offices that the procedure proposes by these names; general knowledge. What is entered for the office goes before it.
KNOWN_OFFICES = {
    "Regierungspräsidium Darmstadt": ["Luisenplatz 2", "64283 Darmstadt"],
    "Regierungspräsidium Gießen": ["Landgraf-Philipp-Platz 1–7", "35390 Gießen"],
    "Regierungspräsidium Kassel": ["Am Alten Stadtschloss 1", "34117 Kassel"],
    "Hessisches Ministerium der Finanzen": ["Friedrich-Ebert-Allee 8", "65185 Wiesbaden"],
}
STATE_AUTHORITY = "als Behörde der Landesverwaltung"  # in which capacity the Landrat supervises: HGO § 136 Abs. 3
OWN_HOUSE = ["Kommunalaufsicht", "im Hause"]


def of_body(municipality) -> list[str]:
    """„Magistrat der Stadt Bensheim“, „Kirchbergstraße 18“, „64625 Bensheim“; the street where the register has one."""
    return [*_represented(municipality), *_seat(municipality)]


def _seat(municipality) -> list[str]:
    code, town = municipality.postal_code, _town(municipality)
    missing = [words for words, given in (("die Postleitzahl", code), ("der Sitz der Verwaltung", town)) if not given]
    if missing:
        raise LetterRefused(
            f"Für die Anschrift von {municipality.display_name} fehlt im Register {listing(missing)}. Bitte lassen Sie das "
            f"von der Rolle Stammdaten unter „Kommunen“ eintragen."
        )
    return [*([municipality.street] if municipality.street else []), f"{code} {town}"]


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


def of_office(opinion, municipalities: Sequence) -> list[str]:
    """Of whom an opinion on the case of these bodies is asked for."""
    if entered := opinion.office.address_lines:
        return entered
    if opinion.authority == Authority.MINISTRY:
        return OWN_HOUSE
    name = name_of_office(opinion, municipalities)
    if kreis := _kreis(opinion, municipalities):
        return [name, STATE_AUTHORITY, *_seat(kreis)]
    if known := KNOWN_OFFICES.get(name):
        return [name, *known]
    raise LetterRefused(
        f"Für die Stelle „{opinion.name}“ ist keine Anschrift bekannt. Bitte tragen Sie sie unter „Beteiligte Stellen“ ein."
    )


def name_of_office(opinion, municipalities: Sequence) -> str:
    """As a letter says it: „Landrat/Landrätin des Landkreises Bergstraße“, not „Landrat/Landrätin (Landkreis Bergstraße)“."""
    if kreis := _kreis(opinion, municipalities):
        return opinion.name.replace(f" ({kreis.display_name})", f" des {_genitive(kreis.display_name)}")
    return opinion.name


def _kreis(opinion, municipalities):
    """The Kreis whose Landrat is asked: the one in which participants lie and that the office is named after, or None."""
    if opinion.authority != Authority.LANDRAT:
        return None
    kreise = [each.district for each in municipalities if each.district_id]
    return next((each for each in kreise if _is_named(each.display_name, opinion.name)), None)


def _is_named(kreis: str, name: str) -> bool:
    return kreis in name or _genitive(kreis) in name
