"""The administrative court before which a notice of the ministry is challenged, and the instruction that says so.

The ministry acts for districts of several courts; so the court of the addressee's seat is competent (VwGO § 52 Nr. 3
Satz 2, for actions to compel together with Satz 5). Districts: HessAGVwGO § 1 Abs. 2 (GVBl. I 1997 S. 381, last changed
24.05.2023); Hanau left the Main-Kinzig-Kreis on 01.01.2026 and stays with Frankfurt (GVBl. 2025 Nr. 16).
"""

from dataclasses import dataclass

OBJECTION_PERIOD = "innerhalb eines Monats nach Bekanntgabe"  # VwGO § 74 Abs. 1 Satz 2, Abs. 2; § 68 Abs. 1 Nr. 1


@dataclass(frozen=True)
class Court:
    seat: str
    street: str
    postal_code: str
    districts: frozenset[str]  # the first five digits of the key: Kreis or kreisfreie Stadt

    @property
    def name(self) -> str:
        return f"Verwaltungsgericht {self.seat}"


COURTS = (
    Court(
        "Darmstadt",
        "Julius-Reiber-Straße 37",
        "64293",
        frozenset({"06411", "06413", "06431", "06432", "06433", "06437", "06438"}),
    ),
    Court(
        "Frankfurt am Main",
        "Adalbertstraße 18",
        "60486",
        frozenset({"06412", "06415", "06434", "06435", "06436"}),
    ),
    Court("Gießen", "Marburger Straße 4", "35390", frozenset({"06440", "06531", "06532", "06534", "06535"})),
    Court(
        "Kassel",
        "Goethestraße 41–43",
        "34119",
        frozenset({"06611", "06631", "06632", "06633", "06634", "06635", "06636"}),
    ),
    Court("Wiesbaden", "Mainzer Straße 124", "65189", frozenset({"06414", "06439", "06533"})),
)


def competent(ags: str | None) -> Court | None:
    """The court of the seat, or None where the key says nothing: a body without key and without Kreis."""
    return next((court for court in COURTS if (ags or "")[:5] in court.districts), None)


def instruction(court: Court) -> str:
    """What VwGO § 58 Abs. 1 demands and nothing beyond it: every addition can make an instruction wrong.

    Remedy, court, its seat and the period. No Widerspruch against acts of a highest authority (VwGO § 68 Abs. 1 Nr. 1).
    """
    return (
        f"Gegen diesen Bescheid kann {OBJECTION_PERIOD} Klage bei dem {court.name}, {court.street}, "
        f"{court.postal_code} {court.seat}, erhoben werden."
    )
