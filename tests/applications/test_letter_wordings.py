"""Which words a letter takes where there are several for the same place."""

from types import SimpleNamespace

import pytest

from applications import letter_wordings
from tests.fixture_data import read_json

PREPARATION = {
    "grant-finanzierung": "grant-finanzierung-vorbereitung",
    "grant-nebenbestimmungen": "grant-nebenbestimmungen-vorbereitung",
}
ALONE = {"grant-bewilligung": "grant-bewilligung-allein", "grant-auszahlung": "grant-auszahlung-allein"}
BLOCKS = {block["key"]: block for block in read_json("text_blocks.json")["blocks"]}


def case(variant="standard", participants=2):
    return SimpleNamespace(variant=SimpleNamespace(code=variant), participants=[None] * participants)


def fitting(application, *keys):
    return [block.key for block in letter_wordings.fitting([SimpleNamespace(key=key) for key in keys], application)]


@pytest.mark.parametrize(
    ("application", "wording"),
    [
        (case(), {}),
        (case("preparation"), PREPARATION),
        (case("fire_brigade"), {}),
        (case("fire_brigade", participants=1), ALONE),
        (case("preparation", participants=1), PREPARATION | ALONE),
        (case(participants=0), {}),
    ],
)
def test_of_several_wordings_the_one_that_the_case_needs(application, wording):
    usual = [key for key in BLOCKS if key not in letter_wordings.OTHER_WORDS]

    chosen = fitting(application, *BLOCKS)

    assert sorted(chosen) == sorted(wording.get(key, key) for key in usual)


@pytest.mark.parametrize("code", ["standard", "preparation"])
def test_usual_words_stay_where_there_are_no_others(code):
    assert fitting(case(code), "grant-finanzierung", "grant-kosten") == ["grant-finanzierung", "grant-kosten"]


@pytest.mark.parametrize(
    ("usual", "other"), [pair for _of, wording in letter_wordings.WORDINGS for pair in wording.items()]
)
def test_other_words_are_delivered_for_the_same_place(usual, other):
    place = ("kind", "heading", "place", "position", "is_standard")

    assert [BLOCKS[other][each] for each in place] == [BLOCKS[usual][each] for each in place]
