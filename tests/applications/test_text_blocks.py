import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import text_blocks
from applications.letter_kinds import LetterKind
from tests.fixture_data import read_json

DELIVERED = read_json("text_blocks.json")["blocks"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Sie erhalten {{betrag}}.", None),
        ("Sie erhalten {{ betrag }}.", None),
        ("Ohne Platzhalter, mit { Klammer }.", None),
        ("Sie erhalten {{betrag}.", "Ein Platzhalter ist nicht geschlossen. Bitte schreiben Sie ihn so: {{betrag}}."),
        ("Sie erhalten betrag}}.", "Ein Platzhalter ist nicht geschlossen. Bitte schreiben Sie ihn so: {{betrag}}."),
    ],
)
def test_complaint(text, complaint):
    assert text_blocks.complaint(text) == complaint


def test_unknown_placeholders_are_refused_with_the_list_of_the_known():
    known = ", ".join(f"{{{{{name}}}}}" for name in text_blocks.KNOWN)

    assert (
        text_blocks.complaint("{{betrag}} {{summe}} {{Betrag}}")
        == f"Unbekannter Platzhalter: {{{{summe}}}}, {{{{Betrag}}}}. Bekannt sind: {known}."
    )


@pytest.mark.parametrize("block", DELIVERED, ids=lambda block: block["key"])
def test_delivered_block_is_sound(block):
    assert block["kind"] in LetterKind.values
    assert text_blocks.complaint(block["text"]) is None


def test_every_placeholder_is_used_or_can_be():
    assert {name for block in DELIVERED for name in text_blocks.placeholders(block["text"])} <= text_blocks.KNOWN.keys()


@pytest.mark.parametrize("value", [None, "", " \n"])
def test_value_that_is_missing_is_named(value):
    with pytest.raises(KeyError) as missing:
        text_blocks.fill("bis {{frist}}", {"frist": value})

    assert missing.value.args == ("frist",)


@given(st.text().filter(str.strip))
def test_what_is_filled_in_is_never_read_again(value):
    said = value.replace("\r\n", "\n")

    assert text_blocks.fill("vor {{zweck}} nach", {"zweck": value}) == [{"text": f"vor {said} nach"}]
    assert text_blocks.fill("- {{zweck}}", {"zweck": value}) == [{"items": [said]}]


def test_placeholder_alone_may_be_several_paragraphs():
    values = {"begruendung": "Erstens.\r\n\r\n- kein Listenpunkt\n\n> nicht {{betrag}}"}

    assert text_blocks.fill("Vorher.\n\n{{begruendung}}", values) == [
        {"text": "Vorher."},
        {"text": "Erstens."},
        {"text": "- kein Listenpunkt"},
        {"text": "> nicht {{betrag}}"},
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("eins\nzwei\n\ndrei", [{"text": "eins zwei"}, {"text": "drei"}]),
        ("vorher\n- a\n- b\n  weiter", [{"text": "vorher"}, {"items": ["a", "b weiter"]}]),
        ("- a\n\n- b", [{"items": ["a"]}, {"items": ["b"]}]),
        (
            "eine Zuwendung von\n> 5 €\naus Mitteln",
            [{"text": "eine Zuwendung von"}, {"strong": "5 €"}, {"text": "aus Mitteln"}],
        ),
        ("\r\n\r\n a \r\n", [{"text": "a"}]),
        ("", []),
    ],
)
def test_paragraphs(text, parts):
    assert text_blocks.paragraphs(text) == parts
