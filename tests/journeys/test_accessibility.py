"""No stock page of the admin holds a barrier that a machine can find: at every width, light and dark."""

from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.urls import resolve, reverse

from ikz.models import User
from tests.ikz.pages import OTHER_PAGES, PAGES, PASSWORD, furnish
from tests.journeys.barriers import AT_A_GLANCE, barriers, findings, shares
from tests.journeys.browser import matrix_scrolls_on_a_phone, scrolls_sideways, sign_in
from tests.route_examples import example, examples
from tests.route_rights import GET, STAFF

# Addresses of tests/route_rights.py that lead to no page of their own.
NO_PAGES = {"admin:autocomplete", "admin:jsi18n", "admin:login", "admin:applications_paymentorder_file"}

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("names", shares(PAGES), ids=lambda names: names[0])
def test_no_admin_page_has_a_barrier(page, live_server, names):
    office = furnish()
    sign_in(page, live_server, office.admin)

    assert findings(page, {name: live_server.url + office.url(name) for name in names}) == {}


@pytest.mark.parametrize("names", shares(OTHER_PAGES, 2), ids=lambda names: names[0])
def test_no_other_admin_page_has_a_barrier(page, live_server, names):
    arguments = examples()
    sign_in(page, live_server, User.objects.get(is_superuser=True))

    addresses = {name: live_server.url + example(name, arguments) for name in names}
    assert findings(page, addresses, AT_A_GLANCE) == {}


def test_every_admin_page_that_somebody_of_the_staff_may_open_is_looked_at():
    office = furnish()
    named = {resolve(urlsplit(office.url(name)).path).view_name for name in PAGES}
    open_to_staff = {name for people, names in GET.items() if set(people) & set(STAFF) for name in names}
    pages = {name for name in open_to_staff - NO_PAGES if name.startswith("admin:")}

    left = {name for name in pages - named if not name.endswith("_history")}  # one template, looked at with two records
    assert sorted(left) == sorted(OTHER_PAGES)


def test_login_page_has_no_barrier(page, live_server):
    page.goto(live_server.url + reverse("account_login"))

    assert barriers(page) == []


def test_missing_page_has_no_barrier(page, live_server):
    page.route("**/nirgends/", lambda route: route.fulfill(response=route.fetch(), status=200))
    page.goto(live_server.url + "/nirgends/")

    assert barriers(page) == []


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


def test_list_on_a_phone_shows_every_column_with_its_name(page, live_server):
    office = furnish()
    sign_in(page, live_server, office.admin)
    page.set_viewport_size({"width": 390, "height": 900})

    page.goto(live_server.url + office.url("case list"))
    state = page.locator("#result_list td[data-label=Stand]").first
    state.wait_for()

    box = state.bounding_box()
    assert box["x"] + box["width"] <= 390

    page.get_by_role("link", name="Vorhaben", exact=True).press("Enter")
    page.locator("#result_list th.sorted.column-title").wait_for()
    titles = page.locator("#result_list td[data-label=Vorhaben]").all_inner_texts()
    assert len(titles) == 3
    assert titles == sorted(titles)

    page.goto(live_server.url + office.url("document list"))
    assert page.get_by_text("Alle auf dieser Seite auswählen").is_visible()
    page.get_by_label("Alle auf dieser Seite auswählen").press("Space")
    documents = page.locator("#result_list tbody tr").count()
    assert page.locator("#result_list .action-select:checked").count() == documents > 1


def test_lists_fit_beside_navigation_and_filter(page, live_server):
    """With the bodies and variants that there are: their names are long."""
    office = furnish()
    call_command("load_register", stdout=StringIO())
    call_command("load_programmes", stdout=StringIO())
    sign_in(page, live_server, office.admin)
    page.set_viewport_size({"width": 1440, "height": 900})

    sideways = {}
    for name in ("document list", "variant list", "municipality list"):
        page.goto(live_server.url + office.url(name))
        page.locator("#nav-sidebar").get_by_role("link", name="Dokumente").wait_for()
        page.locator("#changelist-filter").wait_for()
        sideways[name] = scrolls_sideways(page, "#changelist .results")

    assert sideways == {"document list": 0, "variant list": 0, "municipality list": 0}


def test_who_owes_what_does_not_scroll_on_a_phone(page, live_server):
    office = furnish()
    sign_in(page, live_server, office.admin)

    assert matrix_scrolls_on_a_phone(page, live_server.url + office.url("case")) == 0


def test_sign_in_by_form(page, live_server):
    furnish()

    page.goto(live_server.url + reverse("admin:index"))
    page.get_by_label("E-Mail-Adresse").fill("leitung@example.org")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()

    page.get_by_role("button", name="Abmelden").wait_for()
    assert page.url == live_server.url + reverse("admin:index")
