"""Whoever signs the agreement or gives an opinion on it, and does not lead, reads it, and no more."""

import pytest
from django.utils import timezone

from applications.models import Agreement, StoredFile
from applications.models.stored_file import Purpose
from tests.applications.portal.browsing import links, shown, url
from tests.factories import PDF, AgreementFactory, OpinionFactory, StoredFileFactory, clerk
from tests.municipal_people import MembershipFactory, member_of, officer_of

pytestmark = pytest.mark.django_db

BROUGHT_BY_LEAD = (
    "Die Vereinbarung und die Tage der Unterschriften trägt die federführende Kommune ein. Bitte wenden Sie sich an sie, "
    "wenn etwas nicht stimmt."
)


@pytest.fixture
def agreement(case):
    """With a former version."""
    StoredFileFactory(application=case, purpose=Purpose.AGREEMENT, original_name="entwurf.pdf")
    return AgreementFactory(cooperation=case.cooperation)


def test_partner_reads_the_agreement_while_the_lead_still_changes_it(client, case, participants, agreement):
    client.force_login(member_of(participants[1].municipality))

    page = client.get(url("agreement", case))

    assert "Vereinbarung ansehen" in links(client, case)
    assert shown(client, url("agreement", case)) == (
        BROUGHT_BY_LEAD,
        {"Beginn": "01.01.2027", "Unbefristet": "nein", "Ende": "31.12.2031", "Kündigung geregelt": "nein"}
        | {
            f"Unterschriften für {each.municipality.display_name}": "A. Erste, Bürgermeisterin; B. Zweiter, Erster "
            "Beigeordneter; 01.06.2026"
            for each in participants
        },
    )
    document = f"/dokumente/{agreement.file.uuid}/"
    assert [(each.file.original_name, each.is_current) for each in page.context["versions"]] == [
        ("beschluss.pdf", True),
        ("entwurf.pdf", False),
    ]
    assert (f'href="{document}"' in page.text, "<textarea" in page.text) == (True, False)
    assert b"".join(client.get(document).streaming_content) == PDF


def test_office_reads_the_agreement_that_it_is_asked_about(client, case, asked, agreement):
    client.force_login(officer_of(asked))

    page = client.get(url("agreement", case))

    assert links(client, case)[:3] == ["Vereinbarung ansehen"] * 3
    assert (page.context["locked"], f'href="/dokumente/{agreement.file.uuid}/"' in page.text) == (BROUGHT_BY_LEAD, True)


def test_partner_is_not_given_an_agreement_that_the_scanner_has_not_seen(client, case, participants, agreement):
    StoredFile.objects.filter(pk=agreement.file.pk).update(scan="pending", scanned_at=None)
    client.force_login(member_of(participants[1].municipality))

    page = client.get(url("agreement", case))

    assert ("noch nicht auf Viren geprüft" in page.text, f"/dokumente/{agreement.file.uuid}/" in page.text) == (
        True,
        False,
    )
    assert client.get(f"/dokumente/{agreement.file.uuid}/").status_code == 403


def test_partner_changes_nothing_of_the_agreement(client, case, participants, agreement):
    client.force_login(member_of(participants[1].municipality))

    response = client.post(url("agreement", case), {"starts_on": "2030-01-01", "ends_on": "2032-12-31"})

    assert response.status_code == 405
    assert Agreement.objects.get().starts_on == agreement.starts_on


def test_nobody_else_reads_the_agreement(client, case, participants, agreement):
    """Whoever left, strangers, an office that was not asked yet, and the ministry, which works in the admin."""
    proposed = OpinionFactory(application=case, requested_on=None, received_on=None, recommendation="")
    gone = member_of(participants[2].municipality)
    participants[2].left_on, participants[2].left_reason = timezone.localdate(), "Neuer Beschluss."
    participants[2].save()

    answers = []
    for person in [gone, MembershipFactory().user, officer_of(proposed), clerk()]:
        client.force_login(person)
        answers.append((client.get(url("agreement", case)).status_code, "Vereinbarung ansehen" in links(client, case)))
    client.force_login(gone)
    document = client.get(f"/dokumente/{agreement.file.uuid}/").status_code

    assert (answers, document) == ([(404, False)] * 4, 404)


def test_nobody_reads_an_agreement_that_is_not_there(client, case, participants):
    client.force_login(member_of(participants[1].municipality))

    assert ("Vereinbarung ansehen" in links(client, case), client.get(url("agreement", case)).status_code) == (
        False,
        404,
    )
