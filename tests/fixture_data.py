"""What ships in fixtures/, read once for the tests."""

import csv
import json
from decimal import Decimal
from pathlib import Path

FIXTURES = Path(__file__).parent.parent / "fixtures"
FREE = "frei:"  # marks a body that the register does not hold
LEGAL_FORMS = {
    "delegating_agreement",
    "mandating_agreement",
    "working_group",
    "special_purpose_association",
    "municipal_association",
    "administrative_community",
    "joint_institution",
    "public_law_contract",
    "private_law",
}


def rows(name):
    with (FIXTURES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def read_json(name):
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


REAL = rows("real_cases.csv")
TASK_FIELDS = rows("task_fields.csv")
PROGRAMMES = read_json("programmes.json")
DEMO = read_json("demo_cases.json")
CURRENT = {variant["code"]: variant for variant in PROGRAMMES[0]["variants"]}


def register():
    """Bodies that exist and bodies that were dissolved, by key."""
    return {row["ags"]: row for name in ("municipalities.csv", "municipalities_former.csv") for row in rows(name)}


def listed(cell):
    return cell.split(";") if cell else []


def proposal(variant, units):
    """The formula of a variant, or None where the amount is set individually."""
    if variant["amount_per_unit"] is None:
        return None
    amount = Decimal(variant["amount_per_unit"]) * units
    return min(amount, Decimal(variant["cap"])) if variant["cap"] else amount
