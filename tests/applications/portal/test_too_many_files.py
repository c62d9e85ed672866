"""More files than a form takes: all are refused with a sentence, and none is looked at or kept."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from applications import uploads
from applications.file_fields import ONE_ONLY, TOO_LARGE_TOGETHER
from applications.models import Resolution, StoredFile
from applications.uploads import TOO_MANY
from tests.applications.portal.browsing import pdf, post, url
from tests.applications.portal.test_documents import RESOLUTION
from tests.factories import PDF, ResolutionFactory
from tests.municipal_people import draft_of, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(client, case, participants):
    """The participant of whoever is signed in."""
    client.force_login(member_of(participants[1].municipality))
    return participants[1]


def test_two_files_where_one_goes_are_refused(client, case, own):
    address = url("resolution", case, own.pk)

    response = post(client, address, RESOLUTION | {"upload": [pdf("a.pdf"), pdf("b.pdf")]})

    assert response.context["form"].errors == {"upload": [ONE_ONLY.format(number=2)]}
    assert (StoredFile.objects.count(), Resolution.objects.count()) == (0, 0)


def test_two_tables_for_a_draft_are_refused(client, standard, towns, person):
    draft = draft_of(towns, variant=standard)
    client.force_login(person)

    response = post(client, url("draft_expenditure", draft), {"table": [pdf("a.csv", b"a;b"), pdf("b.csv", b"a;b")]})

    assert response.context["form"].errors == {"table": [ONE_ONLY.format(number=2)]}


def test_two_files_of_the_ministry_where_one_goes_are_refused(client, case, participants):
    resolution = ResolutionFactory(participant=participants[1])
    client.force_login(case.clerk)
    address = reverse("admin:applications_resolution_change", args=[resolution.pk])
    form = client.get(address).context["adminform"].form
    given = {"seen": form["seen"].value(), "upload": [pdf("a.pdf"), pdf("b.pdf")]}

    response = client.post(address, given)

    assert response.context["adminform"].form.errors["upload"] == [ONE_ONLY.format(number=2)]
    assert StoredFile.objects.get() == resolution.file


@pytest.mark.parametrize("number", [21, 100])
def test_too_many_files_are_refused_before_one_is_looked_at(client, case, own, monkeypatch, number):
    address = url("other_documents", case, own.pk)
    looked_at = []
    monkeypatch.setattr(uploads, "check", looked_at.append)

    response = client.post(address, {"files": [pdf(f"{each}.pdf") for each in range(number)]})

    assert response.context["form"].errors == {"files": [TOO_MANY.format(number=number, most=20)]}
    assert (looked_at, StoredFile.objects.count()) == ([], 0)


def test_files_that_are_too_large_together_are_refused(client, case, own, settings):
    settings.IKZ_MAX_UPLOAD_BYTES = 1024 * 1024
    halves = [pdf(f"{each}.pdf", PDF.ljust(600_000, b"\n")) for each in "ab"]

    response = client.post(url("other_documents", case, own.pk), {"files": halves})

    assert response.context["form"].errors == {"files": [TOO_LARGE_TOGETHER.format(most=1)]}
    assert StoredFile.objects.count() == 0


def test_more_files_than_any_form_takes_are_told_without_an_alarm(client, case, own, caplog):
    """Django stops reading at a hundred: nobody knows the form any more."""
    address = url("other_documents", case, own.pk)

    response = client.post(address, {"files": [pdf(f"{each}.pdf") for each in range(101)]})

    assert response.status_code == 400
    assert "so senden Sie sie bitte einzeln oder in mehreren Teilen" in response.content.decode()
    assert [(each.name, each.exc_info) for each in caplog.records if each.exc_info] == []


def test_forms_say_their_limits(client, case, own, settings):
    settings.IKZ_MAX_UPLOAD_BYTES = 3 * 1024 * 1024

    pages = {name: client.get(url(name, case, own.pk)) for name in ("resolution", "other_documents")}

    fields = {"resolution": "upload", "other_documents": "files"}
    widgets = {name: page.context["form"].fields[fields[name]].widget for name, page in pages.items()}
    assert {name: (each.attrs["data-max-bytes"], each.attrs["data-max-files"]) for name, each in widgets.items()} == {
        "resolution": (3145728, 1),
        "other_documents": (3145728, 20),
    }
    assert 'data-max-bytes="3145728"' in pages["resolution"].text
    sentence = "Bis zu 20 Dateien auf einmal, zusammen höchstens 3 MB. Mehr senden Sie bitte in mehreren Teilen."
    assert escape(sentence) in pages["other_documents"].text
