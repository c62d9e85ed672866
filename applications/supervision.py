"""Who supervises the participants: the proposed chain of opinions. The clerk may change it.

HGO § 136, HKO § 54, KGG § 35; Rahmenvereinbarung Nr. 4 Abs. 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models

from applications.checklist import Outcome, hint
from ikz.german import listing

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


# ── What of it is there ───────────────────────────────────────────────────────────────────────────────────────────────


def what_the_chain_lacks(municipalities: Sequence, opinions: Sequence) -> str:
    """The sentences of which opinions are awaited and who was not asked; empty when all are in or waived.

    The chain is a proposal: whom the clerk holds for unnecessary is not left out but waived, with the reason.
    """
    return " ".join(filter(None, [_who_has_not_answered(opinions), _who_was_not_asked(municipalities, opinions)]))


def _who_has_not_answered(opinions) -> str:
    waiting = [each.name for each in opinions if not each.is_settled]
    if not waiting:
        return ""
    return f"Es {'fehlt die Stellungnahme' if len(waiting) == 1 else 'fehlen die Stellungnahmen'}: {listing(waiting)}."


def opinions_to_ask_for(municipalities: Sequence, opinions: Sequence) -> list[ProposedOpinion]:
    """What is proposed and not there yet: by authority, whatever the clerk calls the office."""
    asked = {each.authority for each in opinions}
    return [each for each in proposed_opinions(municipalities) if each.authority not in asked]


def _who_was_not_asked(municipalities, opinions) -> str:
    not_asked = [each.name for each in opinions_to_ask_for(municipalities, opinions)]
    if not not_asked:
        return ""
    return (
        f"Nicht angefordert: {listing(not_asked)}. Bitte fordern Sie die vorgeschlagenen Stellungnahmen an; auf eine "
        f"entbehrliche verzichten Sie dort mit Begründung."
    )


def whom_to_ask(municipalities: Sequence) -> str:
    names = [each.name for each in proposed_opinions(municipalities)]
    return (
        f"Bitte fordern Sie sie an bei: {listing(names)}." if names else "Wer gefragt wird, folgt aus den Beteiligten."
    )


def who_is_against(opinions: Sequence) -> Outcome | None:
    """A hint where an office advises against it: that binds nobody, but the decision has to deal with it."""
    against = [each.name for each in opinions if each.recommendation == "negative"]
    if not against:
        return None
    return hint(f"Alle liegen vor. Ablehnend: {listing(against)}. Bitte gehen Sie in der Entscheidung darauf ein.")
