"""What participants, the lead and offices bring: their own things, while they are open, and each version stays."""

import re
from datetime import date
from decimal import Decimal

import pytest

from applications import workflow
from applications.demo.pdf import page
from applications.models import Message, Resolution, StoredFile
from applications.versions import versions
from tests.applications.portal.browsing import pdf, post, seen, url
from tests.factories import (
    AgreementFactory,
    ApplicationFactory,
    CooperationFactory,
    CorrectionRequestFactory,
    MunicipalityFactory,
    OpinionFactory,
    ResolutionFactory,
    clerk,
)
from tests.municipal_people import MembershipFactory, member_of, officer_of

pytestmark = pytest.mark.django_db

RESOLUTION = {
    "resolved_on": "2026-06-01",
    "organ": "Gemeindevertretung",
    "number": "7",
    "is_positive": "on",
    "is_public": "on",
}


def paragraphs(message):
    """What a message says, without its greetings."""
    return message.text.split("\n\n")[1:-3]


# ── Resolution ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_participant_brings_its_resolution(client, case, participants):
    person = member_of(participants[1].municipality)
    client.force_login(person)

    response = post(client, url("resolution", case, participants[1].pk), RESOLUTION | {"upload": pdf("../Böse.pdf")})

    assert (response.status_code, response.url) == (302, url("case", case))
    resolution = Resolution.objects.get()
    assert (resolution.participant, resolution.resolved_on, resolution.number) == (
        participants[1],
        date(2026, 6, 1),
        "7",
    )
    assert (resolution.file.uploaded_by, resolution.file.original_name) == (person, "Böse.pdf")
    message = Message.objects.get()
    assert (message.event, message.recipient) == ("document_received", case.clerk)
    assert (message.subject, paragraphs(message)) == (
        f"Unterlage eingegangen ({case.file_number})",
        [
            f"Beschluss von {participants[1].municipality.display_name}: Die Datei „Böse.pdf“ ist eingegangen. Bitte "
            "sehen Sie sie sich an."
        ],
    )


def test_organ_is_preset_by_kind(client, case, participants):
    client.force_login(member_of(participants[0].municipality))

    form = client.get(url("resolution", case, participants[0].pk)).context["form"]

    assert form.initial["organ"] == "Gemeindevertretung"


def test_new_file_is_a_new_version_and_says_which_one_was_looked_at(client, case, participants):
    for participant in participants:
        ResolutionFactory(participant=participant)
    workflow.take(case, "collect_resolutions", by=case.clerk)
    workflow.take(case, "undo", by=case.clerk, reason="Neuer Beschluss.")
    client.force_login(member_of(participants[0].municipality))
    newer = page("Beschluss", ["Die Gemeindevertretung stimmt erneut zu."])

    post(client, url("resolution", case, participants[0].pk), RESOLUTION | {"upload": pdf("neu.pdf", newer)})

    current = Resolution.objects.get(participant=participants[0]).file
    found = versions(case, "resolution", participant=participants[0], current=current)
    assert [(each.file.original_name, each.is_current, each.looked_at) for each in found] == [
        ("neu.pdf", True, ()),
        ("beschluss.pdf", False, ("Bestätigung der Beschlüsse",)),
    ]


def test_refused_file_leaves_nothing_and_keeps_the_other_fields(client, case, participants):
    client.force_login(member_of(participants[0].municipality))

    response = post(
        client, url("resolution", case, participants[0].pk), RESOLUTION | {"upload": pdf("text.pdf", b"kein PDF")}
    )

    assert response.status_code == 200
    assert (
        response.context["form"]
        .errors["upload"][0]
        .endswith("Bitte wählen Sie die Datei danach noch einmal aus; Ihre anderen Eingaben sind noch da.")
    )
    assert response.context["form"]["number"].value() == "7"
    assert (StoredFile.objects.count(), Resolution.objects.count()) == (0, 0)


def test_missing_file_and_date_are_asked_for(client, case, participants):
    client.force_login(member_of(participants[0].municipality))

    response = post(client, url("resolution", case, participants[0].pk), {"organ": "Gemeindevertretung"})

    errors = response.context["form"].errors
    assert errors["upload"] == ["Bitte wählen Sie die PDF-Datei aus."]
    assert "resolved_on" in errors


