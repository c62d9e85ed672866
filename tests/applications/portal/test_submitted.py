"""What was brought can still be looked at once it is locked: by whoever brought it, and nothing can be sent there."""

import pytest
from django.utils import timezone

from applications import workflow
from applications.models import Resolution
from applications.models.stored_file import Purpose
from tests.applications.portal.browsing import links, pdf, shown, url
from tests.factories import PDF, OpinionFactory, ResolutionFactory, StoredFileFactory, UserFactory, case_in, clerk
from tests.municipal_people import MembershipFactory, member_of, officer_of
from tests.programme_factories import VariantFactory
from tests.report_factories import UsageReportFactory

pytestmark = pytest.mark.django_db

CONFIRMED = "Das Ministerium hat diese Angaben schon bestätigt. Bitte wenden Sie sich an das Ministerium, wenn etwas nicht stimmt."


# ── Resolutions ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def collected(case, participants):
    for participant in participants:
        ResolutionFactory(
            participant=participant,
            votes_for=20,
            votes_against=3,
            abstentions=0,
            wording="Die Gemeindevertretung stimmt zu.",
        )
    return workflow.take(case, "collect_resolutions", by=case.clerk)


def test_participant_looks_at_its_confirmed_resolution(client, collected, participants):
    client.force_login(member_of(participants[1].municipality))
    address = url("resolution", collected, participants[1].pk)

    page = client.get(address)

    assert shown(client, address) == (
        CONFIRMED,
        {
            "Beschlossen am": "01.06.2026",
            "Organ": "Gemeindevertretung",
            "Zuständigkeit übertragen": "nein",
            "Beschlussnummer": "12/2026",
            "Zustimmend": "ja",
            "Ja-Stimmen": "20",
            "Nein-Stimmen": "3",
            "Enthaltungen": "0",
            "Öffentlich": "ja",
        },
    )
    [version] = page.context["versions"]
    document = f"/dokumente/{version.file.uuid}/"
    assert (version.is_current, f'href="{document}"' in page.text, page.text.count("<textarea")) == (True, True, 0)
    assert b"".join(client.get(document).streaming_content) == PDF


def test_nobody_else_looks_at_it(client, collected, participants):
    OpinionFactory(application=collected, received_on=None, recommendation="")
    former = MembershipFactory(municipality=participants[1].municipality)
    former.end(by=clerk())
    people = [
        MembershipFactory().user,
        member_of(participants[0].municipality),  # it leads: it sees that the resolution is there, as before
        member_of(participants[2].municipality),
        former.user,
        officer_of(collected.opinions.get()),
        clerk(),
        UserFactory(is_superuser=True),
    ]

    answers = []
    for person in people:
        client.force_login(person)
        answers.append(client.get(url("resolution", collected, participants[1].pk)).status_code)

    assert answers == [404] * 7


def test_whoever_left_the_group_does_not_look_at_it_any_more(client, collected, participants):
    client.force_login(member_of(participants[2].municipality))
    participants[2].left_on, participants[2].left_reason = timezone.localdate(), "Neuer Beschluss."
    participants[2].save()

    assert client.get(url("resolution", collected, participants[2].pk)).status_code == 404


def test_nothing_can_be_sent_there(client, collected, participants):
    client.force_login(member_of(participants[1].municipality))

    response = client.post(
        url("resolution", collected, participants[1].pk),
        {"resolved_on": "2026-06-02", "organ": "Gemeindevertretung", "number": "99", "upload": pdf()},
    )

    assert f"{CONFIRMED} Ihre Eingaben wurden nicht gespeichert." in response.context["form"].non_field_errors()
    assert Resolution.objects.get(participant=participants[1]).number == "12/2026"


