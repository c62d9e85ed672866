"""What the ministry asked for, answered in the portal: by saving what was opened, or in words."""

import pytest
from django.urls import reverse

from applications import corrections, workflow
from applications.legal_forms import LegalForm
from applications.models import Cooperation, CorrectionItem, Participant
from tests.applications.portal.browsing import post, url
from tests.factories import ApplicationFactory, CorrectionRequestFactory
from tests.municipal_people import MembershipFactory, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    case = ApplicationFactory(complete=True)
    return workflow.take(case, "collect_resolutions", by=case.clerk)


def ask(case, **fields):
    request = CorrectionRequestFactory(application=case, requested_by=case.clerk)
    return request.items.create(**{"text": "Bitte prüfen.", **fields})


def test_start_page_leads_to_what_is_asked(client, case, participants):
    item = ask(case, kind="expenditure", participant=participants[1])
    client.force_login(member_of(participants[1].municipality))

    (card,) = client.get(reverse("portal:start")).context["ours"]
    page = client.get(card.owed[0].url)

    assert (card.owed[0].text, card.owed[0].due_on) == (
        "Das Ministerium bittet Sie: Bitte prüfen.",
        item.request.due_on,
    )
    assert page.context["page"] == url("expenditure", case, participants[1].pk)


def test_saving_what_was_opened_answers(client, case, participants):
    item = ask(case, kind="expenditure", participant=participants[1])
    ask(case, kind="expenditure", participant=participants[2])
    person = member_of(participants[1].municipality)
    client.force_login(person)

    post(client, url("expenditure", case, participants[1].pk), {"personnel_before": "1.000", "material_before": "500"})

    item.refresh_from_db()
    assert (item.state, item.submitted_by) == ("submitted", person)
    assert list(CorrectionItem.objects.values_list("state", flat=True)) == ["submitted", "open"]
    assert Participant.objects.get(pk=participants[1].pk).personnel_before == 1000


def test_answer_in_words(client, case, participants):
    item = ask(case, kind="other", participant=participants[1])
    client.force_login(member_of(participants[1].municipality))
    address = url("correction", case, item.pk)

    empty = client.post(address, {"answer": " "})
    sent = client.post(address, {"answer": "Es gibt keinen Haushaltsplan."})
    twice = client.post(address, {"answer": "Noch einmal."})

    assert empty.context["form"].errors["answer"] == ["Bitte schreiben Sie Ihre Antwort."]
    assert sent.status_code == 302
    assert twice.context["form"].non_field_errors() == [corrections.NOT_WAITING]
    item.refresh_from_db()
    assert (item.state, item.answer) == ("submitted", "Es gibt keinen Haushaltsplan.")


def test_refused_answer_comes_back_with_the_reason(client, case, participants):
    item = ask(case, kind="expenditure", participant=participants[1])
    person = member_of(participants[1].municipality)
    corrections.submit(item, by=person)
    corrections.refuse(item, by=case.clerk, reason="Die Personalausgaben fehlen.")
    client.force_login(person)

    (card,) = client.get(reverse("portal:start")).context["ours"]
    page = client.get(card.owed[0].url)

    assert card.owed[0].text == "Das genügt noch nicht: Bitte prüfen."
    assert "Die Personalausgaben fehlen." in page.content.decode()


@pytest.mark.parametrize(("field", "fields"), [("purpose", {"purpose"}), ("", 8)])
def test_lead_changes_exactly_the_fields_that_are_asked_for(client, case, participants, field, fields):
    ask(case, kind="common_data", field=field)
    client.force_login(member_of(participants[0].municipality))
    address = url("common_data", case)
    form = client.get(address).context["form"]
    shown = set(form.fields) - {"seen"}

    post(
        client,
        address,
        {
            "purpose": "Neu.",
            "title": "Anders",
            "task_field": case.cooperation.task_field_id,
            "legal_form": LegalForm.DELEGATING_AGREEMENT,
        },
    )

    assert (shown == fields) if field else (len(shown) == fields)
    cooperation = Cooperation.objects.get()
    assert (cooperation.purpose, cooperation.title == "Anders") == ("Neu.", not field)


@pytest.mark.parametrize("who", ["partner", "other participant", "stranger"])
def test_what_is_asked_of_others_does_not_exist(client, case, participants, who):
    asked_of_lead = ask(case, kind="common_data")
    asked_of_partner = ask(case, kind="other", participant=participants[1])
    person = {
        "partner": lambda: member_of(participants[1].municipality),
        "other participant": lambda: member_of(participants[2].municipality),
        "stranger": lambda: MembershipFactory().user,
    }[who]()
    client.force_login(person)

    answers = [
        client.get(url("common_data", case)).status_code,
        client.get(url("correction", case, asked_of_lead.pk)).status_code,
        client.get(url("correction", case, asked_of_partner.pk)).status_code,
    ]

    assert answers == [404, 404, 200 if who == "partner" else 404]


@pytest.mark.parametrize("items", [1, 3])
def test_page_takes_few_queries(client, django_assert_num_queries, case, participants, items):
    for _ in range(items):
        item = ask(case, kind="other", participant=participants[1])
    client.force_login(member_of(participants[1].municipality))

    with django_assert_num_queries(12):
        assert client.get(url("correction", case, item.pk)).status_code == 200
