"""Whose turn it is: for every state somebody owes the next move, or nobody does."""

from django.db import models

from applications.letter_kinds import Intention
from applications.states import UNDER_PREPARATION, State


class Turn(models.TextChoices):
    PARTICIPANTS = "participants", "Beteiligte"
    LEAD = "lead", "Federführende Kommune"
    AUTHORITY = "authority", "Stellungnehmende Stelle"
    CLERK = "clerk", "Sachbearbeitung"
    DECIDER = "decider", "Bewilligung"
    TREASURER = "treasurer", "Haushalt"
    NOBODY = "nobody", "niemand"


def turn(application) -> Turn:
    """Who owes the next move. ApplicationQuerySet.with_turn() says the same in SQL."""
    match application.state:
        case state if state in UNDER_PREPARATION:
            return _turn_before_the_check(application)
        case State.CHECKED:
            return _turn_of_hearings(application) or Turn.DECIDER
        case State.APPROVED:
            if application.taken_over_at:  # paid before this procedure
                return Turn.NOBODY
            return Turn.CLERK if application.has_unsent_decision else Turn.TREASURER
        case State.PAID:
            report = application.usage_report
            return Turn.CLERK if report and report.is_at_ministry else Turn.LEAD
        case _:
            return Turn.NOBODY


def _turn_before_the_check(application) -> Turn:
    if not application.is_handed_in:
        return Turn.LEAD
    if asked := _turn_of_corrections(application) or _turn_of_hearings(application):
        return asked
    if application.state == State.DRAFTED and application.bodies_without_resolution:
        return Turn.PARTICIPANTS
    if application.state == State.RESOLUTIONS_COLLECTED and application.agreement_incomplete:
        return Turn.LEAD
    if application.state == State.AGREEMENT_SIGNED and any(not each.is_settled for each in application.opinion_list):
        return Turn.AUTHORITY
    return Turn.CLERK


def _turn_of_corrections(application) -> Turn | None:
    """While something is asked for: whoever has to answer, then whoever looks at the answer."""
    waiting = [each for each in application.correction_list if each.is_open]
    if any(each.is_unanswered for each in waiting):
        return Turn.PARTICIPANTS
    return Turn.CLERK if waiting else None


def _turn_of_hearings(application) -> Turn | None:
    """Where a refusal is intended: whoever sends the letter, then whoever may object, then whoever decides."""
    hearings = application.hearings_on(Intention.REFUSE)
    if not hearings:
        return None
    if any(each.is_running for each in hearings):
        return Turn.LEAD
    return Turn.DECIDER if hearings[-1].is_over else Turn.CLERK
