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
    blocks = [SimpleNamespace(key=key, is_standard=BLOCKS[key]["is_standard"]) for key in keys]
    return {block.key: block.is_standard for block in letter_wordings.fitting(blocks, application)}


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

    assert chosen == {wording.get(key, key): BLOCKS[key]["is_standard"] for key in usual}


@pytest.mark.parametrize("code", ["standard", "preparation"])
def test_usual_words_stay_where_there_are_no_others(code):
    assert list(fitting(case(code), "grant-finanzierung", "grant-kosten")) == ["grant-finanzierung", "grant-kosten"]


@pytest.mark.parametrize(
    ("usual", "other"), [pair for _of, wording in letter_wordings.WORDINGS for pair in wording.items()]
)
def test_other_words_are_delivered_for_the_same_place(usual, other):
    """To be chosen, so that a release that knows of no other words does not print both."""
    place = ("kind", "heading", "place", "position")

    assert [BLOCKS[other][each] for each in place] == [BLOCKS[usual][each] for each in place]
    assert BLOCKS[other]["is_standard"] is False
