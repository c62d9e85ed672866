"""What the form templates of the portal ask of a form."""

from django import template

from ikz import kern_forms
from ikz.german import counted

register = template.Library()
register.filter("is_group", kern_forms.is_group)


@register.filter
def error_heading(form):
    """„Bitte prüfen Sie 2 Angaben“; a refusal of the whole form has no field to count."""
    number = sum(len(field.errors) for field in form)
    return f"Bitte prüfen Sie {counted(number, 'Angabe', 'Angaben')}." if number else "Das hat nicht geklappt."


@register.filter
def first_control(field):
    """The id that a link in the error summary leads to: a group is entered at its first control."""
    return f"{field.auto_id}_0" if kern_forms.is_group(field) else field.id_for_label
