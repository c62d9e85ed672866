"""The chain of opinions of a case: proposed once, changed by the clerk, kept once something came in."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from applications.models import Opinion
from tests.factories import ApplicationFactory, OpinionFactory

pytestmark = pytest.mark.django_db
WAITING = {"received_on": None, "recommendation": ""}


@pytest.fixture
def case(client):
    application = ApplicationFactory()
    client.force_login(application.clerk)
    return application


def test_proposal_leaves_out_whom_the_clerk_asked_by_another_name(client, case):
    OpinionFactory(application=case, name="RP Gießen, Dezernat I 13", **WAITING)

    client.post(reverse("admin:applications_application_propose_opinions", args=[case.pk]))

    assert [each.name for each in case.opinions.all()] == [
        "RP Gießen, Dezernat I 13",
        "Kommunale Spitzenverbände",
        "Hessisches Ministerium der Finanzen",
    ]


@pytest.mark.parametrize("came_in", [{}, {**WAITING, "text": "Vorab."}])
def test_opinion_that_came_in_is_not_deleted(client, case, came_in):
    opinion = OpinionFactory(application=case, **came_in)

    response = client.post(reverse("admin:applications_opinion_delete", args=[opinion.pk]), {"post": "yes"})

    assert (response.status_code, Opinion.objects.get()) == (403, opinion)
    with pytest.raises(ValidationError) as refusal:
        opinion.delete()
    assert refusal.value.messages == [
        "Diese Stellungnahme ist eingegangen und bleibt in der Akte. Wird sie nicht gebraucht, sagt es ein Vermerk."
    ]


def test_opinion_that_was_asked_by_mistake_is_deleted(client, case):
    opinion = OpinionFactory(application=case, **WAITING)

    client.post(reverse("admin:applications_opinion_delete", args=[opinion.pk]), {"post": "yes"})

    assert Opinion.objects.count() == 0


def record(client, opinion, **answers):
    change = reverse("admin:applications_opinion_change", args=[opinion.pk])
    seen = client.get(change).context["adminform"].form["seen"].value()
    typed = {"seen": seen, "authority": opinion.authority, "name": opinion.name, **answers}
    return client.post(change, typed)


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        (
            {"requested_on": "02.07.2026", "received_on": "01.07.2026", "recommendation": "positive"},
            {
                "received_on": [
                    "Der Eingang liegt vor dem Tag der Anforderung. Bitte prüfen Sie beide Tage. Lag die Stellungnahme schon "
                    "dem Antrag bei, so lassen Sie „angefordert am“ leer."
                ]
            },
        ),
        (
            {"requested_on": "01.07.2026", "received_on": "01.07.2026"},
            {"recommendation": ["Bitte wählen Sie, was die eingegangene Stellungnahme empfiehlt."]},
        ),
    ],
)
def test_opinion_that_cannot_be_is_refused_at_its_field(client, case, answers, errors):
    opinion = OpinionFactory(application=case, **WAITING)

    response = record(client, opinion, **answers)

    assert response.context["adminform"].form.errors == errors
    assert Opinion.objects.get().received_on is None


@pytest.mark.parametrize("requested_on", ["01.07.2026", ""])
def test_opinion_of_the_same_day_or_with_the_application_is_taken(client, case, requested_on):
    opinion = OpinionFactory(application=case, **WAITING)

    record(client, opinion, requested_on=requested_on, received_on="01.07.2026", recommendation="positive")

    assert Opinion.objects.get().is_settled
