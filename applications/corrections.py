"""What becomes of a correction request: submitted, accepted, refused, withdrawn. Both doors call this, under the case's lock."""

import hashlib
from collections import defaultdict

from applications.models import Message
from applications.models.correction import ItemState
from applications.unlocks import items_for, waiting_items
from ikz import clock
from ikz.german import day

NOT_WAITING = "Dieser Punkt ist inzwischen nicht mehr offen. Bitte laden Sie die Seite neu."
NOT_SUBMITTED = "Zu diesem Punkt liegt keine Antwort mehr vor, die zu prüfen wäre. Bitte laden Sie die Seite neu."


class NotPossible(Exception):
    """The item has moved on; the message says what to do."""


def tell(request, *, by):
    """Tell everybody what is asked of them. The same words to the same people are told once, changed ones again."""
    asked = defaultdict(list)
    for item in request.items.filter(state=ItemState.OPEN).select_related("participant__municipality"):
        asked[item.participant].append(item.text)
    for participant, texts in asked.items():
        words = hashlib.sha256("\n".join([*texts, day(request.due_on)]).encode()).hexdigest()[:16]
        Message.objects.announce(
            request.application,
            "correction_requested",
            key=f"correction:{request.pk}:{participant.pk if participant else 'lead'}:{words}",
            by=by,
            participant=participant,
            what="; ".join(texts),
            due_on=request.due_on,
        )


def remind(request, today) -> int:
    """Tell those who still have to answer that the due date comes or has passed, each once. Returns how many were told."""
    is_overdue = request.due_on < today
    waiting = request.items.filter(state=ItemState.OPEN).select_related("participant__municipality")
    told = 0
    for participant in {item.participant for item in waiting}:
        whom = participant.pk if participant else "lead"
        messages = Message.objects.announce(
            request.application,
            "correction_due",
            key=f"correction:{request.pk}:due:{whom}:{request.due_on}:{'late' if is_overdue else 'soon'}",
            participant=participant,
            what=request.subject,
            due_on=request.due_on,
            is_overdue=is_overdue,
        )
        told += len(messages)
    return told


def submit_saved(application, kind, participant, *, by):
    """Whoever saved what was asked for has answered: the items that had opened it are submitted."""
    waiting = waiting_items(application)
    for item in items_for(application, kind, participant):
        if item in waiting:
            submit(item, by=by)


def submit(item, *, by, answer=""):
    """The municipality says that it is done. Raises NotPossible where nobody waits for it any more."""
    if item.state != ItemState.OPEN or not item.request.is_open:
        raise NotPossible(NOT_WAITING)
    item.state, item.answer = ItemState.SUBMITTED, answer
    item.submitted_by, item.submitted_at = by, clock.now()
    item.save()
    _announce(item, "correction_submitted", by=by)


def accept(item, *, by):
    """What came suffices. The last item that is settled closes the request. Raises NotPossible."""
    _require_submitted(item)
    item.settle(ItemState.ACCEPTED, by=by)
    _close_if_settled(item, by)


def refuse(item, *, by, reason):
    """What came does not suffice: the item is open again, with the reason. Raises NotPossible."""
    _require_submitted(item)
    item.state, item.refusal = ItemState.OPEN, reason
    item.save()
    _announce(item, "correction_refused", by=by, reason=reason, due_on=item.request.due_on)


def take_back(item, *, by):
    """It is not needed any more. Raises NotPossible when it is settled already."""
    if item.is_settled:
        raise NotPossible(NOT_WAITING)
    item.settle(ItemState.WITHDRAWN, by=by)
    _close_if_settled(item, by)
    if item.request.is_open:  # else they hear that all of it is done
        tell_not_needed(item.request, [(item.participant, item.text)], by=by)


def tell_not_needed(request, former, *, by):
    """Tell whoever was asked that something is asked of them no more: `former` are pairs of participant and text."""
    texts_of = defaultdict(list)
    for participant, text in former:
        texts_of[participant].append(text)
    for participant, texts in texts_of.items():
        again = f":{clock.now():%Y%m%d%H%M%S%f}"  # something else may stop being needed later
        _tell_that_less_is_asked(request, "not-needed", participant, by, not_needed="; ".join(texts), again=again)


def tell_closed(request, *, by):
    """Tell everybody who was asked that nothing is left to do."""
    asked = {item.participant for item in request.items.select_related("participant__municipality")}
    for participant in asked:
        _tell_that_less_is_asked(request, "closed", participant, by)


def _tell_that_less_is_asked(request, why, participant, by, *, not_needed="", again=""):
    """All of it is done, or what is named is not needed any more."""
    whom = participant.pk if participant else "lead"
    Message.objects.announce(
        request.application,
        "correction_closed",
        key=f"correction:{request.pk}:{why}:{whom}{again}",
        by=by,
        participant=participant,
        what=request.subject,
        not_needed=not_needed,
    )


def _require_submitted(item):
    if item.state != ItemState.SUBMITTED or not item.request.is_open:
        raise NotPossible(NOT_SUBMITTED)


def _close_if_settled(item, by):
    if all(each.is_settled for each in item.request.items.all()):
        item.request.close(by=by)
        tell_closed(item.request, by=by)


def _announce(item, event, *, by, **context):
    Message.objects.announce(
        item.request.application,
        event,
        key=f"correction-item:{item.pk}:{event}:{item.submitted_at:%Y%m%d%H%M%S%f}",
        by=by,
        participant=item.participant,
        what=item.text,
        **context,
    )
