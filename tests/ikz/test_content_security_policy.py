"""No page needs what the policy forbids: scripts, styles or handlers inside the HTML."""

from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import reverse
from import_export.admin import ExportMixin

from municipalities.models import Municipality
from tests.ikz.pages import PAGES, furnish

POLICY = {
    "default-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
}
# A data block is not run, whatever it holds.
DATA_BLOCKS = {"application/json"}
furnished = pytest.mark.parametrize("ground", [furnish], indirect=True, ids=["office"])


class ExportAdmin(ExportMixin, admin.ModelAdmin):
    """The stock export, which keeps handlers and styles in attributes."""


class Forbidden(HTMLParser):
    """Collects what a strict policy would block."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "style" or (
            tag == "script" and "src" not in attributes and attributes.get("type") not in DATA_BLOCKS
        ):
            self.found.append(f"<{tag}>")
        self.found += [
            f"<{tag} {name}>"
            for name, value in attrs
            if name == "style" or name.startswith("on") or (value or "").strip().lower().startswith("javascript:")
        ]


def policy_of(response):
    return {part.strip() for part in response.headers["Content-Security-Policy"].split(";")}


def test_parser_finds_what_is_forbidden():
    html = (
        '<style>a{}</style><script>1</script><script src="x"></script><script type="application/json">1</script>'
        '<p style="x" onclick="y"><a href=" javascript:z">'
    )

    assert Forbidden(html).found == ["<style>", "<script>", "<p style>", "<p onclick>", "<a href>"]


@pytest.mark.same_on_every_database
@pytest.mark.django_db
@furnished
def test_every_admin_page_keeps_the_policy(built):
    office = built.read_anew()
    client = Client()
    client.force_login(office.admin)

    answers = {page: client.get(office.url(page)) for page in PAGES}
    found = {page: Forbidden(response.content.decode()).found for page, response in answers.items()}

    assert {page: response.status_code for page, response in answers.items() if response.status_code != 200} == {}
    assert [page for page, response in answers.items() if policy_of(response) != POLICY] == []
    assert {page: forbidden for page, forbidden in found.items() if forbidden} == {}


@pytest.mark.same_on_every_database
@pytest.mark.django_db
@furnished
@pytest.mark.parametrize("page", ["municipality add", "account add", "transfer add"])
def test_page_with_errors_keeps_the_policy(built, page):
    office = built.read_anew()
    client = Client()
    client.force_login(office.admin)

    response = client.post(office.url(page), {})

    assert response.status_code == 200
    assert "errornote" in response.content.decode()
    assert policy_of(response) == POLICY
    assert Forbidden(response.content.decode()).found == []


@pytest.mark.same_on_every_database
@pytest.mark.django_db
def test_login_page_keeps_the_policy():
    response = Client().get(reverse("account_login"))

    assert policy_of(response) == POLICY
    assert Forbidden(response.content.decode()).found == []


@pytest.mark.same_on_every_database
@pytest.mark.django_db
@furnished
def test_export_page_keeps_the_policy(built):
    request = RequestFactory().get("/")
    request.user = built.admin

    html = ExportAdmin(Municipality, admin.site).export_action(request).render().content.decode()

    assert '<label class="vCheckboxLabel" for="select-all-toggle">Alle Spalten</label>' in html
    assert Forbidden(html).found == []
