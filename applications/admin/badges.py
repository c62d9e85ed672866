"""States and turns as coloured words; the colour never says more than the word."""

from django.utils.html import format_html

from applications.models.states import State
from applications.turns import Turn

STATE_TONES = {
    State.DRAFTED: "open",
    State.RESOLUTIONS_COLLECTED: "open",
    State.AGREEMENT_SIGNED: "open",
    State.CHECKED: "info",
    State.APPROVED: "done",
    State.PAID: "done",
    State.COMPLETED: "done",
    State.REJECTED: "stop",
    State.WITHDRAWN: "stop",
    State.REVOKED: "stop",
}
MINISTRY_TURNS = {Turn.CLERK, Turn.DECIDER, Turn.TREASURER}


def badge(text, tone):
    """`tone` is open, wait, done, stop or info."""
    return format_html('<span class="badge badge--{}">{}</span>', tone, text)


def state_badge(state):
    return badge(State(state).label, STATE_TONES[state])


def turn_badge(turn):
    """Whose turn it is; a plain dash where nobody owes anything."""
    if turn == Turn.NOBODY:
        return "–"
    return badge(Turn(turn).label, "info" if turn in MINISTRY_TURNS else "wait")
