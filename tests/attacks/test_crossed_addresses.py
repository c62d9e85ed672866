"""Two keys in one address: the second belongs to the first, or there is nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import (
    ApplicationFactory,
    CooperationFactory,
    CorrectionRequestFactory,
    MunicipalityFactory,
    OpinionFactory,
    UserFactory,
)
from tests.municipal_people import member_of, officer_of
from tests.payment_factories import order_of, payable_case, paying_account
from tests.route_names import routes_with_keys
from tests.test_routes import written

pytestmark = pytest.mark.django_db


def case_with_everything():
    """Of two municipalities of its own, with something to answer for each of them."""
    case = ApplicationFactory(cooperation=CooperationFactory(participants=MunicipalityFactory.create_batch(2)))
    OpinionFactory(application=case, received_on=None, recommendation="")
    CorrectionRequestFactory(application=case).items.create(participant=case.participants[0], text="Haushaltsplan")
    return case


def case_with_a_payment():
    return order_of(payable_case()).payments.get()


def of_participant(case):
    return case.uuid, case.participants[0].pk


def item_of(case):
    return case.correctionrequests.get().items.get()


def lead_of(case):
    return member_of(case.lead)


def clerk_of(case):
    return UserFactory(roles=["Sachbearbeitung"])


# address → what it is about, its two keys, who may be there, how it is asked
CROSSED = {
    "portal:resolution": (case_with_everything, of_participant, lead_of, "get"),
    "portal:expenditure": (case_with_everything, of_participant, lead_of, "get"),
    "portal:other_documents": (case_with_everything, of_participant, lead_of, "get"),
    "portal:correction": (case_with_everything, lambda case: (case.uuid, item_of(case).pk), lead_of, "get"),
    "portal:opinion": (
        case_with_everything,
        lambda case: (case.uuid, case.opinions.get().pk),
        lambda case: officer_of(case.opinions.get()),
        "get",
    ),
    "admin:applications_application_review_correction": (
        case_with_everything,
        lambda case: (case.pk, item_of(case).pk),
        clerk_of,
        "get",
    ),
    "admin:applications_application_close_correction": (
        case_with_everything,
        lambda case: (case.pk, case.correctionrequests.get().pk),
        clerk_of,
        "get",
    ),
    "admin:applications_paymentorder_leave_out": (
        case_with_a_payment,
        lambda payment: (payment.order_id, payment.application_id),
        lambda payment: UserFactory(roles=["Haushalt"]),
        "post",
    ),
}


def test_every_address_of_two_keys_is_here():
    assert set(CROSSED) == set(routes_with_keys(2))


@pytest.mark.parametrize("name", CROSSED)
def test_a_key_of_another_record_leads_nowhere(name):
    make, keys, person_of, method = CROSSED[name]
    if method == "post":
        paying_account()
    own, foreign = make(), make()
    (first, second), (other_first, other_second) = keys(own), keys(foreign)
    client = Client()
    client.force_login(person_of(own))

    with written() as tables:
        crossed = [
            ask(reverse(name, args=args)).status_code
            for args in [(first, other_second), (other_first, second), (first, 999_999)]
            for ask in (client.get, client.post)
        ]
    allowed = getattr(client, method)(reverse(name, args=(first, second))).status_code

    assert set(crossed[::2]) <= {302, 404, 405}  # one leads to the own case before it looks at the second key
    assert crossed[1::2] == [404] * 3
    assert tables == []
    assert allowed in (200, 302)
