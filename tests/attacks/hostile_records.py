"""Every text of every record of ours, made hostile: markup, quotes, a formula, template syntax, a number of its own."""

import re
from html.parser import HTMLParser

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from applications import history_triggers

OURS = ("applications", "municipalities", "ikz")
LONG, SHORT, SHORTEST = """="'><xss onxss="1">{{{{7*7}}}}{{%x%}}&copy;{number}.{key}""", "\"'><xss {number}>", "<xss>"
ADDRESS = '"<xss-{number}>{key}"@example.org'  # as the standard allows it
NUMBERS = re.compile(r"&amp;copy;(\d+)\.|&lt;xss[ -](\d+)&gt;")  # as a page shows them
# What no person types: keys, hashes, codes, numbers that we make, and what a test needs to find its way.
MADE_HERE = {
    "applications.Application": {"file_number"},
    "applications.BankAccount": {"iban"},
    "applications.Deletion": {"file_number", "seals"},
    "applications.Entry": {"step", "source", "target", "previous_hash", "hash"},
    "applications.FieldChange": {"object_pk", "cid", "serialized_data"},
    "applications.Invitation": {"token_hash"},
    "applications.Judgement": {"rule", "seen_cases", "facts"},
    "applications.Message": {"key"},
    "applications.Notice": {"file_number", "code"},
    "applications.PayingAccount": {"iban"},
    "applications.Payment": {"iban"},
    "applications.PaymentOrder": {"file"},
    "applications.StoredFile": {"file", "sha256", "pdfa"},
    "applications.TaskField": {"code"},
    "applications.TextBlock": {"key"},
    "applications.Variant": {"legal_forms"},
    "applications.Cooperation": {"ozg_goals"},
    "ikz.CacheEntry": {"cache_key", "value"},
    "ikz.Session": {"session_key", "session_data"},
    "ikz.User": {"password"},
    "municipalities.Municipality": {"ags", "ars"},
    "municipalities.RegisterImport": {"sha256"},
}
# These alone change what a record is, without a constraint that asks for more.
SAY_THAT_IT_HAPPENED = {"waived_reason", "closing_note"}
TEXTS = (models.CharField, models.TextField, models.JSONField)


def texts():
    """(model, field) of every text that people may fill, directly or by way of a record that quotes them."""
    for model in (model for label in OURS for model in apps.get_app_config(label).get_models()):
        for field in model._meta.concrete_fields:
            made_here = field.name in MADE_HERE.get(model._meta.label, ())
            if isinstance(field, TEXTS) and not field.choices and not made_here:
                yield model, field


def make_hostile():
    """Fill every text: number → the field whose texts carry it, and the fields that no constraint lets be filled."""
    history_triggers.remove(connection)
    numbers, refused = {}, set()
    for number, (model, field) in enumerate(texts(), 100):
        filled = [_fill(record, field, number) for record in model._base_manager.all()]
        name = f"{model._meta.label}.{field.name}"
        if any(filled):
            numbers[number] = name
        else:
            refused.add(name)
    return numbers, refused


def _fill(record, field, number):
    """Whether the database takes it: some texts belong to something that has not happened to this record."""
    value = getattr(record, field.attname)
    if not value and (field.name in SAY_THAT_IT_HAPPENED or isinstance(field, models.JSONField)):
        return False
    try:
        with transaction.atomic():
            text = _hostile(field, value, number, record.pk)
            return bool(type(record)._base_manager.filter(pk=record.pk).update(**{field.name: text}))
    except IntegrityError:
        return False


def _hostile(field, value, number, key):
    if isinstance(field, models.EmailField):
        return ADDRESS.format(number=number, key=key)
    marker = LONG.format(number=number, key=key)
    if isinstance(field, models.JSONField):
        return _within(value, marker)
    longest = field.max_length or len(marker)
    return next(text for text in (marker, SHORT.format(number=number), SHORTEST) if len(text) <= longest)


def _within(value, marker):
    """Sentences within a structure; single words are its own keys."""
    if isinstance(value, dict):
        return {key: _within(each, marker) for key, each in value.items()}
    if isinstance(value, list):
        return [_within(each, marker) for each in value]
    return marker if isinstance(value, str) and " " in value else value


class Page(HTMLParser):
    """`raw`: what of a hostile text became markup; `numbers`: the texts that a reader sees."""

    def __init__(self, html):
        super().__init__()
        self.raw, self.numbers = [], {int(one or other) for one, other in NUMBERS.findall(html)}
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.raw += [f"<{tag}>"] if "xss" in tag else []
        self.raw += [f"{tag} {name}" for name, _value in attributes if "xss" in name]
