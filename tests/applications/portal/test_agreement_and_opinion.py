"""The agreement with its signatures from the lead, the opinion from the office that was asked."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from applications.models import Agreement, Opinion
from tests.applications.portal.browsing import pdf, post, url
from tests.factories import AgreementFactory, OpinionFactory
from tests.municipal_people import member_of, officer_of

pytestmark = pytest.mark.django_db

SIGNED = {
    "signatory_1": "A. Erste, Bürgermeisterin",
    "signatory_2": "B. Zweiter, Beigeordneter",
    "signed_on": "2026-06-02",
}


# ── Agreement ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def agreement_data(participants, **fields):
    signatures = {
        f"signature-{participant.pk}-{name}": value for participant in participants for name, value in SIGNED.items()
    }
    return {"starts_on": "2027-01-01", "ends_on": "2032-12-31"} | signatures | fields


def test_lead_brings_agreement_and_signatures(client, case, participants):
    client.force_login(member_of(participants[0].municipality))

    response = post(client, url("agreement", case), agreement_data(participants[:2], upload=pdf("vertrag.pdf")))

    assert response.status_code == 302
    agreement = Agreement.objects.get()
    assert (agreement.file.purpose, agreement.ends_on) == ("agreement", date(2032, 12, 31))
    assert [each.participant for each in agreement.signatures.all()] == participants[:2]


def test_signature_of_one_person_is_not_enough(client, case, participants):
    client.force_login(member_of(participants[0].municipality))
    data = agreement_data(participants[:1], upload=pdf()) | {f"signature-{participants[0].pk}-signatory_2": ""}

    response = post(client, url("agreement", case), data)

    (form, *_others) = response.context["form"].signatures
    assert form.non_field_errors() == [
        f"Für {participants[0].municipality.display_name} fehlt etwas: Bitte tragen Sie beide Unterschriften und den Tag "
        "ein (HGO § 71 Abs. 2)."
    ]
    assert Agreement.objects.count() == 0


def test_signature_is_taken_out_again(client, case, participants):
    AgreementFactory(cooperation=case.cooperation)
    client.force_login(member_of(participants[0].municipality))

    post(client, url("agreement", case), agreement_data(participants[1:]))

    assert [each.participant for each in Agreement.objects.get().signatures.all()] == participants[1:]


def test_partner_does_not_touch_the_agreement(client, case, participants):
    client.force_login(member_of(participants[1].municipality))

    assert client.get(url("agreement", case)).status_code == 404


def test_future_signature_is_refused(client, case, participants):
    client.force_login(member_of(participants[0].municipality))
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    data = agreement_data(participants[:1], upload=pdf()) | {f"signature-{participants[0].pk}-signed_on": tomorrow}

    response = post(client, url("agreement", case), data)

    assert response.context["form"].signatures[0].errors["signed_on"] == [
        "Dieser Tag liegt in der Zukunft. Bitte prüfen Sie das Datum."
    ]


# ── Opinion ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_office_answers(client, case, asked):
    client.force_login(officer_of(asked))

    response = post(
        client,
        url("opinion", case, asked.pk),
        {"recommendation": "positive", "text": "Keine Bedenken.", "upload": pdf()},
    )

    assert response.status_code == 302
    [message] = client.get(response.url).context["messages"]
    assert str(message) == f"{asked} gespeichert. Danke."
    opinion = Opinion.objects.get()
    assert (opinion.received_on, opinion.recommendation, opinion.file.purpose) == (
        timezone.localdate(),
        "positive",
        "opinion",
    )


@pytest.mark.parametrize(
    ("days", "in_the_portal", "in_the_admin"),
    [(0, "Frist: {day}.", "erbeten bis {day}"), (-1, "Die Frist war am {day}.", "überfällig seit {day}")],
)
def test_late_opinion_is_called_late(client, case, asked, days, in_the_portal, in_the_admin):
    due_on = timezone.localdate() + timedelta(days=days)
    Opinion.objects.update(due_on=due_on)

    client.force_login(officer_of(asked))
    for page in (reverse("portal:start"), url("case", case)):
        assertContains(client.get(page), in_the_portal.format(day=f"{due_on:%d.%m.%Y}"))
    client.force_login(case.clerk)
    page = client.get(reverse("admin:applications_application_change", args=[case.pk]))
    assertContains(page, in_the_admin.format(day=f"{due_on:%d.%m.%Y}"))


def test_opinion_says_something(client, case, asked):
    client.force_login(officer_of(asked))

    response = post(client, url("opinion", case, asked.pk), {"recommendation": "positive"})

    assert response.context["form"].errors["text"] == [
        "Bitte schreiben Sie Ihre Stellungnahme oder laden Sie sie als PDF hoch."
    ]


def test_opinion_of_another_office_does_not_exist(client, case, asked, participants):
    other = OpinionFactory(application=case, name="Regierungspräsidium Kassel")

    answers = []
    for person in (officer_of(other), member_of(participants[0].municipality)):
        client.force_login(person)
        answers.append(client.get(url("opinion", case, asked.pk)).status_code)

    assert answers == [404, 404]
