"""Where one arrives after the work on a record of a case: at the top, with a way on to where the work was."""

import re

import pytest
from django.urls import reverse

from applications.admin.records import SECTIONS
from tests.disposal_factories import ended_long_ago
from tests.factories import ApplicationFactory, OpinionFactory, UserFactory

pytestmark = pytest.mark.django_db
WAITING = {"received_on": None, "recommendation": ""}
WAY_ON = 'gespeichert. <a href="#stellungnahmen">Weiter bei „Stellungnahmen“</a>'


def test_saved_opinion_is_told_at_the_top_with_the_way_to_the_next_one(client):
    opinion = OpinionFactory(application=ApplicationFactory(), **WAITING)
    client.force_login(opinion.application.clerk)
    form = client.get(change := reverse("admin:applications_opinion_change", args=[opinion.pk]))
    seen = form.context["adminform"].form["seen"].value()

    response = client.post(change, {"seen": seen, "authority": "rp", "name": "RP Gießen"}, follow=True)

    case = reverse("admin:applications_application_change", args=[opinion.application_id])
    assert response.redirect_chain == [(case, 302)]
    assert f'<li class="success">Stellungnahme {WAY_ON}</li>' in response.text


def test_form_without_saving_leads_back_to_where_it_was_opened(client):
    opinion = OpinionFactory(application=ApplicationFactory(), **WAITING)
    client.force_login(opinion.application.clerk)

    response = client.get(reverse("admin:applications_opinion_change", args=[opinion.pk]))

    case = reverse("admin:applications_application_change", args=[opinion.application_id])
    assert response.context["case_url"] == f"{case}#stellungnahmen"


def test_what_somebody_typed_is_no_markup_of_the_message(client):
    application = ApplicationFactory()
    opinion = OpinionFactory(application=application, name="<b>RP</b>", **WAITING)
    client.force_login(application.clerk)

    delete = reverse("admin:applications_opinion_delete", args=[opinion.pk])
    response = client.post(delete, {"post": "yes"}, follow=True)

    assert '<li class="success">Stellungnahme &lt;b&gt;RP&lt;/b&gt; entfernt. <a' in response.text


def test_every_section_of_a_message_has_its_title_on_the_case(client):
    client.force_login(UserFactory(is_superuser=True))

    page = client.get(reverse("admin:applications_application_change", args=[ended_long_ago().pk])).text

    titles = dict(re.findall(r'<h2 class="card__title" id="(\w+)-titel">(.*?)</h2>', page))
    assert {anchor: titles.get(anchor) for anchor in SECTIONS} == SECTIONS