def test_resolution_of_others_does_not_exist(client, case, participants):
    ResolutionFactory(participant=participants[1])
    stranger, partner, lead = (
        MembershipFactory().user,
        member_of(participants[2].municipality),
        member_of(participants[0].municipality),
    )

    answers = []
    for person in (stranger, partner, lead, clerk()):
        client.force_login(person)
        answers.append(client.get(url("resolution", case, participants[1].pk)).status_code)

    assert answers == [404, 404, 404, 404]


def test_somebody_elses_change_is_not_written_over(client, case, participants):
    ResolutionFactory(participant=participants[0])
    client.force_login(member_of(participants[0].municipality))
    address = url("resolution", case, participants[0].pk)
    before = seen(client, address)
    Resolution.objects.update(number="99")

    response = client.post(address, RESOLUTION | {"seen": before})

    assert response.status_code == 200
    [error] = response.context["form"].non_field_errors()
    assert error.startswith("Der Vorgang wurde inzwischen vom System geändert (Beschluss von ")
    assert error.endswith("Ihre Eingaben stehen noch im Formular: Bitte vergleichen Sie und speichern Sie erneut.")
    assert Resolution.objects.get().number == "99"


# ── When it is locked ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def collected(case, participants):
    for participant in participants:
        ResolutionFactory(participant=participant)
    return workflow.take(case, "collect_resolutions", by=case.clerk)


def test_correction_request_opens_it_for_exactly_this_participant(client, collected, participants):
    request = CorrectionRequestFactory(application=collected)
    request.items.create(participant=participants[1], kind="resolution", text="Bitte mit Datum.")

    templates, answers = [], []
    for participant in participants[1:]:
        client.force_login(member_of(participant.municipality))
        templates.append(client.get(url("resolution", collected, participant.pk)).templates[0].name)
        answers.append(client.get(url("expenditure", collected, participant.pk)).status_code)

    assert templates == ["applications/portal/document.html", "applications/portal/submitted.html"]
    assert answers == [403, 403]


def test_case_confirmed_while_typing_keeps_the_input(client, case, participants):
    client.force_login(member_of(participants[0].municipality))
    address = url("resolution", case, participants[0].pk)
    before = seen(client, address)
    for participant in participants:
        ResolutionFactory(participant=participant)
    workflow.take(case, "collect_resolutions", by=case.clerk)

    response = client.post(address, RESOLUTION | {"seen": before, "upload": pdf()})

    assert response.status_code == 200
    assert "Das Ministerium hat diese Angaben schon bestätigt." in " ".join(response.context["form"].non_field_errors())


def links_of(client, case, participant):
    """The pages of documents that the page of the case leads to, to change something there."""
    html = client.get(url("case", case)).text
    pages = ["resolution", "expenditure", "other_documents"]
    addresses = {page: url(page, case, participant.pk) for page in pages}
    addresses |= {page: url(page, case) for page in ["agreement", "expenditure_after"]}
    return [
        page
        for page, address in addresses.items()
        if re.search(f'href="{address}">(?![^<]*(?<!Ändern oder )[Aa]nsehen)', html)
    ]


def test_case_page_leads_to_what_is_open(client, case, participants):
    client.force_login(member_of(participants[0].municipality))
    open_when_drafted = links_of(client, case, participants[0])
    for participant in participants:
        ResolutionFactory(participant=participant)
    workflow.take(case, "collect_resolutions", by=case.clerk)

    open_when_collected = links_of(client, case, participants[0])

    assert open_when_drafted == ["resolution", "expenditure", "other_documents", "agreement", "expenditure_after"]
    assert open_when_collected == ["other_documents", "agreement"]


def test_case_page_leads_to_what_a_correction_request_opens(client, collected, participants):
    request = CorrectionRequestFactory(application=collected)
    request.items.create(participant=participants[1], kind="resolution", text="Bitte mit Datum.")

    found = []
    for participant in participants[1:]:
        client.force_login(member_of(participant.municipality))
        found.append(links_of(client, collected, participant))

    assert found == [["resolution", "other_documents"], ["other_documents"]]


