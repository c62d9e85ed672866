"""A small PDF with German text for demonstration cases: one page, one font that every reader has, the same bytes always."""

import io
import textwrap

import pikepdf
from pikepdf import Dictionary, Name

A4 = [0, 0, 595, 842]
LEFT, TOP, LEADING = 72, 770, 16
CHARACTERS_PER_LINE = 84


def page(title, paragraphs):
    """The bytes of a page with a title and wrapped paragraphs. Characters beyond Windows-1252 become question marks."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=A4[2:])
    only = pdf.pages[0]
    only.Resources = Dictionary(Font=Dictionary(F1=_font("Helvetica"), F2=_font("Helvetica-Bold")))
    only.Contents = pdf.make_stream(_text(title, paragraphs))
    pdf.Root.Lang = pikepdf.String("de-DE")
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.docinfo.Title = pikepdf.String(title)
    target = io.BytesIO()
    pdf.save(target, deterministic_id=True)
    return target.getvalue()


def _font(name):
    # WinAnsiEncoding holds the umlauts, the eszett, the euro sign and the German quotation marks.
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name(f"/{name}"), Encoding=Name.WinAnsiEncoding)


def _text(title, paragraphs):
    lines = [line for paragraph in paragraphs for line in [*textwrap.wrap(paragraph, CHARACTERS_PER_LINE), ""]]
    heading = [f"/F2 14 Tf {LEFT} {TOP} Td {LEADING} TL", *(f"{_shown(line)} Tj T*" for line in _wrapped(title))]
    body = ["/F1 11 Tf T*", *(f"{_shown(line)} Tj T*" for line in lines)]
    return "\n".join(["BT", *heading, *body, "ET"]).encode("latin-1")


def _wrapped(title):
    return textwrap.wrap(title, CHARACTERS_PER_LINE * 11 // 16)


def _shown(line):
    """A hexadecimal string: nothing in it needs escaping."""
    return f"<{line.encode('cp1252', errors='replace').hex()}>"
