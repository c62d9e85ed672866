"""Each case is paid once, by two people, to a confirmed account, with the amount that stands; or nothing happens at all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse
from time_machine import travel

from applications import payments, periods, workflow
from applications.models import Application, BankAccount, FieldChange, Payment, PaymentOrder
from applications.payments import PaymentRefused
from ikz import clock
from tests.date_factories import DateFactsFactory
from tests.factories import answers_for, case_in, clerk, decider, treasurer
from tests.payment_factories import IBANS, UNKNOWN_BANK, account_of, order_of, payable_case, paying_account

pytestmark = pytest.mark.django_db

TODAY = clock.today()
BANK_DAY = periods.working_day_from(TODAY)


def payable():
    return payable_case().pk


def two_payable():
    return payable_case().pk, payable_case().pk


def payable_in_december():
    with travel("2026-12-01 09:00"):
        return payable()


STANDS_ON = {"case": payable, "cases": two_payable, "case_of_december": payable_in_december}


@pytest.fixture
def cases(built):
    return [Application.objects.get(pk=key) for key in built]


@pytest.fixture
def case_of_december(built):
    return Application.objects.get(pk=built)


def release(order, by=None, execute_on=None):
    return payments.release(order, execute_on=execute_on or BANK_DAY, by=by or treasurer())


def test_any_number_of_cases_is_locked_in_one_query(cases, django_assert_num_queries):
    assert len(cases) == 2
    with django_assert_num_queries(1):
        Application.objects.lock_rows()


# ── Two people, once ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_release_pays_all_cases_of_the_list(cases):
    paying_account()
    releaser = treasurer()

    order = release(order_of(*cases), by=releaser)

    assert order.state_label == "freigegeben"
    assert order.total == Decimal(150000)
    assert [(each.state, each.paid_by) for each in Application.objects.order_by("pk")] == [("paid", releaser)] * 2
    assert {each.history.last().data["answers"]["payment_order"] for each in cases} == {order.pk}


def test_list_is_released_from_a_bank_and_to_a_bank_that_nobody_knows():
    case = case_in("approved")
    DateFactsFactory(application=case, waived_on=TODAY)
    account_of(case.lead, iban=UNKNOWN_BANK)
    paying_account(iban=UNKNOWN_BANK)

    order = release(order_of(case))

    assert (order.state_label, order.file.count(UNKNOWN_BANK)) == ("freigegeben", 2)


def test_what_no_bank_could_read_is_refused_with_a_sentence(case):
    paying_account(holder=" ")

    with pytest.raises(PaymentRefused, match=r"Es wurde nichts freigegeben\. Bitte prüfen Sie Inhaber und IBAN des"):
        release(order_of(case))

    assert (Application.objects.get().state, PaymentOrder.objects.get().is_released) == ("approved", False)


def test_who_prepared_does_not_release(case):
    preparer = treasurer()
    paying_account()
    order = order_of(case, by=preparer)

    with pytest.raises(PaymentRefused, match="Freigeben muss eine andere Person"):
        release(order, by=preparer)

    assert Application.objects.get().state == "approved"


def test_list_released_twice_pays_once(case):
    paying_account()
    order = release(order_of(case))
    file = order.file

    with pytest.raises(
        PaymentRefused, match=r"schon am .* freigegeben, über 75\.000 €\. Es wurde nichts noch einmal bezahlt"
    ):
        release(order)

    order.refresh_from_db()
    assert order.file == file
    assert Payment.objects.count() == 1


def test_case_in_a_list_stands_in_no_other_and_is_not_paid_by_hand(case):
    order = order_of(case)

    with pytest.raises(PaymentRefused, match="Nicht auszahlbar oder schon in einer Zahlungsliste"):
        order_of(case)
    with pytest.raises(workflow.AnswerRefused, match=f"Der Fall steht in der Zahlungsliste {order.pk}"):
        workflow.take(case, "pay", by=treasurer(), **answers_for(case, "pay"))


def test_case_left_out_can_be_paid_by_another_list(case):
    paying_account()
    order = order_of(case)

    payments.leave_out(order, case, by=treasurer())

    order.refresh_from_db()
    assert order.state_label == "verworfen"
    change = FieldChange.objects.get(changes__has_key="left_out_at", action=FieldChange.Action.UPDATE)
    assert (change.object_pk, change.application) == (str(order.payments.get().pk), case)
    with pytest.raises(PaymentRefused, match="kein Fall mehr"):
        release(order)
    assert release(order_of(case)).total == Decimal(75000)


def test_what_was_released_is_neither_left_out_nor_undone(case):
    paying_account()
    order = release(order_of(case))

    with pytest.raises(PaymentRefused, match="schon am"):
        payments.leave_out(order, case, by=treasurer())
    with pytest.raises(workflow.WrongState):
        workflow.take(case, "undo", by=clerk(), reason="Versehen.")


def test_case_in_a_list_is_not_undone(case):
    order = order_of(case)

    with pytest.raises(workflow.AnswerRefused, match=f"Der Fall steht in der Zahlungsliste {order.pk}"):
        workflow.take(case, "undo", by=decider(), reason="Versehen.")


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ("amount", r"In der Zahlungsliste stehen 75\.000 €, bewilligt sind jetzt 74\.000 €\."),
        ("revoked", r"Es wurde nichts freigegeben\. Bitte nehmen Sie den Fall aus der Liste"),
        ("account", "hat sich geändert"),
        ("ended", "hat sich geändert"),
        ("approver", "Auszahlen muss eine andere Person"),
        ("no paying account", "kein Auszahlungskonto"),
        ("too late", "Ausführungstag zwischen heute"),
        ("too far", "Ausführungstag zwischen heute"),
        ("no right", "nimmt die Rolle Haushalt vor"),
    ],
)
def test_what_changed_since_the_list_was_prepared_stops_all_of_it(change, refusal, cases):
    first, second = cases
    order = order_of(first, second)
    person, execute_on = treasurer(), BANK_DAY
    if change != "no paying account":
        paying_account()
    if change == "amount":
        workflow.take(second, "revoke_part", by=decider(), **answers_for(second, "revoke_part"))
    if change == "revoked":
        workflow.take(second, "revoke", by=decider(), **answers_for(second, "revoke"))
    if change == "account":
        account_of(second.lead, iban=IBANS[1])
    if change == "ended":
        BankAccount.objects.get(municipality=second.lead).end(by=clerk())
    if change == "approver":
        person = second.approved_by
        person.groups.add(treasurer().groups.get())
        person = type(person).objects.get(pk=person.pk)
    if change == "no right":
        person = decider()
    if change == "too late":
        execute_on = TODAY - timedelta(days=1)
    if change == "too far":
        execute_on = TODAY + timedelta(days=31)

    with pytest.raises(PaymentRefused, match=refusal):
        release(order, by=person, execute_on=execute_on)

    assert Application.objects.get(pk=first.pk).state == "approved"
    assert not PaymentOrder.objects.get().is_released


@pytest.mark.django_db(transaction=True)
def test_ten_people_release_one_list_and_it_is_paid_once():
    order = order_of(payable_case(), payable_case())
    paying_account()
    people, barrier = [treasurer() for _ in range(10)], Barrier(10, timeout=60)

    def attempt(person):
        try:
            barrier.wait()
            return release(order, by=person)
        except PaymentRefused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(attempt, people))

    assert sum(isinstance(each, PaymentOrder) for each in results) == 1
    assert sum("schon am" in str(each) for each in results if isinstance(each, PaymentRefused)) == 9
    assert [each.history.filter(step="pay").count() for each in Application.objects.all()] == [1, 1]


def test_front_page_reminds_the_second_person_and_nobody_else(case):
    preparer = treasurer()
    waiting = BankAccount(municipality=case.participants[1].municipality, holder="Kasse", iban=IBANS[1])
    BankAccount.objects.enter(waiting, by=preparer)
    order_of(case, by=preparer)

    sentences = {
        name: [sentence for sentence, _ in payments.reminders(person)]
        for name, person in {"preparer": preparer, "second": treasurer(), "clerk": clerk()}.items()
    }

    assert sentences == {
        "preparer": [],
        "second": ["1 Bankverbindung wartet auf Ihre Bestätigung.", "1 Zahlungsliste wartet auf Ihre Freigabe."],
        "clerk": [],
    }


@pytest.mark.parametrize(
    ("today", "execute_on", "possible"),
    [
        (date(2026, 12, 1), date(2026, 12, 24), None),  # banks settle on Christmas Eve
        (date(2026, 12, 1), date(2026, 12, 25), date(2026, 12, 28)),  # Friday, then a weekend
        (date(2026, 12, 7), date(2026, 12, 31), None),
        (date(2026, 12, 7), date(2027, 1, 1), date(2027, 1, 4)),
        (date(2027, 3, 1), date(2027, 3, 26), date(2027, 3, 30)),  # Karfreitag to Ostermontag
        (date(2027, 3, 1), date(2027, 3, 6), date(2027, 3, 8)),  # a Saturday
        (date(2027, 4, 1), date(2027, 5, 1), date(2027, 4, 30)),  # the next working day would be out of reach
    ],
)
def test_banks_carry_out_a_list_on_their_working_days(time_machine, today, execute_on, possible, case_of_december):
    time_machine.move_to(f"{today} 10:00")
    order = order_of(case_of_december)
    paying_account()

    if possible is None:
        assert release(order, execute_on=execute_on).execute_on == execute_on
        return
    with pytest.raises(PaymentRefused) as refusal:
        release(order, execute_on=execute_on)

    assert str(refusal.value) == (
        f"Am {execute_on:%d.%m.%Y} arbeiten die Banken nicht. Bitte wählen Sie einen anderen Ausführungstag, zum Beispiel den "
        f"{possible:%d.%m.%Y}."
    )
    assert Application.objects.get().state == "approved"


@pytest.mark.parametrize("day", ["", "gestern", "1.1.1", "99999-01-01"])
def test_release_without_a_proper_day_is_refused_with_a_sentence(client, day, case):
    order = order_of(case)
    paying_account()
    client.force_login(treasurer())

    address = reverse("admin:applications_paymentorder_release", args=[order.pk])
    response = client.post(address, {"execute_on": day}, follow=True)

    assert "Bitte geben Sie einen Ausführungstag zwischen heute" in response.content.decode()
    assert Application.objects.get().state == "approved"


# ── In the admin ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_from_the_choice_to_the_files(client, case):
    paying_account()
    client.force_login(treasurer())

    page = client.get(reverse("admin:applications_paymentorder_add"))
    client.post(reverse("admin:applications_paymentorder_add"), {"fall": [case.pk]})
    order = PaymentOrder.objects.get()
    address = reverse("admin:applications_paymentorder_change", args=[order.pk])
    own = client.get(address).content.decode()
    client.force_login(treasurer())
    others = client.get(address)
    client.post(
        reverse("admin:applications_paymentorder_release", args=[order.pk]),
        {"execute_on": others.context["release_form"]["execute_on"].value()},
    )
    files = {kind: client.get(f"{address[: -len('change/')]}datei.{kind}") for kind in ("xml", "csv", "xlsx", "doc")}

    assert case.file_number in page.content.decode()
    assert "Freigeben muss sie eine andere Person" in own
    assert "75.000 € freigeben" in others.content.decode()
    assert Application.objects.get().state == "paid"
    assert {kind: response.status_code for kind, response in files.items()} == {
        "xml": 200,
        "csv": 200,
        "xlsx": 200,
        "doc": 404,
    }
    assert f"<EndToEndId>{case.file_number}-{order.payments.get().pk}</EndToEndId>" in files["xml"].content.decode()
    assert files["csv"].content.decode("utf-8-sig").splitlines()[1].split(";")[4:8] == [
        IBANS[0],
        "BYLADEM1001",
        "Deutsche Kreditbank Berlin",
        "75000,00",
    ]


def test_files_are_there_only_after_the_release(client, case):
    order = order_of(case)
    client.force_login(treasurer())

    assert client.get(reverse("admin:applications_paymentorder_file", args=[order.pk, "xml"])).status_code == 404
