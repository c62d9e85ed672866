"""States and turns as coloured words; the colour never says more than the word."""

from django.utils.html import format_html

from applications.states import State
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


STATE_BADGES = {state: badge(state.label, tone) for state, tone in STATE_TONES.items()}
TURN_BADGES = {turn: badge(turn.label, "info" if turn in MINISTRY_TURNS else "wait") for turn in Turn} | {
    Turn.NOBODY: "–"
}
