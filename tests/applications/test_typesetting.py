"""Setting a letter: what stops it, and what it shows."""

import json
import unicodedata
from hashlib import sha256

import pypdfium2
import pytest
import typst

from applications import typesetting
from applications.typesetting import LetterRefused
from tests.applications import pdf_reading
from tests.applications.din_91379 import LETTERS

SALUTATION = "Sehr geehrte Damen und Herren,"
PLAIN = {
    "draft": False,
    "kind": "Erinnerung",
    "title": "Erinnerung",
    "subject": "Erinnerung",
    "salutation": SALUTATION,
    "date": "23.11.2026",
    "code": "AAAA-BBBB-CCCC",
    "file_number": "IKZ-2026-0001",
    "participants": [],
    "authority": {"authority": "Behörde", "sender": "Behörde · Straße 1", "footer": []},
    "recipient": ["Magistrat der Stadt A", "64625 A"],
    "information": [["Datum", "23.11.2026"]],
    "signatory": {"signatory": "M. Muster", "function": "Referatsleiterin"},
    "notes": [],
    "before": [],
    "after": [],
}


def letter(*texts, **changes):
    return PLAIN | {"before": [{"paragraphs": [{"text": text} for text in texts]}]} | changes


def said(*texts):
    return pdf_reading.lines(typesetting.typeset("plain", letter(*texts)))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a\u202eb", "(U+202E RIGHT-TO-LEFT OVERRIDE)"),
        ("a\u200fb", "(U+200F RIGHT-TO-LEFT MARK)"),
        ("a\u200bb", "(U+200B ZERO WIDTH SPACE)"),
        ("a\x00b", "(U+0000 Steuerzeichen)"),
        ("a\tb", "(U+0009 Steuerzeichen)"),
        ("a\x1bb", "(U+001B Steuerzeichen)"),
        ("a\ufeffb", "(U+FEFF ZERO WIDTH NO-BREAK SPACE)"),
        ("a\ue000b", "(U+E000 Steuerzeichen)"),
    ],
)
def test_character_that_nobody_sees_is_refused_by_name(text, named):
    with pytest.raises(LetterRefused) as refusal:
        typesetting.typeset("plain", letter(text))

    assert str(refusal.value) == (
        f"In „a�b“ steht ein Zeichen, das in einem Schreiben nicht vorkommen darf: {named}. Bitte entfernen Sie es."
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Bauhof 😀", "„😀“ (U+1F600 GRINNING FACE)"),
        ("合作", "„合“ (U+5408 CJK UNIFIED IDEOGRAPH-5408)"),
        ("ת", "„ת“ (U+05EA HEBREW LETTER TAV)"),
    ],
)
def test_character_that_the_font_lacks_is_refused_by_name(text, named):
    with pytest.raises(LetterRefused, match=r"^Das Zeichen .* lässt sich im Schreiben nicht darstellen\.") as refusal:
        typesetting.typeset("plain", letter(text))

    assert named in str(refusal.value)


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"signatory": {"signatory": "", "function": "R"}}, "Name der unterzeichnenden Person (Briefkopf)"),
        ({"recipient": [" "]}, "Anschrift"),
        ({"amount": None}, "Betrag"),
        ({"other": {"thing": None}}, "other / thing"),
    ],
)
def test_missing_value_is_refused_by_its_german_name(changes, missing):
    with pytest.raises(LetterRefused) as refusal:
        typesetting.typeset("plain", letter("Text", **changes))

    assert str(refusal.value) == f"Für das Schreiben fehlt noch: {missing}. Bitte ergänzen Sie die Angabe."


def test_key_that_the_template_needs_is_refused():
    with pytest.raises(LetterRefused, match=r"^Das Schreiben ließ sich nicht setzen\. Der Fall ist unverändert\."):
        typesetting.typeset("grant", letter("Text"))


def test_warning_of_the_typesetter_stops_the_letter(monkeypatch):
    monkeypatch.setattr(typesetting, "fonts", lambda: typst.Fonts(include_system_fonts=False, font_paths=[]))

    with pytest.raises(LetterRefused, match="unknown font family: noto sans"):
        typesetting.typeset("plain", letter("Text"))


@pytest.mark.parametrize(
    "text",
    [
        '#eval("1+1") #panic() $x^2$ *fett* _kursiv_ `code` @ref <label> // kein Kommentar',
        "= keine Überschrift",
        "\\u{41} \\# \\\\ ~ -- --- ... 'so' \"so\"",
        '"}] {"a": 1} {{betrag}}',
    ],
)
def test_what_people_type_stays_text(text):
    assert text in said(text)


def test_line_breaks_are_kept_as_spaces():
    assert "erste zweite" in said("erste\nzweite")


def test_decomposed_letters_are_composed():
    assert "Müller" in said(unicodedata.normalize("NFD", "Müller"))


def test_font_is_ours_and_embedded_alone():
    assert {font.family for font in typesetting.fonts().fonts()} == {"Noto Sans"}


def test_letters_of_names_are_read_as_they_were_written():
    names = [letter for letter in LETTERS if len(letter) == 1]

    read = said(*names)

    assert read[read.index("A") :][: len(names)] == names


def test_letters_with_marks_of_their_own_are_read_as_they_were_written():
    """The typesetter says a sequence again for each mark that it moves up; nothing else is read, and nothing is lost."""
    names = [letter for letter in LETTERS if len(letter) > 1]

    read = said(*names)

    found = read[read.index(SALUTATION) + 1 :][: len(names)]
    assert [each.replace(name, "") for name, each in zip(names, found, strict=True)] == [""] * len(names)
    assert all(name in each for name, each in zip(names, found, strict=True))


def _pictures(texts):
    """Each text alone on a small page, as the checksum of its picture."""
    source = (
        '#set document(title: "Zeichen")\n#set page(width: 16mm, height: 12mm, margin: 2mm)\n'
        '#set text(lang: "de", font: "Noto Sans", size: 11pt, fallback: false)\n'
        "#for (number, text) in json(bytes(sys.inputs.data)).enumerate() { if number > 0 { pagebreak() }; text }"
    )
    pdf = typst.compile(
        source.encode(),
        font_paths=typesetting.fonts(),
        pdf_standards=typesetting.STANDARDS,
        sys_inputs={"data": json.dumps(texts)},
    )
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [sha256(page.render(scale=2).to_pil().tobytes()).hexdigest() for page in document]
    finally:
        document.close()


def test_every_letter_of_names_has_a_picture_of_its_own():
    """All are drawn, with their marks: no two look the same but eth and d with stroke, and none looks like nothing."""
    pictures = _pictures([" ", *LETTERS])
    alike = {
        (first, second)
        for number, first in enumerate(LETTERS, start=1)
        for second in LETTERS[number:]
        if pictures[number] == pictures[LETTERS.index(second) + 1]
    }

    assert (pictures[0] in pictures[1:], alike) == (False, {("Ð", "Đ")})
