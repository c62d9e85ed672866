import pytest

from applications.supervision import Authority, proposed_opinions
from municipalities.models import Kind, Municipality

LAHN_DILL = Municipality(pk=1, ags="06532", name="Lahn-Dill-Kreis", kind=Kind.DISTRICT, population=250000)
GIESSEN = Municipality(pk=2, ags="06531", name="Gießen", kind=Kind.DISTRICT, population=270000)
KASSEL = Municipality(pk=3, ags="06633", name="Kassel", kind=Kind.DISTRICT, population=230000)


def town(ags, name, kreis, population=8000):
    return Municipality(ags=ags, name=name, kind=Kind.TOWN, district=kreis, population=population)


ASSLAR = town("06532001", "Aßlar", LAHN_DILL)
BRAUNFELS = town("06532003", "Braunfels", LAHN_DILL, population=None)
WETZLAR = town("06532023", "Wetzlar", LAHN_DILL, population=50001)
JUST_BELOW = town("06532099", "Genau", LAHN_DILL, population=50000)
LICH = town("06531010", "Lich", GIESSEN)
BAUNATAL = town("06633003", "Baunatal", KASSEL)
DARMSTADT = Municipality(ags="06411000", name="Darmstadt", kind=Kind.INDEPENDENT_CITY, population=160000)
FRANKFURT = Municipality(ags="06412000", name="Frankfurt am Main", kind=Kind.INDEPENDENT_CITY, population=760000)
WIESBADEN = Municipality(ags="06414000", name="Wiesbaden", kind=Kind.INDEPENDENT_CITY, population=280000)
FREE = Municipality(name="Abwasserverband Dill", kind=Kind.ASSOCIATION)
FREE_OF_THE_KREIS = Municipality(name="Wasserverband Dill", kind=Kind.ASSOCIATION, district=LAHN_DILL)

LANDRAT = (Authority.LANDRAT, "Landrat/Landrätin (Lahn-Dill-Kreis)")
RP = (Authority.REGIERUNGSPRAESIDIUM, "Regierungspräsidium Gießen")
RP_DARMSTADT = (Authority.REGIERUNGSPRAESIDIUM, "Regierungspräsidium Darmstadt")
MINISTRY = (Authority.MINISTRY, "Ministerium des Innern (Kommunalaufsicht)")
ALWAYS = [
    (Authority.ASSOCIATION, "Kommunale Spitzenverbände"),
    (Authority.FINANCE_MINISTRY, "Hessisches Ministerium der Finanzen"),
]


@pytest.mark.parametrize(
    ("bodies", "supervisors"),
    [
        ([ASSLAR], [LANDRAT, RP]),
        ([ASSLAR, BRAUNFELS], [LANDRAT, RP]),
        ([ASSLAR, JUST_BELOW], [LANDRAT, RP]),
        ([ASSLAR, FREE_OF_THE_KREIS], [LANDRAT, RP]),
        ([ASSLAR, WETZLAR], [RP]),
        ([ASSLAR, LAHN_DILL], [RP]),
        ([LAHN_DILL], [RP]),
        ([ASSLAR, LICH], [RP]),
        ([ASSLAR, FREE], [RP]),
        ([DARMSTADT], [RP_DARMSTADT]),
        ([ASSLAR, BAUNATAL], [MINISTRY]),
        ([FRANKFURT], [MINISTRY]),
        ([DARMSTADT, WIESBADEN], [MINISTRY]),
        ([FREE], [MINISTRY]),
    ],
)
def test_who_supervises(bodies, supervisors):
    proposed = [(each.authority, each.name) for each in proposed_opinions(bodies)]

    assert proposed == [*supervisors, *ALWAYS]


def test_nobody_is_asked_while_nobody_takes_part():
    assert proposed_opinions([]) == []
