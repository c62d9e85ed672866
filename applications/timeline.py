"""What happened in a case, newest first: steps and changes of fields as readable sentences."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    BooleanField,
    DecimalField,
    ForeignKey,
    JSONField,
    PositiveIntegerField,
    PositiveSmallIntegerField,
    Q,
)
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from applications.letter_kinds import LetterKind
from applications.models import Application, FieldChange
from applications.models.cooperation import OzgGoal
from applications.states import State
from ikz.german import beginning, counted, day, euros, listing

EMPTY = (None, "", "None", "[]")
LONGEST = 80  # characters of a value that a sentence shows
STEP_LABELS = {
    "open_case": "Fall angelegt",
    "issue_letter": "Schreiben ausgefertigt",
    "correct_dispatch": "Versand berichtigt",
} | {step.name: step.custom["label"] for step in Application().get_all_state_transitions()}
CHOICES_OF_LISTS = dict(OzgGoal.choices)  # a list of codes does not know their words
ONE = {"Seiten": "Seite", "Ja-Stimmen": "Ja-Stimme", "Nein-Stimmen": "Nein-Stimme", "Enthaltungen": "Enthaltung"}
# What is not „angelegt“ when it comes: a judgement says itself what was done.
MADE = {"datefacts": "eingetragen", "filenote": "geschrieben", "judgement": ""}
OF_RELATIONS = {"add": "hinzugefügt", "delete": "entfernt"}  # as auditlog calls it
HIDDEN = {
    "id",
    "application",
    "cooperation",
    "participant",
    "request",
    "agreement",
    "office",
    "by",
    "at",
    "uploaded_by",
    "requested_by",
}

# What is worth telling of a record that came or went, in the order of the sentence; of all others the name says enough.
WORTH_TELLING = {
    "agreement": ["starts_on", "ends_on", "is_unlimited", "approved_on", "published_on", "notified_on"],
    "cooperation": ["task_field", "legal_form", "lead"],
    "correctionitem": ["kind", "participant"],
    "correctionrequest": ["due_on"],
    "filenote": ["follow_up_on"],
    "hearing": ["intention", "due_on"],
    "judgement": ["reason"],
    "membership": ["role", "is_administrator", "valid_from", "valid_to"],
    "officemember": ["valid_from", "valid_to"],
    "opinion": ["requested_on", "due_on", "received_on", "recommendation", "waived_reason"],
    "participant": ["joins", "personnel_before", "material_before"],
    "resolution": ["organ", "resolved_on", "number", "is_positive", "votes_for", "votes_against", "abstentions"],
    "signature": ["signatory_1", "signatory_2", "signed_on"],
    "storedfile": ["purpose", "pages"],
    "usagereport": ["submitted_on", "spent"],
    "user": ["email", "is_staff", "is_superuser"],
}


@dataclass(frozen=True)
class Event:
    """One thing that happened: a step (with its reason) or the change of a record (with its fields)."""

    at: datetime
    who: str
    text: str
    is_step: bool = False
    reason: str = ""
    details: list[str] = field(default_factory=list)


def events(application, limit: int | None = None) -> list[Event]:
    """The newest `limit` events, or all. A number of queries that does not depend on their number."""
    entries = application.history.order_by("-sequence")[:limit]
    changes = application.field_changes.select_related("actor", "content_type").order_by("-pk")[:limit]
    found = [_step_event(entry) for entry in entries] + _change_events(list(changes))
    return sorted(found, key=attrgetter("at"), reverse=True)[:limit]


def changes_of(application, records, since: datetime) -> list[Event]:
    """What changed in these records after a moment, newest first."""
    changes = application.field_changes.select_related("actor", "content_type").filter(timestamp__gt=since)
    wanted = {(ContentType.objects.get_for_model(each).pk, str(each.pk)) for each in records}
    return _change_events(
        [each for each in changes.order_by("-pk") if (each.content_type_id, each.object_pk) in wanted]
    )


def events_of_account(account) -> list[Event]:
    """What became of an account, its roles and its accesses, newest first."""
    records = [account, *account.memberships.all(), *account.office_memberships.all()]
    kept = Q()
    for record in records:
        kept |= Q(content_type=ContentType.objects.get_for_model(record), object_pk=str(record.pk))
    changes = FieldChange.objects.filter(kept).select_related("actor", "content_type").order_by("-pk")
    return _change_events(list(changes))


def _step_event(entry) -> Event:
    label = step_label(entry)
    text = f"{label}: {_outcome(entry)}" if entry.source else label
    return Event(entry.at, entry.by_name, text, is_step=True, reason=entry.reason, details=_answers(entry))


def _outcome(entry) -> str:
    """Where the step led; a letter leads nowhere and is called by its kind."""
    if letter := entry.data.get("letter"):
        return LetterKind(letter).label
    return State(entry.target).label


def _answers(entry) -> list[str]:
    """What was decided with the step."""
    answers = entry.data.get("answers", {})
    said = []
    if answers.get("amount") is not None:
        said.append(f"Zuwendung: {euros(Decimal(answers['amount']))}")
    if answers.get("year"):
        line = f"{answers['year']}, {answers['title']}" if answers.get("title") else answers["year"]
        said.append(f"aus dem Haushalt {line}")
    if answers.get("final_on"):
        said.append(f"bestandskräftig seit {day(date.fromisoformat(answers['final_on']))}")
    if answers.get("repaid_on"):
        said.append(f"eingegangen am {day(date.fromisoformat(answers['repaid_on']))}")
    if answers.get("payment_order"):
        said.append(f"Zahlungsliste {answers['payment_order']}")
    return said


def step_label(entry) -> str:
    """The step in German; its name where the step does not exist any more."""
    return STEP_LABELS.get(entry.step, entry.step)


def _change_events(changes) -> list[Event]:
    names = _names_of_referred(changes)
    return [
        Event(change.timestamp, str(change.actor or "System"), _headline(change), details=_details(change, names))
        for change in changes
        if not _is_told_by_a_step(change)
    ]


def _is_told_by_a_step(change) -> bool:
    """That a case began is the first step of its history."""
    return change.action == change.Action.CREATE and change.content_type.model_class() is Application


def _headline(change) -> str:
    verb = ("angelegt", "geändert", "entfernt", "angesehen")[change.action]
    if change.action == change.Action.CREATE:
        verb = MADE.get(change.content_type.model, verb)
    model = change.content_type.model_class()
    kind = model._meta.verbose_name if model else change.content_type.model
    name = change.object_repr if change.object_repr.startswith(kind) else f"{kind} {change.object_repr}"
    return f"{name} {verb}".strip()


def _details(change, names) -> list[str]:
    """The changed fields; of a new or removed record one line of what matters."""
    model = change.content_type.model_class()
    if model is None:
        return []
    if change.action != change.Action.UPDATE:
        told = _told(model, dict(_pairs(change)), names, old=change.action == change.Action.DELETE)
        return [told] if told else []
    return [
        f"{_field(model, name).verbose_name}: {_said(model, name, old, names)} → {_said(model, name, new, names)}"
        for name, (old, new) in _pairs(change)
        if name not in HIDDEN and _field(model, name)
    ] + _of_relations(change, model)


def _of_relations(change, model) -> list[str]:
    """„Rollen: Haushalt hinzugefügt“: what came to a many-to-many relation or left it."""
    return [
        f"{model._meta.get_field(name).verbose_name}: {listing(said['objects'])} {OF_RELATIONS[said['operation']]}"
        for name, said in (change.changes or {}).items()
        if isinstance(said, dict)
    ]


def _told(model, pairs, names, *, old) -> str:
    """„beschlossen am 01.06.2026; zustimmend; 20 Ja-Stimmen“: what a record said when it came, or `old`: when it went."""
    values = (
        (name, pairs[name][0 if old else 1]) for name in WORTH_TELLING.get(model._meta.model_name, ()) if name in pairs
    )
    said = [_phrase(model, name, value, names) for name, value in values if value not in EMPTY]
    return "; ".join(filter(None, said))


def _phrase(model, name, value, names) -> str:
    label, found = _field(model, name).verbose_name, _field(model, name)
    if isinstance(found, BooleanField):
        return label if value == "True" else f"nicht {label}" if name == "is_positive" else ""
    if isinstance(found, PositiveSmallIntegerField | PositiveIntegerField):
        return counted(int(value), ONE.get(label, label), label)
    return f"{label} {_said(model, name, value, names)}"


def _pairs(change):
    """Field changes as (name, (old, new)); those of many-to-many relations look different: _of_relations."""
    return [(name, pair) for name, pair in (change.changes or {}).items() if isinstance(pair, list)]


def _field(model, name):
    """The column of that name, or None: auditlog also notes relations that point back at a new record."""
    return next((field for field in model._meta.concrete_fields if field.name == name), None)


def _said(model, name, value, names) -> str:
    """A stored value as people say it."""
    if value in EMPTY:
        return "leer"
    if value in ("True", "False"):
        return "ja" if value == "True" else "nein"
    found = _field(model, name)
    if isinstance(found, ForeignKey):
        return names.get((found.related_model, value), f"Nr. {value}")
    if isinstance(found, DecimalField):
        return euros(Decimal(value))  # every decimal of a case is money
    if isinstance(found, JSONField):
        return listing([CHOICES_OF_LISTS.get(each, each) for each in json.loads(value)])
    choices = dict(getattr(found, "choices", None) or ())
    text = choices.get(value) or _moment(value) or str(value)
    return beginning(text, LONGEST)


def _moment(value) -> str | None:
    if len(value) == len("2026-01-31") and (found := _parsed(parse_date, value)):
        return day(found)
    if len(value) > len("2026-01-31T") and value[:4].isdecimal() and (found := _parsed(parse_datetime, value)):
        return f"{timezone.localtime(found):%d.%m.%Y %H:%M}" if timezone.is_aware(found) else f"{found:%d.%m.%Y %H:%M}"
    return None


def _parsed(parse, value) -> date | None:
    try:
        return parse(value)
    except ValueError:
        return None


def _names_of_referred(changes) -> dict:
    """(model, stored key) → name, one query for each model that a foreign key points to."""
    wanted = defaultdict(set)
    for change in changes:
        model = change.content_type.model_class()
        for name, pair in _pairs(change) if model else []:
            found = _field(model, name)
            if isinstance(found, ForeignKey) and name not in HIDDEN:
                wanted[found.related_model] |= {key for key in pair if str(key).isdecimal()}
    return {
        (model, str(key)): str(record)
        for model, keys in wanted.items()
        for key, record in _named(model).in_bulk(int(key) for key in keys).items()
    }


def _named(model):
    """Rows with what their name is made of."""
    related = {"municipality": "district", "variant": "programme"}.get(model._meta.model_name)
    manager = apps.get_model(model._meta.label)._default_manager
    return manager.select_related(related) if related else manager.all()
