"""What the admin still does with a letter that was issued, and hearings."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from applications import notices, workflow
from applications.letter_kinds import LetterKind
from applications.models import DateFacts, Hearing, Notice
from tests.applications import letter_samples
from tests.date_factories import DateFactsFactory
from tests.factories import case_in, clerk, treasurer
from tests.stationery import HearingFactory, stationery

pytestmark = pytest.mark.django_db

SENT = {"delivery": "post", "sent_on": "24.11.2026"}


def act(client, notice, name, **answers):
    url = reverse("admin:applications_notice_act", args=[notice.pk, name])
    return client.post(url, answers) if answers else client.get(url)


def offered(client, notice):
    return [name for name, _label in client.get(letter_url(notice)).context["acts"]]


def case_url(notice):
    return reverse("admin:applications_application_change", args=[notice.application_id])


TO_LETTERS = '<a href="#schreiben">Weiter bei „Schreiben und Anhörungen“</a>'


def said_on_case(client, notice):
    return [str(message) for message in client.get(case_url(notice)).context["messages"]]


def letter_url(notice):
    return reverse("admin:applications_notice_change", args=[notice.pk])


def test_dispatch_is_written_once(client, grant, people):
    client.force_login(people["clerk"])

    response = act(client, grant, "versand", **SENT)
    again = act(client, grant, "versand", **SENT)

    stored = Notice.objects.get(pk=grant.pk)
    assert (response.url, again.url) == (case_url(grant), case_url(grant))
    assert (stored.delivery, stored.posted_on, stored.retrieved_on) == ("post", date(2026, 11, 24), None)


def test_dispatch_is_today_until_somebody_says_otherwise(client, grant, people):
    client.force_login(people["clerk"])

    assert act(client, grant, "versand").context["form"]["sent_on"].value() == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("who", "name", "answers", "said"),
    [
        ("clerk", "versand", SENT, "Versand festgehalten."),
        ("decider", "ungueltig", {"reason": "Falsche Anschrift."}, "Schreiben für ungültig erklärt."),
    ],
)
def test_case_says_what_was_done_with_its_letter(client, grant, people, who, name, answers, said):
    client.force_login(people[who])

    act(client, grant, name, **answers)
    [message] = client.get(case_url(grant)).context["messages"]

    assert str(message) == f'{said} <a href="#schreiben">Weiter bei „Schreiben und Anhörungen“</a>'


@pytest.mark.parametrize("page", ["letter", "act"])
def test_letter_lies_below_its_case(client, grant, people, page):
    client.force_login(people["clerk"])

    html = (client.get(letter_url(grant)) if page == "letter" else act(client, grant, "versand")).text

    trail = re.search(r'<div class="breadcrumbs">(.*?)</div>', html, re.DOTALL)[1]
    assert re.findall(r'href="(.*?)"', trail)[:3] == [
        reverse("admin:index"),
        reverse("admin:applications_application_changelist"),
        f"{case_url(grant)}#schreiben",
    ]


def test_electronic_dispatch(client, grant, people):
    client.force_login(people["clerk"])

    act(client, grant, "versand", delivery="electronic", sent_on="24.11.2026")

    stored = Notice.objects.get(pk=grant.pk)
    assert (stored.posted_on, stored.retrieved_on, stored.sent_on) == (None, date(2026, 11, 24), date(2026, 11, 24))


def test_waiver_follows_the_dispatch(client, grant, people):
    client.force_login(people["clerk"])

    early = act(client, grant, "verzicht", waiver_on="24.11.2026")
    act(client, grant, "versand", **SENT)
    act(client, grant, "verzicht", waiver_on="24.11.2026")

    assert early.url == case_url(grant)
    assert Notice.objects.get(pk=grant.pk).waiver_on == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("who", "state", "names"),
    [
        ("clerk", "issued", ["versand"]),
        ("clerk", "sent", ["verzicht"]),
        ("clerk", "paid", []),
        ("clerk", "voided", []),
        ("decider", "issued", ["berichtigung", "ungueltig"]),
        ("decider", "sent", ["versand-berichtigen", "berichtigung"]),
        ("decider", "paid", ["berichtigung"]),
        ("decider", "voided", []),
    ],
)
def test_what_may_be_done_with_a_notice(client, grant, people, who, state, names):
    if state in ("sent", "paid"):
        notices.record_dispatch(grant, delivery="post", posted_on=date(2026, 11, 24))
    if state == "paid":
        notices.record_dispatch(grant, waiver_on=date(2026, 11, 24))
        workflow.take(grant.application, "pay", by=treasurer(), final_on=date(2026, 11, 24))
    if state == "voided":
        notices.void(grant, by=people["decider"], reason="Nie versandt.")
    client.force_login(people[who])

    assert offered(client, grant) == names


def test_day_in_the_future_is_refused_with_a_sentence(client, grant, people):
    client.force_login(people["clerk"])

    response = act(client, grant, "versand", delivery="post", sent_on="24.11.2062")

    assert response.context["form"].non_field_errors() == [
        "Dieser Tag liegt in der Zukunft. Bitte prüfen Sie das Datum."
    ]
    assert Notice.objects.get().sent_on is None


def test_dispatch_is_corrected_by_whoever_decides(client, grant, people):
    notices.record_dispatch(grant, delivery="post", posted_on=date(2026, 11, 24))
    client.force_login(people["decider"])
    mended = {"delivery": "electronic", "sent_on": "24.11.2026", "reason": "Per E-Mail gesandt."}

    form = act(client, grant, "versand-berichtigen").context["form"]
    half = act(client, grant, "versand-berichtigen", **{**mended, "sent_on": ""})
    response = act(client, grant, "versand-berichtigen", **mended)

    stored = Notice.objects.get()
    assert (form["delivery"].value(), form["sent_on"].value()) == ("post", date(2026, 11, 24))
    assert half.context["form"].errors == {"sent_on": ["Bitte nennen Sie Versandweg und Tag, oder keines von beiden."]}
    assert (response.url, stored.delivery, stored.sent_on) == (case_url(grant), "electronic", date(2026, 11, 24))
    assert grant.application.history.last().reason == "Per E-Mail gesandt."


def test_dispatch_that_nobody_wrote_down_is_not_corrected(client, grant, people):
    client.force_login(people["decider"])

    act(client, grant, "versand-berichtigen", reason="x")

    assert said_on_case(client, grant) == [
        f"Der Versand ist noch nicht festgehalten. {TO_LETTERS}",
        "Nicht gespeichert, zum Mitnehmen: Was falsch festgehalten war: „x“",
    ]


def test_unknown_act_is_not_found(client, grant, people):
    client.force_login(people["clerk"])

    assert act(client, grant, "verbrennen").status_code == 404


def test_correction_is_looked_at_and_issued(client, grant, people):
    client.force_login(people["decider"])
    words = {"wrong": "31.12.2030", "right": "31.12.2031"}

    draft = act(client, grant, "berichtigung", **words, preview="1")
    before = Notice.objects.count()
    response = act(client, grant, "berichtigung", **words)

    correction = Notice.objects.get(kind="correcting")
    assert (draft.headers["Content-Type"], before) == ("application/pdf", 1)
    assert (correction.refers_to, correction.issued_by, response.url) == (
        grant,
        people["decider"],
        letter_url(correction),
    )
    assert correction.data["corrections"] == [{"wrong": "31.12.2030", "right": "31.12.2031"}]


def test_correction_that_cannot_be_set_says_why(client, grant, people):
    client.force_login(people["decider"])

    response = act(client, grant, "berichtigung", wrong="a", right="\U0001f600")

    assert response.context["form"].non_field_errors() == [
        "Das Zeichen „\U0001f600“ (U+1F600 GRINNING FACE) lässt sich im Schreiben nicht darstellen. Bitte ersetzen Sie es "
        "in den Angaben."
    ]
    assert Notice.objects.count() == 1


def test_letter_that_was_never_sent_is_voided_with_a_reason(client, grant, people):
    client.force_login(people["decider"])

    act(client, grant, "ungueltig", reason="Falsche Anschrift.")

    stored = Notice.objects.get(pk=grant.pk)
    assert (stored.voided_by, stored.voided_reason) == (people["decider"], "Falsche Anschrift.")


# ── Dates ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_dates_are_counted_from_what_is_written_on_the_notice(client, grant, people):
    client.force_login(people["clerk"])
    act(client, grant, "versand", **SENT)
    act(client, grant, "verzicht", waiver_on="24.11.2026")

    facts = DateFacts.objects.get(application=grant.application)

    assert (facts.posted_on, facts.retrieved_on, facts.waived_on) == (date(2026, 11, 24), None, date(2026, 11, 24))


def test_dates_are_not_counted_from_other_letters(client, people, grant):
    receipt = notices.issue(grant.application, LetterKind.RECEIPT, by=people["clerk"])
    client.force_login(people["clerk"])

    act(client, receipt, "versand", **SENT)

    assert not DateFacts.objects.exists()


@pytest.mark.parametrize(("in_a_letter", "shown"), [(True, ["posted_on", "retrieved_on", "waived_on"]), (False, [])])
def test_day_of_a_notice_is_written_in_one_place(client, in_a_letter, shown):
    facts = DateFactsFactory(application=case_in("approved"))
    stationery()
    if in_a_letter:
        letter_samples.issue(LetterKind.GRANT, application=facts.application, recipient=["Stadt", "12345 Ort"])
    client.force_login(facts.application.clerk)

    page = client.get(reverse("admin:applications_datefacts_change", args=[facts.pk]))

    assert list(page.context["adminform"].readonly_fields) == shown


# ── Hearings ──────────────────────────────────────────────────────────────────────────────────────────────────────────

ASKED = {"intention": "refuse", "reasons": "Die Einsparung fehlt.", "due_on": "15.01.2027"}


def hear(client, application, **changes):
    return client.post(f"{reverse('admin:applications_hearing_add')}?parent={application.pk}", {**ASKED, **changes})


def test_hearing_comes_with_its_letter(client):
    stationery()
    application = letter_samples.case()
    client.force_login(application.clerk)

    hear(client, application)

    hearing = Hearing.objects.get()
    assert (hearing.application, hearing.due_on, hearing.is_over) == (application, date(2027, 1, 15), False)
    assert (hearing.notice.kind, hearing.notice.issued_by) == ("hearing", application.clerk)
    assert "beabsichtigen wir, den Antrag abzulehnen." in str(hearing.notice.data["before"])


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"intention": "revoke"}, {"intention": ["Der Fall ist nicht bewilligt."]}),
        (
            {"reasons": "Nein \U0001f600"},
            {
                "__all__": [
                    "Das Zeichen „\U0001f600“ (U+1F600 GRINNING FACE) lässt sich im Schreiben nicht darstellen. Bitte "
                    "ersetzen Sie es in den Angaben."
                ]
            },
        ),
        ({"due_on": ""}, {"due_on": ["Dieses Feld ist zwingend erforderlich."]}),
        (
            {"due_on": f"{timezone.localdate():%d.%m.%Y}"},
            {"due_on": ["Bis dahin bleibt keine Zeit. Bitte nennen Sie einen Tag ab morgen."]},
        ),
    ],
)
def test_hearing_that_cannot_be_held(client, changes, errors):
    stationery()
    application = letter_samples.case()
    client.force_login(application.clerk)

    response = hear(client, application, **changes)

    assert response.context["adminform"].form.errors == errors
    assert (Hearing.objects.count(), Notice.objects.count()) == (0, 0)


def test_answer_is_recorded_and_the_question_stays(client):
    stationery()
    hearing = HearingFactory(application=letter_samples.case())
    client.force_login(clerk())
    url = reverse("admin:applications_hearing_change", args=[hearing.pk])
    seen = client.get(url).context["adminform"].form["seen"].value()

    today = timezone.localdate()

    client.post(url, {"seen": seen, "reasons": "Anders.", "answered_on": today, "answer": "Wir sparen doch."})

    stored = Hearing.objects.get()
    assert (stored.reasons, stored.answered_on, stored.answer, stored.is_over) == (
        "Die Einsparung fehlt.",
        today,
        "Wir sparen doch.",
        True,
    )
