"""The end of a draft: handed in by who may sign, or given up."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications import workflow
from applications.models import Application, Message, Programme
from applications.portal import drafts
from municipalities.models import Membership
from tests.applications.portal.browsing import post, seen, url
from tests.factories import ApplicationFactory, CooperationFactory
from tests.municipal_people import draft_of, member_of
from tests.programme_factories import VariantFactory

pytestmark = pytest.mark.django_db


# ── Hand-in ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_summary_says_what_is_missing_and_where(client, standard, towns, person):
    draft = draft_of(towns[:1], variant=standard)
    client.force_login(person)

    page = client.get(url("draft_hand_in", draft))

    assert page.context["lacking"] == [
        (
            "Bisher ist 1 Körperschaft beteiligt, verlangt sind mindestens 2. Bitte nehmen Sie weitere Beteiligte auf.",
            "Beteiligte",
            url("draft_partners", draft),
        )
    ]
    response = post(client, url("draft_hand_in", draft), {})
    assert response.context["problem"].startswith("Bisher ist 1 Körperschaft beteiligt")
    draft.refresh_from_db()
    assert draft.is_handed_in is False


def test_signatory_hands_in_and_reads_what_happens_next(client, draft, towns, person):
    partner = member_of(towns[1])
    client.force_login(person)

    response = post(client, url("draft_hand_in", draft), {})

    assert response.url == url("handed_in", draft)
    draft.refresh_from_db()
    assert (draft.handed_in_by, draft.history.last().step) == (person, "hand_in")
    assert client.get(response.url).context["application"] == draft
    assert Message.objects.filter(recipient=partner, event="hand_in").count() == 1


def test_draft_that_outlived_its_version_waits_for_the_next(client, draft, standard, person):
    yesterday = timezone.localdate() - timedelta(days=1)
    Programme.objects.update(valid_from=yesterday - timedelta(days=9), valid_to=yesterday)
    client.force_login(person)

    response = post(client, url("draft_hand_in", draft), {})

    assert response.context["problem"] == (
        f"Heute gilt keine Fassung der Rahmenvereinbarung: Die letzte galt bis {yesterday:%d.%m.%Y}. Sobald eine neue gilt, "
        "können Sie einen Antrag stellen. Fragen dazu beantwortet das Ministerium. Ihr Entwurf bleibt gespeichert."
    )

    new = Programme.objects.create(name="Rahmenvereinbarung 2026", valid_from=timezone.localdate())

    assert post(client, url("draft_hand_in", draft), {}).context["problem"] == (
        "Die Rahmenvereinbarung, die heute gilt („Rahmenvereinbarung 2026“), kennt die Variante Standard nicht. Bitte wählen "
        "Sie auf der Seite „Vorhaben“ eine andere. Ihr Entwurf bleibt gespeichert."
    )

    VariantFactory(programme=new)

    assert post(client, url("draft_hand_in", draft), {}).url == url("handed_in", draft)
    draft.refresh_from_db()
    assert draft.variant.programme == new


def test_who_may_not_sign_reads_whom_to_ask(client, draft, towns, person):
    colleague = member_of(towns[0], role=Membership.Role.CLERK)
    client.force_login(colleague)

    page = client.get(url("draft_hand_in", draft))

    assert page.context["refusal"] == (
        "Einreichen kann den Antrag nur, wer für die federführende Kommune zeichnungsbefugt ist."
    )
    assert person in page.context["signatories"]
    assert colleague not in page.context["signatories"]
    assert post(client, url("draft_hand_in", draft), {}).status_code == 403


def test_change_by_a_colleague_stops_the_hand_in(client, draft, person):
    client.force_login(person)
    before = seen(client, url("draft_hand_in", draft))
    post(client, url("draft_details", draft), {"purpose": "Anders."})

    response = client.post(url("draft_hand_in", draft), {"seen": before})

    assert response.context["problem"].startswith("Der Vorgang wurde inzwischen")
    draft.refresh_from_db()
    assert draft.is_handed_in is False


def test_pages_of_a_draft_end_with_the_hand_in(client, draft, person):
    workflow.take(draft, "hand_in", by=person)
    client.force_login(person)

    for name in ["draft", *(f"draft_{slug}" for slug in drafts.LABELS)]:
        assert client.get(url(name, draft)).url == url("case", draft)
    assert client.post(url("draft_details", draft), {"purpose": "Zu spät."}).url == url("case", draft)
    (first, *_others) = client.get(url("case", draft)).context["messages"]
    assert first.message == ("Der Antrag ist schon eingereicht. Den Entwurf können Sie nicht mehr ändern.")


def test_page_after_the_hand_in_needs_one(client, draft, towns, person):
    client.force_login(person)
    assert client.get(url("handed_in", draft)).status_code == 404
    workflow.take(draft, "hand_in", by=person)
    assert client.get(url("handed_in", draft)).status_code == 200
    client.force_login(member_of(towns[1]))
    assert client.get(url("handed_in", draft)).status_code == 404


# ── Given up ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_discarded_draft_is_withdrawn_and_nobody_else_hears_of_it(client, draft, towns, person):
    member_of(towns[1])
    client.force_login(person)

    response = client.post(url("withdraw", draft), {"reason": "Wir machen es anders."})

    assert response.url == reverse("portal:start")
    draft = Application.objects.get()
    assert (draft.state, draft.withdrawn_by) == ("withdrawn", person)
    assert set(Message.objects.values_list("recipient__memberships__municipality", flat=True)) <= {towns[0].pk}
    assert client.get(url("draft_details", draft)).url == url("case", draft)


def test_draft_needs_a_reason_to_be_discarded(client, draft, person):
    client.force_login(person)

    assert client.get(url("withdraw", draft)).context["form"]["reason"].value() == (
        "Der Entwurf wird nicht weiterverfolgt."
    )
    assert list(client.post(url("withdraw", draft), {"reason": " "}).context["form"].errors) == ["reason"]


def test_lead_withdraws_a_running_case_but_only_who_may_sign(client, towns, person):
    case = ApplicationFactory(cooperation=CooperationFactory(participants=towns))
    client.force_login(member_of(towns[0], role=Membership.Role.CLERK))
    assert client.get(url("withdraw", case)).status_code == 403
    client.force_login(person)

    client.post(url("withdraw", case), {"reason": "Wir verzichten."})

    case = Application.objects.get()
    assert case.state == "withdrawn"
    assert client.get(url("withdraw", case)).status_code == 404


def test_withdrawal_that_is_sent_twice_is_done_once(client, towns, person):
    case = ApplicationFactory(cooperation=CooperationFactory(participants=towns))
    client.force_login(person)

    for _time in range(2):
        response = client.post(url("withdraw", case), {"reason": "Wir verzichten."}, follow=True)

    said = [each.message for each in response.context["messages"]]
    assert said == [f"„{case.title}“ ist zurückgezogen."]
    assert case.history.filter(step="withdraw").count() == 1
    assert client.post(url("withdraw", case), {"reason": "Anders."}).status_code == 404
