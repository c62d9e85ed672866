"""Rows of a CSV that disappeared inside a cell, because a quotation mark before them was never closed."""

import re

KEY = re.compile(r'\s*"?(0\d{4}|0?\d{7}|0?\d{11})"?\s*(?!\w)')
MANY = 3  # delimiters in one line of a text that people wrote


def swallowed_line(cells: list, delimiter: str, columns: int) -> str:
    """The first line inside a cell that was a row of the table, or empty. `columns` is the width of the header.

    A note may well run over several lines; a row shows by its delimiters or by a key at its beginning.
    """
    if not delimiter:
        return ""
    texts = [(index, cell) for index, cell in enumerate(cells) if isinstance(cell, str) and re.search(r"[\r\n]", cell)]
    for index, text in texts:
        first, *inner = re.split(r"\r\n|\r|\n", text)
        for line in inner:
            if _is_row(line, delimiter, columns):
                return line.strip()
        if _took_its_own_row(first, inner, delimiter, columns - 1 - index):
            return first.strip()
    return ""


def _is_row(line, delimiter, columns):
    if line.count(delimiter) >= max(1, min(columns - 1, MANY)):
        return True
    key = KEY.match(line)
    if not key:
        return False
    rest = line[key.end() :]
    # A Kreis only with its delimiter: telephone numbers begin with five such digits as well.
    return rest.startswith(delimiter) or (not rest and len(key[1]) in (8, 12))


def _took_its_own_row(first, inner, delimiter, following):
    """The last row of a file: nothing comes after it that could be swallowed but its own cells and the line's end."""
    return following > 0 and not any(inner) and first.count(delimiter) == following
