"""What an import changed, kept where every other change of a record is kept: who, when, which field, from what to what.

auditlog notes what is saved one by one. An import writes all rows in one statement, so it notes them itself, in the same
form and in one more statement.
"""

from auditlog import get_logentry_model
from auditlog.cid import get_cid
from auditlog.diff import get_field_value
from django.contrib.contenttypes.models import ContentType
from django.db.models.signals import pre_save
from django.utils import timezone
from django.utils.encoding import smart_str

from municipalities.models import Municipality
from municipalities.register_statements import insert

FIELDS = {field.name: field for field in Municipality._meta.concrete_fields}


def said(body: Municipality, names) -> dict[str, str]:
    """The fields of the body as auditlog stores them: text, of another body its number."""
    return {name: smart_str(get_field_value(body, FIELDS[name])) for name in names}


def keep_trace(written, *, by, file_name: str) -> None:
    """One entry for each body that is new or was changed."""
    entry_model = get_logentry_model()
    insert(entry_model, Entries(entry_model, written, by, file_name))


class Entries:
    """The entries, made one by one while they are written: a new register has more than ten thousand."""

    def __init__(self, model, written, by, file_name):
        self.model, self.written = model, written
        self.same = {
            "content_type": ContentType.objects.get_for_model(Municipality),
            "actor": by,
            "actor_email": by.email if by else None,
            "additional_data": {"file": file_name},
            "cid": get_cid(),
            "timestamp": timezone.now(),
        }

    def __len__(self):
        return len(self.written.created) + len(self.written.changed)

    def __iter__(self):
        for body in self.written.created:
            filled = {name: text for name, text in said(body, FIELDS).items() if text not in ("", "None")}
            yield self._entry(body, self.model.Action.CREATE, {name: ("None", text) for name, text in filled.items()})
        for body, changes in self.written.changed:
            yield self._entry(body, self.model.Action.UPDATE, changes)

    def _entry(self, body, action, changes):
        entry = self.model(
            object_pk=str(body.pk),
            object_id=body.pk,
            object_repr=str(body),
            action=action,
            changes=changes,
            **self.same,
        )
        pre_save.send(self.model, instance=entry)  # auditlog adds from where the request came
        return entry
