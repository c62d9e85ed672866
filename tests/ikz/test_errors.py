"""Error pages speak German, say what to do next, and need neither request nor database."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.urls import path

from ikz.storage import StoreAway
from ikz.urls import urlpatterns as own_urlpatterns
from ikz.views import csrf_failure
from tests.ikz.test_content_security_policy import POLICY, Forbidden, policy_of


def fail(request, kind):
    raise {"400": SuspiciousOperation, "403": PermissionDenied, "500": ZeroDivisionError, "503": StoreAway}[kind]


urlpatterns = [*own_urlpatterns, path("fail/<kind>/", fail)]

HEADINGS = {
    "400": "Die Anfrage ließ sich nicht verarbeiten",
    "403": "Das dürfen Sie nicht",
    "404": "Diese Seite gibt es nicht",
    "500": "Es ist ein Fehler im Programm aufgetreten",
    "503": "Die Dokumente sind gerade nicht erreichbar",
}


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("kind", HEADINGS)
def test_error_page(kind, caplog):
    response = Client(raise_request_exception=False).get(f"/fail/{kind}/" if kind != "404" else "/nirgends/")

    html = response.content.decode()
    assert response.status_code == int(kind)
    assert f"<h1>{HEADINGS[kind]}</h1>" in html
    assert '<a class="step step--primary" href="/">Zur Startseite</a>' in html
    assert policy_of(response) == POLICY
    assert Forbidden(html).found == []


def test_expired_form_says_what_to_do():
    response = csrf_failure(RequestFactory().post("/"))

    assert response.status_code == 403
    assert "<h1>Das Formular ist abgelaufen</h1>" in response.content.decode()


@pytest.mark.parametrize("kind", HEADINGS)
def test_error_page_needs_no_context(kind):
    assert f"<h1>{HEADINGS[kind]}</h1>" in get_template(f"{kind}.html").render()
