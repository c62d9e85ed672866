"""The start page and the page of a case, as lead, partner, office and stranger."""

import pytest
from django.urls import reverse

from applications import workflow
from applications.models import Cooperation
from tests.applications import letter_samples
from tests.factories import (
    ApplicationFactory,
    CooperationFactory,
    MunicipalityFactory,
    OpinionFactory,
    ResolutionFactory,
    case_in,
    clerk,
)
from tests.municipal_people import MembershipFactory, member_of, officer_of
from tests.programme_factories import VariantFactory
from tests.report_factories import UsageReportFactory
from tests.stationery import HearingFactory, stationery

pytestmark = pytest.mark.django_db


def start(client, user):
    client.force_login(user)
    return client.get(reverse("portal:start"))


def page(client, user, case):
    client.force_login(user)
    return client.get(reverse("portal:case", args=[case.uuid]))


def test_lead_and_partner_owe_their_resolutions(client):
    case = ApplicationFactory()
    lead, partner = (each.municipality for each in case.cooperation.participants.all()[:2])

    response = start(client, member_of(partner))

    (card,) = response.context["ours"]
    assert [each.text for each in card.owed] == [
        f"Bitte laden Sie den Beschluss von {partner.display_name} hoch (Gemeindevertretung)."
    ]
    (card,) = start(client, member_of(lead)).context["ours"]
    assert [each.label for each in card.owed] == ["Beschluss hochladen"]


@pytest.mark.parametrize(
    ("variant", "then"),
    [
        ({}, " Erst danach wird die Vereinbarung unterschrieben; laden Sie sie dann hier hoch."),
        ({"preparation": True}, ""),
    ],
)
def test_lead_hears_which_resolutions_are_missing_before_it_is_asked_for_the_agreement(client, variant, then):
    case = ApplicationFactory(variant=VariantFactory(**variant))
    first, second, third = case.participants
    ResolutionFactory(participant=first)
    lead = member_of(case.lead)

    (waiting,) = start(client, lead).context["others"]
    for each in (second, third):
        ResolutionFactory(participant=each)
    response = start(client, lead)

    names = f"{second.municipality.display_name} und {third.municipality.display_name}"
    assert waiting.sentence == f"Es fehlen noch Beschlüsse: {names}.{then}"
    assert [each.owed[0].label for each in response.context["ours"]] == (["Vereinbarung hochladen"] if then else [])


def test_case_where_others_are_at_turn_says_so(client):
    case = ApplicationFactory()
    partner = case.cooperation.participants.last()
    ResolutionFactory(participant=partner)

    (card,) = start(client, member_of(partner.municipality)).context["others"]

    assert card.sentence == "Andere Beteiligte müssen noch Unterlagen einreichen. Sie müssen nichts tun."


def test_lead_and_partner_hear_of_a_hearing(client):
    stationery()
    case = HearingFactory(application=ApplicationFactory(complete=True)).application
    partner = case.cooperation.participants.last()

    (card,) = start(client, member_of(case.lead)).context["others"]
    assert card.sentence == (
        "Das Ministerium hört Sie an, bevor es entscheidet. Bis wann und wohin Sie sich äußern, sagt das Schreiben."
    )
    (card,) = start(client, member_of(partner.municipality)).context["others"]
    assert card.sentence == "Die federführende Kommune ist am Zug. Sie müssen nichts tun."


def test_partner_hears_what_the_ministry_does_after_its_decision(client):
    stationery()
    granted = letter_samples.granted().application
    reported = UsageReportFactory(application=case_in("paid")).application

    sentences = {}
    for case in (granted, reported):
        (card,) = start(client, member_of(case.cooperation.participants.last().municipality)).context["others"]
        sentences[case] = card.sentence

    assert sentences == {
        granted: "Der Antrag ist bewilligt. Das Ministerium schickt den Bescheid. Sie müssen nichts tun.",
        reported: "Das Ministerium prüft den Verwendungsnachweis. Sie müssen nichts tun.",
    }


def test_office_owes_its_opinion(client):
    case = ApplicationFactory()
    opinion = OpinionFactory(application=case, received_on=None, recommendation="")

    (card,) = start(client, officer_of(opinion)).context["ours"]

    assert card.sentence == "Bitte geben Sie Ihre Stellungnahme ab (Regierungspräsidium Gießen)."


def test_ministry_works_in_the_admin(client):
    response = start(client, clerk())

    assert (response.status_code, response.url) == (302, reverse("admin:index"))


def test_stranger_sees_an_empty_page_and_no_case(client):
    case, stranger = ApplicationFactory(), MembershipFactory().user

    response = start(client, stranger)

    assert (response.context["ours"], response.context["others"]) == ([], [])
    assert page(client, stranger, case).status_code == 404


def test_staff_has_no_standing_in_the_portal(client):
    assert page(client, clerk(), ApplicationFactory()).status_code == 404


