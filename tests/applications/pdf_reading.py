"""Reading a tagged PDF as a screen reader does: along its structure tree."""

import io
from dataclasses import dataclass

import pikepdf
import pypdfium2

BLOCKS = {"/P", "/H1", "/H2", "/TH", "/TD", "/LI", "/Lbl", "/LBody"}


@dataclass
class Block:
    role: str
    text: str


def blocks(pdf: bytes) -> list[Block]:
    """Headings, paragraphs, cells and list items in the order of reading, with their text."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        pages = {page.objgen: _marked(page) for page in opened.pages}
        found = []
        _walk(opened.Root.StructTreeRoot.K, None, pages, found)
    return [block for block in found if block.text.strip()]


def lines(pdf: bytes) -> list[str]:
    return [" ".join(block.text.split()) for block in blocks(pdf)]


def roles(pdf: bytes) -> list[str]:
    return [block.role for block in blocks(pdf)]


def words_of_pages(pdf: bytes) -> list[list[str]]:
    """The words of each page as another library reads them."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_words(page) for page in document]
    finally:
        document.close()


def _words(page) -> list[str]:
    text = page.get_textpage()
    try:
        return text.get_text_range().split()
    finally:
        text.close()
        page.close()


def _walk(node, page, pages, found) -> None:
    if isinstance(node, int):
        if not found:
            found.append(Block("", ""))
        found[-1].text += pages[page].get(int(node), "")
    elif isinstance(node, pikepdf.Array):
        for each in node:
            _walk(each, page, pages, found)
    elif node.get("/Type") == "/MCR":
        _walk(int(node.MCID), node.Pg.objgen, pages, found)
    elif node.get("/Type") != "/OBJR":
        page = node.Pg.objgen if "/Pg" in node else page
        if str(node.S) in BLOCKS:
            found.append(Block(str(node.S).removeprefix("/"), ""))
        if "/K" in node:
            _walk(node.K, page, pages, found)


def _marked(page) -> dict[int, str]:
    """Marked content → its text. What is an artifact has no number and is left out."""
    fonts = {str(name): _unicode(font) for name, font in page.Resources.get("/Font", {}).items()}
    texts, open_marks, font = {}, [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC" | "BMC":
                open_marks.append(_mark(operands))
                if open_marks[-1].get("actual"):
                    _say(open_marks[:-1], open_marks[-1]["actual"], texts)
            case "EMC":
                open_marks.pop()
            case "Tf":
                font = fonts[str(operands[0])]
            case "Tj":
                _say(open_marks, _decoded([operands[0]], font), texts)
            case "TJ":
                _say(open_marks, _decoded(operands[0], font), texts)
    return texts


def _mark(operands) -> dict:
    given = operands[1] if len(operands) > 1 and isinstance(operands[1], pikepdf.Dictionary) else {}
    return {
        "mcid": int(given["/MCID"]) if "/MCID" in given else None,
        "actual": str(given["/ActualText"]) if "/ActualText" in given else None,
    }


def _say(open_marks, text, texts) -> None:
    """Text counts for the mark that has a number, unless an inner mark says what it stands for."""
    if any(mark["actual"] for mark in open_marks):
        return
    for mark in reversed(open_marks):
        if mark["mcid"] is not None:
            texts[mark["mcid"]] = texts.get(mark["mcid"], "") + text
            return


def _decoded(strings, font) -> str:
    codes = b"".join(bytes(each) for each in strings if isinstance(each, pikepdf.String))
    return "".join(font[codes[at : at + 2]] for at in range(0, len(codes), 2))


def _unicode(font) -> dict[bytes, str]:
    found = {}
    for line in font.ToUnicode.read_bytes().decode("ascii").splitlines():
        code, _space, text = line.partition(" ")
        if len(code) == len("<0001>") and text.startswith("<"):
            found[bytes.fromhex(code[1:-1])] = bytes.fromhex(text[1:-1]).decode("utf-16-be")
    return found
