"""A decision and its letter: both or neither, and the preview is what will be issued."""

from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import quote

import pytest
from django.urls import reverse

from applications import notices, steps_with_letters, workflow
from applications.admin import case_page
from applications.letter_forms import ApprovalForm
from applications.letter_kinds import Intention, LetterKind
from applications.models import Application, Budget, DateFacts, Notice
from ikz import clock
from tests.applications import letter_samples, pdf_reading
from tests.applications.letter_samples import Writable
from tests.factories import ApplicationFactory, BudgetFactory, case_in, decider
from tests.programme_factories import VariantFactory
from tests.stationery import HearingFactory, as_sent, stationery

pytestmark = pytest.mark.django_db

REFUSAL = {"reason": "Die Einsparung fehlt.", "legal_basis": "§§ 23 und 44 LHO"}
NO_HEARING = {"no_hearing_reason": "Es wird von Ihren Angaben nicht abgewichen."}


STANDS_ON = {"application": Writable("checked")}


@pytest.fixture
def application(case):
    return case


def approval(application, **changes):
    """What the form hands over when nothing but this is changed."""
    BudgetFactory()
    form = ApprovalForm(as_sent(ApprovalForm(application=application), **changes), application=application)
    assert form.is_valid(), form.errors
    return form.cleaned_data


def words(pdf):
    return " ".join(pdf_reading.lines(pdf))


def test_line_without_a_title_is_chosen_beside_another(application):
    untitled = Budget.objects.get()
    BudgetFactory(title="IKZ-Sonderprogramm")

    done = steps_with_letters.take(
        application, "approve", by=decider(), **approval(application, budget=str(untitled.pk))
    )

    assert done.decision.budget == untitled


def test_approval_makes_the_letter(application):
    by = decider()

    done = steps_with_letters.take(application, "approve", by=by, **approval(application))

    decision, notice = done.decision, done.notices.get()
    assert (done.state, notice.kind, notice.issued_by, notice.refers_to) == ("approved", "grant", by, None)
    assert (decision.starts_on, decision.ends_on) == (date(2027, 1, 1), date(2031, 12, 31))
    assert (decision.report_due_on, decision.purpose) == (
        date(2029, 12, 31),
        "Die drei Kommunen betreiben ihre Bauhöfe gemeinsam.",
    )
    assert notice.data["amount"] == "75.000 €"
    said = words(notices.content(notice))
    assert "Der Bewilligungszeitraum dauert vom 01.01.2027 bis zum 31.12.2031." in said
    assert "Legen Sie uns bis zum 31.12.2029 einen Verwendungsnachweis vor." in said


def test_preview_is_the_letter_that_will_be_issued(application):
    by = decider()
    answers = approval(
        application,
        **{"amount": "70000", "reason": "Zwei Stellen fallen weg.", "take-grant-beitritt": "on"},
    )

    draft = steps_with_letters.preview(application, "approve", by=by, **answers)
    assert (Notice.objects.count(), application.state) == (0, "checked")
    done = steps_with_letters.take(application, "approve", by=by, **answers)

    assert pdf_reading.lines(draft) == pdf_reading.lines(notices.content(done.notices.get()))
    assert "Zwei Stellen fallen weg." in words(draft)
    assert "Der Beitritt ist ein eigener Fall." in words(draft)


@pytest.mark.parametrize(
    ("variant", "title"),
    [({}, "Höhe und Finanzierungsart"), ({"preparation": True}, "Höhe und Finanzierungsart (Vorbereitung)")],
)
def test_decider_edits_the_words_that_the_case_needs(variant, title):
    stationery()
    form = ApprovalForm(application=letter_samples.case(variant=VariantFactory(**variant)))

    assert [field.label for field in form.passages if "Höhe" in field.label] == [title]


@pytest.mark.parametrize("is_kept_here", [True, False])
def test_grant_after_an_earlier_case_names_it(application, is_kept_here):
    earlier = case_in("approved") if is_kept_here else None
    named = f"{earlier} ({earlier.title}, entschieden am {clock.today():%d.%m.%Y})" if earlier else "Az. IV 3 von 2014"
    application.earlier_case, application.earlier_case_reference = earlier, "Az. IV 3 von 2014"
    application.save()

    said = words(steps_with_letters.preview(application, "approve", by=decider(), **approval(application)))

    assert f"Früherer Fall: {earlier or named} " in said
    assert (
        f"Die Zuwendung schließt an diesen Fall an: {named}. Die dort ergangenen Bescheide bleiben unberührt." in said
    )


