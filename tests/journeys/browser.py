"""What the browser tests share: signing in, waiting, measuring, taking pictures."""

from pathlib import Path

from django.conf import settings
from django.test import Client

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--single-threaded",  # threads beside the page save nobody time where two processes share two cores
]


def sign_in(page, live_server, user):
    """Straight to a session: the form of the login page has its own test."""
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])


def wait_for_focus(page, control):
    """Until the control with this id is the active one. Asks by the clock: a page in the background paints no frames."""
    page.wait_for_function("(id) => document.activeElement?.id === id", arg=control, polling=100, timeout=5000)


def scrolls_sideways(page, selector):
    """By how many pixels the table in this box is wider than the box."""
    return page.locator(selector).evaluate("(box) => box.scrollWidth - box.clientWidth")


def matrix_scrolls_on_a_phone(page, address):
    """By how many pixels the documents of the participants are wider than their box there."""
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(address)
    page.locator(".matrix td[data-label=Beschluss]").first.wait_for()
    return scrolls_sideways(page, ".scroll:has(.matrix)")


def screenshot(page, name: str) -> Path:
    """A picture of the whole page under var/screenshots/."""
    path = settings.BASE_DIR / "var" / "screenshots" / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path
