"""The demonstration cases: each fails exactly where its comment says, and nowhere else.

The conditions are evaluated here in their shortest form, apart from the application's own rules, so that a slip in one
of the two shows.
"""

import re
from datetime import date
from decimal import Decimal

import pytest

from tests import fixture_data
from tests.fixture_data import CURRENT, DEMO, REAL, listed

FIRST_DAY, LAST_DAY = date(2026, 2, 1), date(2026, 11, 20)
FRIDAY = 4
OZG_GOALS = {"online_services", "specialist_procedures", "security"}
# KGG § 10 with § 11, § 26 Abs. 1, § 29a Abs. 4, § 30
NEEDS_APPROVAL = {
    "delegating_agreement",
    "special_purpose_association",
    "municipal_association",
    "joint_institution",
}
STATES = [
    "drafted",
    "resolutions_collected",
    "agreement_signed",
    "checked",
    "approved",
    "rejected",
    "withdrawn",
    "paid",
    "completed",
    "revoked",
]
CHECKED_OR_BEYOND = {"checked", "approved", "rejected", "paid", "completed", "revoked"}
WITH_OPINIONS = CHECKED_OR_BEYOND | {"agreement_signed"}

demo_cases = pytest.mark.parametrize("case", DEMO, ids=[case["key"] for case in DEMO])


@pytest.fixture(scope="module")
def register():
    return fixture_data.register()


def day(text):
    return date.fromisoformat(text) if text else None


def dissolved(case, register):
    ends = [register[participant["ags"]].get("valid_to") for participant in case["participants"]]
    return any(end and day(end) < FIRST_DAY for end in ends)


def group_findings(case, register):
    keys = [participant["ags"] for participant in case["participants"]]
    variant = CURRENT[case["variant"]]
    resolutions = [participant["resolution"] for participant in case["participants"]]
    enough = (variant["min_participants_with_reason"] if case["few_partners_reason"] else None) or variant[
        "min_participants"
    ]
    return {
        "dissolved": dissolved(case, register),
        "lead": case["lead"] not in keys,
        "few_partners": len(keys) < enough,
        "resolution_missing": None in resolutions,
        "resolution_negative": any(resolution and not resolution["positive"] for resolution in resolutions),
        "goal": variant["requires_ozg_goal"] and not (case["ozg_goals"] and case["goals_description"]),
    }


def saving_findings(case):
    variant = CURRENT[case["variant"]]
    if variant["saving_basis"] == "none":
        return {}
    kinds = ["personnel"] if variant["saving_basis"] == "personnel" else ["personnel", "material"]
    before = [participant[f"{kind}_before"] for participant in case["participants"] for kind in kinds]
    after = [case[f"{kind}_after"] for kind in kinds]
    if None in before or None in after:
        return {"table": True}
    needed = 1 - Decimal(variant["min_saving_percent"]) / 100
    return {"saving": sum(map(Decimal, after)) > needed * sum(map(Decimal, before))}


def five_years_after(start):
    return date(start.year + 5, start.month, start.day)


def agreement_findings(case):
    agreement, variant, form = case["agreement"], CURRENT[case["variant"]], case["legal_form"]
    if not variant["legal_forms"] or case["target_state"] in {"drafted", "withdrawn"}:
        return {"agreement_unexpected": agreement is not None}
    resolved = {
        participant["ags"]: participant["resolution"]["resolved_on"]
        for participant in case["participants"]
        if participant["resolution"]
    }
    signed = {signature["ags"]: signature["signed_on"] for signature in agreement["signatures"]}
    long_enough = variant["min_term_years"] == 0 or (
        agreement["ends_on"] is None
        or (day(agreement["ends_on"]) - five_years_after(day(agreement["starts_on"]))).days >= -1
    )
    return {
        "form": form not in variant["legal_forms"],
        "unsigned": signed.keys() != resolved.keys(),
        "signed_early": any(signed[ags] < resolved[ags] for ags in signed.keys() & resolved.keys()),
        "term": not long_enough,
        "termination": agreement["ends_on"] is None and not agreement["termination_terms_confirmed"],
        "approval": form in NEEDS_APPROVAL and not (agreement["approval"] and agreement["publication"]),
        "notified": form == "mandating_agreement" and not agreement["notified_on"],
    }


def resembles(case, other, participants):
    own = {participant["ags"] for participant in case["participants"]}
    return case["task_field"] == other["task_field"] and len(own & set(participants)) >= 2


def double_funding_hint(case):
    return any(resembles(case, other, listed(other["participants"])) for other in REAL) or any(
        resembles(case, other, [participant["ags"] for participant in other["participants"]])
        for other in DEMO
        if other is not case
    )


def procedure_findings(case):
    if case["target_state"] not in WITH_OPINIONS:
        return {}
    judged = {judgement["rule"] for judgement in case["judgements"] if judgement["answer"] and judgement["reason"]}
    variant = CURRENT[case["variant"]]
    return {
        "opinion": any(not (opinion["received_on"] or opinion["waived_reason"]) for opinion in case["opinions"]),
        "correction": any(correction["open"] for correction in case["corrections"]),
        "substantial_part_of_task": "substantial_part_of_task" not in judged,
        "no_pure_it_investment": variant["excludes_pure_it"] and "no_pure_it_investment" not in judged,
        "members_agree": case["variant"] == "fire_brigade" and "members_agree" not in judged,
        "no_double_funding": double_funding_hint(case) and "no_double_funding" not in judged,
    }


