"""What the browser tests share: signing in, looking for barriers, taking pictures."""

import json
from pathlib import Path

from django.conf import settings
from django.test import Client

AXE = Path("node_modules", "axe-core", "axe.min.js")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# What a colour scheme can spoil, and what a width can; everything else is the same in all of them. A tablet has the colours
# of the two others and nothing of its own but less room.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
TABLET_RULES = ["target-size", "scrollable-region-focusable"]
WIDTH_RULES = ["color-contrast", "target-size", "scrollable-region-focusable", "region", "label"]
# (colour scheme, width, rules or all)
LOOKS = [
    ("light", 1440, None),
    ("dark", 1440, COLOUR_RULES),
    ("light", 768, TABLET_RULES),
    ("dark", 390, COLOUR_RULES),
    ("light", 390, WIDTH_RULES),
]
# Where all parts of a page are those of others, what is new is how they stand together: narrow, and on a tablet.
AT_A_GLANCE = [("light", 768, TABLET_RULES), ("light", 390, None)]


def sign_in(page, live_server, user):
    """Straight to a session: the form of the login page has its own test."""
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])


def wait_for_focus(page, control):
    """Until the control with this id is the active one. Asks by the clock: a page in the background paints no frames."""
    page.wait_for_function("(id) => document.activeElement?.id === id", arg=control, polling=100, timeout=5000)


def axe(page, rules=None) -> list[str]:
    """Every violation of WCAG 2.2 A and AA and of axe's best practices, as one line each; or of the named rules only.

    Goes through the debugging protocol, because the content security policy rightly keeps foreign scripts out.
    """
    debugger = page.context.new_cdp_session(page)
    if not _evaluate(debugger, "'axe' in window"):
        _evaluate(debugger, f"{(settings.BASE_DIR / AXE).read_text(encoding='utf-8')}; true")
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": STANDARDS}
    # Without preload: it would copy style sheets into style elements, which the policy forbids.
    options = json.dumps({"runOnly": only, "resultTypes": ["violations"], "preload": False})
    results = _evaluate(debugger, f"axe.run(document, {options}).then((found) => JSON.stringify(found.violations))")
    debugger.detach()
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in json.loads(results)
        for node in violation["nodes"]
    ]


def barriers(page, looks=LOOKS) -> list[str]:
    """What axe finds in each look, and by how much the page is wider than the screen."""
    found = []
    for scheme, width, rules in looks:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{scheme} {width}: {violation}" for violation in axe(page, rules)]
        if too_wide := sticks_out(page):
            found.append(f"{scheme} {width}: sticks out by {too_wide} px")
    return found


def shares(names, number=8):
    """The names of pages dealt out to so many tests: each furnishes its office once, and two processes share the work."""
    names = list(names)
    return [names[start::number] for start in range(number)]


def findings(page, addresses, looks=LOOKS) -> dict[str, list[str]]:
    """What is wrong with each of these pages (name → address); nothing where a page is as it should be."""
    found = {}
    for name, address in addresses.items():
        page.goto(address)
        if complaints := barriers(page, looks):
            found[name] = complaints
    return found


def sticks_out(page):
    """By how many pixels the page is wider than the screen."""
    return page.evaluate(
        "() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)"
    )


def scrolls_sideways(page, selector):
    """By how many pixels the table in this box is wider than the box."""
    return page.locator(selector).evaluate("(box) => box.scrollWidth - box.clientWidth")


def matrix_scrolls_on_a_phone(page, address):
    """By how many pixels the documents of the participants are wider than their box there."""
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(address)
    page.locator(".matrix td[data-label=Beschluss]").first.wait_for()
    return scrolls_sideways(page, ".scroll:has(.matrix)")


def _evaluate(debugger, expression):
    answer = debugger.send("Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True})
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]
    return answer["result"]["value"]


def screenshot(page, name: str) -> Path:
    """A picture of the whole page under var/screenshots/."""
    path = settings.BASE_DIR / "var" / "screenshots" / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path