# ── Expenditure ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_participant_types_german_numbers(client, case, participants):
    client.force_login(member_of(participants[1].municipality))

    post(
        client, url("expenditure", case, participants[1].pk), {"personnel_before": "12.345,60", "material_before": "0"}
    )

    participants[1].refresh_from_db()
    assert (participants[1].personnel_before, participants[1].material_before) == (Decimal("12345.60"), Decimal(0))
    html = client.get(url("case", case)).content.decode()
    assert 'Ändern oder ansehen<span class="kern-sr-only">: Ausgaben von' in html


def test_lead_types_the_totals_and_sees_the_saving(client, case, participants):
    for participant in participants:
        participant.personnel_before, participant.material_before = Decimal(100000), Decimal(0)
        participant.save()
    client.force_login(member_of(participants[0].municipality))
    address = url("expenditure_after", case)

    post(client, address, {"personnel_after": "240.000", "material_after": "0"})

    assert client.get(address).context["form"].saving_text() == "20,00 %"


def test_partner_does_not_type_the_totals(client, case, participants):
    client.force_login(member_of(participants[1].municipality))

    assert client.get(url("expenditure_after", case)).status_code == 404


# ── Other documents ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_several_files_at_once_are_all_taken_or_none(client, case, participants):
    client.force_login(member_of(participants[0].municipality))
    address = url("other_documents", case, participants[0].pk)

    refused = client.post(address, {"files": [pdf("a.pdf"), pdf("b.pdf", b"kein PDF")]})
    kept = StoredFile.objects.count()
    client.post(address, {"files": [pdf("a.pdf"), pdf("c.pdf")]})

    assert [each.split(":")[0] for each in refused.context["form"].errors["files"]] == ["b.pdf"]
    assert kept == 0
    assert sorted(StoredFile.objects.values_list("original_name", flat=True)) == ["a.pdf", "c.pdf"]
    message = Message.objects.get()  # one for the form, not one for each file
    assert (message.subject, paragraphs(message)) == (
        f"Unterlagen eingegangen ({case.file_number})",
        [
            f"Unterlagen von {participants[0].municipality.display_name}: 2 Dateien sind eingegangen.",
            "- a.pdf\n- c.pdf",
            "Bitte sehen Sie sie sich an.",
        ],
    )


# ── Who sees which document ───────────────────────────────────────────────────────────────────────────────────────────


def test_documents_are_seen_by_those_whom_they_concern(client, case, participants):
    AgreementFactory(cooperation=case.cooperation)
    for participant in participants:
        ResolutionFactory(participant=participant)
    opinion = OpinionFactory(application=case)
    other = OpinionFactory(application=case, name="Regierungspräsidium Kassel")
    client.force_login(officer_of(opinion))
    post(client, url("opinion", case, opinion.pk), {"recommendation": "positive", "upload": pdf("meinung.pdf")})

    def seen_by(user):
        return sorted(
            f"{each.purpose} {each.participant_id or ''}".strip() for each in StoredFile.objects.visible_to(user)
        )

    resolutions = sorted(f"resolution {each.pk}" for each in participants)
    assert seen_by(clerk()) == ["agreement", "opinion", *resolutions]
    assert seen_by(member_of(participants[0].municipality)) == ["agreement", *resolutions]
    assert seen_by(member_of(participants[1].municipality)) == ["agreement", f"resolution {participants[1].pk}"]
    assert seen_by(officer_of(opinion)) == ["agreement", "opinion", *resolutions]
    assert seen_by(officer_of(other)) == ["agreement", *resolutions]
    assert seen_by(MembershipFactory().user) == []


# ── Numbers of queries ────────────────────────────────────────────────────────────────────────────────────────────────

QUERIES = {"resolution": 12, "expenditure": 10, "agreement": 13, "other_documents": 10, "expenditure_after": 10}


@pytest.mark.parametrize("partners", [2, 25])
@pytest.mark.parametrize("page", QUERIES)
def test_pages_take_few_queries(client, django_assert_num_queries, page, partners):
    lead = MunicipalityFactory()
    case = ApplicationFactory(
        cooperation=CooperationFactory(participants=[lead, *MunicipalityFactory.create_batch(partners)]), complete=True
    )
    first = case.cooperation.participants.first()
    keys = [] if page in ("agreement", "expenditure_after") else [first.pk]
    client.force_login(member_of(lead))

    with django_assert_num_queries(QUERIES[page]):
        assert client.get(url(page, case, *keys)).status_code == 200