def test_every_letter_of_a_case_after_another_names_that_one():
    stationery()
    earlier = case_in("approved")
    application = letter_samples.case(variant=VariantFactory(accession=True), earlier_case=earlier)

    named = {
        kind for kind in LetterKind if f"Früherer Fall: {earlier} " in words(letter_samples.preview(kind, application))
    }

    assert named == set(LetterKind)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (
            {"reason": "Schön \U0001f600", "amount": "70000"},
            "Das Zeichen „\U0001f600“ (U+1F600 GRINNING FACE) lässt sich im Schreiben nicht darstellen. Bitte ersetzen "
            "Sie es in den Angaben. Der Fall ist unverändert.",
        ),
        (
            {"text-grant-kosten": "Kosten: {{preis}}."},
            "Textbaustein „Kosten“: Unbekannter Platzhalter: {{preis}}.",
        ),
    ],
)
def test_letter_that_cannot_be_made_stops_the_decision(application, answer, sentence):
    answers = approval(application, **answer)

    with pytest.raises(workflow.StepRefused) as refusal:
        steps_with_letters.take(application, "approve", by=decider(), **answers)

    assert str(refusal.value).startswith(sentence)
    stored = Application.objects.get(pk=application.pk)
    assert (stored.state, stored.decision, stored.notices.count()) == ("checked", None, 0)
    assert [entry.step for entry in stored.history.all()][-1] == "check_application"


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"ends_on": "2026-12-31"}, "ends_on"),
        ({"report_due_on": "2026-12-31"}, "report_due_on"),
    ],
)
def test_days_out_of_order_are_refused(application, terms, field):
    answers = approval(application, **terms)

    with pytest.raises(workflow.AnswerRefused) as refusal:
        steps_with_letters.take(application, "approve", by=decider(), **answers)

    assert refusal.value.field == field


def test_report_is_not_due_before_the_notice(application):
    yesterday = clock.today() - timedelta(days=1)
    answers = approval(application, starts_on=yesterday, report_due_on=yesterday)

    with pytest.raises(workflow.AnswerRefused) as refusal:
        steps_with_letters.take(application, "approve", by=decider(), **answers)

    assert (refusal.value.field, str(refusal.value)) == (
        "report_due_on",
        "Der Verwendungsnachweis kann nicht vor dem Bescheid fällig sein.",
    )


def test_amendment_after_the_day_of_the_report_has_its_own_dispatch(application, time_machine):
    """The report stays due on the day that the grant said."""
    by = decider()
    due_on = clock.today() + timedelta(days=1)
    answers = approval(application, starts_on=clock.today(), report_due_on=due_on)
    done = steps_with_letters.take(application, "approve", by=by, **answers)
    time_machine.move_to(clock.now() + timedelta(days=2))
    done = steps_with_letters.take(done, "amend", by=by, amount=Decimal(80000), year=clock.today().year, reason="Mehr.")

    notices.record_dispatch(done.deciding_notice, delivery="electronic", retrieved_on=clock.today())

    facts = DateFacts.objects.get()
    assert (facts.retrieved_on, facts.report_on) == (clock.today(), due_on)


def test_period_needs_both_days(application):
    with pytest.raises(workflow.AnswerRefused) as refusal:
        workflow.take(
            application, "approve", by=decider(), amount=Decimal(75000), year=2026, starts_on=date(2027, 1, 1)
        )

    assert str(refusal.value) == "Bitte nennen Sie Beginn und Ende des Bewilligungszeitraums."


def test_refusal_needs_a_hearing_or_a_reason(application):
    with pytest.raises(workflow.AnswerRefused) as refusal:
        steps_with_letters.take(application, "reject", by=decider(), **REFUSAL, no_hearing_reason=" ")

    assert refusal.value.field == "no_hearing_reason"
    assert Application.objects.get(pk=application.pk).state == "checked"


def test_refusal_says_why_nobody_was_heard(application):
    done = steps_with_letters.take(application, "reject", by=decider(), **REFUSAL, **NO_HEARING)

    notice = done.notices.get()
    assert (done.state, notice.kind) == ("rejected", "refusal")
    assert "Einer Anhörung bedurfte es nicht: Es wird von Ihren Angaben nicht abgewichen." in words(
        notices.content(notice)
    )


