import io
import re

import pikepdf

from applications.demo.pdf import CHARACTERS_PER_LINE, page

TITLE = "Beschluss Weißenborn"
PARAGRAPHS = ["Die Gemeindevertretung über „Öffnungszeiten“: 1.234,50 € – ja.", "Wort " * 40]


def shown(content):
    """The text of the page, line by line."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        stream = pdf.pages[0].Contents.read_bytes().decode("ascii")
    return [bytes.fromhex(line).decode("cp1252") for line in re.findall(r"<([0-9a-f]*)> Tj", stream)]


def test_page_is_a_sound_pdf_with_one_page():
    with pikepdf.open(io.BytesIO(page(TITLE, PARAGRAPHS)), attempt_recovery=False) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert (len(pdf.pages), str(pdf.docinfo.Title), str(pdf.Root.Lang)) == (1, TITLE, "de-DE")


def test_page_shows_german_text_and_wraps_long_lines():
    lines = shown(page(TITLE, PARAGRAPHS))

    assert lines[:2] == [TITLE, "Die Gemeindevertretung über „Öffnungszeiten“: 1.234,50 € – ja."]
    assert " ".join(lines[3:]).split() == ["Wort"] * 40
    assert max(map(len, lines)) <= CHARACTERS_PER_LINE


def test_page_has_the_same_bytes_every_time():
    assert page(TITLE, PARAGRAPHS) == page(TITLE, PARAGRAPHS)
