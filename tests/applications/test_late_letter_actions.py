"""An act on a letter that comes too late or twice: nothing is done, nothing typed is lost, and nobody is alarmed."""

from datetime import date

import pytest
from django.urls import reverse

from applications import notices
from applications.models import Notice
from applications.models.notice import SENT_STAYS
from tests.applications.test_letter_actions import SENT, TO_LETTERS, act, case_url, said_on_case

pytestmark = pytest.mark.django_db


DONE_BEFORE = (
    f"Das ist bereits ausgeführt, genau so, wie Sie es eingegeben haben. Sie müssen nichts weiter tun. {TO_LETTERS}"
)


@pytest.mark.parametrize(
    ("who", "is_sent", "name", "answers"),
    [
        ("clerk", False, "versand", SENT),
        ("clerk", True, "verzicht", {"waiver_on": "24.11.2026"}),
        ("decider", True, "versand-berichtigen", {"delivery": "", "sent_on": "", "reason": "Liegt noch hier."}),
        ("decider", False, "berichtigung", {"wrong": "31.12.2030", "right": "31.12.2031"}),
        ("decider", False, "ungueltig", {"reason": "Falsche Anschrift."}),
    ],
)
def test_act_that_is_sent_twice_is_done_once_and_alarms_nobody(client, grant, people, who, is_sent, name, answers):
    if is_sent:
        notices.record_dispatch(grant, delivery="post", posted_on=date(2026, 11, 24))
    client.force_login(people[who])
    act(client, grant, name, **answers)
    client.get(reverse("admin:index"))  # takes the message of the first sending along
    first = (Notice.objects.count(), grant.application.history.count())

    act(client, grant, name, **answers)

    assert said_on_case(client, grant)[-1:] == [DONE_BEFORE]
    assert (Notice.objects.count(), grant.application.history.count()) == first


VOIDED = "Das Schreiben ist für ungültig erklärt. Bitte fertigen Sie ein neues aus, wenn es eines braucht."


@pytest.mark.parametrize(
    ("name", "typed", "by_a_colleague", "said"),
    [
        (
            "ungueltig",
            {"reason": "Falsche Anschrift."},
            lambda notice, _by: notices.record_dispatch(notice, delivery="post", posted_on=date(2026, 11, 24)),
            [SENT_STAYS, "Warum das Schreiben nicht gilt: „Falsche Anschrift.“"],
        ),
        (
            "berichtigung",
            {"wrong": "31.12.2030", "right": "31.12.2031"},
            lambda notice, by: notices.void(notice, by=by, reason="Nie versandt."),
            [VOIDED, "Im Schreiben steht: „31.12.2030“", "Richtig ist: „31.12.2031“"],
        ),
    ],
)
def test_what_was_typed_is_given_back_where_a_colleague_was_faster(
    client, grant, people, name, typed, by_a_colleague, said
):
    client.force_login(people["decider"])
    by_a_colleague(grant, people["clerk"])

    response = act(client, grant, name, **typed)

    refusal, *given_back = said
    assert response.url == case_url(grant)
    assert said_on_case(client, grant) == [
        f"{refusal} {TO_LETTERS}",
        *(f"Nicht gespeichert, zum Mitnehmen: {each}" for each in given_back),
    ]
    assert Notice.objects.count() == 1


def test_whoever_lacks_the_right_is_refused_whatever_became_of_the_letter(client, grant, people):
    notices.void(grant, by=people["decider"], reason="Nie versandt.")
    client.force_login(people["clerk"])

    assert act(client, grant, "ungueltig", reason="Falsche Anschrift.").status_code == 403
