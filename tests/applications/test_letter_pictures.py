"""The letters that the manual shows are those of today: each picture carries the words that it was drawn from."""

import re

import pypdfium2
import pytest
from django.conf import settings
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from applications import notices
from applications.letter_kinds import LetterKind
from tests.applications import letter_samples, pdf_reading
from tests.stationery import stationery

pytestmark = pytest.mark.django_db

PICTURES = settings.BASE_DIR / "docs" / "images"
SCALE = 1.35  # pixels per point: as wide as the manual shows them
OF_EACH_LETTER = re.compile(r"IKZ-\d{4}-\d{4}|(\w{4}-){2}\w{4}")  # file number and code


def words(pdf):
    return OF_EACH_LETTER.sub("…", " ".join(pdf_reading.words_of_pages(pdf)[0]))


def draw(pdf, path):
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[0].render(scale=SCALE).to_pil().convert("L")
    finally:
        document.close()
    drawn_from = PngInfo()
    drawn_from.add_itxt("Words", words(pdf), zip=True)
    picture.save(path, pnginfo=drawn_from, optimize=True)


@pytest.mark.parametrize("kind", [LetterKind.GRANT, LetterKind.REFUSAL])
def test_picture_in_the_manual_shows_the_letter_of_today(kind, tmp_path):
    stationery()
    pdf = notices.content(letter_samples.issue(kind))
    shown, today = PICTURES / f"letter-{kind}.png", tmp_path / f"letter-{kind}.png"
    draw(pdf, today)

    with Image.open(shown) as picture:
        drawn_from = picture.text.get("Words")

    assert drawn_from == words(pdf), f"Look at {today} and put it in the place of {shown}."