def test_what_was_never_brought_is_only_refused(client, case, participants):
    ResolutionFactory(participant=participants[1])
    workflow.take(case, "withdraw", by=case.clerk, reason="Auf Wunsch der Kommunen.")
    brought, missing = participants[1], participants[2]

    client.force_login(member_of(brought.municipality))
    locked, _facts = shown(client, url("resolution", case, brought.pk))
    client.force_login(member_of(missing.municipality))
    answers = [
        client.get(url(page, case, missing.pk)).status_code for page in ("resolution", "expenditure", "other_documents")
    ]

    assert locked == "Der Antrag steht auf „Zurückgezogen“. Änderungen sind jetzt nicht möglich."
    assert (answers, links(client, case)) == ([403, 403, 403], [])


def test_case_page_leads_each_to_its_own(client, collected, participants):
    client.force_login(member_of(participants[1].municipality))
    of_partner = links(client, collected)
    client.force_login(member_of(participants[0].municipality))
    of_lead = links(client, collected)

    assert of_partner == ["Ansehen", f"Weitere Unterlagen von {participants[1].municipality.display_name}"]
    assert of_lead == [
        "Ansehen",
        *["Vereinbarung"] * 3,
        f"Weitere Unterlagen von {participants[0].municipality.display_name}",
        "Bankverbindung",
        "Antrag zurückziehen",
    ]


# ── All the rest ──────────────────────────────────────────────────────────────────────────────────────────────────────

CLOSED = "Der Antrag steht auf „{}“. Änderungen sind jetzt nicht möglich."
COMPLETED = CLOSED.format("Abgeschlossen")


@pytest.fixture
def completed():
    return case_in("completed")


def test_lead_looks_at_everything_after_the_end(client, completed):
    lead, *_partners = completed.participants
    StoredFileFactory(application=completed, participant=lead, purpose=Purpose.OTHER, original_name="Haushaltsplan.pdf")
    client.force_login(member_of(lead.municipality))

    offered = links(client, completed)
    agreement = shown(client, url("agreement", completed))
    expenditure = shown(client, url("expenditure", completed, lead.pk))
    after = client.get(url("expenditure_after", completed))
    others = client.get(url("other_documents", completed, lead.pk))
    report = shown(client, url("usage_report", completed))

    name = lead.municipality.display_name
    assert offered == [
        "Ansehen",
        "Vereinbarung ansehen",
        "Ansehen",
        "Vereinbarung ansehen",
        "Vereinbarung ansehen",
        f"Weitere Unterlagen von {name} ansehen",
        "Ausgaben nachher und Einsparung ansehen",
        "Verwendungsnachweis ansehen",
        "Bankverbindung",
    ]
    assert agreement == (
        COMPLETED,
        {
            "Beginn": "01.01.2027",
            "Unbefristet": "nein",
            "Ende": "31.12.2031",
            "Kündigung geregelt": "nein",
        }
        | {
            f"Unterschriften für {each.municipality.display_name}": "A. Erste, Bürgermeisterin; B. Zweiter, Erster "
            "Beigeordneter; 01.06.2026"
            for each in completed.participants
        },
    )
    assert expenditure == (
        COMPLETED,
        {"Personalausgaben bisher (€/Jahr)": "100.000 €", "Sachausgaben bisher (€/Jahr)": "20.000 €"},
    )
    assert "Einsparung nach diesen Angaben: <strong>20,83 %</strong> (unverbindlich)." in after.text
    assert "Haushaltsplan.pdf</a>" in others.text
    assert report == (
        "Das Ministerium hat den Verwendungsnachweis angenommen.",
        {
            "Sachbericht": "Der gemeinsame Bauhof arbeitet.",
            "Verwendete Zuwendung (€)": "75.000 €",
            "Personalausgaben im Jahr jetzt (€)": "230.000 €",
            "Sachausgaben im Jahr jetzt (€)": "45.000 €",
        },
    )


def test_partner_looks_at_its_own_after_the_end(client, completed):
    partner = completed.participants[1]
    StoredFileFactory(application=completed, participant=completed.participants[0], purpose=Purpose.OTHER)
    client.force_login(member_of(partner.municipality))

    offered = links(client, completed)
    common = [
        client.get(url(page, completed)).status_code for page in ("agreement", "expenditure_after", "usage_report")
    ]

    assert (offered, common) == (["Ansehen", "Vereinbarung ansehen", "Ansehen"], [200, 404, 404])


