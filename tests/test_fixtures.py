"""The programme versions, task fields and published cases that ship with the product.

They are complete, consistent, and honest about what deviates from the formulas.
"""

from collections import Counter
from decimal import Decimal

import pytest

from tests.fixture_data import (
    CURRENT,
    DEMO,
    FREE,
    LEGAL_FORMS,
    PROGRAMMES,
    REAL,
    TASK_FIELDS,
    listed,
    proposal,
    register,
)

DEVIATION = "abweichend festgesetzt, siehe Quelle"
real_cases = pytest.mark.parametrize("case", REAL, ids=[case["key"] for case in REAL])


# ---- task fields


def test_task_fields_are_unique_and_end_with_other():
    codes = [field["code"] for field in TASK_FIELDS]
    labels = [field["label"] for field in TASK_FIELDS]

    assert (len(set(codes)), len(set(labels))) == (28, 28)
    assert codes[-1] == "other"


def test_every_task_field_of_a_case_exists():
    known = {field["code"] for field in TASK_FIELDS}

    assert {case["task_field"] for case in [*REAL, *DEMO]} - known == set()


# ---- programmes


def test_programme_versions_follow_each_other_without_overlap():
    assert [(programme["valid_from"], programme["valid_to"]) for programme in PROGRAMMES] == [
        ("2021-12-07", "2026-12-06"),
        ("2016-12-02", "2021-12-01"),
        ("2004-01-01", "2016-12-01"),
    ]


@pytest.mark.parametrize(
    ("code", "units", "amount"),
    [
        ("ozg", 2, 50_000),
        ("ozg", 3, 75_000),
        ("ozg", 4, 100_000),
        ("standard", 2, 50_000),
        ("standard", 3, 75_000),
        ("standard", 4, 100_000),
        ("standard", 26, 100_000),
        ("gvv", 2, 300_000),
        ("gvv", 4, 600_000),
        ("fire_brigade", 2, 30_000),
        ("accession", 1, 25_000),
        ("accession", 5, 125_000),
        ("preparation", 3, None),
    ],
)
def test_amounts_of_the_programme_in_force(code, units, amount):
    assert proposal(CURRENT[code], units) == amount


@pytest.mark.parametrize(
    ("code", "participants", "units", "saving"),
    [
        ("ozg", (2, None), 2, ("personnel", "15.00")),
        ("standard", (3, 2), 2, ("personnel_and_material", "15.00")),
        ("gvv", (2, None), 2, ("personnel_and_material", "15.00")),
        ("fire_brigade", (1, None), 2, ("personnel_and_material", "15.00")),
        ("accession", (1, None), 1, ("personnel_and_material", "15.00")),
        ("preparation", (2, None), 2, ("none", None)),
    ],
)
def test_thresholds_of_the_programme_in_force(code, participants, units, saving):
    variant = CURRENT[code]

    assert (variant["min_participants"], variant["min_participants_with_reason"]) == participants
    assert variant["min_units"] == units
    assert (variant["saving_basis"], variant["min_saving_percent"]) == saving


@pytest.mark.parametrize("programme", PROGRAMMES, ids=[programme["valid_from"] for programme in PROGRAMMES])
def test_every_variant_says_its_conditions_forms_and_source(programme):
    expected = [code for code in CURRENT if code != "ozg" or programme is PROGRAMMES[0]]

    assert [variant["code"] for variant in programme["variants"]] == expected
    for variant in programme["variants"]:
        assert set(variant["legal_forms"]) <= LEGAL_FORMS
        assert variant["conditions"].endswith((".", ")."))
        assert variant["source"]


def test_earlier_versions_hold_the_same_amounts():
    money = ["amount_per_unit", "unit", "cap"]

    for programme in PROGRAMMES[1:]:
        for variant in programme["variants"]:
            assert [variant[name] for name in money] == [CURRENT[variant["code"]][name] for name in money]


# ---- real cases


def test_all_published_cases_are_kept_once():
    assert len({case["key"] for case in REAL}) == len(REAL) == 48
    assert Counter(case["variant"] for case in REAL) == {
        "standard": 34,
        "fire_brigade": 6,
        "gvv": 3,
        "preparation": 3,
        "accession": 2,
    }


@real_cases
def test_real_case_names_existing_bodies(case):
    participants = listed(case["participants"])
    keys = {body for body in participants if not body.startswith(FREE)}

    assert keys - register().keys() == set()
    assert len(set(participants)) == len(participants)
    assert case["lead"] in participants
    assert set(listed(case["joining"])) <= keys


@real_cases
def test_real_case_counts_its_units(case):
    participants = listed(case["participants"])
    unnamed = [body for body in participants if body.startswith(FREE) and body[len(FREE)].isdigit()]
    named = len(participants) - len(unnamed) + sum(int(body[len(FREE) :].split()[0]) for body in unnamed)
    expected = {"fire_brigade": 2, "accession": len(listed(case["joining"]))}.get(case["variant"], named)

    assert int(case["units"]) == expected


@real_cases
def test_real_amount_follows_the_formula_or_says_why_not(case):
    if not case["amount_eur"]:
        assert case["deviation_reason"] == ""
        return

    follows = proposal(CURRENT[case["variant"]], int(case["units"])) == Decimal(case["amount_eur"])

    assert case["deviation_reason"].startswith(DEVIATION) is not follows
    assert follows is (case["deviation_reason"] == "")


@real_cases
def test_real_case_is_complete(case):
    assert case["title"]
    assert case["source"]
    assert case["legal_form"] in LEGAL_FORMS | {""}
    assert (case["year_certain"], bool(case["year"])) in {("yes", True), ("no", True), ("no", False)}
