"""What a person reads of the documents of a case: its own side's, or the whole group's for the lead and the offices asked."""

from collections import defaultdict

from applications import owed_documents
from applications.models import StoredFile
from applications.models.stored_file import Purpose
from applications.unlocks import why_locked

OWN, COMMON = ("resolution", "expenditure", "other"), ("agreement", "expenditure_after", "report")
# Who signs it or gives an opinion on it may read it; the rest of what is common is the lead's.
READ_BY_ALL = ("agreement",)


def papers(application, standing) -> dict:
    """What _papers.html shows. One query, for the other documents."""
    files = _other_files(application, standing)
    may_change = changeable(application, standing)
    return {
        "standing": standing,
        "matrix": [each for each in _rows(application, standing) if standing.sees(each.participant)],
        "matrix_columns": owed_documents.COLUMNS,
        "changeable": may_change,
        "readable": readable(application, standing, may_change, files),
        "other_files": [
            (each, files[each.pk]) for each in application.participants if each not in standing.own and each.pk in files
        ],
        "shows_expenditure": _shows_expenditure(application, standing),
    }


def _rows(application, standing):
    return owed_documents.rows(application, with_amounts=standing.sees_expenditure)


def _shows_expenditure(application, standing) -> bool:
    """Offices read the table here; the group has pages of its own for it."""
    is_asked = bool(standing.opinions) and standing.sees_expenditure
    return is_asked and application.variant.min_saving_percent is not None


def _other_files(application, standing) -> dict:
    """By the key of the participant that they are of."""
    files = StoredFile.objects.filter(application=application, purpose=Purpose.OTHER)
    seen = application.participants if standing.reads_all else standing.own
    found = defaultdict(list)
    for each in files.filter(participant__in=seen):
        found[each.participant_id].append(each)
    return found


def changeable(application, standing) -> dict:
    """Whose documents the person may change now, and which common things."""
    own = {kind: [each for each in standing.own if why_locked(application, kind, each) is None] for kind in OWN}
    common = {kind: standing.leads and why_locked(application, kind) is None for kind in COMMON}
    return own | common | {"opinion": why_locked(application, "opinion") is None}


def readable(application, standing, may_change, files) -> dict:
    """What was brought and can only be looked at now: whose documents, and which common ones."""
    cooperation = application.cooperation
    locked = {kind: [each for each in standing.own if each not in may_change[kind]] for kind in OWN}
    own = {
        "resolution": [each for each in locked["resolution"] if each.resolution_or_none],
        "expenditure": [each for each in locked["expenditure"] if _said(each.personnel_before, each.material_before)],
        "other": [each for each in locked["other"] if each.pk in files],
    }
    common = {
        "agreement": application.agreement is not None,
        "expenditure_after": _said(cooperation.personnel_after, cooperation.material_after),
        "report": application.usage_report is not None,
    }
    seen = COMMON if standing.leads else READ_BY_ALL
    return own | {kind: kind in seen and is_there and not may_change[kind] for kind, is_there in common.items()}


def _said(*amounts):
    return any(each is not None for each in amounts)