def test_partner_sees_its_own_row_and_the_lead_all(client):
    case = ApplicationFactory(complete=True)
    lead, partner = (each.municipality for each in case.cooperation.participants.all()[:2])

    rows = [len(page(client, member_of(each), case).context["matrix"]) for each in (lead, partner)]

    assert rows == [3, 1]


def test_expenditure_of_others_is_not_on_the_page(client):
    case = ApplicationFactory(complete=True)
    mine, other = case.cooperation.participants.all()[1:3]
    other.personnel_before = 123_456
    other.save()

    content = page(client, member_of(mine.municipality), case).content.decode()

    assert "143.456" not in content
    assert "120.000" in content


@pytest.mark.parametrize("cases", [1, 3, 20])
def test_start_page_takes_the_same_queries_for_any_number_of_cases(client, django_assert_num_queries, cases):
    person = MembershipFactory().user
    for number in range(cases):
        bodies = [person.memberships.get().municipality, *MunicipalityFactory.create_batch(1 + number % 3)]
        for resolved in (0, 1):  # so that it owes something in the one, nothing in the other
            case = ApplicationFactory(cooperation=CooperationFactory(participants=bodies))
            OpinionFactory(application=case)
            for participant in case.participants[:resolved]:
                ResolutionFactory(participant=participant)
    client.force_login(person)

    with django_assert_num_queries(START_QUERIES):
        client.get(reverse("portal:start"))


FILLED = {
    "OZG-Ziele": "Online-Antragsverfahren entwickeln, einführen oder nachnutzen; Cyber- und IT-Sicherheit bewältigen",
    "Beschreibung der OZG-Ziele": "Bauanträge online.<br>Ein gemeinsames Notfallhandbuch.",
    "Zahl der Ortsteilfeuerwehren": "3",
    "Begründung für weniger Beteiligte": "Der dritte Nachbar liegt in Bayern.",
}


def test_participant_and_office_read_what_the_application_says_of_the_project(client):
    case, empty = ApplicationFactory(), ApplicationFactory()
    goals = {"ozg_goals": ["online_services", "security"], "brigades": 3}
    description = "Bauanträge online.\nEin gemeinsames Notfallhandbuch."
    Cooperation.objects.filter(pk=case.cooperation.pk).update(**goals, goals_description=description)
    case.few_participants_reason = FILLED["Begründung für weniger Beteiligte"]
    case.save()
    people = [member_of(case.participants[1].municipality), officer_of(OpinionFactory(application=case))]

    pages = [page(client, person, case).text for person in people]
    without = page(client, member_of(empty.participants[1].municipality), empty).text

    facts = [f"<dt>{label}</dt><dd>{value}</dd>" for label, value in FILLED.items()]
    assert [[each for each in facts if each not in text] for text in pages] == [[], []]
    assert [label for label in FILLED if label in without] == []


@pytest.mark.parametrize("partners", [2, 25])
def test_case_page_takes_the_same_queries_for_any_number_of_participants(client, django_assert_num_queries, partners):
    lead = MunicipalityFactory()
    bodies = [lead, *MunicipalityFactory.create_batch(partners)]
    case = ApplicationFactory(cooperation=CooperationFactory(participants=bodies), complete=True)
    client.force_login(member_of(lead))

    with django_assert_num_queries(CASE_QUERIES):
        client.get(reverse("portal:case", args=[case.uuid]))


def test_what_we_owe_comes_first_whatever_its_age(client):
    person = MembershipFactory().user
    mine = person.memberships.get().municipality

    def case_of(number, resolved):
        bodies = [*MunicipalityFactory.create_batch(2), mine]
        case = ApplicationFactory(cooperation=CooperationFactory(title=f"Fall {number}", participants=bodies))
        if resolved:
            ResolutionFactory(participant=case.participants[-1])

    case_of(0, resolved=False)
    for number in range(1, 22):
        case_of(number, resolved=True)

    first = start(client, person)
    second = client.get(reverse("portal:start"), {"seite": 2})

    def titles(response, part):
        return [each.application.title for each in response.context[part]]

    assert (titles(first, "ours"), titles(first, "others")) == (["Fall 0"], [f"Fall {n}" for n in range(21, 1, -1)])
    assert (titles(second, "ours"), titles(second, "others")) == ([], ["Fall 1"])
    assert "Noch gibt es keine." not in first.text


def test_news_are_the_own_ones(client):
    case = ApplicationFactory(complete=True)
    lead, partner = (each.municipality for each in case.cooperation.participants.all()[:2])
    person, other = member_of(lead), member_of(partner)
    workflow.take(case, "collect_resolutions", by=case.clerk)

    response = start(client, person)
    box = client.get(reverse("portal:inbox"))

    assert [each.recipient for each in response.context["news"]] == [person]
    assert [each.recipient for each in box.context["messages_shown"]] == [person]
    assert list(other.messages.values_list("read_at", flat=True)) == [None]
    assert person.messages.get().read_at is not None


START_QUERIES = 12
CASE_QUERIES = 10
