"""The budget: its sums, transfers between its lines, promises for later years, and what-if."""

import re
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications import what_if, workflow
from applications.models import Application, Budget, BudgetTransfer, CommitmentAuthorisation, Decision
from ikz import clock
from ikz.german import euros
from tests.budget_factories import authorisation, transfer
from tests.date_factories import repaid
from tests.disposal_factories import DeletionFactory
from tests.factories import ApplicationFactory, BudgetFactory, case_in, clerk, decider, treasurer
from tests.programme_factories import VariantFactory

pytestmark = pytest.mark.django_db


def page(budget):
    return reverse("admin:applications_budget_change", args=[budget.pk])


def shown(client, budget, name):
    adminform = client.get(page(budget)).context["adminform"]
    fields = [field for fieldset in adminform for line in fieldset for field in line]
    return next(field.contents() for field in fields if field.is_readonly and field.field["name"] == name)


def test_page_shows_what_is_granted_and_left(client):
    case_in("approved")
    case_in("checked")
    budget = Budget.objects.get()
    client.force_login(treasurer())

    names = ("transferred", "paid", "left")
    assert [shown(client, budget, name) for name in names] == ["0 €", "0 €", "1.925.000 €"]
    decisions = reverse("admin:applications_decision_changelist")
    link = f'<a href="{decisions}?budget__id__exact={budget.pk}">75.000 €</a>'
    assert shown(client, budget, "committed") == link
    assert client.get(f"{decisions}?budget__id__exact={budget.pk}").context["cl"].result_count == 1


def test_list_says_once_what_is_reserved_in_the_year(client):
    """No line has a share in it before a case is decided: on each of them it would be added up."""
    case_in("approved")
    case_in("checked")
    year = clock.today().year
    for other in ({"year": year, "title": "IKZ-Sonderprogramm"}, {"year": year + 1, "title": ""}):
        BudgetFactory(allocated=Decimal(100000), **other)
    client.force_login(treasurer())

    response = client.get(reverse("admin:applications_budget_changelist"))

    assert response.context["cl"].result_count == 3
    assert re.findall(r">([^<]*vorgemerkt[^<]*)<", response.text) == [
        f"{year} vorgemerkt (im Jahr, noch keinem Titel zugeordnet): 75.000 € für geprüfte Fälle, über die noch nicht "
        "entschieden ist. Von 2.025.000 €, die im Jahr über alle Haushaltsstellen verfügbar sind, bleiben danach "
        "1.950.000 € frei."
    ]


def test_year_stays_once_something_was_granted(client):
    budget = case_in("approved").decision.budget
    client.force_login(treasurer())

    client.post(page(budget), {"year": budget.year + 1, "title": "IKZ", "allocated": "3.000.000"})

    assert (Budget.objects.get().year, Budget.objects.get().allocated) == (budget.year, Decimal(3000000))
    assert shown(client, budget, "year_number") == str(budget.year)


def test_year_stays_when_only_deleted_files_are_booked(client):
    budget = BudgetFactory()
    DeletionFactory(budget=budget, bound=Decimal(75000), decided_in=budget.year)
    client.force_login(treasurer())

    client.post(page(budget), {"year": budget.year + 1, "title": "IKZ", "allocated": "3.000.000"})

    assert (Budget.objects.get().year, Budget.objects.get().title) == (budget.year, "")
    assert shown(client, budget, "title_shown") == "–"


def test_year_may_change_before(client):
    budget = BudgetFactory()
    client.force_login(treasurer())

    client.post(page(budget), {"year": "2031", "allocated": "100"})

    assert Budget.objects.get().year == 2031


def test_allocation_below_what_is_granted_is_refused(client):
    budget = case_in("approved").decision.budget
    client.force_login(treasurer())

    response = client.post(page(budget), {"allocated": "74.999,99"})

    assert response.context["adminform"].form.errors == {
        "allocated": ["Gebunden sind schon 75.000 €; der Ansatz kann nicht darunter liegen."]
    }


def test_payment_moves_money_from_promised_to_paid():
    budget = case_in("paid").decision.budget
    case_in("approved")

    line = Budget.objects.with_books().get()
    assert (budget.pk, line.committed(), line.paid(), line.left()) == (line.pk, 150000, 75000, 1850000)


# ── Transfers ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_transfer_moves_money_and_says_who_and_why(client):
    source, target = BudgetFactory(title="Rücklage"), BudgetFactory()
    client.force_login(person := treasurer())

    add = reverse("admin:applications_budgettransfer_add")
    client.post(add, {"source": source.pk, "target": target.pk, "amount": "1.234,56", "reason": "Mehr Anträge."})

    done = BudgetTransfer.objects.get()
    assert (done.by, done.reason, done.amount) == (person, "Mehr Anträge.", Decimal("1234.56"))
    assert (source.left(), target.left()) == (Decimal("1998765.44"), Decimal("2001234.56"))


