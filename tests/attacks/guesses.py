"""What a fuzz run sends: names read from a page, values that have broken software before, and anything at all."""

import re
from html.parser import HTMLParser
from urllib.parse import parse_qsl, quote, urlsplit

from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import strategies as st

HOSTILE = [
    "",
    " ",
    "0",
    "-1",
    "1e999",
    "NaN",
    "Infinity",
    "-Infinity",
    "9" * 30,
    "99999999999999999999.99",
    "١٢٣",
    "²",
    "1,5",
    "1.234.567,89",
    "true",
    "None",
    "null",
    "[]",
    "{}",
    "on",
    "a" * 5000,
    "\x00",
    "a\x00b",
    "\r\nSet-Cookie: a=b",
    "%",
    "%00",
    "_",
    "*",
    "\\",
    "' OR 1=1 --",
    '"; DROP TABLE x; --',
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "{% debug %}",
    "=1+1",
    "@SUM(A1)",
    "../../../etc/passwd",
    "//example.org",
    "javascript:alert(1)",
    "2026-02-30",
    "30.02.2026",
    "31.12.9999",
    "0001-01-01",
    "9999-12-31",
    "99999-01-01",
    "99999",
    "1",
    "2",
    "2026",
    "2026-11-20",
    "20.11.2026",
    "00000000-0000-0000-0000-000000000000",
    "06431002",
    "a@example.org",
    "\u202e🙂e\u0301",
]
# What Django's lists, and ours, understand in an address.
COMMON_NAMES = [
    "q",
    "o",
    "p",
    "all",
    "e",
    "term",
    "page",
    "_popup",
    "_to_field",
    "_changelist_filters",
    "parent",
    "next",
]
COMMON_NAMES += [
    "id",
    "pk",
    "id__in",
    "pk__gt",
    "id__isnull",
    "received_on__year",
    "received_on__month",
    "action",
    "_save",
]
TEXT = st.text(st.characters(codec="utf-8"), max_size=40)
FILES = st.builds(
    lambda name, content: SimpleUploadedFile(name or "x", content),
    st.sampled_from(["a.pdf", "a.csv", "a.xlsx", "../../a.pdf", "\x00.pdf", "a" * 300 + ".pdf", "=a.csv"]),
    st.one_of(
        st.binary(max_size=60),
        st.sampled_from(
            [b"%PDF-1.7\n%%EOF", b"PK\x03\x04", b"AGS;Name\n06431002;Bensheim\n", b"\xff\xfe\x00", b"a;b\n" * 50]
        ),
    ),
)


