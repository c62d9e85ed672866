"""German amounts, shares and states in templates."""

from django import template

from ikz import german

register = template.Library()

STATE_TONES = {
    "drafted": "open",
    "resolutions_collected": "open",
    "agreement_signed": "open",
    "checked": "wait",
    "approved": "done",
    "paid": "done",
    "completed": "done",
    "rejected": "stop",
    "withdrawn": "stop",
    "revoked": "stop",
}
FINDINGS = {
    "met": ("met", "Erfüllt"),
    "missing": ("missing", "Fehlt"),
    "to_judge": ("judge", "Zu beurteilen"),
    "not_required": ("hint", "Nicht verlangt"),
    "hint": ("hint", "Hinweis"),
}


@register.filter
def euros(amount):
    """Nothing stays a dash: an unknown amount is not zero."""
    return "–" if amount is None else german.euros(amount)


@register.filter
def percent(share):
    return "–" if share is None else german.percent(share)


@register.filter
def state_tone(state):
    return STATE_TONES[state]


@register.filter
def finding_tone(status):
    return FINDINGS[status][0]


@register.filter
def finding_word(status):
    return FINDINGS[status][1]


@register.filter
def lookup(table, key):
    return table.get(key, "") if table else ""
