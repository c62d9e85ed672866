"""Every response says what browsers and caches may do with it: tried on the whole table of routes."""

import pytest
from django.http import HttpResponse
from django.test import Client

from ikz.response_headers import PERMISSIONS_POLICY, ResponseHeadersMiddleware
from tests import unrendered
from tests.factories import UserFactory
from tests.route_examples import example, examples
from tests.route_names import NAMELESS, routes
from tests.route_rights import POST_ONLY

ALWAYS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def faults(response):
    """What is missing of what every response carries."""
    if response.streaming:
        b"".join(response.streaming_content)
    missing = [name for name, value in ALWAYS.items() if response.get(name) != value]
    missing += [] if "frame-ancestors 'none'" in response.get("Content-Security-Policy", "") else ["frame-ancestors"]
    return missing if "no-store" in response.get("Cache-Control", "") else [*missing, "Cache-Control"]


def test_browsers_are_asked_for_nothing_that_they_do_not_know():
    """What a browser has no name for, it complains about on every page."""
    assert "bluetooth" not in PERMISSIONS_POLICY
    assert {"camera=()", "usb=()", "payment=()"} <= set(PERMISSIONS_POLICY.split(", "))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/-/lebt", "/-/bereit", "/-/gibt-es-nicht", "/gibt-es-nicht/"])
def test_what_is_no_page_is_not_embedded_either(path):
    assert faults(Client().get(path)) == []


@pytest.mark.same_on_every_database
@pytest.mark.django_db
def test_no_page_is_kept_and_none_is_embedded(client):
    arguments = examples()
    client.force_login(UserFactory(is_superuser=True))
    names = sorted(set(routes()) - NAMELESS)

    with unrendered.pages():
        found = {name: faults(client.get(example(name, arguments))) for name in names}

    assert set(names) >= POST_ONLY
    assert {name: missing for name, missing in found.items() if missing} == {}


@pytest.mark.same_on_every_database
@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/konto/anmelden/", "/nirgends/", "/static/nirgends.css", "/-/lebt", "/impressum/"])
def test_pages_without_an_account_say_so_too(path):
    assert faults(Client().get(path)) == []


@pytest.mark.parametrize(("status", "kept"), [(200, "max-age=60, public"), (404, "private, no-store")])
def test_static_files_may_be_kept(rf, status, kept):
    answer = HttpResponse(status=status, headers={"Cache-Control": "max-age=60, public"})

    response = ResponseHeadersMiddleware(lambda request: answer)(rf.get("/static/kern.css"))

    assert response["Cache-Control"] == kept
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
