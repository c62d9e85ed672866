"""Letters that a clerk issues whenever the case gives a reason."""

from datetime import date

import pytest
from django.urls import reverse

from applications.models import Notice, Office
from ikz import clock
from tests.applications import letter_samples
from tests.factories import CorrectionRequestFactory, OpinionFactory, case_in, clerk, decider
from tests.stationery import stationery

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(client):
    stationery()
    application = letter_samples.case()
    client.force_login(application.clerk)
    return application


def url(application, kind):
    return reverse("admin:applications_application_letter", args=[application.pk, kind])


def offered(client, application):
    page = client.get(reverse("admin:applications_application_change", args=[application.pk]))
    return [kind.value for kind in page.context["letters_by_hand"]]


def issue(client, application, kind, **answers):
    form = client.get(url(application, kind)).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    return client.post(url(application, kind), {**sent, **answers})


def test_case_offers_what_it_gives_a_reason_for(client, case):
    assert offered(client, case) == ["receipt", "reminder"]

    CorrectionRequestFactory(application=case)
    OpinionFactory(application=case, received_on=None, recommendation="")

    assert offered(client, case) == ["receipt", "correction_request", "opinion_request", "reminder"]


@pytest.mark.parametrize(
    ("kind", "answers", "said"),
    [
        ("receipt", {}, "Ihr Antrag auf Förderung"),
        (
            "reminder",
            {"about": "den Verwendungsnachweis", "due_on": "2030-06-30"},
            "erinnern wir an den Verwendungsnachweis",
        ),
    ],
)
def test_letter_is_looked_at_and_issued(client, case, kind, answers, said):
    draft = issue(client, case, kind, **answers, preview="1")
    before = Notice.objects.count()
    response = issue(client, case, kind, **answers)

    notice = Notice.objects.get()
    assert (draft.headers["Content-Type"], before) == ("application/pdf", 0)
    assert (notice.kind, notice.issued_by) == (kind, case.clerk)
    assert response.url == reverse("admin:applications_notice_change", args=[notice.pk])
    assert said in str(notice.data["before"])


def test_requests_choose_what_they_are_about(client, case):
    request = CorrectionRequestFactory(application=case, requested_by=case.clerk)
    request.items.create(text="unterschriebene Vereinbarung")
    opinion = OpinionFactory(application=case, received_on=None, recommendation="")

    issue(client, case, "correction_request", request=request.pk)
    issue(client, case, "opinion_request", opinion=opinion.pk, due_on="2027-01-15")

    asked, asked_office = Notice.objects.order_by("pk")
    assert asked.data["items"] == [{"who": "Bensheim", "what": "unterschriebene Vereinbarung"}]
    address = [opinion.name, "Landgraf-Philipp-Platz 1–7", "35390 Gießen"]
    assert (asked_office.recipient, asked_office.dated_on) == (address, date.today())  # noqa: DTZ011


def test_request_for_an_opinion_without_an_address_says_where_to_enter_it(client, case):
    opinion = OpinionFactory(application=case, name="Kommunale Spitzenverbände", received_on=None, recommendation="")

    refused = issue(client, case, "opinion_request", opinion=opinion.pk, due_on="2027-01-15")
    Office.objects.update(address="Hessischer Städtetag\n65189 Wiesbaden")
    issue(client, case, "opinion_request", opinion=opinion.pk, due_on="2027-01-15")

    assert refused.context["form"].non_field_errors() == [
        "Für die Stelle „Kommunale Spitzenverbände“ ist keine Anschrift bekannt. Bitte tragen Sie sie unter „Beteiligte "
        "Stellen“ ein."
    ]
    assert Notice.objects.get().recipient == ["Hessischer Städtetag", "65189 Wiesbaden"]


def test_letter_without_a_reason_and_unknown_letters(client, case):
    page = reverse("admin:applications_application_change", args=[case.pk])

    assert client.get(url(case, "opinion_request")).url == page
    assert client.get(url(case, "withdrawal")).url == page
    assert client.get(url(case, "grant")).status_code == 404


def test_withdrawal_on_the_portal_is_confirmed_later(client):
    stationery()
    application = case_in("withdrawn", cooperation=letter_samples.cooperation())
    client.force_login(application.clerk)

    issue(client, application, "withdrawal")
    again = issue(client, application, "withdrawal")

    assert Notice.objects.get().kind == "withdrawal"
    assert "gibt es schon" in again.content.decode()


def test_letters_are_the_clerks_business(client, case):
    client.force_login(decider())

    assert client.get(url(case, "receipt")).status_code == 403


def test_what_is_missing_is_said_in_the_form(client, case):
    response = issue(client, case, "reminder", about="", due_on="")

    assert sorted(response.context["form"].errors) == ["about", "due_on"]
    assert not Notice.objects.exists()


@pytest.mark.parametrize("kind", ["reminder", "opinion_request"])
def test_letter_asks_for_nothing_by_a_day_that_has_begun(client, case, kind):
    opinion = OpinionFactory(application=case, received_on=None, recommendation="")
    answers = {"reminder": {"about": "den Bericht"}, "opinion_request": {"opinion": opinion.pk}}[kind]

    response = issue(client, case, kind, **answers, due_on=clock.today().isoformat())

    assert response.context["form"].errors == {
        "due_on": ["Bis dahin bleibt keine Zeit. Bitte nennen Sie einen Tag ab morgen."]
    }
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("step", "words"),
    [("withdraw", "Entwurf des Schreibens ansehen"), ("reject", "Entwurf des Bescheids ansehen")],
)
def test_draft_is_called_what_it_is(client, step, words):
    stationery()
    application = letter_samples.case()
    client.force_login(clerk() if step == "withdraw" else decider())

    page = client.get(reverse("admin:applications_application_take", args=[application.pk, step]))

    assert words in page.content.decode()


def test_opinion_that_nobody_asked_for_yet_is_called_so(client):
    application = letter_samples.case()
    OpinionFactory(application=application, requested_on=None, received_on=None, recommendation="")
    client.force_login(application.clerk)

    page = client.get(reverse("admin:applications_application_change", args=[application.pk]))

    assert '<span class="mark mark--wait">noch nicht angefordert</span>' in page.content.decode()
