"""Barrierefreiheit, Impressum, Datenschutz: there for everybody, written by the ministry, never HTML."""

import pytest
from django.urls import reverse

from ikz import legal_pages
from ikz.models import LegalPage
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

KEYS = ["barrierefreiheit", "impressum", "datenschutz"]


@pytest.mark.parametrize("key", KEYS)
def test_delivered_page_is_there_without_an_account(client, key):
    response = client.get(f"/{key}/")

    assert response.status_code == 200
    assert f'<h1 class="kern-heading-large">{LegalPage.objects.get(key=key).title}</h1>' in response.content.decode()


@pytest.mark.parametrize("key", KEYS)
def test_login_page_links_to_it(client, key):
    assert f'href="/{key}/"' in client.get(reverse("account_login")).content.decode()


def test_declaration_names_an_address_for_feedback(client):
    assert 'href="mailto:poststelle@innen.hessen.de"' in client.get("/barrierefreiheit/").content.decode()


def test_text_is_text(client):
    LegalPage.objects.filter(key="impressum").update(text="# Haus <b>\n\nErste\nzweite <script>alert(1)</script>")

    html = client.get("/impressum/").content.decode()

    assert '<h2 class="kern-heading-medium">Haus &lt;b&gt;</h2>' in html
    assert "<p>Erste<br>zweite &lt;script&gt;alert(1)&lt;/script&gt;</p>" in html


def test_next_migration_leaves_the_ministrys_text_alone():
    LegalPage.objects.filter(key="impressum").update(text="Unser Text.")
    LegalPage.objects.filter(key="datenschutz").delete()

    legal_pages.load()

    assert LegalPage.objects.get(key="impressum").text == "Unser Text."
    assert LegalPage.objects.get(key="datenschutz").text.startswith("# Verantwortlich")


@pytest.mark.parametrize(("role", "text"), [("Stammdaten", "Neu."), ("Sachbearbeitung", "Alt.")])
def test_base_data_role_edits_the_text(client, role, text):
    LegalPage.objects.update(text="Alt.")
    page = LegalPage.objects.get(key="impressum")
    client.force_login(UserFactory(roles=[role]))

    client.post(reverse("admin:ikz_legalpage_change", args=[page.pk]), {"title": "Impressum", "text": "Neu."})

    page.refresh_from_db()
    assert page.text == text
