"""The words of ikz/german.py in templates. Nothing stays a dash: an unknown amount is not zero."""

from django import template

from ikz import german

register = template.Library()
register.filter("day", german.day)


@register.filter
def euros(amount):
    return "–" if amount is None else german.euros(amount)


@register.filter
def percent(share):
    return "–" if share is None else german.percent(share)
