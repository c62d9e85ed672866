"""What the lead and the offices read of what others brought."""

from datetime import date
from decimal import Decimal

import pytest

from applications.models.stored_file import Purpose
from applications.supervision import Authority
from tests.applications.portal.browsing import url
from tests.factories import (
    PDF,
    ApplicationFactory,
    CooperationFactory,
    MunicipalityFactory,
    OpinionFactory,
    ResolutionFactory,
    StoredFileFactory,
)
from tests.municipal_people import MembershipFactory, member_of, officer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def brought(case, participants):
    """By the second participant: its resolution, another document and its expenditure."""
    partner = participants[1]
    partner.personnel_before, partner.material_before = Decimal(98765), Decimal(20000)
    partner.save()
    budget = StoredFileFactory(
        application=case, participant=partner, purpose=Purpose.OTHER, original_name="haushaltsplan.pdf"
    )
    return {"resolution": ResolutionFactory(participant=partner).file, "other": budget}


def linked(page):
    return sorted(each.partition("/")[0] for each in page.text.split('href="/dokumente/')[1:])


def keys(brought):
    return sorted(str(each.uuid) for each in brought.values())


@pytest.mark.parametrize("name", ["case", "opinion"])
def test_office_reads_what_all_participants_brought(client, case, asked, brought, name):
    client.force_login(officer_of(asked))

    page = client.get(url(name, case, *([asked.pk] if name == "opinion" else [])))
    handed_out = [b"".join(client.get(f"/dokumente/{key}/").streaming_content) for key in linked(page)]

    assert [row.participant for row in page.context["matrix"]] == case.participants
    assert (linked(page), handed_out) == (keys(brought), [PDF, PDF])
    assert ("98.765 €" in page.text, "118.765 €" in page.text) == (True, True)


def test_office_is_offered_nothing_to_change_of_what_others_brought(client, case, participants, asked, brought):
    client.force_login(officer_of(asked))

    addresses = [
        url(name, case, each.pk) for name in ("resolution", "expenditure", "other_documents") for each in participants
    ]
    text = client.get(url("case", case)).text

    assert [client.get(each).status_code for each in addresses] == [404] * 9
    assert [each for each in addresses if each in text] == []


def test_lead_reads_what_its_partners_brought(client, case, participants, brought):
    ResolutionFactory(participant=participants[0])  # its own is read where it is changed
    StoredFileFactory(application=case, participant=participants[0], purpose=Purpose.OTHER)
    client.force_login(member_of(participants[0].municipality))

    page = client.get(url("case", case))
    handed_out = [b"".join(client.get(f"/dokumente/{key}/").streaming_content) for key in linked(page)]

    assert (linked(page), handed_out) == (keys(brought), [PDF, PDF])
    assert page.context["other_files"] == [(participants[1], [brought["other"]])]
    assert page.context["shows_expenditure"] is False


def test_partner_reads_nothing_of_the_lead(client, case, participants, brought):
    ResolutionFactory(participant=participants[0])
    client.force_login(member_of(participants[1].municipality))

    page = client.get(url("case", case))

    assert (linked(page), page.context["other_files"]) == ([], [])


def test_document_that_the_scanner_has_not_seen_is_named_and_not_linked(client, case, asked, brought):
    for each in brought.values():
        each.scan, each.scanned_at = "pending", None
        each.save()
    client.force_login(officer_of(asked))

    page = client.get(url("case", case))

    assert (linked(page), "haushaltsplan.pdf" in page.text) == ([], True)


def test_association_that_is_heard_reads_documents_and_no_expenditure(client, case, participants, brought):
    heard = OpinionFactory(
        application=case,
        authority=Authority.ASSOCIATION,
        name="Kommunale Spitzenverbände",
        received_on=None,
        recommendation="",
    )
    client.force_login(officer_of(heard))

    page = client.get(url("case", case))

    assert (linked(page), page.context["shows_expenditure"]) == (keys(brought), False)
    assert ("98.765" in page.text, "118.765" in page.text) == (False, False)


def test_nobody_else_reads_what_others_brought(client, case, participants, asked, brought):
    not_asked = OpinionFactory(
        application=case, name="Regierungspräsidium Kassel", requested_on=None, received_on=None, recommendation=""
    )

    answers = []
    for person in (officer_of(not_asked), MembershipFactory().user, member_of(participants[2].municipality)):
        client.force_login(person)
        page = client.get(url("case", case))
        answers.append((page.status_code, linked(page), "98.765" in page.text))

    assert answers == [(404, [], False), (404, [], False), (200, [], False)]


OFFICE_QUERIES = {"case": 10, "opinion": 12}


@pytest.mark.parametrize("partners", [2, 25])
@pytest.mark.parametrize("name", OFFICE_QUERIES)
def test_pages_of_an_office_take_the_same_queries_for_any_number_of_documents(
    client, django_assert_num_queries, name, partners
):
    cooperation = CooperationFactory(participants=MunicipalityFactory.create_batch(partners))
    case = ApplicationFactory(cooperation=cooperation, complete=True)
    for each in case.participants:
        StoredFileFactory(application=case, participant=each, purpose=Purpose.OTHER)
    opinion = OpinionFactory(application=case, name="Regierungspräsidium Kassel", received_on=None, recommendation="")
    client.force_login(officer_of(opinion))

    with django_assert_num_queries(OFFICE_QUERIES[name]):
        client.get(url(name, case, *([opinion.pk] if name == "opinion" else [])))


def test_whoever_left_is_named_without_the_reason(client, case, participants, asked):
    """What the clerk wrote on one municipality is not for the others."""
    participants[2].left_on, participants[2].left_reason = date(2026, 9, 15), "Der Haushalt ist nicht genehmigt."
    participants[2].save()
    lines = []
    for person in (member_of(participants[0].municipality), member_of(participants[1].municipality), officer_of(asked)):
        client.force_login(person)
        text = client.get(url("case", case)).text
        lines.append((f"<p>Ausgeschieden am 15.09.2026: {participants[2]}</p>" in text, "Haushalt ist nicht" in text))

    assert lines == [(True, False)] * 3
