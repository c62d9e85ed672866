"""The versions of a document: which is in use, and which one each step looked at."""

from collections import defaultdict
from dataclasses import dataclass

from applications.models import Application, StoredFile
from ikz.german import listing


@dataclass(frozen=True)
class Version:
    """`looked_at` are the labels of the steps that were taken on this version, in their order."""

    file: StoredFile
    is_current: bool
    looked_at: tuple[str, ...]

    @property
    def steps(self) -> str:
        return listing(list(self.looked_at))


LABELS = {
    each.name: each.custom["label"]
    for each in Application().get_all_state_transitions()  # „geprüft“ and „bewilligt“ are steps like any other
}


def versions(application, purpose, *, participant=None, current=None) -> list[Version]:
    """All versions of one document, newest first. Two queries."""
    files = StoredFile.objects.filter(application=application, purpose=purpose).select_related("uploaded_by")
    if participant is not None:
        files = files.filter(participant=participant)
    looked_at = _steps_by_hash(application)
    return [Version(each, each == current, tuple(looked_at[each.sha256])) for each in files]


def _steps_by_hash(application):
    steps = defaultdict(list)
    for step, data in application.history.order_by("sequence").values_list("step", "data"):
        for document in data.get("documents", []):
            if LABELS.get(step) and LABELS[step] not in steps[document["sha256"]]:
                steps[document["sha256"]].append(LABELS[step])
    return steps
