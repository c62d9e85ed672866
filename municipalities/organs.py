"""Who resolves, who signs and who heads a municipal body, by its kind.

Sources: HGO §§ 9, 49–51, 66, 70, 71; HKO §§ 8, 29, 30, 41, 45; KGG §§ 14–16.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Organs:
    """The three organs of one kind of body, as German names in the nominative, and what says that two people sign."""

    resolves: str
    signs: str
    heads: str
    signing_law: str


MUNICIPALITY = Organs("Gemeindevertretung", "Gemeindevorstand", "Bürgermeister/in", "HGO § 71 Abs. 2")
TOWN = Organs("Stadtverordnetenversammlung", "Magistrat", "Bürgermeister/in", "HGO § 71 Abs. 2")
INDEPENDENT_CITY = Organs("Stadtverordnetenversammlung", "Magistrat", "Oberbürgermeister/in", "HGO § 71 Abs. 2")
DISTRICT = Organs("Kreistag", "Kreisausschuss", "Landrat/Landrätin", "HKO § 45")
ASSOCIATION = Organs("Verbandsversammlung", "Verbandsvorstand", "Verbandsvorsitzende/r", "KGG und Verbandssatzung")
OTHER_BODY = Organs("zuständiges Beschlussorgan", "Vertretungsorgan", "Leitung", "Satzung")