@pytest.mark.parametrize(
    ("amount", "error"),
    [
        (
            "2.000.000,01",
            "In Haushalt {year}, Rücklage sind nur noch 2.000.000 € verfügbar. Bitte buchen Sie höchstens so viel um.",
        ),
        ("0", "Bitte geben Sie einen Betrag über 0 € an."),
    ],
)
def test_transfer_of_what_is_not_there_is_refused(client, amount, error):
    source, target = BudgetFactory(title="Rücklage"), BudgetFactory()
    client.force_login(treasurer())

    add = reverse("admin:applications_budgettransfer_add")
    response = client.post(add, {"source": source.pk, "target": target.pk, "amount": amount, "reason": "x"})

    errors = [text for texts in response.context["adminform"].form.errors.values() for text in texts]
    assert errors == [error.format(year=source.year)]
    assert BudgetTransfer.objects.count() == 0


def test_transfer_stays_as_it_is(client):
    done = transfer()
    client.force_login(treasurer())

    response = client.post(reverse("admin:applications_budgettransfer_change", args=[done.pk]), {"amount": "5"})

    assert response.status_code == 403
    assert BudgetTransfer.objects.get().amount == 1000


# ── Several lines, later years ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("chosen", ["", "IKZ-Sonderprogramm"])
def test_year_with_several_lines_asks_for_one(chosen):
    BudgetFactory(title="IKZ-Sonderprogramm")
    application = case_in("checked")
    answers = {"amount": Decimal(75000), "year": clock.today().year}

    with pytest.raises(workflow.AnswerRefused) as refused:
        workflow.take(application, "approve", by=decider(), **answers)
    application = workflow.take(application, "approve", by=decider(), title=chosen, **answers)

    assert (refused.value.field, str(refused.value)) == (
        "budget",
        f"Für {clock.today().year} gibt es mehrere Haushaltsstellen. Bitte wählen Sie eine aus.",
    )
    assert application.decision.budget.title == chosen


@pytest.mark.parametrize(
    ("allowed", "reason"), [(None, "Verfügbar sind noch 0 €"), (74999, "Verfügbar sind noch 74.999 €")]
)
def test_later_year_needs_an_authorisation(allowed, reason):
    line = BudgetFactory(year=clock.today().year + 1)
    if allowed:
        authorisation(budget=line, amount=allowed)

    with pytest.raises(workflow.AnswerRefused, match=reason) as refused:
        workflow.take(case_in("checked"), "approve", by=decider(), amount=Decimal(75000), year=line.year)

    assert "Verpflichtungsermächtigung" in str(refused.value)


def test_authorisation_is_used_up_by_what_is_granted_ahead(client):
    done = authorisation(amount=Decimal(75000))
    workflow.take(case_in("checked"), "approve", by=decider(), amount=Decimal(75000), year=done.budget.year)

    line = Budget.objects.get(pk=done.budget.pk)
    assert (line.promised(done.year), line.left_to_promise(done.year), line.room(done.year)) == (75000, 0, 0)
    assert (line.left(), line.room(line.year)) == (1925000, 1925000)

    client.force_login(treasurer())
    change = reverse("admin:applications_commitmentauthorisation_change", args=[done.pk])
    response = client.post(change, {"amount": "74.999", "note": ""})
    assert response.context["adminform"].form.errors == {
        "amount": ["Bewilligt sind schon 75.000 €; die Ermächtigung kann nicht darunter liegen."]
    }


def test_authorisation_is_for_a_later_year(client):
    line = BudgetFactory()
    client.force_login(treasurer())

    add = reverse("admin:applications_commitmentauthorisation_add")
    response = client.post(add, {"year": line.year, "budget": line.pk, "amount": "1"})

    assert response.context["adminform"].form.errors == {
        "budget": ["Bitte wählen Sie einen Ansatz eines späteren Jahres; im laufenden Jahr braucht es keine."]
    }
    assert CommitmentAuthorisation.objects.count() == 0


# ── Any history ───────────────────────────────────────────────────────────────────────────────────────────────────────

ACTS = ["approve", "approve little", "amend", "revoke", "pay", "transfer in", "transfer out", "allocate"]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, 120)), min_size=3, max_size=9))
def test_no_history_overdraws_a_line_and_the_page_shows_the_sums_of_the_database(client, acts):
    with transaction.atomic():
        line, reserve = BudgetFactory(allocated=Decimal(150000)), BudgetFactory(title="Rücklage")
        client.force_login(treasurer())

        for act, thousands in acts:
            _do(client, act, Decimal(thousands * 1000), line, reserve)

        _the_books_are_right(client, line.pk)
        transaction.set_rollback(True)


