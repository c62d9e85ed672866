"""What an official key says: the Land, the Kreis, and what kind of body it is for. A leaf: it knows no models.

AGS: 2 digits Land, 1 Regierungsbezirk, 2 Kreis, 3 Gemeinde; a Landkreis has the first five. A kreisfreie Stadt is its own
Kreis and has 000 at the end. ARS: 4 digits for the Verband stand between Kreis and Gemeinde.
"""

HESSEN = "06"
REGIERUNGSBEZIRKE = {"064": "Darmstadt", "065": "Gießen", "066": "Kassel"}
STATES = {
    "01": "Schleswig-Holstein",
    "02": "Hamburg",
    "03": "Niedersachsen",
    "04": "Bremen",
    "05": "Nordrhein-Westfalen",
    "06": "Hessen",
    "07": "Rheinland-Pfalz",
    "08": "Baden-Württemberg",
    "09": "Bayern",
    "10": "Saarland",
    "11": "Berlin",
    "12": "Brandenburg",
    "13": "Mecklenburg-Vorpommern",
    "14": "Sachsen",
    "15": "Sachsen-Anhalt",
    "16": "Thüringen",
}
DISTRICT, INDEPENDENT_CITY = "district", "independent_city"


def objection(ags: str, kind: str) -> str:
    """Why no body of this kind can have this key, as a sentence; empty if it can."""
    expected = 5 if kind == DISTRICT else 8
    if len(ags) != expected:
        return f"Der Schlüssel einer Körperschaft dieser Art hat {expected} Ziffern."
    if ags[:2] not in STATES:
        return f"Den Schlüssel {ags} gibt es nicht: {ags[:2]} ist kein Bundesland. Bitte berichtigen Sie ihn."
    if ags.startswith(HESSEN) and ags[:3] not in REGIERUNGSBEZIRKE:
        return (
            f"Den Schlüssel {ags} gibt es nicht: In Hessen ist die dritte Ziffer 4, 5 oder 6 (Regierungsbezirk). Bitte "
            "berichtigen Sie ihn."
        )
    if kind != DISTRICT and ags.endswith("000") != (kind == INDEPENDENT_CITY):
        return (
            f"Der Schlüssel {ags} passt nicht zur Art: Nur der einer kreisfreien Stadt endet auf 000. Bitte berichtigen "
            "Sie den Schlüssel oder die Art."
        )
    return ""


def belong_together(ags: str, ars: str) -> bool:
    """Whether AGS and ARS name the same body."""
    return ars == ags if len(ars) == 5 else len(ars) == 12 and ags_of(ars) == ags


def ags_of(ars: str) -> str:
    """The AGS inside an ARS of 12 digits."""
    return ars[:5] + ars[9:]
