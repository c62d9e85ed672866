"""Who did something and when: every pair is whole, and every time without a person is so by intent."""

from django.apps import apps

from applications.models import Application
from applications.models.stamps import STAMPS
from tests.test_conventions import OURS

TIMES_OF_NOBODY = {
    "DailyRun.finished_at",  # a worker's
    "DailyRun.started_at",  # a worker's
    "Invitation.expires_at",  # follows from when it was sent
    "LegalPage.changed_at",  # who changed it stands among its field changes
    "Message.created_at",  # who acted stands in the history of the case
    "Message.read_at",  # by its recipient
    "StoredFile.scan_claimed_at",  # a worker's, as the next two
    "StoredFile.scan_tried_at",
    "StoredFile.scanned_at",
}


def test_every_time_says_whose_it_is_but_those_of_nobody():
    alone = {
        f"{model.__name__}.{field.name}"
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.local_fields
        if field.name.endswith("_at")
        if field.name.removesuffix("_at") + "_by" not in {each.name for each in model._meta.local_fields}
    }

    assert alone == TIMES_OF_NOBODY


def test_every_stamp_has_who_and_when_and_both_or_neither():
    stamps, unguarded = {}, []
    for model in (model for app in OURS for model in apps.get_app_config(app).get_models()):
        fields, guards = {each.name: each for each in model._meta.local_fields}, list(model._meta.constraints)
        whens = [name.removesuffix("_at") for name, field in fields.items() if name.endswith("_at") and field.null]
        stamps[model] = [name for name in whens if f"{name}_by" in fields]
        names = {each.name.partition("_" + stamp)[1:] for stamp in stamps[model] for each in guards}
        unguarded += [
            f"{model.__name__}.{stamp}"
            for stamp in stamps[model]
            if not {("_" + stamp, "_by_and_at"), ("_" + stamp, "_as_a_whole")} & names
        ]

    assert set(stamps[Application]) == {*STAMPS, "handed_in"}
    assert len([name for names in stamps.values() for name in names]) > 20
    assert unguarded == []