@pytest.mark.parametrize(
    ("days_left", "answer", "is_heard"),
    [
        (1, {}, False),
        (0, {}, False),
        (-1, {}, True),
        (1, {"answered_on": date(2026, 11, 20), "answer": "Wir sparen doch."}, True),
    ],
)
def test_refusal_after_a_hearing(application, days_left, answer, is_heard):
    HearingFactory(application=application, due_on=clock.today() + timedelta(days=days_left), **answer)

    assert application.is_heard_on(Intention.REFUSE) == is_heard
    if is_heard:
        done = steps_with_letters.take(application, "reject", by=decider(), **REFUSAL)
        assert "Sie hatten Gelegenheit, sich zu den für die Entscheidung" in words(
            notices.content(done.notices.get(kind="refusal"))
        )


def test_step_back_voids_a_letter_that_was_never_sent(application):
    by = decider()
    done = steps_with_letters.take(application, "approve", by=by, **approval(application))

    back = steps_with_letters.take(done, "undo", by=by, reason="Falscher Betrag.")
    again = steps_with_letters.take(back, "approve", by=by, **approval(back))

    first, second = again.notices.order_by("pk")
    assert (first.voided_by, first.is_voided, second.is_voided, second.refers_to) == (by, True, False, None)
    assert first.voided_reason == (
        "Die Entscheidung wurde zurückgenommen, bevor das Schreiben versandt war: Falscher Betrag."
    )


# ── In the admin ──────────────────────────────────────────────────────────────────────────────────────────────────────


def take_url(application, step):
    return reverse("admin:applications_application_take", args=[application.pk, step])


def test_decider_looks_at_the_draft_and_decides(client, application):
    BudgetFactory()
    client.force_login(decider())
    page = client.get(take_url(application, "approve"))
    sent = as_sent(page.context["form"], seen=page.context["seen"])

    draft = client.post(take_url(application, "approve"), {**sent, "preview": "1"})
    before = Notice.objects.count()
    client.post(take_url(application, "approve"), sent)

    assert (draft.headers["Content-Type"], b"".join(draft.streaming_content)[:5]) == ("application/pdf", b"%PDF-")
    assert (before, Notice.objects.get().kind) == (0, "grant")


def test_draft_that_cannot_be_made_says_why(client, application):
    stationery(signatory="")
    BudgetFactory()
    client.force_login(decider())
    sent = as_sent(client.get(take_url(application, "approve")).context["form"])

    response = client.post(take_url(application, "approve"), {**sent, "preview": "1"})

    assert response.context["form"].non_field_errors() == [
        "Für das Schreiben fehlt noch: Name der unterzeichnenden Person (Briefkopf). Bitte ergänzen Sie die Angabe."
    ]


def test_nobody_else_looks_at_the_draft(client, application):
    client.force_login(application.clerk)

    response = client.post(take_url(application, "approve"), {"preview": "1"})

    assert response.status_code == 403


def test_decider_sees_other_cases_of_the_same_participants(client, application):
    other = case_in(
        "drafted", cooperation=letter_samples.CooperationFactory(participants=application.municipalities[:1])
    )
    case_in("drafted")
    client.force_login(decider())

    context = client.get(take_url(application, "approve")).context

    assert list(context["other_cases"]) == [other]
    assert context["has_more_cases"] is False
    assert "grant_proportionate" in [finding.rule.name for finding in context["checklist"]]


def test_decider_reads_the_money_and_then_first_what_is_missing(client):
    stationery()
    application = ApplicationFactory()
    client.force_login(decider())

    response = client.get(take_url(application, "reject"))

    statuses = [finding.status for finding in response.context["checklist"]]
    assert statuses == sorted(statuses, key=case_page.URGENCY.index)
    assert statuses[0] == "missing"
    html = response.content.decode()
    assert html.index('id="geld-titel"') < html.index('id="liste-titel"')


def test_decider_is_led_to_the_older_cases_of_a_large_body(client, application, monkeypatch):
    monkeypatch.setattr(case_page, "OTHER_CASES", 2)
    group = application.municipalities[:1]
    cases = [case_in("drafted", cooperation=letter_samples.CooperationFactory(participants=group)) for _ in range(3)]
    client.force_login(decider())

    response = client.get(take_url(application, "approve"))

    assert response.context["other_cases"] == [cases[2], cases[1]]
    assert f'?q={quote(application.lead.display_name)}">Fallliste</a>' in response.content.decode()
