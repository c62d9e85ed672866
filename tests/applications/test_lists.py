"""Every list page of the admin takes the same literal number of queries for one row and for three."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import notices
from applications.letter_kinds import LetterKind
from applications.models import Budget, Letterhead, Message, TextBlock
from ikz import bounded_count
from tests.budget_factories import authorisation, transfer
from tests.date_factories import BaseRateFactory, DateFactsFactory, DeliveryRuleFactory
from tests.disposal_factories import DeletionFactory, answered_case
from tests.factories import (
    AgreementFactory,
    ApplicationFactory,
    CorrectionRequestFactory,
    FileNoteFactory,
    MunicipalityFactory,
    OpinionFactory,
    ResolutionFactory,
    StoredFileFactory,
    UserFactory,
    case_in,
)
from tests.municipal_people import MembershipFactory
from tests.payment_factories import account_of, order_of, payable_case, paying_account
from tests.programme_factories import ProgrammeFactory, TaskFieldFactory, VariantFactory
from tests.report_factories import UsageReportFactory
from tests.stationery import HearingFactory, stationery

pytestmark = pytest.mark.django_db


def _programme(number):
    return ProgrammeFactory(valid_from=date(2030 + number, 1, 1), valid_to=date(2030 + number, 12, 31))


def _budget(number):
    return Budget.objects.create(year=2030 + number, allocated=Decimal(number))


def _document(number):
    return StoredFileFactory(application=ApplicationFactory())


def _letter(number):
    stationery()
    application = case_in("drafted")
    return notices.issue(application, LetterKind.RECEIPT, by=application.clerk, recipient=["Stadt A", "64625 A"])


def _block(number):
    block = TextBlock.objects.create(key=f"block-{number}", kind=LetterKind.GRANT, title=f"Baustein {number}")
    return block.write("Text.", by=None)


def _letterhead(number):
    return Letterhead.objects.create(valid_from=date(2030 + number, 1, 1), authority="Ministerium")


def _transfer(number):
    return transfer(source=_budget(number), target=_budget(number + 10))


def _message(number):
    case = case_in("drafted")
    MembershipFactory(municipality=case.lead)
    Message.objects.announce(case, "hand_in", key=f"test {number}", by=None)


def _authorisation(number):
    return authorisation(budget=_budget(number))


def _resolution(number):
    return ResolutionFactory(participant=ApplicationFactory().cooperation.participants.first())


def _hearing(number):
    stationery()
    return HearingFactory(application=case_in("drafted"))


LISTS = {
    "programme": (_programme, 5),
    "variant": (lambda number: VariantFactory(programme=_programme(number)), 7),
    "taskfield": (lambda number: TaskFieldFactory(code=f"feld{number}"), 5),
    "budget": (_budget, 11),
    "budgettransfer": (_transfer, 5),
    "commitmentauthorisation": (_authorisation, 9),
    "decision": (lambda number: case_in("approved"), 5),
    "deletion": (lambda number: DeletionFactory(), 4),
    "entry": (lambda number: ApplicationFactory(), 4),
    "message": (_message, 4),
    "deliveryrule": (lambda number: DeliveryRuleFactory(valid_from=date(2030 + number, 1, 1)), 5),
    "baserate": (lambda number: BaseRateFactory(valid_from=date(2030 + number, 1, 1)), 5),
    "storedfile": (_document, 4),
    "letterhead": (_letterhead, 5),
    "textblock": (_block, 6),
    "notice": (_letter, 4),
    "paymentorder": (lambda number: order_of(payable_case()), 7),
    "bankaccount": (lambda number: account_of(MunicipalityFactory()), 5),
    "payingaccount": (lambda number: paying_account(valid_from=date(2030 + number, 1, 1)), 5),
    "cooperation": (lambda number: ApplicationFactory(), 4),
    "participant": (lambda number: ApplicationFactory(), 4),
    "resolution": (_resolution, 4),
    "agreement": (lambda number: AgreementFactory(cooperation=ApplicationFactory().cooperation), 4),
    "opinion": (lambda number: OpinionFactory(application=ApplicationFactory()), 4),
    "correctionrequest": (lambda number: CorrectionRequestFactory(application=ApplicationFactory()), 4),
    "filenote": (lambda number: FileNoteFactory(application=ApplicationFactory()), 4),
    "hearing": (_hearing, 4),
    "usagereport": (lambda number: UsageReportFactory(application=case_in("paid")), 4),
    "datefacts": (lambda number: DateFactsFactory(application=case_in("approved")), 4),
    "archiveanswer": (lambda number: answered_case("rejected"), 4),
}
# How many there are follows from the Land, its municipalities, their people and the years, not from the cases.
BOUNDED_BY_NATURE = {
    "applications.bankaccount",
    "applications.baserate",
    "applications.budget",
    "applications.budgettransfer",
    "applications.commitmentauthorisation",
    "applications.deliveryrule",
    "applications.invitation",
    "applications.letterhead",
    "applications.office",
    "applications.officemember",
    "applications.payingaccount",
    "applications.programme",
    "applications.taskfield",
    "applications.textblock",
    "applications.variant",
    "ikz.legalpage",
    "ikz.user",
    "municipalities.membership",
    "municipalities.municipality",
    "municipalities.registerimport",
}
GROWING = [
    "decision",
    "deletion",
    "entry",
    "filenote",
    "message",
    "notice",
    "participant",
    "paymentorder",
    "resolution",
    "storedfile",
]


def test_every_list_that_grows_with_the_cases_is_counted_up_to_a_bound():
    unbounded = {
        model._meta.label_lower
        for model, page in admin.site._registry.items()
        if not issubclass(page.paginator, bounded_count.BoundedPaginator) or page.show_full_result_count
    }

    assert unbounded == BOUNDED_BY_NATURE


def test_no_list_that_grows_with_the_cases_asks_every_row_for_its_day():
    """The case list knows its years without asking."""
    asking = {
        model._meta.label_lower
        for model, page in admin.site._registry.items()
        if page.date_hierarchy and model._meta.label_lower not in BOUNDED_BY_NATURE
    }

    assert asking == {"applications.application"}


@pytest.mark.parametrize("model", GROWING)
def test_list_that_grows_for_ever_is_counted_up_to_a_bound(client, monkeypatch, model):
    for number in range(2):
        LISTS[model][0](number)
    client.force_login(UserFactory(is_superuser=True))
    monkeypatch.setattr(bounded_count, "AT_MOST", 2)
    monkeypatch.setattr(type(admin.site.get_model_admin(apps.get_model("applications", model))), "list_per_page", 1)
    url = reverse(f"admin:applications_{model}_changelist")

    with CaptureQueriesContext(connection) as asked:
        response = client.get(url)

    table = f'FROM "applications_{model}"'
    about_all = [each["sql"] for each in asked if table in each["sql"] and "LIMIT" not in each["sql"]]
    names = response.context["cl"].opts.verbose_name_plural
    assert about_all == []
    assert f"2 {names} oder mehr" in response.text
    newest = response.context["cl"].model_admin.model.objects.order_by("-pk")[0]
    assert list(response.context["cl"].result_list) == [newest]


@pytest.mark.parametrize("model", LISTS)
def test_list_takes_the_same_queries_for_one_row_and_for_three(client, django_assert_num_queries, model):
    make, queries = LISTS[model]
    client.force_login(UserFactory(is_superuser=True))
    url = reverse(f"admin:applications_{model}_changelist")
    make(1)
    client.get(url)

    with django_assert_num_queries(queries):
        client.get(url)
    make(2)
    make(3)
    with django_assert_num_queries(queries):
        client.get(url)
