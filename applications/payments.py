"""Payment of what was granted: chosen, prepared by one person, released by another; each case once.

Locks are taken in this order: the list, its cases, their municipalities, each in the order of their keys.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.urls import reverse

from applications import case_dates, payment_file, periods, workflow
from applications import iban as ibans
from applications.deadlines import ALMOST_A_YEAR, repayments
from applications.models import Application, BankAccount, DeliveryRule, PayingAccount, Payment, PaymentOrder
from applications.payment_file import Account, Transfer
from applications.permissions import PAY
from applications.states import State
from ikz import clock
from ikz.german import counted, day, euros
from municipalities.models import Municipality

CENT = Decimal("0.01")
FARTHEST = timedelta(
    days=30
)  # banks take orders for later, but a forgotten one would be paid long after it was released
MOST = 200  # cases on one page
ALMOST_A_MONTH = timedelta(days=28)  # less than any month, as ALMOST_A_YEAR is less than any year
WHAT_DATES_ASK_FOR = ["cooperation__lead__district", "cooperation__agreement", "variant__programme", "date_facts"]


class PaymentRefused(Exception):
    """Nothing was changed. The message is a German sentence."""


@dataclass(frozen=True)
class Candidate:
    """A granted case that is not paid yet, and why it cannot be now; `amount` in euros."""

    application: Application
    amount: Decimal
    obstacles: list[str]

    @property
    def is_ready(self) -> bool:
        return not self.obstacles


@dataclass(frozen=True)
class Choice:
    """What can be chosen from, the cases that can be paid first; `is_cut` where more wait than one page holds."""

    candidates: list[Candidate]
    is_cut: bool


def shares(amount: Decimal, number: int) -> list[Decimal]:
    """Equal parts in whole cents; the first gets the cents that are left over."""
    part = (amount / number).quantize(CENT, rounding=ROUND_DOWN)
    return [amount - part * (number - 1), *[part] * (number - 1)]


def choice(user, today: date) -> Choice:
    """The granted cases that are neither paid nor in a list. Four queries for any number."""
    found = _candidates(_probably_ready_first(_waiting(user), today)[: MOST + 1], today)
    return Choice(sorted(found[:MOST], key=lambda each: not each.is_ready), is_cut=len(found) > MOST)


def _waiting(user):
    granted = Application.objects.visible_to(user).filter(state=State.APPROVED, taken_over_at=None)
    return granted.exclude(pk__in=Payment.objects.standing().values("application")).order_by("pk")


def _probably_ready_first(cases, today):
    """No case that can be paid comes after one that surely cannot, so that those do not fill the page.

    SQL looks through a sieve, Python counts the objection period (due_dates.py).
    """
    accounts = BankAccount.objects.usable().filter(municipality=OuterRef("cooperation__lead"))
    final = Q(date_facts__waived_on__lte=today)
    for is_instructed, least in ((True, ALMOST_A_MONTH), (False, ALMOST_A_YEAR)):
        sent = Q(date_facts__posted_on__lte=today - least) | Q(date_facts__retrieved_on__lte=today - least)
        final |= Q(date_facts__is_instructed=is_instructed) & sent
    may_be_ready = When(final & Q(date_facts__action_pending=False) & Exists(accounts), then=Value(0))
    return cases.order_by(Case(may_be_ready, default=Value(1)), "pk")


def _candidates(cases, today) -> list[Candidate]:
    rules = list(DeliveryRule.objects.all())
    with_dates = cases.select_related(*WHAT_DATES_ASK_FOR)
    needed = with_dates.prefetch_related("decisions", "cooperation__lead__bank_accounts")
    return [_candidate(case, rules, today) for case in needed]


def _candidate(application, rules, today) -> Candidate:
    dates = case_dates.dates(application.facts_of_dates, rules)
    final_on = next((each.day for each in dates if each.what == case_dates.What.FINALITY), None)
    obstacles = []
    if final_on is None:
        obstacles.append(
            "Wann der Bescheid bestandskräftig wird, ist nicht bekannt. Bitte tragen Sie die Fristangaben ein."
        )
    elif final_on > today:
        obstacles.append(f"Der Bescheid wird erst am {day(final_on)} bestandskräftig.")
    if not _usable_account(application.lead):
        obstacles.append(f"{application.lead.display_name} hat noch keine bestätigte Bankverbindung.")
    return Candidate(application, application.decision.standing, obstacles)


def _usable_account(municipality):
    accounts = municipality.bank_accounts.all()
    return next((each for each in accounts if each.is_confirmed and each.ended_at is None), None)


def prepare(chosen: dict[int, bool], *, by) -> PaymentOrder:
    """A list of these cases (key → whether the amount is split among the participants). Raises PaymentRefused."""
    _require_right(by)
    if not chosen:
        raise PaymentRefused("Bitte markieren Sie mindestens einen Fall.")
    with transaction.atomic():
        Application.objects.filter(pk__in=chosen).lock_rows()
        found = _candidates(_waiting(by).filter(pk__in=chosen), clock.today())
        ready = {each.application.pk: each for each in found if each.is_ready}
        if missing := chosen.keys() - ready.keys():
            raise PaymentRefused(_no_longer_ready(missing))
        order = PaymentOrder.objects.create(prepared_by=by, prepared_at=clock.now())
        for key in sorted(chosen):
            _add(order, ready[key], split=chosen[key])
        return order


def reminders(user) -> list[tuple[str, str]]:
    """What waits for the second person, as sentence and the list that shows it; nothing for whoever does not pay out."""
    if not user.has_perm(PAY):
        return []
    accounts = BankAccount.objects.open().filter(confirmed_at=None).exclude(entered_by=user).count()
    mine_to_release = PaymentOrder.objects.filter(released_at=None).exclude(prepared_by=user)
    orders = mine_to_release.filter(payments__left_out_at=None).distinct().count()
    yesterday = clock.today() - timedelta(days=1)
    late = sum(1 for _each in repayments(Application.objects.visible_to(user), yesterday))
    found = [
        (accounts, "Bankverbindung wartet", "Bankverbindungen warten", "Bestätigung", "bankaccount"),
        (orders, "Zahlungsliste wartet", "Zahlungslisten warten", "Freigabe", "paymentorder"),
    ]
    waiting = [
        (f"{counted(number, one, many)} auf Ihre {what}.", reverse(f"admin:applications_{model}_changelist"))
        for number, one, many, what, model in found
        if number
    ]
    return [*waiting, *_overdue_repayments(late)]


def _overdue_repayments(number):
    if not number:
        return []
    said = counted(number, "Erstattung ist überfällig", "Erstattungen sind überfällig")
    address = reverse("admin:applications_application_changelist") + "?due=repayment"
    return [(f"{said}. Ist das Geld da, halten Sie es am Fall fest.", address)]


def _no_longer_ready(keys):
    numbers = Application.objects.filter(pk__in=keys).order_by("pk").values_list("file_number", flat=True)
    return (
        f"Nicht auszahlbar oder schon in einer Zahlungsliste: {', '.join(numbers) or 'unbekannter Fall'}. "
        "Es wurde nichts vorbereitet. Bitte wählen Sie neu aus."
    )


def _add(order, candidate, *, split):
    case = candidate.application
    receivers = [case.lead, *(each for each in case.municipalities if each != case.lead)] if split else [case.lead]
    for municipality, amount in zip(receivers, shares(candidate.amount, len(receivers)), strict=True):
        account = _usable_account(municipality)
        if account is None:
            raise PaymentRefused(
                f"{case.file_number}: {municipality.display_name} hat keine bestätigte Bankverbindung. Bitte teilen Sie den "
                "Betrag nicht auf oder lassen Sie die Bankverbindung bestätigen. Es wurde nichts vorbereitet."
            )
        order.payments.create(
            application=case, municipality=municipality, holder=account.holder, iban=account.iban, amount=amount
        )


def leave_out(order: PaymentOrder, application: Application, *, by):
    """The case is paid by another list or not at all. Raises PaymentRefused once the list is released."""
    _require_right(by)
    with transaction.atomic():
        order = _held(order)
        _require_open(order)
        now = clock.now()
        for each in order.payments.standing().filter(application=application):
            each.left_out_by, each.left_out_at = by, now
            each.save(update_fields=["left_out_by", "left_out_at"])  # one by one, so that auditlog sees it


def release(order: PaymentOrder, *, execute_on: date, by) -> PaymentOrder:
    """All cases of the list are paid, and the file for the bank is there; or nothing at all. Raises PaymentRefused."""
    _require_right(by)
    _require_day(execute_on)
    with transaction.atomic():
        order = _held(order)
        _require_open(order)
        if order.prepared_by_id == by.pk:
            raise PaymentRefused(
                "Vier-Augen-Prinzip: Sie haben die Zahlungsliste vorbereitet. Freigeben muss eine andere Person."
            )
        payments = list(order.payments.standing().select_related("application", "municipality"))
        if not payments:
            raise PaymentRefused("In der Zahlungsliste steht kein Fall mehr. Bitte bereiten Sie eine neue vor.")
        _pay(order, payments, by)
        _require_accounts(payments)
        order.released_by, order.released_at, order.execute_on = by, clock.now(), execute_on
        order.file = _file(payments, execute_on)
        order.save()
        return order


def _file(payments, execute_on) -> str:
    payer, transfers = _payer(), [_transfer(each) for each in payments]
    try:
        return payment_file.pain_001(payer, transfers, execute_on)
    except payment_file.Unwritable as error:
        raise PaymentRefused(
            f"Die Datei für die Bank würde nicht dem Format {payment_file.SCHEMA} entsprechen. Es wurde nichts freigegeben. "
            "Bitte prüfen Sie Inhaber und IBAN des Auszahlungskontos und der Bankverbindungen in der Liste."
        ) from error


def _pay(order, payments, by):
    for key in sorted({each.application_id for each in payments}):
        application = Application.objects.locked(key)  # no lawsuit is entered between the day that is read and the step
        try:
            workflow.take(application, "pay", by=by, final_on=application.final_on, payment_order=order.pk)
        except workflow.StepRefused as refusal:
            raise PaymentRefused(
                f"{application.file_number}: {refusal} Es wurde nichts freigegeben. Bitte nehmen Sie den Fall aus der Liste."
            ) from refusal


def _require_accounts(payments):
    """Money goes only where the confirmed account still is. The municipalities are held, so that it stays there."""
    keys = {each.municipality_id for each in payments}
    list(Municipality.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").only("pk"))
    confirmed = dict(BankAccount.objects.usable().filter(municipality__in=keys).values_list("municipality", "iban"))
    for each in payments:
        if confirmed.get(each.municipality_id) != each.iban:
            raise PaymentRefused(
                f"{each.application.file_number}: Die Bankverbindung von {each.municipality.display_name} hat sich geändert. "
                "Es wurde nichts freigegeben. Bitte nehmen Sie den Fall heraus und bereiten Sie die Zahlung neu vor."
            )


def _payer() -> Account:
    account = PayingAccount.objects.on(clock.today())
    if account is None:
        raise PaymentRefused("Es ist kein Auszahlungskonto eingetragen. Bitte wenden Sie sich an die Rolle Stammdaten.")
    return Account(account.holder, account.iban, ibans.bic(account.iban))


def _transfer(payment) -> Transfer:
    to = Account(payment.holder, payment.iban, ibans.bic(payment.iban))
    return Transfer(to, payment.amount, payment.reference, payment.remittance)


def _held(order):
    return PaymentOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)


def _require_open(order):
    if order.is_released:
        raise PaymentRefused(
            f"{order} wurde schon am {day(clock.day_of(order.released_at))} freigegeben, über {euros(order.total)}. "
            "Es wurde nichts noch einmal bezahlt."
        )


def _require_day(execute_on):
    """A day within reach on which banks work.

    What closes TARGET, the system in which banks settle (1 January, Karfreitag, Ostermontag, 1 May, 25 and 26 December),
    is a holiday in Hessen, too; 24 and 31 December are working days of it. On the other holidays of Hessen nobody at the
    paying bank is asked to work either.
    """
    today = clock.today()
    last = today + FARTHEST
    if execute_on is None or not today <= execute_on <= last:
        raise PaymentRefused(f"Bitte geben Sie einen Ausführungstag zwischen heute und dem {day(last)} an.")
    if not periods.is_working_day(execute_on):
        following = periods.working_day_from(execute_on)
        possible = following if following <= last else periods.working_day_until(execute_on)
        raise PaymentRefused(
            f"Am {day(execute_on)} arbeiten die Banken nicht. Bitte wählen Sie einen anderen Ausführungstag, zum Beispiel den "
            f"{day(possible)}."
        )


def _require_right(by):
    if not by.has_perm(PAY):
        raise PaymentRefused("Auszahlungen nimmt die Rolle Haushalt vor.")
