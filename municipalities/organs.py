"""Who resolves, who signs and who heads a municipal body, by its kind.

Sources: HGO §§ 9, 49–51, 66, 70; HKO §§ 8, 29, 41; KGG §§ 14–16.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Organs:
    """The three organs of one kind of body, as German names in the nominative."""

    resolves: str
    signs: str
    heads: str


MUNICIPALITY = Organs("Gemeindevertretung", "Gemeindevorstand", "Bürgermeister/in")
TOWN = Organs("Stadtverordnetenversammlung", "Magistrat", "Bürgermeister/in")
INDEPENDENT_CITY = Organs("Stadtverordnetenversammlung", "Magistrat", "Oberbürgermeister/in")
DISTRICT = Organs("Kreistag", "Kreisausschuss", "Landrat/Landrätin")
ASSOCIATION = Organs("Verbandsversammlung", "Verbandsvorstand", "Verbandsvorsitzende/r")
OTHER_BODY = Organs("zuständiges Beschlussorgan", "Vertretungsorgan", "Leitung")
