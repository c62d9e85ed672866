"""What was asked and is asked no more: whoever was asked hears of it, and nobody else."""

import pytest
from django.urls import reverse

from applications import corrections
from applications.models import Message
from tests.factories import ApplicationFactory, CorrectionRequestFactory
from tests.municipal_people import member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return ApplicationFactory()


@pytest.fixture
def people(case):
    """One person of each participant, the lead first."""
    return [member_of(each.municipality) for each in case.participants]


@pytest.fixture
def request_of(case):
    """A request that asks participants for things: number of the participant, None for the lead, and what."""

    def ask(*items):
        request = CorrectionRequestFactory(application=case, requested_by=case.clerk)
        for number, text in items:
            request.items.create(participant=None if number is None else case.participants[number], text=text)
        return request

    return ask


def not_needed():
    """Who heard that something is not needed any more, and what."""
    said = "braucht das Ministerium von "
    messages = Message.objects.filter(event="correction_closed", text__contains=said).order_by("pk")
    return [(each.recipient, each.text.partition(said)[2].partition("\n")[0]) for each in messages]


def name(case, number):
    return case.participants[number].municipality.display_name


def test_item_taken_back_while_others_stay_is_told_to_whom_it_asked(case, people, request_of):
    siegel, _other = request_of((1, "Siegel"), (2, "Haushaltsplan")).items.all()

    corrections.take_back(siegel, by=case.clerk)

    assert not_needed() == [(people[1], f"{name(case, 1)} nicht mehr: Siegel")]
    assert Message.objects.get().subject == f"Nachforderung: nicht mehr nötig ({case.file_number})"


def test_lead_hears_of_what_it_was_asked_for_without_a_name(case, people, request_of):
    purpose, _other = request_of((None, "Zweck"), (2, "Haushaltsplan")).items.all()

    corrections.take_back(purpose, by=case.clerk)

    assert not_needed() == [(people[0], "der federführenden Kommune nicht mehr: Zweck")]


def test_last_item_taken_back_says_only_that_all_is_done(case, people, request_of):
    (siegel,) = request_of((1, "Siegel")).items.all()

    corrections.take_back(siegel, by=case.clerk)

    assert not_needed() == []
    assert Message.objects.get().subject == f"Nachforderung erledigt ({case.file_number})"


def move(client, request, *participants):
    """Save the form with other participants, in the order of the items."""
    client.force_login(request.application.clerk)
    address = reverse("admin:applications_correctionrequest_change", args=[request.pk])
    form = client.get(address).context["adminform"].form
    items = list(request.items.all())
    rows = {}
    for number, (item, participant) in enumerate(zip(items, participants, strict=True)):
        row = {"id": item.pk, "request": request.pk, "text": item.text, "kind": item.kind}
        row["participant"] = participant.pk if participant else ""
        rows |= {f"items-{number}-{key}": value for key, value in row.items()}
    response = client.post(
        address,
        {
            "seen": form["seen"].value(),
            "subject": request.subject,
            "due_on": f"{request.due_on:%d.%m.%Y}",
            "items-TOTAL_FORMS": len(items),
            "items-INITIAL_FORMS": len(items),
            **rows,
        },
    )
    assert response.status_code == 302


def test_items_moved_to_another_participant_are_told_to_the_former_in_one_message(client, case, people, request_of):
    request = request_of((1, "Siegel"), (1, "Haushaltsplan"), (1, "Karte"))
    _lead, first, second = case.participants

    move(client, request, second, second, first)

    assert not_needed() == [(people[1], f"{name(case, 1)} nicht mehr: Siegel; Haushaltsplan")]
    asked = Message.objects.filter(event="correction_requested")
    assert {each.recipient for each in asked} == {people[1], people[2]}


def test_lead_named_or_not_is_the_same_people(client, case, people, request_of):
    request = request_of((None, "Zweck"), (0, "Karte"))

    move(client, request, case.participants[0], None)

    assert not_needed() == []
