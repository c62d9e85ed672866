"""The page of one case: where it stands, what we owe, who brings what."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render

from applications import case_dates
from applications.portal.access import case_and_standing
from applications.portal.papers import papers
from applications.portal.todo import next_sentence, todos
from applications.states import AFTER_APPROVAL, MAIN_LINE, PLAIN_LABELS, UNDECIDED
from ikz import clock


@login_required
def case(request, uuid):
    application, standing = case_and_standing(request, uuid)
    owed = todos(application, standing)
    return render(
        request,
        "applications/portal/case.html",
        {
            "application": application,
            "state_label": PLAIN_LABELS[application.state],
            "progress": progress(application),
            "owed": owed,
            "sentence": next_sentence(application, standing, owed),
            "given_opinions": [each for each in standing.opinions if each.is_answered and not each.waived_reason],
            "dates": dates(application) if standing.is_municipal else [],
            "offers_withdrawal": standing.leads and standing.may_sign and application.state in UNDECIDED,
            **papers(application, standing),
        },
    )


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
