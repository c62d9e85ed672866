"""Which version of a document is in use, and which one was checked and approved."""

import pytest

from applications import workflow
from applications.models import Entry
from applications.models.stored_file import Purpose
from applications.versions import versions, versions_of_opinion
from tests.applications.portal.browsing import pdf, post, url
from tests.factories import OpinionFactory, ResolutionFactory, StoredFileFactory, case_in
from tests.municipal_people import OfficeMemberFactory, member_of, officer_of

pytestmark = pytest.mark.django_db


def told(found):
    return [(each.file.original_name, each.is_current, each.looked_at) for each in found]


@pytest.fixture
def checked():
    return case_in("checked")


def version_of(case, participant, name):
    """The same content every time."""
    return StoredFileFactory(application=case, participant=participant, original_name=name)


def test_same_content_brought_again_is_another_version(checked):
    participant = checked.participants[0]
    workflow.take(checked, "undo", by=checked.clerk, reason="Neuer Beschluss.")
    participant.resolution.file = version_of(checked, participant, "erneut.pdf")
    participant.resolution.save()
    workflow.take(checked, "check_application", by=checked.clerk)

    found = versions(checked, Purpose.RESOLUTION, participant=participant, current=participant.resolution.file)

    assert told(found) == [
        ("erneut.pdf", True, ("Prüfung",)),
        ("beschluss.pdf", False, ("Bestätigung der Beschlüsse", "Bestätigung der Vereinbarung", "Prüfung")),
    ]


def test_entry_that_does_not_name_the_version_counts_for_its_content(case, participants):
    resolution = ResolutionFactory(participant=participants[0])
    Entry.objects.append(
        case,
        step="check_application",
        source="agreement_signed",
        target="checked",
        by=case.clerk,
        data={"documents": [{"name": "beschluss.pdf", "sha256": resolution.file.sha256}]},
    )

    found = versions(case, Purpose.RESOLUTION, participant=participants[0], current=resolution.file)

    assert told(found) == [("beschluss.pdf", True, ("Prüfung",))]


def test_participant_reads_which_version_was_checked_when_all_is_closed(client, checked):
    client.force_login(member_of(checked.participants[1].municipality))

    pages = [
        client.get(url("resolution", checked, checked.participants[1].pk)).text,
        client.get(url("agreement", checked)).text,
    ]

    ground = "Grundlage von: Bestätigung der Beschlüsse, Bestätigung der Vereinbarung und Prüfung"
    assert [ground in each for each in pages] == [True, True]


def test_office_reads_the_versions_of_its_own_opinion(client, case, asked):
    other = OpinionFactory(application=case, name="Regierungspräsidium Kassel", received_on=None, recommendation="")
    for opinion, person, name in [
        (asked, officer_of(asked), "erste.pdf"),
        (other, officer_of(other), "fremde.pdf"),
        (asked, OfficeMemberFactory(office=asked.office).user, "zweite.pdf"),
    ]:
        client.force_login(person)
        post(client, url("opinion", case, opinion.pk), {"recommendation": "positive", "upload": pdf(name)})

    asked.refresh_from_db()
    found = versions_of_opinion(asked)
    page = client.get(url("opinion", case, asked.pk))

    assert told(found) == [("zweite.pdf", True, ()), ("erste.pdf", False, ())]
    assert told(page.context["versions"]) == told(found)
    assert [f'/dokumente/{each.file.uuid}/"' in page.text for each in found] == [True, False]
    assert ("erste.pdf" in page.text, "fremde.pdf" in page.text) == (True, False)


def test_opinion_without_a_document_has_no_versions(asked):
    assert versions_of_opinion(asked) == []
