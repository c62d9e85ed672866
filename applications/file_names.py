"""The name that a file had on somebody's computer, made fit to be shown and handed out again."""

import unicodedata

LONGEST = 150
LONGEST_ENDING = 10
NAMELESS = "Dokument"
PDF = ".pdf"


def clean(raw: str, *, longest: int = LONGEST, nameless: str = NAMELESS) -> str:
    """NFC, no folder, nothing invisible, at most `longest` characters, the ending kept.

    Invisible are control characters and all format characters: with a right-to-left override among them,
    "Beschluss<RLO>fdp.exe" reads like a PDF.
    """
    name = str(raw).replace("\\", "/").rpartition("/")[2]
    visible = "".join(" " if _is_space(character) else character for character in name if not _is_invisible(character))
    tidy = unicodedata.normalize("NFC", " ".join(visible.split())).strip(". ")
    return _shortened(tidy, longest) or nameless


def clean_pdf(raw: str) -> str:
    """Like clean(), and ends in .pdf: a computer opens a file by its ending, and a PDF that is called .hta would run."""
    name = clean(raw)
    return name if name.casefold().endswith(PDF) else clean(raw, longest=LONGEST - len(PDF)) + PDF


def _is_space(character: str) -> bool:
    return unicodedata.category(character) in {"Zs", "Zl", "Zp"} or character in "\t\n\r\v\f"


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character)[0] == "C" and not _is_space(character)


def _shortened(name: str, longest: int) -> str:
    if len(name) <= longest:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > LONGEST_ENDING:
        return name[:longest].rstrip(". ")
    return stem[: longest - len(ending) - 1].rstrip(". ") + dot + ending
