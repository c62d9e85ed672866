import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.journeys.browser import CHROMIUM_OPTIONS


@pytest.fixture(scope="package")
def browser():
    """Debian's Chromium. Playwright keeps an event loop running in this thread as long as the browser lives, which
    Django would take for asynchronous code; so it is told otherwise for just that long."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium FEHLT: `apt-get install chromium` oder `make test` als root.")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


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
