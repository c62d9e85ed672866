import os
import shutil
from contextlib import contextmanager

import pytest
from playwright.sync_api import sync_playwright

from tests.journeys.browser import CHROMIUM_OPTIONS


@pytest.fixture(scope="package")
def playwright():
    """It keeps an event loop running in this thread, which Django would take for asynchronous code; so it is told otherwise
    for just that long."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        yield playwright
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@contextmanager
def running(playwright, *programs):
    """The first of these programs that is there."""
    found = [path for path in map(shutil.which, programs) if path]
    if not found:
        pytest.skip("Chromium FEHLT: `apt-get install chromium` oder `make test` als root.")
    browser = playwright.chromium.launch(executable_path=found[0], args=CHROMIUM_OPTIONS)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def browser(playwright):
    """Debian's Chromium; where it is there the one without windows, which shows the same pages for a quarter less work."""
    with running(playwright, "chromium-headless-shell", "chromium") as browser:
        yield browser


@pytest.fixture
def browser_with_viewer(playwright):
    """The whole Chromium, which alone shows a PDF."""
    with running(playwright, "chromium") as browser:
        yield browser


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
