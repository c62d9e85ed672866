"""Notes for the file: they stay in it."""

import pytest
from django.urls import reverse

from applications.models import FileNote
from tests.factories import ApplicationFactory, FileNoteFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_nobody_deletes_a_note(client):
    note = FileNoteFactory(application=ApplicationFactory())
    delete = reverse("admin:applications_filenote_delete", args=[note.pk])
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    answers = [client.get(delete), client.post(delete, {"post": "yes"})]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert "deletelink" not in client.get(delete.replace("delete", "change")).content.decode()
    assert FileNote.objects.get() == note
