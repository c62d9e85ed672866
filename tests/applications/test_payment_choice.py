"""Which cases can be paid, what stands in the way of the others, and how an amount is split."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from applications import payments
from applications.models import Application, PaymentOrder
from applications.payments import PaymentRefused
from ikz import clock
from tests.date_factories import DateFactsFactory, DeliveryRuleFactory
from tests.factories import case_in, treasurer
from tests.payment_factories import IBANS, account_of, order_of, payable_case

pytestmark = pytest.mark.django_db

TODAY = clock.today()


def approved_and_payable():
    return case_in("approved").pk, payable_case().pk


def two_approved():
    return case_in("approved").pk, case_in("approved").pk


def two_payable():
    return payable_case().pk, payable_case().pk


STANDS_ON = {
    "case": "approved",
    "blocked_and_ready": approved_and_payable,
    "approved": two_approved,
    "payable": two_payable,
}


@pytest.fixture
def blocked_and_ready(built):
    return [Application.objects.get(pk=key) for key in built]


approved = payable = blocked_and_ready


@pytest.mark.parametrize(
    ("dates", "has_account", "obstacles"),
    [
        ({"waived_on": TODAY}, True, []),
        (
            {},
            True,
            ["Wann der Bescheid bestandskräftig wird, ist nicht bekannt. Bitte tragen Sie die Fristangaben ein."],
        ),
        (
            {"waived_on": TODAY + timedelta(days=3)},
            True,
            [f"Der Bescheid wird erst am {TODAY + timedelta(days=3):%d.%m.%Y} bestandskräftig."],
        ),
        ({"waived_on": TODAY}, False, ["{lead} hat noch keine bestätigte Bankverbindung."]),
    ],
)
def test_what_stands_in_the_way_of_a_payment(dates, has_account, obstacles, case):
    DateFactsFactory(application=case, **dates)
    if has_account:
        account_of(case.lead)

    (found,) = payments.choice(treasurer(), clock.today()).candidates

    assert found.obstacles == [each.format(lead=case.lead.display_name) for each in obstacles]
    assert found.amount == Decimal(75000)


@pytest.mark.parametrize(
    ("dates", "has_account"),
    [
        ({}, True),
        ({"waived_on": TODAY}, False),
        ({"waived_on": TODAY + timedelta(days=1)}, True),
        ({"waived_on": TODAY, "action_pending": True}, True),
        ({"posted_on": TODAY - timedelta(days=20)}, True),
        ({"retrieved_on": TODAY - timedelta(days=20)}, True),
        ({"posted_on": TODAY - timedelta(days=360), "is_instructed": False}, True),
    ],
)
def test_older_cases_that_cannot_be_paid_hide_no_ready_one(client, monkeypatch, dates, has_account, blocked_and_ready):
    blocked, ready = blocked_and_ready
    DateFactsFactory(application=blocked, **dates)
    if has_account:
        account_of(blocked.lead)
    monkeypatch.setattr(payments, "MOST", 1)
    client.force_login(treasurer())

    page = client.get(reverse("admin:applications_paymentorder_add"))

    assert [each.application for each in page.context["choice"].candidates] == [ready]
    assert "Es warten mehr als 1 Fälle. Gezeigt sind 1, die auszahlbaren zuerst." in page.content.decode()


@pytest.mark.parametrize(
    "dates",
    [
        {"waived_on": TODAY},
        {"posted_on": TODAY - timedelta(days=50)},
        {"retrieved_on": TODAY - timedelta(days=50)},
        {"posted_on": TODAY - timedelta(days=400), "is_instructed": False},
    ],
)
def test_whatever_made_a_case_ready_it_comes_before_what_is_not(dates, monkeypatch, approved):
    _other, ready = approved
    DateFactsFactory(application=ready, **dates)
    account_of(ready.lead)
    DeliveryRuleFactory()
    monkeypatch.setattr(payments, "MOST", 1)

    found = payments.choice(treasurer(), TODAY)

    assert [(each.application, each.is_ready) for each in found.candidates] == [(ready, True)]


def test_case_beyond_the_page_is_paid_when_it_was_chosen(monkeypatch, payable):
    first, second = payable
    monkeypatch.setattr(payments, "MOST", 1)

    order = order_of(second)

    assert [each.application for each in order.payments.all()] == [second]
    assert [each.application for each in payments.choice(treasurer(), TODAY).candidates] == [first]


@given(cents=st.integers(1000, 10**9), number=st.integers(1, 30))
def test_shares_are_equal_to_the_cent_and_add_up(cents, number):
    amount = Decimal(cents) / 100

    parts = payments.shares(amount, number)

    assert sum(parts) == amount
    assert len(parts) == number
    assert len(set(parts[1:])) <= 1
    assert 0 <= parts[0] - parts[-1] < Decimal("0.01") * number


def test_amount_is_split_among_the_participants(payable):
    case, _other = payable
    for participant, iban in zip(case.participants[1:], IBANS[1:], strict=False):
        account_of(participant.municipality, iban=iban)

    order = order_of(case, split=True)

    assert [(each.municipality, each.amount) for each in order.payments.all()] == [
        (each.municipality, Decimal(25000)) for each in case.participants
    ]


def test_nothing_is_split_to_a_municipality_without_an_account(payable):
    case, _other = payable

    with pytest.raises(
        PaymentRefused, match=r"hat keine bestätigte Bankverbindung\. Bitte teilen Sie den Betrag nicht"
    ):
        order_of(case, split=True)

    assert not PaymentOrder.objects.exists()


@pytest.mark.parametrize("cases", [1, 3])
def test_choosing_takes_the_same_queries_for_any_number_of_cases(django_assert_num_queries, cases):
    for _ in range(cases):
        payable_case()
    person = treasurer()
    person.has_perm("applications.pay_application")

    with django_assert_num_queries(4):
        assert len(payments.choice(person, clock.today()).candidates) == cases
