import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.journeys.browser import CHROMIUM_OPTIONS


@pytest.fixture(scope="package")
def playwright():
    """Keeps an event loop running in this thread as long as it lives, which Django would take for asynchronous code; so
    it is told otherwise for just that long."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        yield playwright
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def browser(playwright):
    """Debian's Chromium, without its window where that is there."""
    yield from _launched(playwright, "chromium-headless-shell", "chromium")


@pytest.fixture(scope="module")
def whole_browser(playwright):
    """With what only the window has, as the viewer of PDFs."""
    yield from _launched(playwright, "chromium")


def _launched(playwright, *programs):
    found = next(filter(None, map(shutil.which, programs)), None)
    if found is None:
        pytest.skip(f"{programs[0]} FEHLT: `apt-get install {programs[0]}` oder `make test` als root.")
    browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_OPTIONS)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def context(browser):
    """One for all tests, because its cache saves fetching every style sheet and script again."""
    context = browser.new_context(locale="de-DE", timezone_id="Europe/Berlin", reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def page(context):
    """A fresh page whose test fails when the browser complains: of a broken script, a blocked style, a lost file."""
    page = context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()
    context.clear_cookies()
    assert complaints == []
