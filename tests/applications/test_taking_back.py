"""Taking back what was decided: a grant until its notice is sent, a refusal at any time (docs/decisions/0013)."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from applications import notices, steps_with_letters, workflow
from applications.models import Application
from tests.applications import letter_samples, pdf_reading
from tests.date_factories import DateFactsFactory, DeliveryRuleFactory
from tests.factories import answers_for, case_in, decider, taken, treasurer
from tests.stationery import stationery

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
LEGAL_BASIS = {"legal_basis": "§§ 23 und 44 LHO"}
TERMS = {
    "approve": {
        "starts_on": date(2027, 1, 1),
        "ends_on": date(2031, 12, 31),
        "report_due_on": date(2029, 12, 31),
        "payment_rule": "Nach Bestandskraft.",
        "purpose": "Gemeinsamer Bauhof.",
        **LEGAL_BASIS,
    },
    "reject": LEGAL_BASIS,
}
REASON = {"reason": "Versehentlich."}
CLOSED = (
    "Der Bescheid wurde am 24.11.2026 versandt; die Bewilligung lässt sich nicht mehr zurücknehmen. Bitte ändern oder widerrufen "
    "Sie sie. Ist der Versand falsch festgehalten, berichtigen Sie ihn zuerst beim Schreiben („Versand berichtigen“)."
)


@pytest.fixture
def checked(time_machine):
    time_machine.move_to("2026-11-24 12:00")
    stationery()
    DeliveryRuleFactory()
    return case_in("checked", cooperation=letter_samples.cooperation())


def step(application, name, **answers):
    by = application.clerk if application.state == "withdrawn" or name == "withdraw" else decider()
    return steps_with_letters.take(
        application, name, by=by, **{**answers_for(application, name), **TERMS.get(name, {}), **answers}
    )


def send(application, kind):
    return notices.record_dispatch(application.notices.filter(kind=kind).last(), delivery="post", posted_on=TODAY)


def why_not(application, person):
    steps = workflow.steps(Application.objects.get(pk=application.pk), person)
    return next(each.refusal for each in steps if each.name == "undo")


# ── A grant ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def never_sent_after_all(application):
    never = {"delivery": "", "posted_on": None, "retrieved_on": None, "waiver_on": None}
    notices.correct_dispatch(application.notices.get(), by=decider(), reason="Liegt noch hier.", **never)


GRANT_SENT = [lambda case: send(case, "grant")]
AMENDED = [lambda case: step(case, "amend")]


@pytest.mark.parametrize(
    ("happened", "refusal"),
    [
        ([], None),
        (GRANT_SENT, CLOSED),
        (AMENDED, None),
        ([*GRANT_SENT, *AMENDED], CLOSED),  # the notice that is in the world grants still
        ([*AMENDED, lambda case: send(case, "amendment")], CLOSED),
        ([*GRANT_SENT, never_sent_after_all], None),
    ],
    ids=["not sent", "sent", "amended, none sent", "sent, then amended", "only amendment sent", "dispatch corrected"],
)
def test_grant_is_taken_back_until_a_notice_of_it_is_sent(checked, happened, refusal):
    granted = step(checked, "approve")

    for each in happened:
        each(granted)

    assert why_not(granted, decider()) == refusal


def test_grant_whose_notice_went_out_on_paper_stays_too(checked):
    granted = taken(checked, "approve")
    DateFactsFactory(application=granted, posted_on=TODAY)

    assert why_not(granted, decider()) == CLOSED


def test_grant_whose_notice_was_sent_is_not_taken_back(checked):
    granted = step(checked, "approve")
    send(granted, "grant")

    with pytest.raises(workflow.NotPermitted) as refused:
        step(granted, "undo")

    now = Application.objects.get(pk=granted.pk)
    assert str(refused.value) == CLOSED
    assert (now.state, now.decision.is_binding, now.decision.budget.committed()) == ("approved", True, Decimal(75000))
    assert not now.notices.get().is_voided


def test_grant_whose_notice_was_sent_has_other_ways_out(checked):
    """Every open state keeps an exit for somebody: here before the notice is final."""
    granted = step(checked, "approve")
    send(granted, "grant")
    granted = Application.objects.get(pk=granted.pk)

    offered = {each.name: each.refusal is None and not each.missing for each in workflow.steps(granted, decider())}
    to_pay = next(each for each in workflow.steps(granted, treasurer()) if each.name == "pay")

    assert offered == {
        "pay": False,
        "undo": False,
        "amend": True,
        "revoke_part": True,
        "revoke": True,
        "record_repayment": False,
    }
    assert [each.rule.name for each in to_pay.missing] == ["notice_is_final"]


def test_page_says_why_a_sent_grant_is_not_taken_back(client, checked):
    granted = step(checked, "approve")
    send(granted, "grant")
    client.force_login(decider())

    page = client.get(reverse("admin:applications_application_change", args=[granted.pk])).content.decode()
    pressed = client.post(reverse("admin:applications_application_take", args=[granted.pk, "undo"]), REASON)

    assert f"<small>Schritt zurücknehmen: {CLOSED}</small>" in page
    assert (pressed.status_code, Application.objects.get(pk=granted.pk).state) == (403, "approved")


# ── What replaces what ────────────────────────────────────────────────────────────────────────────────────────────────

LIFTED = "dieses Schreiben ersetzt unser Schreiben „Ablehnungsbescheid“ vom 24.11.2026 (Code {code}). Jenes wird hiermit aufgehoben."
MOOT = (
    "dieses Schreiben ersetzt unser Schreiben „Bestätigung zum zurückgezogenen Antrag“ vom 24.11.2026 (Code {code}). Jenes ist damit "
    "gegenstandslos."
)


@pytest.mark.parametrize(
    ("before", "after", "said", "holding"),
    [
        ("reject", "approve", LIFTED, ["grant"]),
        ("reject", "reject", LIFTED, ["refusal"]),
        ("reject", "withdraw", None, ["refusal", "withdrawal"]),  # a confirmation lifts no notice
        ("withdraw", "approve", MOOT, ["grant"]),
        ("withdraw", "reject", MOOT, ["refusal"]),
        ("withdraw", "withdraw", MOOT, ["withdrawal"]),
    ],
)
def test_sent_letter_after_a_step_back(checked, before, after, said, holding):
    first = step(checked, before)
    sent = send(first, {"reject": "refusal", "withdraw": "withdrawal"}[before])

    done = step(step(first, "undo"), after)

    letter = done.notices.order_by("pk").last()
    assert (letter.refers_to, [each.kind for each in done.notices.holding()]) == (sent if said else None, holding)
    text = " ".join(pdf_reading.lines(notices.content(letter)))
    assert ("ersetzt unser Schreiben" in text) == bool(said)
    assert not said or said.format(code=sent.code) in text


def test_notice_is_lifted_also_after_a_confirmation(checked):
    """A refusal that was sent and taken back, then a withdrawal, then a grant: the refusal is what has to go."""
    refused = step(checked, "reject")
    refusal = send(refused, "refusal")
    withdrawn = step(step(refused, "undo"), "withdraw")
    send(withdrawn, "withdrawal")

    done = step(step(withdrawn, "undo"), "approve")

    grant = done.notices.get(kind="grant")
    assert grant.refers_to == refusal
    assert [each.kind for each in done.notices.holding()] == ["withdrawal", "grant"]


def test_dates_are_not_counted_from_a_refusal_that_was_taken_back(checked):
    refused = step(checked, "reject")
    sent = send(refused, "refusal")
    back = step(Application.objects.get(pk=refused.pk), "undo")

    notices.record_dispatch(sent, waiver_on=TODAY)

    assert Application.objects.get(pk=back.pk).date_facts_or_none is None
