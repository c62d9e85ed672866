"""Who supervises the participants: the proposed chain of opinions. The clerk may change it.

HGO § 136, HKO § 54, KGG § 35; Rahmenvereinbarung Nr. 4 Abs. 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models

LARGE_MUNICIPALITY = 50_000  # HGO § 136 Abs. 2
SUPERVISED_BY_MINISTRY = {"06412000": "Frankfurt am Main", "06414000": "Wiesbaden"}  # HGO § 136 Abs. 1


class Authority(models.TextChoices):
    LANDRAT = "landrat", "Landrat/Landrätin"
    REGIERUNGSPRAESIDIUM = "rp", "Regierungspräsidium"
    MINISTRY = "ministry", "Ministerium des Innern (Kommunalaufsicht)"
    ASSOCIATION = "association", "Kommunaler Spitzenverband"
    FINANCE_MINISTRY = "finance_ministry", "Ministerium der Finanzen"


@dataclass(frozen=True)
class ProposedOpinion:
    authority: Authority
    name: str


def proposed_opinions(municipalities: Sequence) -> list[ProposedOpinion]:
    """Whose opinion to ask for, in order, of each authority one. Empty while there are no participants."""
    if not municipalities:
        return []
    return [
        *_supervisors(municipalities),
        ProposedOpinion(Authority.ASSOCIATION, "Kommunale Spitzenverbände"),
        ProposedOpinion(Authority.FINANCE_MINISTRY, "Hessisches Ministerium der Finanzen"),
    ]


def _supervisors(municipalities) -> list[ProposedOpinion]:
    bezirke = {each.regierungsbezirk for each in municipalities} - {""}
    kreise = {each.district_key for each in municipalities} - {""}
    if len(bezirke) != 1 or any(each.ags in SUPERVISED_BY_MINISTRY for each in municipalities):
        return [ProposedOpinion(Authority.MINISTRY, Authority.MINISTRY.label)]
    praesidium = ProposedOpinion(Authority.REGIERUNGSPRAESIDIUM, f"Regierungspräsidium {bezirke.pop()}")
    if len(kreise) > 1 or any(_above_the_landrat(each) for each in municipalities):
        return [praesidium]
    kreis = next(each.place for each in municipalities if each.place)
    return [ProposedOpinion(Authority.LANDRAT, f"Landrat/Landrätin ({kreis})"), praesidium]


def _above_the_landrat(municipality) -> bool:
    """A Landkreis, a kreisfreie Stadt or a large town is not supervised by the Landrat."""
    if not municipality.district_id:
        return True
    return (municipality.population or 0) > LARGE_MUNICIPALITY
