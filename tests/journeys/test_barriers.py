"""The search for barriers finds one in every look, also on a page whose like it has judged before."""

import pytest
from django.urls import reverse

from tests.journeys.barriers import barriers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A field without a name; words that are pale in the dark; buttons too small for a thumb on a phone; a box too wide for a tablet.
PLANTED = """() => {
  const words = (tag, name) => Object.assign(document.createElement(tag), {className: name, textContent: "Mehr dazu"});
  const planted = [words("p", "pale"), words("button", "tiny"), words("button", "tiny"), words("p", "wide")];
  document.querySelector("main").append(document.createElement("input"), ...planted);
  const style = new CSSStyleSheet();
  style.replaceSync(`
    @media (prefers-color-scheme: dark) { .pale { color: #555 } }
    @media (max-width: 500px) { .tiny { all: unset !important; display: block !important; font-size: 8px !important } }
    @media (min-width: 700px) and (max-width: 800px) { .wide { width: 900px } }
  `);
  document.adoptedStyleSheets.push(style);
}"""


def test_planted_barriers_are_found(page, live_server):
    page.goto(live_server.url + reverse("account_login"))
    assert barriers(page) == []

    page.evaluate(PLANTED)
    found = {" ".join(line.split()[:3]) for line in barriers(page)}

    assert found == {
        "light 1440: label:",
        "dark 1440: color-contrast:",
        "dark 390: color-contrast:",
        "light 390: label:",
        "light 390: target-size:",
        "light 768: sticks",
    }
