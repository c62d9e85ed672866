"""The words of ikz/german.py in templates."""

from django import template

from ikz import german

register = template.Library()
register.filter("euros", german.euros)
register.filter("day", german.day)
