"""Setting a letter: data in, PDF/A-2a and PDF/UA-1 out. Imports no models and knows no case.

Everything that comes from people goes in as data; the templates are ours. Whatever the typesetter cannot do as it should
stops the letter with a sentence for the clerk: a letter with a hole is worse than none.
"""

import json
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path

import typst

TEMPLATES = Path(__file__).parent / "templates" / "applications" / "notices"
FONT_PACKAGE = "fontpkg_noto_sans"
STANDARDS = ["a-2a", "ua-1"]
LINE_BREAKS = "\n\r"
# Where a value is missing, the name under which the person who can enter it knows it.
LABELS = {
    "authority": "Name der Behörde (Briefkopf)",
    "sender": "Absenderzeile (Briefkopf)",
    "signatory": "Name der unterzeichnenden Person (Briefkopf)",
    "function": "Funktion der unterzeichnenden Person (Briefkopf)",
    "recipient": "Anschrift",
    "subject": "Betreff",
    "amount": "Betrag",
    "remedy": "Rechtsbehelfsbelehrung",
}


class LetterRefused(Exception):
    """No letter is made and nothing is changed. The message says what to do."""


@cache
def fonts() -> typst.Fonts:
    """Our font and no other: a letter looks the same on every machine."""
    folder = resources.files(FONT_PACKAGE) / "files"
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])


def typeset(template: str, data: dict) -> bytes:
    """The PDF of `templates/applications/notices/<template>.typ`. Raises LetterRefused."""
    check(data)
    try:
        pdf, warnings = typst.compile_with_warnings(
            str(TEMPLATES / f"{template}.typ"),
            root=str(TEMPLATES),
            font_paths=fonts(),
            pdf_standards=STANDARDS,
            sys_inputs={"data": json.dumps(_tidy(data), ensure_ascii=False)},
        )
    except typst.TypstError as error:
        raise LetterRefused(_said(str(error))) from error
    if warnings:
        raise LetterRefused(_said(str(warnings[0])))
    return pdf


def _said(problem: str) -> str:
    """The typesetter's complaint for the clerk; most often a character that the font lacks."""
    if "could not be displayed" in problem:
        shown = problem.partition('`"')[2].partition('"`')[0]
        return f"Das Zeichen {name_of(shown)} lässt sich im Schreiben nicht darstellen. Bitte ersetzen Sie es in den Angaben."
    return (
        "Das Schreiben ließ sich nicht setzen. Der Fall ist unverändert. Bitte geben Sie diese Meldung an die "
        f"technische Betreuung weiter: {' '.join(problem.split())[:300]}"
    )


def check(data: dict) -> None:
    """Refuse what is missing, and characters that nobody sees or that turn the direction of reading."""
    for path, value in _values(data):
        if value is None or (isinstance(value, str) and not value.strip()):
            raise LetterRefused(f"Für das Schreiben fehlt noch: {_label(path)}. Bitte ergänzen Sie die Angabe.")
        if isinstance(value, str) and (character := _forbidden(value)):
            raise LetterRefused(
                f"In „{_excerpt(value)}“ steht ein Zeichen, das in einem Schreiben nicht vorkommen darf: "
                f"{name_of(character)}. Bitte entfernen Sie es."
            )


def _values(value, path=()) -> Iterator[tuple[tuple[str, ...], object]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _values(each, (*path, str(key)))
    elif isinstance(value, list):
        for each in value:
            yield from _values(each, path)
    else:
        yield path, value


def _label(path: tuple[str, ...]) -> str:
    return next((LABELS[key] for key in reversed(path) if key in LABELS), " / ".join(path))


def _forbidden(text: str) -> str | None:
    """The first control, format, private or unassigned character (Unicode category C…): bidi marks are among them."""
    return next(
        (each for each in text if unicodedata.category(each)[0] == "C" and each not in LINE_BREAKS),
        None,
    )


def name_of(characters: str) -> str:
    """„U+202E RIGHT-TO-LEFT OVERRIDE“; what can be seen is shown, too."""
    said = []
    for each in characters:
        shown = "" if unicodedata.category(each)[0] in "CZ" else f"„{each}“ "
        said.append(f"{shown}(U+{ord(each):04X} {unicodedata.name(each, 'Steuerzeichen')})")
    return ", ".join(said)


def _excerpt(text: str) -> str:
    return "".join("�" if _forbidden(each) else each for each in text)[:60]


def _tidy(value):
    """Composed characters where they exist, which fonts draw best; and no break inside of a line: in the tagged text it
    would join two words."""
    if isinstance(value, dict):
        return {key: _tidy(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_tidy(each) for each in value]
    return unicodedata.normalize("NFC", " ".join(value.splitlines())) if isinstance(value, str) else value
