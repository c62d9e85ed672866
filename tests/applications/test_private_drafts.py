"""Until the hand-in only the lead sees its draft: the ministry finds no trace of it on any page of the admin."""

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from applications import permissions
from applications.models import Application, ArchiveAnswer
from tests import unrendered
from tests.date_factories import DateFactsFactory
from tests.factories import AgreementFactory, ApplicationFactory, StoredFileFactory, UserFactory, decider
from tests.ikz.pages import furnish
from tests.municipal_people import MessageFactory
from tests.report_factories import UsageReportFactory

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_every_database]
CSV = "1"  # the place of the format in the form of the export
# What has a page and belongs to a case; a new one needs its row here.
WITH_PAGES = {
    "agreement",
    "application",
    "archiveanswer",
    "cooperation",
    "correctionrequest",
    "datefacts",
    "decision",
    "entry",
    "filenote",
    "hearing",
    "message",
    "notice",
    "opinion",
    "participant",
    "resolution",
    "storedfile",
    "usagereport",
}
# Where a new record of the case would begin: its name and the row that it hangs on.
NEW_RECORDS = {
    "agreement": lambda case: case.cooperation,
    "archiveanswer": lambda case: case,
    "correctionrequest": lambda case: case,
    "datefacts": lambda case: case,
    "filenote": lambda case: case,
    "hearing": lambda case: case,
    "opinion": lambda case: case,
    "resolution": lambda case: case.cooperation.participants.last(),
    "usagereport": lambda case: case,
}
PEOPLE = {
    **{role: lambda role=role: UserFactory(roles=[role]) for role in permissions.ROLES},
    "superuser": lambda: UserFactory(roles=["Sachbearbeitung"], is_superuser=True),
}


def full_case():
    """A case that has one of every record with a page, whether its state allows that or not."""
    case = furnish().case
    AgreementFactory(cooperation=case.cooperation)
    ArchiveAnswer.objects.create(
        application=case, offered_on="2026-01-01", answered_on="2026-01-01", verdict="worthless", recorded_by=decider()
    )
    DateFactsFactory(application=case)
    MessageFactory(application=case)
    UsageReportFactory(application=case)
    case.decisions.create(amount=1, reason="Probe.", decided_by=decider(), decided_at=timezone.now())
    return case.pk


def plain_case():
    return ApplicationFactory().pk


on_full_case = pytest.mark.parametrize("ground", [full_case], indirect=True, ids=["full"])
on_plain_case = pytest.mark.parametrize("ground", [plain_case], indirect=True, ids=["plain"])


def make_private(case):
    Application.objects.filter(pk=case.pk).update(handed_in_by=None, handed_in_at=None)


def belongs_to_a_case(model):
    """Whether a foreign key leads to a case, at once or through other rows."""
    parents = {field.related_model for field in model._meta.concrete_fields if field.is_relation} - {model}
    ours = {each for each in parents if each._meta.app_label == "applications"}
    leads = model._meta.model_name in ("application", "cooperation")
    return leads or any(belongs_to_a_case(each) for each in ours)


def rows_of(case):
    """model name → its rows that belong to the case, of every model with pages."""
    found = {}
    for model in admin.site._registry:
        if belongs_to_a_case(model):
            found[model._meta.model_name] = [row for row in model._default_manager.all() if case_of(row) == case]
    return found


def case_of(row):
    return row.case if hasattr(row, "case") else row.application


def pages_of(name, row):
    """The addresses of one row: to change, to read its history, to delete it."""
    for kind in ("change", "history", "delete"):
        yield reverse(f"admin:applications_{name}_{kind}", args=[row.pk])


def opened(client, urls):
    with unrendered.pages():
        return {url for url in urls if client.get(url).status_code == 200}


def shown_rows(client, name):
    """The keys in the list, whatever its selection."""
    selection = {"fresh": "1"} if name == "application" else {}
    with unrendered.pages():
        response = client.get(reverse(f"admin:applications_{name}_changelist"), selection)
    return {row.pk for row in response.context_data["cl"].result_list}


@on_full_case
def test_every_page_of_a_case_is_tried(case):
    assert {name for name, rows in rows_of(case).items() if rows} == set(rows_of(case)) == WITH_PAGES


@on_full_case
@pytest.mark.parametrize("person", PEOPLE)
def test_a_private_draft_is_on_no_page(client, case, person):
    client.force_login(PEOPLE[person]())
    rows = {name: {row.pk: row for row in found} for name, found in rows_of(case).items()}
    urls = {url for name, found in rows.items() for row in found.values() for url in pages_of(name, row)}
    listed = {name for name, found in rows.items() if found.keys() & shown_rows(client, name)}
    assert (listed, len(opened(client, urls)) >= 2 * len(urls) / 3) == (WITH_PAGES, True)  # it could leak

    make_private(case)

    assert opened(client, urls) == set()
    assert {name for name, found in rows.items() if found.keys() & shown_rows(client, name)} == set()


@on_plain_case
@pytest.mark.parametrize("person", PEOPLE)
def test_a_private_draft_is_in_no_export_and_no_choice(client, case, person):
    client.force_login(PEOPLE[person]())
    choices = f"{reverse('admin:autocomplete')}?app_label=applications&model_name=application&field_name=earlier_case"

    def tells_of_it():
        export = client.post(reverse("admin:applications_application_export"), {"format": CSV, "resource": "0"})
        offered = client.get(f"{choices}&term={case.file_number}")
        return [case.file_number in each.content.decode() for each in (export, offered)]

    assert tells_of_it() == [True, True]
    make_private(case)

    assert tells_of_it() == [False, False]


@on_plain_case
@pytest.mark.parametrize("person", PEOPLE)
def test_documents_of_a_private_draft_are_handed_to_nobody_in_the_ministry(client, case, person):
    client.force_login(PEOPLE[person]())
    stored = StoredFileFactory(application=case)
    urls = [reverse(name, args=[stored.uuid]) for name in ("document", "document_inline")]

    def answers():
        responses = [client.get(url) for url in urls]
        for each in responses:
            b"".join(each)  # read to its end, so that the document is closed
        return [each.status_code for each in responses]

    assert answers() == [200, 200]
    make_private(case)

    assert answers() == [404, 404]


@on_plain_case
@pytest.mark.parametrize("person", PEOPLE)
def test_nothing_is_added_to_a_private_draft(client, case, person):
    client.force_login(PEOPLE[person]())
    make_private(case)
    notes = case.filenotes.count()

    for name, parent in NEW_RECORDS.items():
        url = f"{reverse(f'admin:applications_{name}_add')}?parent={parent(case).pk}"
        assert {client.get(url).status_code, client.post(url, {"text": "Gesehen."}).status_code} <= {403, 404}, name

    assert case.filenotes.count() == notes


@on_plain_case
def test_a_private_draft_is_nobodys_earlier_case(client, case):
    """Not even when its key is sent past the list of choices."""
    other = ApplicationFactory()
    client.force_login(other.clerk)
    edit = reverse("admin:applications_application_edit", args=[other.pk])
    sent = {"received_on": "01.09.2026", "variant": other.variant_id, "earlier_case": case.pk}
    make_private(case)

    response = client.post(edit, sent | {"seen": client.get(edit).context["adminform"].form["seen"].value()})

    assert list(response.context["adminform"].form.errors) == ["earlier_case"]
