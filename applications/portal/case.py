"""The page of one case: where it stands, what we owe, who brings what."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render

from applications import case_dates, owed_documents
from applications.models import StoredFile
from applications.models.stored_file import Purpose
from applications.portal.access import case_and_standing
from applications.portal.todo import next_sentence, todos
from applications.states import AFTER_APPROVAL, MAIN_LINE, PLAIN_LABELS, UNDECIDED
from applications.unlocks import why_locked
from ikz import clock

OWN, COMMON = ("resolution", "expenditure", "other"), ("agreement", "expenditure_after", "report")
READ_BY_ALL = ("agreement",)  # who signs it may read it; the rest of what is common is the lead's


@login_required
def case(request, uuid):
    application, standing = case_and_standing(request, uuid)
    owed = todos(application, standing)
    may_change = changeable(application, standing)
    return render(
        request,
        "applications/portal/case.html",
        {
            "application": application,
            "standing": standing,
            "state_label": PLAIN_LABELS[application.state],
            "progress": progress(application),
            "owed": owed,
            "sentence": next_sentence(application, standing, owed),
            "matrix": [each for each in owed_documents.rows(application) if standing.sees(each.participant)],
            "matrix_columns": owed_documents.COLUMNS,
            "changeable": may_change,
            "readable": readable(application, standing, may_change),
            "given_opinions": [each for each in standing.opinions if each.is_answered and not each.waived_reason],
            "dates": dates(application) if standing.is_municipal else [],
            "offers_withdrawal": standing.leads and standing.may_sign and application.state in UNDECIDED,
        },
    )


def changeable(application, standing) -> dict:
    """Whose documents the person may change now, and which common things."""
    own = {kind: [each for each in standing.own if why_locked(application, kind, each) is None] for kind in OWN}
    common = {kind: standing.leads and why_locked(application, kind) is None for kind in COMMON}
    return own | common | {"opinion": why_locked(application, "opinion") is None}


def readable(application, standing, may_change) -> dict:
    """What was brought and can only be looked at now: whose documents, and which common ones."""
    cooperation = application.cooperation
    locked = {kind: [each for each in standing.own if each not in may_change[kind]] for kind in OWN}
    own = {
        "resolution": [each for each in locked["resolution"] if each.resolution_or_none],
        "expenditure": [each for each in locked["expenditure"] if _said(each.personnel_before, each.material_before)],
        "other": _with_other_documents(application, locked["other"]),
    }
    common = {
        "agreement": application.agreement is not None,
        "expenditure_after": _said(cooperation.personnel_after, cooperation.material_after),
        "report": application.usage_report is not None,
    }
    seen = COMMON if standing.leads else READ_BY_ALL if standing.own else ()
    return own | {kind: kind in seen and is_there and not may_change[kind] for kind, is_there in common.items()}


def _said(*amounts):
    return any(each is not None for each in amounts)


def _with_other_documents(application, participants):
    if not participants:
        return []
    files = StoredFile.objects.filter(application=application, participant__in=participants, purpose=Purpose.OTHER)
    having = set(files.values_list("participant", flat=True))
    return [each for each in participants if each.pk in having]


def dates(application) -> list[tuple[case_dates.CaseDate, case_dates.Tone]]:
    """What a municipality has to know after the decision; how the ministry counts its own days is not its concern."""
    concerning = [each for each in application.dates if each.what.concerns_municipality]
    return case_dates.line_of_time(concerning, application.facts_of_dates, application.state, clock.today())


def progress(application) -> list[tuple[str, str]]:
    """The main line as (label, done | now | later); empty once the case has left it for good."""
    reached = application.state if application.state in MAIN_LINE else None
    if application.state in AFTER_APPROVAL:
        reached = MAIN_LINE[-1]
    if reached is None:
        return []
    now = MAIN_LINE.index(reached)
    return [
        (PLAIN_LABELS[state], "done" if place < now else "now" if place == now else "later")
        for place, state in enumerate(MAIN_LINE)
    ]
