"""docs/glossary.md binds German and code: a word for each thing, and the words of the forms."""

import re

import pytest
from django.apps import apps
from django.conf import settings

ROOT = settings.BASE_DIR
OURS = ["ikz", "municipalities", "applications"]


def glossary():
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [(german, code) for german, code, *_note in rows if code != "code"]


@pytest.mark.parametrize(
    "model",
    [model for app in OURS for model in apps.get_app_config(app).get_models()],
    ids=lambda model: model._meta.label,
)
def test_the_glossary_calls_every_model_as_the_forms_do(model):
    named = [german.partition(" (")[0] for german, code in glossary() if code == model._meta.model_name]

    assert model._meta.verbose_name in named


def test_the_glossary_names_a_thing_once():
    german = [german for german, _code in glossary()]

    assert sorted(german) == sorted(set(german))


@pytest.mark.parametrize(
    "term",
    [
        "Kommune",
        "Amtlicher Gemeindeschlüssel",
        "Kooperation",
        "Beteiligte",
        "federführende Kommune",
        "Beschluss",
        "Vereinbarung",
        "Antrag",
        "Ausgaben vor/nach",
        "Effizienzgewinn",
        "Stellungnahme",
        "Nachforderung",
        "Zuwendung",
        "Zuwendungsbescheid",
        "Ablehnungsbescheid",
        "Bekanntgabe",
        "Bestandskraft",
        "Auszahlung",
        "Verwendungsnachweis",
        "Bericht",
        "Widerruf",
        "Erstattung",
        "Verzinsung",
        "Wiedervorlage",
        "Vermerk",
        "Rahmenvereinbarung",
        "Förderrichtlinie",
        "Fördervariante",
    ],
)
def test_the_glossary_knows_the_words_of_the_domain(term):
    words = {word.strip() for german, _code in glossary() for word in re.split(r"[(),;]", german)}

    assert term in words
