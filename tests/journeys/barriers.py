"""What axe finds on a page, light and dark, on a screen, a tablet and a phone."""

import json
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

AXE = Path("node_modules", "axe-core", "axe.min.js")
LOOK = Path("tests", "journeys", "look.js")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# What a colour scheme can spoil, and what a width can; everything else is the same in all of them. A tablet has the colours
# of the two others and nothing of its own but less room.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
TABLET_RULES = ["target-size", "scrollable-region-focusable"]
WIDTH_RULES = ["color-contrast", "target-size", "scrollable-region-focusable", "region", "label"]
# (colour scheme, width, rules or all), in the order that changes least from one to the next.
LOOKS = [
    ("light", 1440, None),
    ("dark", 1440, COLOUR_RULES),
    ("dark", 390, COLOUR_RULES),
    ("light", 390, WIDTH_RULES),
    ("light", 768, TABLET_RULES),
]
# Where all parts of a page are those of others, what is new is how they stand together: narrow, and on a tablet.
AT_A_GLANCE = [("light", 390, None), ("light", 768, TABLET_RULES)]

# Of each colour scheme, the appearances of texts that the rules of colours are done with: their letters and all that lies
# below them. The pages are made of the same parts; a text that looks like one that passed need not be judged again.
_settled = defaultdict(set)


def barriers(page, looks=LOOKS) -> list[str]:
    """What axe finds in each look, as one line each, and by how much the page is wider than the screen."""
    found = []
    with _debugger(page) as debugger:
        _evaluate(debugger, _program())
        for scheme, width, rules in looks:
            _put_on(page, scheme, width)
            seen = json.loads(_evaluate(debugger, f"look({json.dumps(_wanted(scheme, rules))})"))
            _settled[scheme].update(seen["settled"])
            found += [f"{scheme} {width}: {violation}" for violation in seen["violations"]]
            if seen["tooWide"]:
                found.append(f"{scheme} {width}: sticks out by {seen['tooWide']} px")
    return found


def findings(page, addresses, looks=LOOKS) -> dict[str, list[str]]:
    """What is wrong with each of these pages (name → address); nothing where a page is as it should be."""
    found = {}
    for name, address in addresses.items():
        _put_on(page, *looks[0][:2])
        page.goto(address)
        if complaints := barriers(page, looks):
            found[name] = complaints
    return found


def shares(names, number=4):
    """The names of pages dealt out to so many tests: each furnishes its office once, and two processes share the work."""
    names = list(names)
    return [names[start::number] for start in range(number)]


def _wanted(scheme, rules):
    """All rules look at everything; of named ones, those of colours look at what they do not know yet."""
    if rules is None:
        return {"all": STANDARDS, "colours": []}
    colours = [rule for rule in rules if rule in COLOUR_RULES]
    rest = [rule for rule in rules if rule not in COLOUR_RULES]
    return {"rest": rest, "colours": colours, "known": sorted(_settled[scheme]) if colours else []}


def _put_on(page, scheme, width):
    """Only what is new: each change lays the page out and paints it once more."""
    if scheme != getattr(page, "worn_scheme", None):
        page.emulate_media(color_scheme=scheme)
        page.worn_scheme = scheme
    size = {"width": width, "height": 900}
    if page.viewport_size != size:
        page.set_viewport_size(size)


def _program():
    return "".join((settings.BASE_DIR / path).read_text(encoding="utf-8") for path in (AXE, LOOK)) + "; true"


@contextmanager
def _debugger(page):
    """Through the debugging protocol, because the content security policy rightly keeps foreign scripts out."""
    debugger = page.context.new_cdp_session(page)
    yield debugger
    debugger.detach()


def _evaluate(debugger, expression):
    answer = debugger.send("Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True})
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]
    return answer["result"]["value"]
