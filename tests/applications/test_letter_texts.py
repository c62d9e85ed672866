"""What each kind of letter says, word for word in the order of reading: the files in letter_texts/ are the intended texts.

After an intended change: `python -m pytest tests/applications/test_letter_texts.py` shows the difference; write the new
text into the file by hand and read it as its addressee would.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from applications import notices
from applications.letter_kinds import LetterKind
from tests.applications import letter_samples, pdf_reading
from tests.stationery import stationery

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_every_database]

TEXTS = Path(__file__).parent / "letter_texts"


def intended(kind, notice):
    text = (TEXTS / f"{kind}.txt").read_text(encoding="utf-8")
    return text.replace("AKTENZEICHEN", notice.file_number).splitlines()


@pytest.mark.parametrize("kind", LetterKind)
def test_letter_says_what_is_intended(kind):
    stationery()
    notice = letter_samples.issue(kind)

    assert pdf_reading.lines(notices.content(notice)) == intended(kind, notice)


@pytest.mark.parametrize("kind", LetterKind)
def test_another_reader_finds_the_same_words_in_the_same_order(kind):
    stationery()
    notice = letter_samples.issue(kind)
    pdf = notices.content(notice)

    others = iter([word for words in pdf_reading.words_of_pages(pdf) for word in words])
    lost = [word for line in pdf_reading.lines(pdf) for word in line.split() if word not in others]

    assert lost == []


@pytest.mark.parametrize("kind", LetterKind)
def test_draft_says_the_same_as_the_letter(kind):
    stationery()
    application = letter_samples.case()
    notice = letter_samples.issue(kind, application)
    facts = letter_samples.facts_again(kind, application)

    with letter_samples.noon(letter_samples.DAY):
        draft = notices.preview(application, kind, by=application.clerk, refers_to=notice.refers_to, **facts)

    assert pdf_reading.lines(draft) == pdf_reading.lines(notices.content(notice))


def test_replacing_letter_says_so_first():
    stationery()
    application = letter_samples.case()
    first = letter_samples.issue(LetterKind.GRANT, application)

    second = letter_samples.issue(LetterKind.GRANT, application, refers_to=first)

    lines = pdf_reading.lines(notices.content(second))
    assert lines[lines.index("Sehr geehrte Damen und Herren,") + 1] == (
        f"Dieses Schreiben ersetzt unser Schreiben „Zuwendungsbescheid“ vom 23.11.2026 (Code {first.code}). Jenes wird "
        "hiermit aufgehoben."
    )


@pytest.mark.parametrize(
    ("legal_basis", "repayment", "name", "sentences"),
    [
        (
            "§ 48 Abs. 1 HVwVfG",
            Decimal(25000),
            "Rücknahmebescheid",
            [
                "in Höhe von 25.000 € mit Wirkung für die Vergangenheit, vom 30.06.2028 an, zurückgenommen.",
                "Die Rücknahme steht in unserem Ermessen.",
                "(§ 48 Abs. 4 HVwVfG): Kenntnis von den Tatsachen",
            ],
        ),
        (
            "§ 49 Abs. 2 Satz 1 Nr. 3 HVwVfG",
            Decimal(0),
            "Widerrufsbescheid",
            [
                "in Höhe von 25.000 € mit Wirkung für die Zukunft widerrufen.",
                "Der Widerruf steht in unserem Ermessen.",
                "(§ 49 Abs. 2 Satz 2 in Verbindung mit § 48 Abs. 4 HVwVfG): Kenntnis von den Tatsachen",
            ],
        ),
    ],
)
def test_what_takes_back_an_unlawful_grant_is_called_by_its_name(legal_basis, repayment, name, sentences):
    stationery()
    notice = letter_samples.issue(LetterKind.REVOCATION, legal_basis=legal_basis, repayment=repayment)

    said = " ".join(pdf_reading.lines(notices.content(notice)))

    assert [each in said for each in [f"{name}: Förderung", *sentences]] == [True] * 4
    assert (notice.name, name in notice.file.original_name, name in str(notice)) == (name, True, True)
    assert ("Widerruf" in said) == (name == "Widerrufsbescheid")


def test_grant_is_granted_until_its_last_day():
    stationery()
    notice = letter_samples.issue(LetterKind.GRANT)

    assert "Der Bewilligungszeitraum dauert vom 01.01.2027 bis zum 31.12.2031." in pdf_reading.lines(
        notices.content(notice)
    )
