"""Infected and broken files through the forms: refused in a sentence, nothing kept, and those told whom it concerns."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, example, given
from hypothesis import settings as rounds
from hypothesis import strategies as st

from applications.models import Message, Resolution, StoredFile
from tests.applications import pdf_samples as samples
from tests.applications.pdf_mutations import MUTATIONS, mutated
from tests.applications.portal.browsing import pdf, post, url
from tests.municipal_people import member_of

pytestmark = pytest.mark.django_db
RESOLUTION = {"resolved_on": "2026-06-01", "organ": "Gemeindevertretung", "number": "7", "is_positive": "on"}
FOUND = (
    "Der Virenscanner hat Schadsoftware gefunden (Test.Eicar.UNOFFICIAL). Bitte lassen Sie Ihren Rechner prüfen. Bitte "
    "wählen Sie die Datei danach noch einmal aus; Ihre anderen Eingaben sind noch da."
)


@pytest.fixture
def person(client, participants):
    person = member_of(participants[1].municipality)
    client.force_login(person)
    return person


def test_infected_file_is_refused_and_the_clerk_told_once(client, scanner, case, participants, person, settings):
    address = url("resolution", case, participants[1].pk)

    for _ in range(2):
        response = post(client, address, RESOLUTION | {"upload": pdf("befallen.pdf", samples.infected())})

    form = response.context["form"]
    assert (response.status_code, form.errors["upload"]) == (200, [FOUND])
    assert form["number"].value() == "7"
    assert (StoredFile.objects.count(), Resolution.objects.count(), settings.MEDIA_ROOT.exists()) == (0, 0, False)
    told = Message.objects.get()
    assert (told.recipient, told.event) == (case.clerk, "document_infected")
    assert "„befallen.pdf“ von" in told.text
    assert "nicht angenommen und nicht gespeichert" in told.text


def test_one_infected_file_among_several_keeps_all_out(client, scanner, case, participants, person):
    address = url("other_documents", case, participants[1].pk)

    response = client.post(address, {"files": [pdf("gut.pdf"), pdf("befallen.pdf", samples.infected())]})

    assert response.context["form"].errors["files"] == [f"befallen.pdf: {FOUND}"]
    assert (StoredFile.objects.count(), Message.objects.count()) == (0, 1)


@pytest.mark.parametrize("form", ["resolution_add", "agreement_add"])
def test_infected_file_in_the_ministry_is_refused_as_well(client, scanner, case, participants, form):
    parent = {"resolution_add": participants[0], "agreement_add": case.cooperation}[form]
    client.force_login(case.clerk)
    address = f"{reverse(f'admin:applications_{form}')}?parent={parent.pk}"
    empty = {"signatures-TOTAL_FORMS": 0, "signatures-INITIAL_FORMS": 0}

    response = client.post(address, RESOLUTION | empty | {"upload": pdf("befallen.pdf", samples.infected())})

    errors = response.context["adminform"].form.errors["upload"]
    assert errors == [FOUND.partition(" Bitte wählen")[0]]
    # Whoever brought it reads so in the form.
    assert (StoredFile.objects.count(), Message.objects.count()) == (0, 0)


def test_file_of_a_record_that_does_not_exist_is_no_error(client, case):
    client.force_login(case.clerk)

    for key in ("0", "abc"):
        address = reverse("admin:applications_resolution_change", args=[key])
        assert client.post(address, {"upload": pdf()}).status_code == 302


def test_file_is_kept_unscanned_while_the_scanner_is_away(client, case, participants, person, settings):
    settings.IKZ_CLAMD = "unix:/nirgends/clamd.sock"
    address = url("resolution", case, participants[1].pk)

    response = post(client, address, RESOLUTION | {"upload": pdf()})

    assert response.status_code == 302
    assert Resolution.objects.get().file.scan == "pending"
    assert "Noch nicht geprüft".lower() in client.get(address).content.decode().lower()


NAMES = ["gut.pdf", "../\u202e/fdp.exe", "Beschlüsse " * 20 + ".pdf", "C:\\Akten\\a.pdf", " .", "\u0000a\u0007.pdf"]
VALID = [samples.plain(), samples.claiming(samples.PDFA_2A), samples.javascript_in_object_stream()]


@given(valid=st.sampled_from(VALID), mutations=MUTATIONS, name=st.sampled_from(NAMES))
@example(valid=VALID[0], mutations=[(0, 0, b"")], name="gut.pdf")
@rounds(
    max_examples=6,
    deadline=60_000,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_mutated_file_is_taken_or_refused_by_the_form(client, case, participants, person, valid, mutations, name):
    """The client raises what would be a 500 in the browser."""
    address = url("other_documents", case, participants[1].pk)
    before = StoredFile.objects.count()

    upload = SimpleUploadedFile(name, mutated(valid, mutations), "application/pdf")
    response = client.post(address, {"files": [upload]})

    taken = StoredFile.objects.count() - before
    assert (response.status_code, taken) in [(302, 1), (200, 0)]
    assert taken or response.context["form"].errors["files"]
