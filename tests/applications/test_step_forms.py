from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.grant_terms import PAYMENT_RULE
from applications.letter_forms import AmendmentForm, ApprovalForm
from applications.models import Application, CommitmentAuthorisation
from applications.step_forms import PaymentForm, ReasonForm, TakeOverForm
from tests.applications.situations import cooperation, given, no_participants
from tests.date_factories import DateFactsFactory
from tests.factories import BudgetFactory, UserFactory, case_in, decider
from tests.stationery import as_sent, stationery

pytestmark = pytest.mark.django_db

THIS_YEAR = timezone.localdate().year


def test_approval_starts_with_the_proposal_and_this_year():
    application = given(complete=False).application()
    form = ApprovalForm(application=application)

    assert form.initial == {
        "amount": Decimal(75000),
        "budget": None,
        "purpose": application.title,
        "starts_on": None,
        "ends_on": None,
        "report_due_on": None,
        "payment_rule": PAYMENT_RULE,
        "legal_basis": "§§ 23 und 44 LHO",
    }


def test_approval_takes_its_days_from_the_agreement():
    initial = ApprovalForm(application=given().application()).initial

    assert (initial["starts_on"], initial["ends_on"], initial["report_due_on"]) == (
        date(2027, 1, 1),
        date(2031, 12, 31),
        date(2029, 12, 31),
    )


@pytest.mark.parametrize("facts", [{"variant": "preparation"}, {"participants": 0}])
def test_approval_starts_without_an_amount_where_none_is_proposed(facts):
    form = ApprovalForm(application=given(no_participants, complete=False, **facts).application())

    assert form.initial["amount"] is None


@pytest.mark.parametrize(
    ("form", "data", "answers"),
    [
        (ReasonForm, {"reason": " Versehen. "}, {"reason": "Versehen."}),
        (PaymentForm, {"final_on": "24.11.2026"}, {"final_on": date(2026, 11, 24)}),
    ],
)
def test_answers_as_people_write_them(form, data, answers):
    bound = form(data, application=given(complete=False).application())

    assert bound.is_valid()
    assert bound.cleaned_data == answers


def test_approval_as_people_write_it():
    BudgetFactory()
    stationery()
    application = given().application()
    sent = as_sent(ApprovalForm(application=application), amount="75.000,50", report_due_on="31.03.2030")
    bound = ApprovalForm(sent, application=application)

    assert bound.is_valid()
    assert bound.cleaned_data == {
        "amount": Decimal("75000.50"),
        "year": THIS_YEAR,
        "title": "",
        "reason": "",
        "purpose": application.title,
        "starts_on": date(2027, 1, 1),
        "ends_on": date(2031, 12, 31),
        "report_due_on": date(2030, 3, 31),
        "payment_rule": PAYMENT_RULE,
        "legal_basis": "§§ 23 und 44 LHO",
        "texts": {},
    }


@pytest.mark.parametrize(
    ("answers", "texts"),
    [
        ({"text-grant-kosten": "Kosten: keine."}, {"grant-kosten": "Kosten: keine."}),
        ({"text-grant-kosten": ""}, {}),
        ({"text-grant-beitritt": "Nicht gewählt."}, {}),
        ({"take-grant-beitritt": "on"}, {"grant-beitritt": ""}),
        (
            {"take-grant-beitritt": "on", "text-grant-beitritt": "Beitritt nur\r\nauf Antrag."},
            {"grant-beitritt": "Beitritt nur\nauf Antrag."},
        ),
    ],
)
def test_passages_of_the_letter_are_chosen_and_edited(answers, texts):
    BudgetFactory()
    stationery()
    application = given().application()
    bound = ApprovalForm(as_sent(ApprovalForm(application=application), **answers), application=application)

    assert bound.is_valid()
    assert bound.cleaned_data["texts"] == texts


@pytest.mark.parametrize(
    ("form", "required"),
    [
        (ReasonForm, ["reason"]),
        (PaymentForm, ["final_on"]),
        (TakeOverForm, ["amount", "decided_on", "reason"]),
    ],
)
def test_what_must_be_answered(form, required):
    bound = form({}, application=given(complete=False).application())

    assert sorted(bound.errors) == required


def test_payment_starts_with_the_day_that_follows_from_the_facts():
    application = case_in("approved")
    assert PaymentForm(application=application).initial == {"final_on": None}

    waived_on = DateFactsFactory(application=application, waived_on=timezone.localdate()).waived_on

    assert PaymentForm(application=Application.objects.get(pk=application.pk)).initial == {"final_on": waived_on}