class Page(HTMLParser):
    """The names that a page knows: `fields` with the values that they hold, `files`, `parameters` of its links.

    `texts` are the fields where people write: those of several lines, and those of one that holds a word. `questions`
    are those of which one answer is ticked, `addresses` those for an e-mail address, `pdfs` the files that
    must be PDFs.
    """

    def __init__(self, html):
        super().__init__()
        self.fields, self.choices, self.files, self.parameters, self.texts = {}, {}, set(), set(), set()
        self.questions, self.addresses, self.pdfs = set(), set(), set()
        self._select = self._area = None
        self.feed(html)

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._area = None

    def handle_data(self, data):
        if self._area:
            self.fields[self._area] += data

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        name = attributes.get("name")
        if tag == "a" and (attributes.get("href") or "").startswith("?"):
            self.parameters.update(key for key, _ in parse_qsl(urlsplit(attributes["href"]).query, True))
        if tag == "select":
            self._select = name
        if tag == "option" and self._select:
            self.choices.setdefault(self._select, []).append(attributes.get("value") or "")
            if "selected" in attributes:
                self.fields[self._select] = attributes.get("value") or ""
        if name and tag in ("input", "textarea", "select", "button"):
            self._field(name, tag, attributes)

    def _field(self, name, tag, attributes):
        if attributes.get("type") == "file":
            self.files.add(name)
            if "application/pdf" in attributes.get("accept", ""):
                self.pdfs.add(name)
        elif attributes.get("type") in ("radio", "checkbox"):
            self.choices.setdefault(name, []).append(attributes.get("value") or "on")
            if attributes["type"] == "radio":
                self.questions.add(name)
            if "checked" in attributes:
                self.fields[name] = attributes.get("value") or "on"
        elif name != "csrfmiddlewaretoken" and tag != "button":
            self.fields.setdefault(name, attributes.get("value") or "")
            self._area = name if tag == "textarea" else None
            if attributes.get("type") == "email":
                self.addresses.add(name)
            words = {"vTextField", "kern-form-input__input"} & set(attributes.get("class", "").split())
            holds_a_word = words and re.fullmatch(r"[^\d@]+", self.fields[name]) and attributes.get("type") == "text"
            if tag == "textarea" or holds_a_word:
                self.texts.add(name)

    def changed(self):
        """What a person would send who changed every text, left no question open, and chose an action for every row."""
        answers = {name: self.choices[name][0] for name in self.questions}
        answers |= dict.fromkeys(self.addresses, "neu@ikz.example")
        answers |= {name: value or answers.get(name, "") for name, value in self.fields.items()}
        texts = {name: f"{self.fields[name].strip()} Anders." for name in self.texts}
        rows = {name: self.choices[name] for name in ("_selected_action",) if name in self.choices}
        actions = {name: self.choices[name][-1] for name in ("action",) if name in self.choices}
        return {**answers, **texts, **rows, **actions, "post": "yes"}

    @property
    def names(self):
        return sorted({*self.fields, *self.choices, *self.parameters})

    def value(self, name):
        """What is sent under this name: one value, or a parameter that comes twice."""
        offered = self.choices.get(name)
        anything = st.one_of(st.sampled_from(HOSTILE), TEXT)
        one = st.one_of(st.sampled_from(offered), anything) if offered else anything
        return st.one_of(one, one, one, st.lists(one, min_size=2, max_size=2))

    def answers(self, data):
        """Everything that a form of the page would send, some of it turned into something else."""
        answers = dict(self.fields)
        for name in data.draw(st.lists(st.sampled_from(self.names), max_size=4, unique=True)) if self.names else []:
            answers[name] = data.draw(self.value(name), label=name)
        for name in sorted(self.files):
            if data.draw(st.booleans()):
                answers[name] = data.draw(FILES, label=name)
        return answers

    def query(self, data):
        names = st.sampled_from([*self.names, *COMMON_NAMES])
        return {
            name: data.draw(self.value(name), label=name)
            for name in data.draw(st.lists(names, min_size=1, max_size=3, unique=True))
        }


KEY = re.compile(r"\d+|[0-9a-f]{8}-[0-9a-f-]{27}")


ANY_KEY = st.one_of(st.sampled_from(HOSTILE), TEXT).filter(lambda text: text.strip("./") and "\x00" not in text)


def places_of_keys(address):
    return [place for place, part in enumerate(urlsplit(address).path.split("/")) if KEY.fullmatch(part)]


def other_address(address, keys, data, beside=()):
    """The address with another key at one of its places: one of `keys`, of the kind that fits, or what is given beside."""
    parts, places = urlsplit(address).path.split("/"), places_of_keys(address)
    if not places:
        return address
    place = data.draw(st.sampled_from(places), label="place")
    fitting = [key for key in keys if ("-" in key) == ("-" in parts[place])]
    parts[place] = quote(data.draw(st.one_of(st.sampled_from(fitting), *beside), label="key"), safe="")
    return "/".join(parts)


def list_parameters():
    """address of a list → the parameters that it declares."""
    found = {}
    for model, list_admin in admin.site._registry.items():
        names = {"q"} if list_admin.search_fields else set()
        for given in list_admin.list_filter:
            names |= set(_parameters_of(given[0] if isinstance(given, tuple) else given, model))
        if list_admin.date_hierarchy:
            names |= {f"{list_admin.date_hierarchy}__{part}" for part in ("year", "month", "day")}
        found[f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"] = sorted({"o", "p", "all", *names})
    return found


def _parameters_of(given, model):
    if not isinstance(given, str):
        return [given.parameter_name]
    field = model._meta.get_field(given.partition("__")[0])
    return (
        [f"{given}__id__exact", f"{given}__isnull"] if field.is_relation and "__" not in given else [f"{given}__exact"]
    )
