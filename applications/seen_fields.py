"""What the reader of a form saw of each field, so that a form sent on an old state is joined with the new one.

A hidden field carries a short digest of every value. Comparing three of them (seen, stored, typed) tells who changed
what: a field that its reader left alone takes the stored value, one that both changed keeps what was typed and says
what is stored.
"""

import hashlib
from datetime import date
from decimal import Decimal

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME

from ikz.german import beginning, day, listing

LONGEST = 300  # characters of a stored value that the note at a field shows
BOTH = "Inzwischen gespeichert: {}. Ihr Eintrag steht noch im Feld und ersetzt es, wenn Sie erneut speichern."
OTHER_FILE = (
    "Inzwischen wurde eine andere Datei gespeichert. Bitte wählen Sie Ihre Datei nur dann noch einmal aus, wenn sie diese "
    "ersetzen soll."
)
PICK_AGAIN = "Bitte wählen Sie die Datei noch einmal aus: Der Browser behält sie nicht."


def digests(form, key="") -> dict[str, str]:
    """Of each field that its reader may change, as it is stored."""
    return {f"{key}{bound.name}": _digest(_stored(bound)) for bound in _fields(form)}


def digests_of_row(row) -> dict[str, str]:
    """Of a row that is edited in a table on the same page, by its columns."""
    columns = row._meta.concrete_fields
    return {f"{row_key(row)}{each.name}": _digest(_plain(getattr(row, each.attname))) for each in columns}


def row_key(row) -> str:
    return f"{row._meta.model_name}-{row.pk}."


def written(found: dict[str, str]) -> str:
    return " ".join(f"{name}:{digest}" for name, digest in found.items())


def read(text: str) -> dict[str, str]:
    """What written() wrote; anything else is nothing that was seen."""
    return dict(pair.split(":") for pair in text.split() if pair.count(":") == 1)


def join(form, seen: dict[str, str], key="") -> tuple[list[str], dict[str, str]]:
    """Put what is stored where the reader changed nothing: (labels of those fields, name → note where both did).

    Without a digest nobody can tell; then a difference counts as changed by both.
    """
    form.data = form.data.copy()
    taken, notes = [], {}
    for bound in _fields(form):
        was, stored = seen.get(f"{key}{bound.name}"), _digest(_stored(bound))
        if isinstance(bound.field, forms.FileField):
            if bound.data:
                notes[bound.name] = PICK_AGAIN if was == stored else OTHER_FILE
            elif was not in (stored, None):
                taken.append(str(bound.label))
            continue
        typed = _digest(_canonical(bound.field, bound.data))
        if typed == stored:
            continue
        if typed == was or _was_not_there(form, bound):
            _put(form, bound)
            taken.append(str(bound.label))
        elif was != stored:
            notes[bound.name] = BOTH.format(_said(bound))
    return taken, notes


def _fields(form):
    return [
        bound for bound in form if not (bound.is_hidden or bound.field.disabled or bound.name == DELETION_FIELD_NAME)
    ]


def _was_not_there(form, bound) -> bool:
    """A field that came with the new state, such as the signatures of a participant who joined meanwhile."""
    return bound.field.widget.value_omitted_from_data(form.data, form.files, bound.html_name)


def _stored(bound) -> str:
    if isinstance(bound.field, forms.FileField):
        return _plain(getattr(bound.form.instance, "file_id", None))
    return _canonical(bound.field, bound.initial)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _canonical(field, value) -> str:
    """One spelling for what is stored and for what was typed."""
    if isinstance(field, forms.ModelChoiceField | forms.MultipleChoiceField):
        return _plain(field.prepare_value(value))  # without asking the database for the row
    try:
        return _plain(field.to_python(value))
    except forms.ValidationError:
        return _plain(value)


def _plain(value) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ",".join(sorted(map(str, value)))
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value).replace("\r\n", "\n").strip()


def _put(form, bound):
    """The stored value in the data of the form, as a browser would send it."""
    widget = getattr(bound.field.widget, "widget", bound.field.widget)  # the admin wraps what points to other records
    value = bound.field.prepare_value(bound.initial)
    if isinstance(widget, forms.CheckboxInput):
        form.data.pop(bound.html_name, None)
        if value:
            form.data[bound.html_name] = "on"
    elif getattr(widget, "allow_multiple_selected", False):
        form.data.setlist(bound.html_name, [str(each) for each in value or ()])
    else:
        text = value if isinstance(widget, forms.Select | forms.RadioSelect) else widget.format_value(value)
        form.data[bound.html_name] = "" if text is None else str(text)


def _said(bound) -> str:
    """The stored value as people say it."""
    field, value = bound.field, bound.initial
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if value in field.empty_values:
        return "leer"
    if isinstance(field, forms.ModelChoiceField):
        record = field.queryset.filter(pk=field.prepare_value(value)).first()
        return f"„{field.label_from_instance(record) if record else value}“"
    if isinstance(field, forms.ChoiceField):
        labels = dict(field.choices)
        values = value if isinstance(value, list) else [value]
        return f"„{listing([str(labels.get(each, each)) for each in values])}“"
    text = day(value) if isinstance(value, date) else str(field.widget.format_value(field.prepare_value(value)))
    return f"„{beginning(text, LONGEST)}“"
