"""What each kind of letter looks like, measured in the PDF: DIN 5008 form B, structure, conformance."""

import io

import pdfua
import pikepdf
import pytest
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTCurve, LTLine, LTTextContainer, LTTextLine

from applications import courts, notices, typesetting
from applications.letter_kinds import NOTICES, LetterKind, template
from tests.applications import letter_samples, pdf_reading
from tests.stationery import stationery

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_every_database]

MM = 72 / 25.4
A4_HEIGHT = 297


@pytest.fixture
def pdf(built):
    return built


def of(*kinds):
    drafted = [letter_samples.Drafted(kind) for kind in kinds]
    return pytest.mark.parametrize("ground", drafted, indirect=True, ids=kinds)


every_kind, grant = of(*letter_samples.KINDS), of(LetterKind.GRANT)


def boxes(page):
    """text → (left, top, right, bottom) in millimetres from the left and upper edge of the paper."""
    lines = [
        line for each in page if isinstance(each, LTTextContainer) for line in each if isinstance(line, LTTextLine)
    ]
    return {
        line.get_text().strip(): (
            line.x0 / MM,
            A4_HEIGHT - line.y1 / MM,
            line.x1 / MM,
            A4_HEIGHT - line.y0 / MM,
        )
        for line in lines
    }


def first_page(pdf):
    return next(iter(extract_pages(io.BytesIO(pdf))))


@grant
def test_address_stands_in_the_window(pdf):
    """DIN 5008 form B: 20 to 105 mm from the left, 45 to 90 mm from the top; the recipient below the sender's 17.7 mm."""
    found = boxes(first_page(pdf))
    inside = {
        text
        for text, (left, top, right, bottom) in found.items()
        if left >= 20 and right <= 105 and top >= 45 and bottom <= 90
    }

    assert inside == {
        "Hessisches Ministerium des Innern, für Sicherheit und Heimatschutz ·",
        "Friedrich-Ebert-Allee 12 · 65185 Wiesbaden",
        "Magistrat der Stadt Bensheim",
        "64625 Bensheim",
    }
    assert [round(found[text][0], 1) for text in sorted(inside)] == [25.0] * 4
    assert found["Magistrat der Stadt Bensheim"][1] >= 45 + 17.7


def test_longest_address_stays_in_the_window():
    """Six lines, the most that the field of 27.3 mm takes, each as wide as a name can be."""
    stationery()
    lines = [f"Gemeindevorstand der Gemeinde Muster {number}" for number in range(1, 6)] + ["35781 Weilburg"]

    found = boxes(first_page(letter_samples.preview_to(lines)))

    assert max(found[line][3] for line in lines) <= 90
    assert max(found[line][2] for line in lines) <= 105


def test_nothing_else_reaches_into_the_window():
    stationery()
    found = boxes(first_page(notices.content(letter_samples.issue(LetterKind.GRANT))))
    reaching = {
        text
        for text, (left, top, right, bottom) in found.items()
        if left < 105 and right > 20 and top < 90 and bottom > 45
    }

    assert len(reaching) == 4


@grant
def test_information_block_and_subject_stand_where_the_standard_puts_them(pdf):
    found = boxes(first_page(pdf))

    number = next(box for text, box in found.items() if text.startswith("Aktenzeichen: "))
    subject = next(box for text, box in found.items() if text.startswith("Zuwendungsbescheid: "))
    assert round(number[0]) == 125
    assert 50 <= number[1] < 53
    assert 98.5 <= subject[1] < 110
    assert round(subject[0]) == 25


@grant
def test_fold_marks(pdf):
    lines = [each for each in first_page(pdf) if isinstance(each, LTLine | LTCurve) and each.x0 < 10 * MM]

    assert sorted(round(A4_HEIGHT - line.y0 / MM, 1) for line in lines) == [105.0, 148.5, 210.0]


@every_kind
def test_every_page_says_its_number_file_number_and_code(pdf):
    pages = [" ".join(words) for words in pdf_reading.words_of_pages(pdf)]

    assert [
        (f"Seite {number} von {len(pages)}" in page, "Aktenzeichen IKZ-" in page, "Code ENTWURF" in page)
        for number, page in enumerate(pages, start=1)
    ] == [(True, True, True)] * len(pages)


@every_kind
def test_checker_for_accessible_pdf_finds_nothing(pdf, tmp_path):
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf)

    report = pdfua.validate(str(path))

    assert (report.exit_code, list(report.findings)) == (0, [])


def test_the_checker_does_find_something(tmp_path):
    path = tmp_path / "bare.pdf"
    with pikepdf.new() as bare:
        bare.add_blank_page()
        bare.save(path)

    assert pdfua.validate(str(path)).exit_code != 0