# ── Report, project, opinion ──────────────────────────────────────────────────────────────────────────────────────────


def test_report_that_nobody_accepted_is_closed_with_the_case(client):
    revoked = case_in("revoked")
    UsageReportFactory(application=revoked)
    client.force_login(member_of(revoked.lead))

    locked, facts = shown(client, url("usage_report", revoked))

    assert (locked, facts["Sachbericht"]) == (CLOSED.format("Widerrufen"), "Der gemeinsame Bauhof arbeitet.")


def test_lead_looks_at_the_data_of_the_project(client):
    decided = case_in("rejected", variant=VariantFactory(ozg=True))
    client.force_login(member_of(decided.lead))

    _locked, facts = shown(client, url("common_data", decided))

    assert facts["OZG-Ziele"] == "Online-Antragsverfahren entwickeln, einführen oder nachnutzen"
    assert facts["Aufgabenfeld"] == str(decided.cooperation.task_field)


def test_data_of_the_project_are_not_called_confirmed_before_they_are(client, case):
    client.force_login(member_of(case.lead))

    locked, _facts = shown(client, url("common_data", case))
    response = client.post(url("common_data", case), {"title": "Anderes Vorhaben"})

    assert locked == (
        "Diese Angaben stehen so im Antrag, wie er dem Ministerium vorliegt. Sie lassen sich nur ändern, wenn das "
        "Ministerium sie nachfordert. Bitte wenden Sie sich an das Ministerium, wenn etwas nicht stimmt."
    )
    assert f"{locked} Ihre Eingaben wurden nicht gespeichert." in response.context["form"].non_field_errors()


def test_opinion_of_a_document_alone_can_be_looked_at(client, completed):
    opinion = next(each for each in completed.opinions.all() if each.is_answered)
    opinion.file = StoredFileFactory(application=completed, purpose=Purpose.OPINION, original_name="meinung.pdf")
    opinion.received_on, opinion.recommendation, opinion.text = None, "", ""
    opinion.save()
    client.force_login(officer_of(opinion))

    page = client.get(url("opinion", completed, opinion.pk))

    assert page.context["facts"] == []
    assert f"/dokumente/{opinion.file.uuid}/" in page.text


def test_office_looks_at_its_opinion(client, completed):
    opinion = next(each for each in completed.opinions.all() if each.is_answered)
    waived = next(each for each in completed.opinions.all() if each.waived_reason)
    opinion.file = StoredFileFactory(application=completed, purpose=Purpose.OPINION, original_name="meinung.pdf")
    opinion.save()
    client.force_login(officer_of(opinion))

    offered = links(client, completed)
    page = client.get(url("opinion", completed, opinion.pk))
    client.force_login(officer_of(waived))
    of_others = client.get(url("opinion", completed, opinion.pk)).status_code

    assert offered == [*["Vereinbarung ansehen"] * 3, f"{opinion.name}: Ansehen"]
    assert (page.context["locked"], page.context["facts"]) == (COMPLETED, [("Empfehlung", "zustimmend")])
    assert f'href="/dokumente/{opinion.file.uuid}/">meinung.pdf</a>' in page.text
    assert of_others == 404


def test_office_may_still_change_its_opinion_while_the_case_is_prepared(client, case):
    opinion = OpinionFactory(application=case)
    client.force_login(officer_of(opinion))

    assert links(client, case) == [f"{opinion.name}: Ändern oder ansehen"]


QUERIES = {"resolution": 12, "expenditure": 10, "agreement": 13, "other_documents": 10, "expenditure_after": 10}


@pytest.mark.parametrize("page", QUERIES)
def test_locked_pages_take_so_many_queries(client, django_assert_num_queries, completed, page):
    lead = completed.participants[0]
    StoredFileFactory(application=completed, participant=lead, purpose=Purpose.OTHER)
    client.force_login(member_of(lead.municipality))
    keys = [] if page in ("agreement", "expenditure_after") else [lead.pk]

    with django_assert_num_queries(QUERIES[page]):
        assert client.get(url(page, completed, *keys)).status_code == 200