def test_approval_shows_what_each_year_has_left():
    application = case_in("checked")
    year = timezone.localdate().year
    next_year = BudgetFactory(year=year + 1, allocated=Decimal(50000))
    BudgetFactory(year=year - 1)
    other = BudgetFactory(year=year, title="IKZ-Sonderprogramm")
    this_year = BudgetFactory(year=year, title="")
    CommitmentAuthorisation.objects.create(year=year, budget=next_year, amount=Decimal(20000))

    form = ApprovalForm(application=application)

    assert form.initial["budget"] == str(this_year.pk)
    assert form.fields["budget"].choices == [
        (str(this_year.pk), f"{year}: 2.000.000 € verfügbar"),
        (str(other.pk), f"{year}: 2.000.000 € verfügbar, IKZ-Sonderprogramm"),
        (str(next_year.pk), f"{year + 1}: 20.000 € verfügbar nach Verpflichtungsermächtigung"),
    ]


@pytest.mark.parametrize(
    ("allocated", "warning"),
    [
        (75000, ""),
        (
            74999,
            f"Der Haushalt {THIS_YEAR} reicht nicht: Verfügbar sind noch 74.999 €, bewilligt werden sollen 75.000 €. Bitte "
            "wählen Sie einen anderen Haushalt, setzen Sie mit Begründung einen kleineren Betrag fest, oder wenden Sie sich "
            "an die Rolle Haushalt.",
        ),
    ],
)
def test_approval_says_at_once_that_the_budget_does_not_cover_the_proposal(client, allocated, warning):
    stationery()
    application = case_in("checked")
    BudgetFactory._meta.model.objects.update(allocated=Decimal(allocated))
    client.force_login(decider())

    response = client.get(reverse("admin:applications_application_take", args=[application.pk, "approve"]))

    assert response.context["form"].warning == warning
    assert ("reicht nicht" in response.content.decode()) == bool(warning)


ONLY_LATER = (
    f"Für {THIS_YEAR} ist kein Haushaltsansatz angelegt. Bitte wählen Sie einen Haushalt, den eine Verpflichtungsermächtigung "
    "deckt, oder wenden Sie sich an die Rolle Haushalt."
)
NO_LINE = f"Für {THIS_YEAR} ist kein Haushaltsansatz angelegt. Bitte wenden Sie sich an die Rolle Haushalt."


@pytest.mark.parametrize(("years_on", "warning"), [(0, ""), (1, ONLY_LATER), (-1, NO_LINE)])
def test_approval_says_at_once_that_the_year_has_no_budget(client, years_on, warning):
    """In words of its own, and not that a line which nobody chose has too little."""
    stationery()
    application = case_in("checked")
    BudgetFactory._meta.model.objects.update(year=THIS_YEAR + years_on)
    client.force_login(decider())

    response = client.get(reverse("admin:applications_application_take", args=[application.pk, "approve"]))

    assert response.context["form"].warning == warning
    assert warning in response.content.decode()
    assert ApprovalForm({}, application=application).warning == ""


def test_amendment_of_a_grant_of_an_earlier_year_says_that_this_year_has_no_budget():
    application = case_in("approved")
    BudgetFactory._meta.model.objects.update(year=THIS_YEAR - 1)

    assert AmendmentForm(application=application).warning == NO_LINE


def test_approval_says_where_its_days_come_from():
    form = ApprovalForm(application=given().application())

    assert [form.fields[name].help_text for name in ("ends_on", "report_due_on")] == [
        "Üblich ist das Ende der Zweckbindung: 5 Jahre ab Beginn der Zusammenarbeit (Rahmenvereinbarung 2021).",
        "Üblich sind 3 Jahre ab Beginn der Zusammenarbeit (so ein Bescheid von 2013). Keine Vorschrift bestimmt den Tag; er "
        "darf vor dem Ende des Bewilligungszeitraums liegen.",
    ]


def test_approval_of_what_binds_for_no_time_leaves_the_end_to_the_decider():
    application = given(cooperation(starts_on=date(2027, 1, 1)), variant="preparation", complete=False).application()
    application.variant.binding_years = 0
    form = ApprovalForm(application=application)

    assert (form.initial["starts_on"], form.initial["ends_on"]) == (date(2027, 1, 1), None)
    assert form.fields["ends_on"].help_text == ""


@pytest.mark.parametrize(("step", "form"), [("pay", PaymentForm), ("amend", AmendmentForm)])
def test_sentence_above_the_fields_stands_on_the_page(client, step, form):
    stationery()
    application = case_in("approved")
    client.force_login(UserFactory(is_superuser=True))

    page = client.get(reverse("admin:applications_application_take", args=[application.pk, step])).content.decode()

    assert len(form.intro) > 0
    assert form.intro in page