@every_kind
def test_file_says_what_it_is(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_metadata() as metadata:
        known = {
            "pdfa": metadata.pdfa_status,
            "ua": metadata["{http://www.aiim.org/pdfua/ns/id/}part"],
            "language": str(opened.Root.Lang),
            "marked": bool(opened.Root.MarkInfo.Marked),
            "title shown": bool(opened.Root.ViewerPreferences.DisplayDocTitle),
            "author": metadata["{http://purl.org/dc/elements/1.1/}creator"],
        }
        title = metadata["{http://purl.org/dc/elements/1.1/}title"]

    assert known == {
        "pdfa": "2A",
        "ua": "1",
        "language": "de-DE",
        "marked": True,
        "title shown": True,
        "author": ["Hessisches Ministerium des Innern, für Sicherheit und Heimatschutz"],
    }
    assert title.startswith("ENTWURF: ")


@every_kind
def test_fonts_are_embedded_and_ours(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        fonts = {
            (
                str(font.BaseFont).partition("+")[2].partition("-")[0],
                "/FontFile2" in descriptor or "/FontFile3" in descriptor,
            )
            for page in opened.pages
            for font in page.Resources.Font.values()
            for descriptor in [font.DescendantFonts[0].FontDescriptor]
        }

    assert {name for name, _embedded in fonts} == {"NotoSans"}
    assert {embedded for _name, embedded in fonts} == {True}


@every_kind
def test_bookmarks_are_the_headings(pdf):
    headings = [block.text for block in pdf_reading.blocks(pdf) if block.role in ("H1", "H2")]
    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_outline() as outline:
        (subject,) = outline.root
        marks = [subject.title, *(each.title for each in subject.children)]

    assert [" ".join(mark.split()) for mark in marks] == [" ".join(each.split()) for each in headings]
    assert len(marks) >= 1


@of(LetterKind.REVOCATION)
def test_tables_have_heads_rows_and_cells(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        tables = [
            [[str(cell.S) for cell in row.K] for part in table.K for row in part.K]
            for table in _elements(opened.Root.StructTreeRoot.K)
            if table.get("/S") == "/Table"
        ]
        scopes = {
            str(cell.A.Scope if isinstance(cell.A, pikepdf.Dictionary) else cell.A[0].Scope)
            for cell in _elements(opened.Root.StructTreeRoot.K)
            if cell.get("/S") == "/TH"
        }

    assert tables == [
        [["/TH"] * 2, ["/TD"] * 2, ["/TD"] * 2, ["/TD"] * 2],
        [["/TH"] * 5, ["/TD"] * 5, ["/TD"] * 5, ["/TD"] * 2],
    ]
    assert scopes == {"/Column"}


def _elements(node):
    for each in node if isinstance(node, pikepdf.Array) else [node]:
        if isinstance(each, pikepdf.Dictionary):
            yield each
            if "/K" in each:
                yield from _elements(each.K)


@every_kind
def test_only_notices_instruct_about_remedies(pdf, request):
    kind = request.node.callspec.params["ground"].kind
    instruction = courts.instruction(courts.competent("06431002"))

    assert (instruction in pdf_reading.lines(pdf)) == (kind in NOTICES)


def test_closing_takes_the_end_of_the_letter_with_it_to_the_last_page():
    stationery()

    first, last = pdf_reading.words_of_pages(letter_samples.preview(LetterKind.REFUSAL))

    words = ("Entscheidung", "Rechtsbehelfsbelehrung", "Klage", "Grüßen")
    assert [(each in first, each in last) for each in words] == [(True, False), *[(False, True)] * 3]


def set_again(kind, **changes):
    """The words of each page of a letter with other data, and the PDF."""
    stationery()
    pdf = typesetting.typeset(template(kind), letter_samples.issue(kind).data | changes)
    return [" ".join(words) for words in pdf_reading.words_of_pages(pdf)], pdf


@pytest.mark.parametrize("lines", range(0, 36, 3))
def test_short_tables_stay_on_one_page(lines):
    """Wherever the page ends: neither a row nor the sum nor the heading stands alone."""
    above = [{"paragraphs": [{"text": "Zeile."}] * lines}]

    pages, _pdf = set_again(LetterKind.REVOCATION, before=above)

    first_words, last_words = ("Posten Betrag", "von bis Tage"), ("Summe 26.212,48 €", "Summe 1.212,48 €")
    for first, last, heading in zip(first_words, last_words, ("Erstattung", "Berechnung der Zinsen"), strict=True):
        (page,) = (page for page in pages if first in page)
        assert (f"{heading} {first}" in page, last in page) == (True, True)


def test_long_table_breaks_under_its_repeated_header(tmp_path):
    """26 bodies are the most that ever applied together."""
    bodies = [
        {"name": f"Musterstadt {number}", "district": "Landkreis Bergstraße", "role": "beteiligt"}
        for number in range(26)
    ]

    pages, pdf = set_again(LetterKind.REFUSAL, participants=bodies)

    (tmp_path / "letter.pdf").write_bytes(pdf)
    with_rows = [page for page in pages if "Musterstadt" in page]
    assert [page.count("Kommune Landkreis Rolle") for page in with_rows] == [1, 1]
    assert sum(page.count("Musterstadt") for page in with_rows) == 26
    assert pdfua.validate(str(tmp_path / "letter.pdf")).exit_code == 0


def test_row_that_is_longer_than_a_page_is_not_lost():
    pages, _pdf = set_again(LetterKind.CORRECTING, corrections=[{"wrong": "falsch " * 900, "right": "richtig"}])

    assert sum(page.count("falsch") for page in pages) == 900


@every_kind
def test_draft_is_marked_on_every_page(pdf):
    assert ["ENTWURF" in words for words in pdf_reading.words_of_pages(pdf)] == [True] * len(
        pdf_reading.words_of_pages(pdf)
    )
