"""Accounts count when a second person confirmed them, and end once."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.db import connection, transaction

from applications.models import BankAccount, FieldChange
from applications.models.bank_account import AccountRefused
from municipalities.models import Municipality
from tests.factories import case_in, clerk, treasurer
from tests.payment_factories import IBANS, account_of

pytestmark = pytest.mark.django_db


def test_account_counts_only_after_another_person_confirmed_it():
    lead, person = case_in("drafted").lead, treasurer()
    account = BankAccount(municipality=lead, holder="Kasse", iban=IBANS[0])
    BankAccount.objects.enter(account, by=person)

    with pytest.raises(AccountRefused, match="bestätigen muss eine andere Person"):
        account.confirm(by=person)
    assert not BankAccount.objects.usable().exists()

    account.confirm(by=treasurer())
    assert BankAccount.objects.usable().get() == account


def test_new_account_replaces_the_old_one_when_it_is_confirmed():
    lead = case_in("drafted").lead
    old = account_of(lead)
    new = BankAccount.objects.enter(BankAccount(municipality=lead, holder="Kasse", iban=IBANS[1]), by=clerk())

    assert BankAccount.objects.usable().get() == old
    new.confirm(by=treasurer())
    assert BankAccount.objects.usable().get() == new
    with pytest.raises(AccountRefused, match="schon bestätigt"):
        new.confirm(by=treasurer())


def test_account_that_waited_gives_way_to_a_newer_one():
    lead = case_in("drafted").lead
    for iban in IBANS[:2]:
        BankAccount.objects.enter(BankAccount(municipality=lead, holder="Kasse", iban=iban), by=clerk())

    assert BankAccount.objects.open().get().iban == IBANS[1]


def test_end_of_a_replaced_account_stands_among_the_field_changes():
    lead = case_in("drafted").lead
    confirmed = account_of(lead)
    waiting, newest = (BankAccount(municipality=lead, holder="Kasse", iban=iban) for iban in IBANS[:2])

    BankAccount.objects.enter(waiting, by=clerk())
    BankAccount.objects.enter(newest, by=clerk())
    newest.confirm(by=treasurer())

    ended = FieldChange.objects.filter(changes__has_key="ended_at", action=FieldChange.Action.UPDATE)
    assert {each.object_pk for each in ended} == {str(confirmed.pk), str(waiting.pk)}


def test_ending_an_account_forgets_nothing_that_happened_since_its_page_was_opened():
    lead, confirmer, ender = case_in("drafted").lead, treasurer(), clerk()
    opened = BankAccount.objects.enter(BankAccount(municipality=lead, holder="Kasse", iban=IBANS[0]), by=clerk())
    BankAccount.objects.get().confirm(by=confirmer)

    opened.end(by=ender)

    account = BankAccount.objects.get()
    assert (account.confirmed_by, account.ended_by) == (confirmer, ender)
    assert account.confirmed_at is not None


def test_account_ends_once():
    opened = account_of(case_in("drafted").lead)
    BankAccount.objects.get().end(by=(first := clerk()))

    with pytest.raises(AccountRefused, match="schon beendet"):
        opened.end(by=clerk())

    assert BankAccount.objects.get().ended_by == first


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in from the beginning")
def test_account_does_not_end_while_money_is_sent_there():
    account = account_of(case_in("drafted").lead)
    person = clerk()

    def end():
        try:
            account.end(by=person)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Municipality.objects.select_for_update(no_key=True).get(pk=account.municipality_id)  # as release() does
            ending = pool.submit(end)
            wait([ending], timeout=1)
            assert BankAccount.objects.usable().exists()
        ending.result()

    assert not BankAccount.objects.usable().exists()
