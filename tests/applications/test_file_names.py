import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from applications.file_names import clean, clean_pdf


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Beschluss.pdf", "Beschluss.pdf"),
        ("Beschlu\u0308sse Gro\u00df-Gerau.pdf", "Beschl\u00fcsse Gro\u00df-Gerau.pdf"),
        ("C:\\Users\\Meier\\Desktop\\Beschluss.pdf", "Beschluss.pdf"),
        ("../../etc/passwd", "passwd"),
        ("/etc/", "Dokument"),
        ("..", "Dokument"),
        ("", "Dokument"),
        (".htaccess", "htaccess"),
        ("Beschluss\r\nX-Evil: 1.pdf", "Beschluss X-Evil: 1.pdf"),
        ("Beschluss\x00.pdf", "Beschluss.pdf"),
        ("Beschluss\u202efdp.exe", "Beschlussfdp.exe"),
        ("\u2066Beschluss\u2069\ufeff.pdf", "Beschluss.pdf"),
        ("Beschluss\u00a0\u2028 2026.pdf", "Beschluss 2026.pdf"),
        ("a" * 300 + ".pdf", "a" * 146 + ".pdf"),
        ("a" * 300, "a" * 150),
        ("a." + "b" * 300, "a." + "b" * 148),
        ("ü" * 145 + "  .pdf", "ü" * 145 + " .pdf"),
    ],
)
def test_name_is_cleaned(raw, name):
    assert clean(raw) == name


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Beschluss.pdf", "Beschluss.pdf"),
        ("BESCHLUSS.PDF", "BESCHLUSS.PDF"),
        ("Beschluss", "Beschluss.pdf"),
        ("Beschluss.hta", "Beschluss.hta.pdf"),
        ("Beschluss\u202efdp.exe", "Beschlussfdp.exe.pdf"),
        ("Beschluss.pdf.exe", "Beschluss.pdf.exe.pdf"),
        ("", "Dokument.pdf"),
        ("a" * 300, "a" * 146 + ".pdf"),
    ],
)
def test_stored_document_is_called_what_it_is(raw, name):
    assert clean_pdf(raw) == name


def test_nameless_file_gets_the_name_that_the_caller_gives():
    assert clean("\u202e", nameless="Beschluss.pdf") == "Beschluss.pdf"


@given(st.text(max_size=200))
@settings(max_examples=50, derandomize=True)
def test_any_name_is_short_visible_and_stays_as_it_is(raw):
    name = clean(raw)

    assert 0 < len(name) <= 150
    assert not {"/", "\\"} & set(name)
    assert not [character for character in name if unicodedata.category(character)[0] == "C"]
    assert unicodedata.is_normalized("NFC", name)
    assert clean(name) == name

    stored = clean_pdf(raw)
    assert stored.casefold().endswith(".pdf")
    assert len(stored) <= 150
    assert clean_pdf(stored) == stored
