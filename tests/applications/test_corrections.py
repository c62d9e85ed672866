"""A correction request to and fro: submitted, refused, submitted again, accepted, withdrawn; and what the clerk sees of it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from applications import corrections, workflow
from applications.models import Application, CorrectionItem, CorrectionRequest, Message
from applications.rules import AGREEMENT, CHECK, RESOLUTIONS, corrections_closed
from applications.unlocks import why_locked
from ikz import clock
from tests.factories import ApplicationFactory, CorrectionRequestFactory, StoredFileFactory, clerk
from tests.municipal_people import member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    case = ApplicationFactory(complete=True)
    return workflow.take(case, "collect_resolutions", by=case.clerk)


@pytest.fixture
def participants(case):
    return list(case.cooperation.participants.all())


@pytest.fixture
def item(case, participants):
    return ask(case, participant=participants[1], kind="resolution")


def ask(case, **fields):
    request = CorrectionRequestFactory(application=case, requested_by=case.clerk)
    return request.items.create(**{"text": "Bitte mit Datum.", **fields})


def fresh(case):
    return Application.objects.with_case().with_turn().get(pk=case.pk)


def told(event):
    return {message.recipient for message in Message.objects.filter(event=event)}


# ── What an item opens, and for whom ──────────────────────────────────────────────────────────────────────────────────

# kind asked of → who may change what afterwards: number of the participant, or "common" for what the lead does for all.
OPENED = [
    ("resolution", 1, {("resolution", 1)}),
    ("resolution", None, {("resolution", 0)}),
    ("expenditure", 2, {("expenditure", 2)}),
    ("expenditure", None, {("expenditure", 0)}),
    ("expenditure_after", None, {("expenditure_after", "common")}),
    ("common_data", None, {("common_data", "common")}),
]
THINGS = [
    *((kind, number) for kind in ("resolution", "expenditure") for number in (0, 1, 2)),
    ("expenditure_after", "common"),
    ("common_data", "common"),
]


@pytest.mark.parametrize(("kind", "asked", "opened"), OPENED)
def test_item_opens_exactly_what_it_names(case, participants, kind, asked, opened):
    ask(case, kind=kind, participant=None if asked is None else participants[asked])

    found = {
        (thing, number)
        for thing, number in THINGS
        if why_locked(fresh(case), thing, None if number == "common" else participants[number]) is None
    }

    assert found == opened


@pytest.mark.parametrize(("state", "is_open"), [("open", True), ("submitted", True), ("accepted", False)])
def test_item_opens_until_it_is_settled(case, participants, item, state, is_open):
    if state != "open":
        corrections.submit(item, by=clerk())
    if state == "accepted":
        corrections.accept(item, by=case.clerk)

    assert (why_locked(fresh(case), "resolution", participants[1]) is None) == is_open


# ── Its life ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_turn_and_check_follow_the_answer(case, participants, item):
    def standing():
        application = fresh(case)
        finding = corrections_closed.finding(application)
        assert application.turn == application.sql_turn
        return application.turn, finding.met, finding.message

    person = member_of(participants[1].municipality)
    asked = standing()
    corrections.submit(item, by=person)
    answered = standing()
    corrections.refuse(item, by=case.clerk, reason="Das Datum fehlt immer noch.")
    refused = standing()
    corrections.submit(item, by=person)
    corrections.accept(item, by=case.clerk)
    settled = standing()

    assert [asked[0], answered[0], refused[0], settled[0]] == ["participants", "clerk", "participants", "clerk"]
    assert [asked[1], answered[1], refused[1], settled[1]] == [False, False, False, True]
    whom = participants[1].municipality.display_name
    assert asked[2] == refused[2] == f"Noch offen: „Beschluss mit Datum“ (von {whom}, fällig am 01.10.2026)."
    assert answered[2] == "Beantwortet, die Sachbearbeitung prüft: „Beschluss mit Datum“."


# kind asked of → the steps that wait for it
BLOCKED = [
    ("resolution", {"collect_resolutions", "sign_agreement", "check_application"}),
    ("agreement", {"sign_agreement", "check_application"}),
    ("expenditure", {"check_application"}),
    ("common_data", {"check_application"}),
    ("other", {"check_application"}),
]
CHECKLISTS = {"collect_resolutions": RESOLUTIONS, "sign_agreement": AGREEMENT, "check_application": CHECK}


@pytest.mark.parametrize(("kind", "blocked"), BLOCKED)
def test_request_blocks_the_step_concerned(case, kind, blocked):
    ask(case, kind=kind)
    sentence = f"Noch offen: „Beschluss mit Datum“ (von {case.lead.display_name}, fällig am 01.10.2026)."

    def waits(checklist):
        return sentence in [each.message for each in checklist.findings(fresh(case)) if not each.met]

    assert {step for step, checklist in CHECKLISTS.items() if waits(checklist)} == blocked


def test_last_settled_item_closes_the_request(case, participants, item):
    second = item.request.items.create(text="Haushaltsplan", participant=participants[2])
    corrections.submit(item, by=clerk())
    corrections.accept(item, by=case.clerk)
    still_open = CorrectionRequest.objects.get().is_open
    corrections.take_back(second, by=case.clerk)

    request = CorrectionRequest.objects.get()
    assert (still_open, request.is_open, request.closed_by) == (True, False, case.clerk)


@pytest.mark.parametrize(
    ("move", "sentence"),
    [
        (lambda item: corrections.accept(item, by=clerk()), corrections.NOT_SUBMITTED),
        (lambda item: corrections.refuse(item, by=clerk(), reason="x"), corrections.NOT_SUBMITTED),
        (lambda item: corrections.submit(item, by=clerk()), corrections.NOT_WAITING),
        (lambda item: corrections.take_back(item, by=clerk()), corrections.NOT_WAITING),
    ],
    ids=["accept", "refuse", "submit", "take back"],
)
def test_what_is_settled_stays_settled(case, item, move, sentence):
    corrections.take_back(item, by=case.clerk)
    before = CorrectionItem.objects.values().get()

    with pytest.raises(corrections.NotPossible, match=sentence.partition(".")[0]):
        move(CorrectionItem.objects.get())

    assert CorrectionItem.objects.values().get() == before


def test_closing_with_a_reason_takes_back_what_is_left(case, item):
    item.request.close(by=case.clerk, note="Hat sich erledigt.")

    assert CorrectionItem.objects.get().state == "withdrawn"


# ── Who is told ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_everybody_hears_what_concerns_them_once(case, participants, item):
    lead, partner = (member_of(each.municipality) for each in participants[:2])
    member_of(participants[2].municipality)
    item.request.items.create(text="Zweck genauer", kind="common_data")

    corrections.tell(item.request, by=case.clerk)
    corrections.tell(item.request, by=case.clerk)

    assert {(each.recipient, each.event) for each in Message.objects.all()} == {
        (lead, "correction_requested"),
        (partner, "correction_requested"),
    }
    assert Message.objects.count() == 2


def test_changed_due_date_is_told_again(case, participants, item):
    member_of(participants[1].municipality)
    corrections.tell(item.request, by=case.clerk)
    item.request.due_on = date(2026, 12, 24)
    item.request.save()

    corrections.tell(item.request, by=case.clerk)

    first, second = Message.objects.order_by("pk")
    assert ("01.10.2026" in first.text, "24.12.2026" in second.text) == (True, True)


def test_clerk_hears_of_the_answer_and_the_municipality_of_the_result(case, participants, item):
    person, colleague = (member_of(participants[1].municipality) for _ in range(2))

    corrections.submit(item, by=person)
    corrections.refuse(item, by=case.clerk, reason="Das Siegel fehlt.")
    corrections.submit(item, by=person)
    corrections.accept(item, by=case.clerk)

    assert told("correction_submitted") == {case.clerk}
    assert Message.objects.filter(event="correction_submitted").count() == 2
    assert told("correction_refused") == told("correction_closed") == {person, colleague}
    assert "Das Siegel fehlt." in Message.objects.filter(event="correction_refused").first().text


# ── The clerk's pages ─────────────────────────────────────────────────────────────────────────────────────────────────


def review(case, item):
    return reverse("admin:applications_application_review_correction", args=[case.pk, item.pk])


def test_clerk_asks_in_the_admin_and_the_municipality_is_told(client, case, participants):
    person = member_of(participants[1].municipality)
    client.force_login(case.clerk)

    response = client.post(
        reverse("admin:applications_correctionrequest_add") + f"?parent={case.pk}",
        {
            "subject": "Beschluss mit Datum",
            "due_on": "24.12.2099",
            "items-TOTAL_FORMS": 1,
            "items-INITIAL_FORMS": 0,
            "items-0-text": "Bitte mit Datum.",
            "items-0-participant": participants[1].pk,
            "items-0-kind": "resolution",
        },
    )

    assert response.status_code == 302
    (item,) = CorrectionItem.objects.all()
    assert (item.kind, item.state, told("correction_requested")) == ("resolution", "open", {person})


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize(
    ("days_ahead", "errors"),
    [(0, {"due_on": ["Bis dahin bleibt keine Zeit. Bitte nennen Sie einen Tag ab morgen."]}), (1, {})],
)
def test_municipality_is_given_time_from_tomorrow_on(client, case, is_new, days_ahead, errors):
    form = correction_form(client, case, None if is_new else ask(case).request)

    sent = post(client, form, due_on=clock.today() + timedelta(days=days_ahead))

    assert (sent.context["adminform"].form.errors if sent.context else {}) == errors


def test_request_whose_day_has_passed_is_still_changed(client, case):
    """Its subject; what was asked by that day was asked by that day."""
    request = ask(case).request
    CorrectionRequest.objects.filter(pk=request.pk).update(due_on=date(2026, 1, 2))

    sent = post(client, correction_form(client, case, request), subject="Beschluss, mit Datum")

    request.refresh_from_db()
    assert (sent.status_code, request.subject, request.due_on) == (302, "Beschluss, mit Datum", date(2026, 1, 2))


def correction_form(client, case, request=None):
    """The address of the form and what a browser sends of it."""
    client.force_login(case.clerk)
    if request is None:
        url = reverse("admin:applications_correctionrequest_add") + f"?parent={case.pk}"
        new = {"subject": "Beschluss", "items-0-text": "Bitte mit Datum.", "items-0-kind": "resolution"}
        return url, {**new, "items-TOTAL_FORMS": 1, "items-INITIAL_FORMS": 0}
    url = reverse("admin:applications_correctionrequest_change", args=[request.pk])
    page = client.get(url).context
    (items,) = page["inline_admin_formsets"]
    forms = [page["adminform"].form, items.formset.management_form, *items.formset.forms]
    return url, {field.html_name: field.value() or "" for form in forms for field in form}


def post(client, form, **changes):
    url, first = form
    return client.post(url, {**first, **changes})


def test_field_is_only_chosen_for_common_data(client, case, participants):
    client.force_login(case.clerk)

    response = client.post(
        reverse("admin:applications_correctionrequest_add") + f"?parent={case.pk}",
        {
            "subject": "Zweck",
            "due_on": "24.12.2099",
            "items-TOTAL_FORMS": 1,
            "items-INITIAL_FORMS": 0,
            "items-0-text": "Genauer",
            "items-0-kind": "resolution",
            "items-0-field": "purpose",
        },
    )

    (errors,) = response.context["inline_admin_formsets"][0].formset.errors
    assert errors == {"__all__": ["Eine einzelne Angabe lässt sich nur bei „Angaben zum Vorhaben“ wählen."]}


def test_review_shows_what_changed_since(client, case, participants, item):
    client.force_login(case.clerk)
    participants[1].resolution.number = "99"
    participants[1].resolution.save()
    participants[2].resolution.number = "77"
    participants[2].resolution.save()
    newer = StoredFileFactory(application=case, participant=participants[1], purpose="resolution")
    StoredFileFactory(application=case, participant=participants[2], purpose="resolution")

    context = client.get(review(case, item)).context

    assert list(context["files"]) == [newer]
    (event,) = context["events"]
    assert [each.partition(":")[0] for each in event.details] == ["Beschlussnummer"]


def test_clerk_refuses_only_with_a_reason(client, case, item):
    corrections.submit(item, by=clerk())
    client.force_login(case.clerk)
    seen = client.get(review(case, item)).context["seen"]

    response = client.post(review(case, item), {"outcome": "refuse", "reason": " ", "seen": seen})
    client.post(review(case, item), {"outcome": "refuse", "reason": "Das Siegel fehlt.", "seen": seen})

    assert response.context["form"].errors["reason"] == [
        "Bitte schreiben Sie, was noch fehlt, damit die Kommune es nachreichen kann."
    ]
    item.refresh_from_db()
    assert (item.state, item.refusal) == ("open", "Das Siegel fehlt.")


def test_clerk_does_not_accept_what_changed_meanwhile(client, case, participants, item):
    corrections.submit(item, by=clerk())
    client.force_login(case.clerk)
    seen = client.get(review(case, item)).context["seen"]
    participants[1].resolution.number = "99"
    participants[1].resolution.save()

    response = client.post(review(case, item), {"outcome": "accept", "seen": seen})
    again = client.post(review(case, item), {"outcome": "accept", "seen": response.context["seen"]})

    assert response.context["form"].non_field_errors()[0].endswith("Bitte sehen Sie es an und speichern Sie erneut.")
    assert again.status_code == 302
    assert CorrectionItem.objects.get().state == "accepted"


def test_open_item_can_only_be_taken_back(client, case, item):
    client.force_login(case.clerk)
    page = client.get(review(case, item))

    response = client.post(review(case, item), {"outcome": "accept", "seen": page.context["seen"]})
    client.post(review(case, item), {"outcome": "withdraw", "seen": page.context["seen"]})

    assert "outcome" in response.context["form"].errors
    assert CorrectionItem.objects.get().state == "withdrawn"


def test_review_is_for_clerks_of_this_case(client, case, item):
    other = ApplicationFactory()
    client.force_login(case.clerk)
    strange = client.get(review(other, item)).status_code
    client.force_login(member_of(case.lead))

    assert (strange, client.get(review(case, item)).status_code) == (404, 302)
