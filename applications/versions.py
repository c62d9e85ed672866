"""The versions of a document: which is in use, and what each was the ground of."""

from collections import defaultdict
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType

from applications.models import FieldChange, StoredFile
from applications.models.stored_file import Purpose
from ikz.german import listing

# The steps that rest on the documents, as municipalities and offices call them.
RESTING_ON_DOCUMENTS = {
    "collect_resolutions": "Bestätigung der Beschlüsse",
    "sign_agreement": "Bestätigung der Vereinbarung",
    "check_application": "Prüfung",
    "approve": "Bewilligung",
    "amend": "Änderung der Bewilligung",
    "reject": "Ablehnung",
}


@dataclass(frozen=True)
class Version:
    """`looked_at` is what was done on this version, in its order. `is_handed_out`: the reader gets it."""

    file: StoredFile
    is_current: bool
    looked_at: tuple[str, ...]
    is_handed_out: bool = True

    @property
    def steps(self) -> str:
        return listing(list(self.looked_at))


def versions(application, purpose, *, participant=None, current=None) -> list[Version]:
    """All versions of one document, newest first. Two queries."""
    files = StoredFile.objects.filter(application=application, purpose=purpose).select_related("uploaded_by")
    if participant is not None:
        files = files.filter(participant=participant)
    looked_at = _steps_by_file(application)
    return [Version(each, each == current, looked_at(each)) for each in files]


def versions_of_opinion(opinion) -> list[Version]:
    """Only its own: others gave theirs in the same case. Former ones are named, not handed out. Four queries at most."""
    keys = _files_of(opinion)
    found = versions(opinion.application, Purpose.OPINION, current=opinion.file) if keys else []
    return [
        Version(each.file, each.is_current, each.looked_at, is_handed_out=each.is_current)
        for each in found
        if each.file.pk in keys
    ]


def _files_of(opinion) -> set[int]:
    """The keys of the documents that this opinion had and has, as the field changes tell."""
    kind = ContentType.objects.get_for_model(opinion)
    changes = FieldChange.objects.filter(content_type=kind, object_id=opinion.pk).values_list("changes", flat=True)
    told = {key for change in changes for key in (change or {}).get("file", [])}
    return {int(key) for key in told if key not in ("None", None)} | ({opinion.file_id} - {None})


def _steps_by_file(application):
    """What was done on a version. Entries that do not name it know its content only."""
    steps = defaultdict(list)
    for step, data in application.history.order_by("sequence").values_list("step", "data"):
        if step in RESTING_ON_DOCUMENTS:
            for document in data.get("documents", []):
                steps[document.get("file") or document["sha256"]].append(RESTING_ON_DOCUMENTS[step])
    return lambda file: tuple(dict.fromkeys([*steps[file.sha256], *steps[str(file.uuid)]]))
