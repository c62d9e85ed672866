"""No stock page of the admin holds a barrier that a machine can find: at every width, light and dark."""

import pytest
from django.urls import reverse

from tests.ikz.pages import PAGES, PASSWORD, furnish
from tests.journeys.browser import axe, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What a colour scheme can spoil, and what a width can; everything else is the same in all of them.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
WIDTH_RULES = ["color-contrast", "target-size", "scrollable-region-focusable", "region", "label"]
# (colour scheme, width, rules or all)
LOOKS = [
    ("light", 1440, None),
    ("light", 768, WIDTH_RULES),
    ("light", 390, WIDTH_RULES),
    ("dark", 1440, COLOUR_RULES),
    ("dark", 390, COLOUR_RULES),
]


def barriers(page):
    found = []
    for scheme, width, rules in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{scheme} {width}: {violation}" for violation in axe(page, rules)]
    return found


def sticks_out(page):
    """By how many pixels the page is wider than a phone."""
    page.set_viewport_size({"width": 390, "height": 900})
    return page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("name", PAGES)
def test_admin_page_has_no_barrier(page, live_server, name):
    office = furnish()
    sign_in(page, live_server, office.admin)

    page.goto(live_server.url + office.url(name))

    assert barriers(page) == []
    assert sticks_out(page) == 0


def test_login_page_has_no_barrier(page, live_server):
    page.goto(live_server.url + reverse("admin:login"))

    assert barriers(page) == []
    assert sticks_out(page) == 0


def test_missing_page_has_no_barrier(page, live_server):
    page.route("**/nirgends/", lambda route: route.fulfill(response=route.fetch(), status=200))
    page.goto(live_server.url + "/nirgends/")

    assert barriers(page) == []
    assert sticks_out(page) == 0


def test_form_with_errors_has_no_barrier(page, live_server):
    office = furnish()
    sign_in(page, live_server, office.admin)

    page.goto(live_server.url + office.url("municipality add"))
    page.get_by_role("button", name="Sichern", exact=True).click()
    page.locator(".errornote").wait_for()
    page.wait_for_load_state("load")

    assert barriers(page) == []


def test_open_autocomplete_has_no_barrier(page, live_server):
    office = furnish()
    sign_in(page, live_server, office.admin)

    page.goto(live_server.url + office.url("municipality add"))
    page.get_by_role("combobox", name="Landkreis").click()
    page.get_by_role("option", name="Landkreis Bergstraße").wait_for()

    assert barriers(page) == []


def test_sign_in_by_form(page, live_server):
    furnish()

    page.goto(live_server.url + reverse("admin:index"))
    page.get_by_label("E-Mail-Adresse").fill("leitung@example.org")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()

    page.get_by_role("button", name="Abmelden").wait_for()
    assert page.url == live_server.url + reverse("admin:index")
