"""The lead says where it wants to be paid; only the lead."""

import pytest

from applications.models import BankAccount, Message
from tests.applications.portal.browsing import url
from tests.factories import case_in
from tests.municipal_people import member_of
from tests.payment_factories import IBANS, account_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return case_in("approved")


def test_lead_is_asked_for_its_account_once_the_case_is_granted(client, case):
    client.force_login(member_of(case.lead))

    asked = client.get(url("case", case)).content.decode()
    response = client.post(
        url("bank_account", case), {"holder": "Gemeindekasse", "iban": "DE02 1203 0000 0000 2020 51"}
    )
    after = client.get(url("case", case)).content.decode()

    assert "Bitte geben Sie an, auf welches Konto ausgezahlt werden soll." in asked
    assert response.url == url("case", case)
    assert "auf welches Konto" not in after
    account = BankAccount.objects.get()
    assert (account.municipality, account.iban, account.is_confirmed) == (case.lead, IBANS[0], False)


def test_colleagues_hear_of_a_new_account_by_mail(client, case, django_capture_on_commit_callbacks):
    person, colleague = member_of(case.lead), member_of(case.lead)
    client.force_login(person)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("bank_account", case), {"holder": "Gemeindekasse", "iban": IBANS[0]})

    message = Message.objects.get(event="account_entered")
    assert message.recipient == colleague
    assert "Gemeindekasse, DE02 … 2051" in message.text


def test_wrong_iban_comes_back_with_a_sentence_and_what_was_typed(client, case):
    client.force_login(member_of(case.lead))

    response = client.post(
        url("bank_account", case), {"holder": "Gemeindekasse", "iban": "DE02 1203 0000 0000 2020 52"}
    )

    assert response.context["form"].errors.keys() == {"iban"}
    assert "vermutlich ist eine Ziffer falsch" in response.content.decode()
    assert 'value="DE02 1203 0000 0000 2020 52"' in response.content.decode()
    assert not BankAccount.objects.exists()


def test_known_account_is_shown_with_its_last_digits_only(client, case):
    account_of(case.lead)
    client.force_login(member_of(case.lead))

    page = client.get(url("bank_account", case)).content.decode()

    assert "DE02 … 2051" in page
    assert IBANS[0] not in page.replace(" ", "")


def test_partner_does_not_reach_the_page(client, case):
    client.force_login(member_of(case.participants[1].municipality))

    assert client.get(url("bank_account", case)).status_code == 404
    assert client.post(url("bank_account", case), {"holder": "Kasse", "iban": IBANS[0]}).status_code == 404
    assert not BankAccount.objects.exists()
