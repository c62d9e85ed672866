"""Forms of the portal in the markup of the KERN design system: labels, hints, errors that name their field."""

from django import forms

from ikz.typed_days import plausible_year

INPUT, SELECT, CHECK, RADIO = (
    "kern-form-input__input",
    "kern-form-input__select",
    "kern-form-check__checkbox",
    "kern-form-check__radio",
)


class KernForm:
    """A mixin: `{{ form }}` renders error summary and fields. The summary links to the fields (portal/form.html)."""

    template_name = "portal/form.html"
    says_optional = True  # not where everything may wait, as in a draft

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False  # our own sentences instead of the browser's bubbles
        for field in self.fields.values():
            field.template_name = "portal/field.html"
            dress(field)
            if isinstance(field, forms.DateField):
                field.validators.append(plausible_year)


def dress(field):
    """Give the widget of a field the class that KERN styles it by."""
    widget = field.widget
    if isinstance(widget, forms.CheckboxInput):
        widget.attrs.setdefault("class", CHECK)
    elif isinstance(widget, forms.RadioSelect):
        # Django's CheckboxSelectMultiple is a RadioSelect too.
        widget.attrs.setdefault("class", CHECK if widget.allow_multiple_selected else RADIO)
        widget.template_name = "portal/choices.html"
    elif isinstance(widget, forms.Select):
        widget.attrs.setdefault("class", SELECT)
    elif not widget.is_hidden:
        widget.attrs.setdefault("class", INPUT)
    if isinstance(field, forms.DateField) and isinstance(widget, forms.DateInput):
        field.widget = forms.DateInput(attrs={**widget.attrs, "type": "date"}, format="%Y-%m-%d")


def is_group(bound_field) -> bool:
    """Whether the field is several controls under one legend."""
    return isinstance(bound_field.field.widget, forms.RadioSelect)
