"""What a municipality may still change in the portal, and why not. Imports no models.

Documents stay open until the ministry has confirmed them; afterwards a correction request opens exactly what it names,
for exactly the participant that it names.
"""

from applications.states import COLLECTING, MAIN_LINE, PLAIN_LABELS, UNDER_PREPARATION, State

# Until which states a participant or the lead brings each thing of its own accord.
OPEN_IN = {
    "resolution": [State.DRAFTED],
    "expenditure": [State.DRAFTED],
    "expenditure_after": [State.DRAFTED],
    "common_data": [],  # the application stands as it was handed in
    "agreement": COLLECTING,
    "opinion": UNDER_PREPARATION,
    "other": UNDER_PREPARATION,
}
SETTLED = ("accepted", "withdrawn")  # states of an item that ask for nothing any more
CONFIRMED = "Das Ministerium hat diese Angaben schon bestätigt. Bitte wenden Sie sich an das Ministerium, wenn etwas nicht stimmt."
AS_HANDED_IN = (
    "Diese Angaben stehen so im Antrag, wie er dem Ministerium vorliegt. Sie lassen sich nur ändern, wenn das Ministerium "
    "sie nachfordert. Bitte wenden Sie sich an das Ministerium, wenn etwas nicht stimmt."
)
CLOSED = "Der Antrag steht auf „{state}“. Änderungen sind jetzt nicht möglich."


def why_locked(application, kind: str, participant=None) -> str | None:
    """The sentence of why this may not be changed now, or None. `participant` None means the lead's common things."""
    if kind == "report":
        return _why_report_locked(application)
    if not application.is_open_for_changes:
        return CLOSED.format(state=PLAIN_LABELS[application.state])
    if not application.is_handed_in or application.state in OPEN_IN[kind]:
        return None
    if items_for(application, kind, participant):
        return None
    return CONFIRMED if OPEN_IN[kind] else AS_HANDED_IN


def _why_report_locked(application) -> str | None:
    report = application.usage_report
    if report and report.is_accepted:
        return "Das Ministerium hat den Verwendungsnachweis angenommen."
    if application.state == State.PAID:
        return None
    if report or application.state not in MAIN_LINE:
        return CLOSED.format(state=PLAIN_LABELS[application.state])
    return "Den Verwendungsnachweis reichen Sie nach der Auszahlung ein."


def unsettled_items(application) -> list:
    """The items of open correction requests that are neither accepted nor withdrawn."""
    return [
        item
        for request in application.correction_list
        if request.is_open
        for item in request.items.all()
        if item.state not in SETTLED
    ]


def waiting_items(application) -> list:
    """Those that a municipality still has to answer."""
    return [item for item in unsettled_items(application) if item.state == "open"]


def items_for(application, kind: str, participant=None) -> list:
    """The unsettled items that open this thing."""
    return [each for each in unsettled_items(application) if _unlocks(each, kind, participant, application)]


def unlocked_fields(application) -> set[str]:
    """The names of the common fields that are asked for; empty when an item opens all of them."""
    named = {each.field for each in items_for(application, "common_data")}
    return set() if "" in named else named


def _unlocks(item, kind, participant, application) -> bool:
    if item.kind != kind:
        return False
    if participant is None:
        return True
    return (item.participant_id or lead_participant(application)) == participant.pk


def lead_participant(application):
    """The key of the participant that leads, whom an item without a participant asks."""
    return next((each.pk for each in application.participants if each.municipality == application.lead), None)
