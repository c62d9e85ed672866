"""The little language of text blocks: paragraphs, lists and {{placeholders}}. Imports no models.

A blank line ends a paragraph; lines that begin with "- " are a list, one that begins with "> " stands out. A placeholder is filled with data and never read
again, so what people type stays text.
"""

import re

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
BLANK_LINE = re.compile(r"\n\s*\n")
BULLET, EMPHASIS = "- ", "> "

# What a block may ask for, in the words that the person who edits it reads.
KNOWN = {
    "aktenzeichen": "Aktenzeichen des Falls",
    "anlass": "worum es in der Erinnerung, Anhörung oder Anforderung geht",
    "aenderung": "was der berichtigende Bescheid richtigstellt",
    "antragsdatum": "Tag, an dem der Antrag eingegangen ist",
    "aufgehoben": "widerrufen oder zurückgenommen, je nach der Rechtsgrundlage",
    "aufhebung": "„Der Widerruf“ oder „Die Rücknahme“, je nach der Rechtsgrundlage",
    "auszahlung": "Regel der Auszahlung",
    "begruendung": "Gründe der Entscheidung",
    "beteiligte": "alle Beteiligten, durch Komma getrennt",
    "betrag": "Zuwendung, Widerruf oder Erstattung in Euro",
    "bescheid": "der Zuwendungsbescheid mit seinem Tag und dem des letzten Änderungsbescheids",
    "bewilligt": "„… € bewilligt wurden“, nach einem früheren Widerruf auch, wie viel davon noch gilt",
    "bewilligungszeitraum": "erster und letzter Tag",
    "bezug": "Datum und Art des Schreibens, auf das Bezug genommen wird",
    "bindungsjahre": "Dauer der Zweckbindung in Jahren",
    "federfuehrung": "federführende Kommune",
    "frist": "Tag, bis zu dem geantwortet, gezahlt oder eingereicht werden soll",
    "frueherer_fall": "Fall, der erweitert oder dem beigetreten wird",
    "gewaehrter_betrag": "ursprünglich bewilligte Zuwendung in Euro",
    "jahresfrist": "Vorschrift der Jahresfrist, je nach der Rechtsgrundlage",
    "kenntnis": "Tag, seit dem die Gründe des Widerrufs bekannt sind",
    "nachweisdatum": "Tag, bis zu dem der Verwendungsnachweis vorliegen muss",
    "rahmenvereinbarung": "Bezeichnung der geltenden Programmfassung",
    "rechtsgrundlage": "Rechtsgrundlage der Entscheidung",
    "sachbearbeitung": "Name der zuständigen Person",
    "stelle": "Stelle, die Stellung nehmen soll",
    "variante": "Fördervariante",
    "verbleibender_betrag": "Zuwendung, die nach dem Widerruf bleibt, in Euro",
    "vorhaben": "Titel des Vorhabens",
    "wirkung": "ab wann der Widerruf wirkt: „mit Wirkung für die Zukunft“ oder „für die Vergangenheit, vom … an,“",
    "zinsbetrag": "Summe der Zinsen in Euro",
    "zweck": "Zuwendungszweck",
}


def placeholders(text: str) -> list[str]:
    """The names in the order of their first use."""
    return list(dict.fromkeys(PLACEHOLDER.findall(text)))


def complaint(text: str) -> str | None:
    """What is wrong with the placeholders of a block, as a sentence, or None."""
    if unknown := [name for name in placeholders(text) if name not in KNOWN]:
        named = ", ".join(f"{{{{{name}}}}}" for name in unknown)
        known = ", ".join(f"{{{{{name}}}}}" for name in KNOWN)
        return f"Unbekannter Platzhalter: {named}. Bekannt sind: {known}."
    if "{{" in (rest := PLACEHOLDER.sub("", text)) or "}}" in rest:
        return "Ein Platzhalter ist nicht geschlossen. Bitte schreiben Sie ihn so: {{betrag}}."
    return None


def fill(text: str, values: dict[str, str | None]) -> list[dict[str, object]]:
    """The paragraphs of a block with its placeholders replaced. Raises KeyError with the name of one without value.

    Where a placeholder is a paragraph of its own, its value may be several.
    """
    filled: list[dict[str, object]] = []
    for part in paragraphs(text):
        if "items" in part:
            filled.append({"items": [_filled(item, values) for item in part["items"]]})
        elif "text" in part and (alone := PLACEHOLDER.fullmatch(part["text"])):
            filled += [{"text": each} for each in BLANK_LINE.split(_value(alone[1], values).strip())]
        else:
            filled.append({name: _filled(words, values) for name, words in part.items()})
    return filled


def _filled(text: str, values) -> str:
    return PLACEHOLDER.sub(lambda match: _value(match[1], values), text)


def _value(name: str, values) -> str:
    found = values.get(name)
    if found is None or not found.strip():
        raise KeyError(name)
    return found.replace("\r\n", "\n")


def paragraphs(text: str) -> list[dict[str, object]]:
    """`[{"text": "…"}, {"strong": "…"}, {"items": ["…", "…"]}]`, for the template of a letter."""
    blocks = BLANK_LINE.split(text.replace("\r\n", "\n").strip())
    return [part for block in blocks if block.strip() for part in _parts(block.strip().splitlines())]


def _parts(lines: list[str]) -> list[dict[str, object]]:
    parts: list[dict[str, object]] = []
    for line in (each.strip() for each in lines):
        if line.startswith(BULLET):
            if not parts or "items" not in parts[-1]:
                parts.append({"items": []})
            parts[-1]["items"].append(line.removeprefix(BULLET))
        elif line.startswith(EMPHASIS):
            parts.append({"strong": line.removeprefix(EMPHASIS)})
        elif parts and "text" in parts[-1]:
            parts[-1]["text"] += f" {line}"
        elif parts and parts[-1].get("items"):
            parts[-1]["items"][-1] += f" {line}"  # a line that goes on
        else:
            parts.append({"text": line})
    return parts
