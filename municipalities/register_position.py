"""Where a body lies: whether the degrees of a row can be right, and whether they are near what is known."""

from decimal import Decimal
from math import asin, cos, radians, sin, sqrt

from municipalities.keys import HESSEN

IN_HESSEN = ((Decimal("49.3"), Decimal("51.75")), (Decimal("7.7"), Decimal("10.35")))
IN_GERMANY = ((Decimal(47), Decimal("55.1")), (Decimal("5.8"), Decimal("15.1")))
EARTH_RADIUS_KM = 6371
MOVES_AT_MOST_KM = 20  # no town hall and no centre of a municipality moves farther


def degrees(value: Decimal) -> str:
    """As people write them: 49,872238, without zeros at the end."""
    return f"{value.normalize():f}".replace(".", ",")


def objection(latitude: Decimal | None, longitude: Decimal | None, ags: str) -> str:
    """What is wrong with the degrees as such, as a sentence; exchanged ones are recognised by their size."""
    if latitude is None and longitude is None:
        return ""
    if latitude is None or longitude is None:
        return "Von Breite und Länge ist nur eine angegeben. Bitte ergänzen Sie die andere."
    (south, north), (west, east) = area = IN_HESSEN if (ags or HESSEN).startswith(HESSEN) else IN_GERMANY
    if south <= latitude <= north and west <= longitude <= east:
        return ""
    told = degrees(latitude), degrees(longitude)
    if south <= longitude <= north and west <= latitude <= east:
        return f"Breite ({told[0]}) und Länge ({told[1]}) sind vertauscht. Bitte tauschen Sie die Werte."
    land = "Hessen" if area == IN_HESSEN else "Deutschland"
    return f"Der Punkt {told[0]} / {told[1]} liegt nicht in {land}. Bitte prüfen Sie Breite und Länge."


def objection_to_move(old: tuple, new: tuple) -> str:
    """What is wrong with a new point beside the known one, each as latitude and longitude."""
    if None in (*old, *new) or (distance := kilometres(old, new)) <= MOVES_AT_MOST_KM:
        return ""
    return (
        f"Der Punkt {degrees(new[0])} / {degrees(new[1])} liegt {distance:.0f} km entfernt von dem im Register "
        f"({degrees(old[0])} / {degrees(old[1])}). Bitte prüfen Sie Breite und Länge; stimmt der neue Punkt, tragen Sie "
        "ihn bei der Kommune von Hand ein."
    )


def kilometres(one: tuple, other: tuple) -> float:
    """On the surface of a sphere (haversine), which is exact to half a per cent."""
    (latitude, longitude), (other_latitude, other_longitude) = (
        tuple(map(radians, map(float, p))) for p in (one, other)
    )
    half = sin((other_latitude - latitude) / 2) ** 2
    half += cos(latitude) * cos(other_latitude) * sin((other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(half))