def _the_books_are_right(client, key):
    line = Budget.objects.with_books().get(pk=key)
    granted = Decision.objects.filter(budget=line, annulled_at=None).select_related("application")
    bound = [(each.amount - each.released_amount, each.application.paid_at) for each in granted]
    moved = [each.amount if each.target == line else -each.amount for each in BudgetTransfer.objects.all()]
    assert line.committed() == sum(amount for amount, _paid in bound)
    assert line.paid() == sum(amount for amount, paid in bound if paid)
    assert line.left() == line.allocated + sum(moved) - line.committed() >= 0
    assert shown(client, line, "left") == euros(line.left())


def _do(client, act, amount, line, reserve):
    """One act of one person; refusals are part of any history."""
    try:
        match act:
            case "approve" | "approve little":
                wanted = amount if act == "approve" else amount / 100
                answers = {"amount": wanted, "year": line.year, "title": line.title, "reason": "Im Einzelfall."}
                workflow.take(case_in("checked"), "approve", by=decider(), **answers)
            case "amend" | "revoke" | "pay":
                _go_on(act, amount, line)
            case "transfer in" | "transfer out":
                source, target = (reserve, line) if act == "transfer in" else (line, reserve)
                answers = {"source": source.pk, "target": target.pk, "amount": str(int(amount)), "reason": "Bedarf."}
                client.post(reverse("admin:applications_budgettransfer_add"), answers)
            case "allocate":
                client.post(page(line), {"year": line.year, "title": line.title, "allocated": str(int(amount * 2))})
    except workflow.StepRefused:
        return


def _go_on(act, amount, line):
    case = Application.objects.filter(state="approved", decisions__budget=line).order_by("pk").first()
    if case is None:
        return
    answers = {
        "amend": {"amount": amount, "year": line.year, "title": line.title, "reason": "Neu berechnet."},
        "revoke": {"reason": "Aufgegeben.", **repaid()},
        "pay": {"final_on": clock.today()},
    }[act]
    workflow.take(case, act, by=treasurer() if act == "pay" else decider(), **answers)


# ── What if ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def what_if_page(client, query=""):
    return client.get(reverse("admin:applications_budget_what_if") + query).context["page"]


def test_what_if_starts_with_what_waits_for_a_decision(client):
    BudgetFactory(allocated=Decimal(100000))
    first, second = case_in("checked"), case_in("checked")
    other = case_in("drafted")
    client.force_login(decider())

    shown_page = what_if_page(client)

    assert [(each.application, each.is_marked, each.left) for each in shown_page.candidates] == [
        (first, True, 25000),
        (second, True, -50000),
        (other, False, None),
    ]
    assert (shown_page.total, shown_page.verdict) == (150000, "Das Geld reicht nicht: Es fehlen 50.000 €.")


def test_what_if_counts_what_is_marked_and_changes_nothing(client):
    line = BudgetFactory(allocated=Decimal(100000))
    case = case_in("drafted")
    before = (case.revision, line.left())
    client.force_login(clerk())

    shown_page = what_if_page(client, f"?haushalt={line.pk}&fall={case.pk}&fall=999999&fall=x")

    assert (shown_page.total, shown_page.left, shown_page.verdict) == (
        75000,
        25000,
        "Das Geld reicht: Es bleiben 25.000 €.",
    )
    assert (Application.objects.get().revision, line.left()) == before


def test_what_if_shows_what_waits_for_a_decision_before_older_cases(client, monkeypatch):
    BudgetFactory()
    case_in("drafted")
    checked = case_in("checked")
    monkeypatch.setattr(what_if, "MOST", 1)
    client.force_login(decider())

    response = client.get(reverse("admin:applications_budget_what_if"))

    assert [each.application for each in response.context["page"].candidates] == [checked]
    assert "Es warten mehr als 1 Fälle. Gezeigt sind 1, zuerst die, über die entschieden werden kann." in response.text


@pytest.mark.parametrize("number", [1, 3])
def test_what_if_takes_few_queries(client, django_assert_num_queries, number):
    BudgetFactory()
    for _each in range(number):
        case_in("checked")
    client.force_login(decider())
    what_if_page(client)

    with django_assert_num_queries(11):
        what_if_page(client)


def test_what_if_without_a_budget_says_so(client):
    client.force_login(clerk())

    assert "Es ist kein Haushaltsansatz angelegt." in client.get(reverse("admin:applications_budget_what_if")).text


def test_case_without_a_formula_cannot_be_marked(client):
    BudgetFactory()
    case = ApplicationFactory(variant=VariantFactory(preparation=True))
    client.force_login(clerk())

    (candidate,) = what_if_page(client, f"?haushalt={BudgetFactory().pk}&fall={case.pk}").candidates

    assert (candidate.amount, candidate.is_marked) == (None, False)