def findings(case, register):
    parts = [
        group_findings(case, register),
        saving_findings(case),
        agreement_findings(case),
        procedure_findings(case),
    ]
    return {name for part in parts for name, failed in part.items() if failed}


OBSTACLES = {
    "demo-bauhof-kellerwald": {"resolution_missing"},
    "demo-standesamt-oberes-edertal": {"dissolved", "lead", "resolution_missing"},
    "demo-archiv-dilltal": {"few_partners", "resolution_negative"},
    "demo-ordnungsbehoerdenbezirk-weiltal": {"signed_early", "term"},
    "demo-kasse-diemel-twiste": {"termination", "approval"},
    "demo-personalservice-kinzigtal": {"saving"},
    "demo-foerdermittel-westerwald": {"table", "correction"},
    "demo-ozg-neckartal": {"no_pure_it_investment"},
    "demo-digitalisierung-rheingau": {"no_double_funding", "opinion"},
}


def test_demo_cases_cover_every_state():
    assert len({case["key"] for case in DEMO}) == len(DEMO) == 17
    assert {case["target_state"] for case in DEMO} == set(STATES)
    assert {case["variant"] for case in DEMO} == set(CURRENT)


@demo_cases
def test_demo_case_fails_exactly_where_its_comment_says(case, register):
    assert findings(case, register) == OBSTACLES.get(case["key"], set())


@demo_cases
def test_note_stays_true_when_the_case_goes_on(case):
    """It says what was, not what is still missing."""
    assert re.findall(r"\b(?:fehlt|fehlen|steht aus|ist offen|noch nicht|noch zu|noch frei)\b", case["comment"]) == []


@demo_cases
def test_demo_case_is_complete(case, register):
    keys = [participant["ags"] for participant in case["participants"]]

    assert {*keys, case["lead"]} - register.keys() == set()
    assert len(set(keys)) == len(keys)
    assert case["title"].startswith("Demo: ")
    assert case["purpose"].endswith(".")
    assert case["comment"].endswith(".")
    assert set(case["ozg_goals"]) <= OZG_GOALS
    assert bool(case["brigades"]) is (case["variant"] == "fire_brigade")
    assert bool(case["exit_reason"]) is (case["target_state"] in {"rejected", "withdrawn", "revoked"})
    assert case["earlier_case"] in {None, *(real["key"] for real in REAL)}


@demo_cases
def test_demo_case_marks_who_joins(case):
    joins = [participant.get("joins") for participant in case["participants"]]

    assert joins == ([True, False, False, False] if case["variant"] == "accession" else [None] * len(joins))


@demo_cases
def test_demo_case_grants_an_individual_amount_with_a_reason(case):
    assert bool(case["granted_amount"]) is bool(case["granted_reason"]) is (case["variant"] == "preparation")


def dates_of(case):
    agreement = case["agreement"] or {"signatures": [], "approval": None, "publication": None, "notified_on": None}
    yield case["received_on"]
    yield agreement["notified_on"]
    yield from (signature["signed_on"] for signature in agreement["signatures"])
    yield agreement["approval"] and agreement["approval"]["approved_on"]
    yield agreement["publication"] and agreement["publication"]["published_on"]
    yield from (part["resolution"]["resolved_on"] for part in case["participants"] if part["resolution"])
    for opinion in case["opinions"]:
        yield from (opinion["requested_on"], opinion["received_on"])
    yield from (correction["due_on"] for correction in case["corrections"])


@demo_cases
def test_demo_case_happens_in_the_year_of_the_demonstration(case):
    days = [day(text) for text in dates_of(case) if text]

    assert [on for on in days if not FIRST_DAY <= on <= LAST_DAY or on.weekday() > FRIDAY] == []


@demo_cases
def test_demo_case_hears_the_authorities_after_receipt(case):
    for opinion in case["opinions"]:
        assert case["received_on"] <= opinion["requested_on"] <= (opinion["received_on"] or "9999")


@demo_cases
def test_demo_agreement_is_approved_and_published_after_the_last_signature(case):
    agreement = case["agreement"]
    if agreement is None:
        return

    steps = [max(signature["signed_on"] for signature in agreement["signatures"])]
    steps += [agreement["approval"]["approved_on"]] if agreement["approval"] else []
    steps += [agreement["publication"]["published_on"]] if agreement["publication"] else []

    assert steps == sorted(steps)
    assert agreement["notified_on"] is None or agreement["notified_on"] >= steps[0]


@demo_cases
def test_demo_resolution_was_carried_as_it_says(case):
    resolutions = [part["resolution"] for part in case["participants"] if part["resolution"]]

    assert [resolution["votes_for"] > resolution["votes_against"] for resolution in resolutions] == [
        resolution["positive"] for resolution in resolutions
    ]
