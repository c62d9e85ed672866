"""How states and findings look on the pages of a case."""

from django import template

from applications.badges import STATE_BADGES

register = template.Library()

FINDINGS = {
    "met": ("met", "Erfüllt"),
    "missing": ("missing", "Fehlt"),
    "to_judge": ("judge", "Zu beurteilen"),
    "not_required": ("hint", "Nicht verlangt"),
    "hint": ("hint", "Hinweis"),
}


@register.filter
def state_badge(state):
    return STATE_BADGES[state]


@register.filter
def finding_tone(status):
    return FINDINGS[status][0]


@register.filter
def finding_word(status):
    return FINDINGS[status][1]


@register.filter
def lookup(table, key):
    return table.get(key, "") if table else ""
