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
