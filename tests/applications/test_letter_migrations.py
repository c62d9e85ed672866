"""Delivered text blocks that get better words: those that nobody changed, and no others."""

from importlib import import_module

import pytest
from django.apps import apps

from applications import letter_base_data
from applications.letter_kinds import TRUST
from applications.models import TextBlock, TextBlockVersion

pytestmark = pytest.mark.django_db

migrations = [
    import_module(f"applications.migrations.{name}")
    for name in ("0028_reworded_text_blocks", "0040_words_of_revocations", "0043_words_and_addresses_of_letters")
]
STEPS = [(migration, key) for migration in migrations for key in migration.REWORDED]
unanswered = import_module("applications.migrations.0042_hearings_that_nobody_answered")


def test_words_of_each_migration_follow_those_before_and_lead_to_what_is_delivered():
    letter_base_data.load()
    last = {}
    for migration, key in STEPS:
        old, new = migration.REWORDED[key]
        assert last.get(key, old) == old
        last[key] = new

    assert {key: TextBlock.objects.get(key=key).version.text for key in last} == last


@pytest.mark.parametrize(("migration", "key"), STEPS)
def test_delivered_words_are_followed_by_better_ones(migration, key):
    letter_base_data.load()
    old, new = migration.REWORDED[key]
    TextBlockVersion.objects.filter(block__key=key).update(text=old)

    migration.reword(apps, None)

    versions = TextBlock.objects.get(key=key).versions.order_by("number")
    assert [(each.number, each.text) for each in versions] == [(1, old), (2, new)]


@pytest.mark.parametrize("migration", migrations)
def test_own_words_stay(migration):
    letter_base_data.load()
    block = TextBlock.objects.get(key=list(migration.REWORDED)[-1])
    TextBlockVersion.objects.filter(block=block).update(text="Eigene Worte.")

    migration.reword(apps, None)

    assert [each.text for each in TextBlock.objects.get(pk=block.pk).versions.all()] == ["Eigene Worte."]


def test_installation_with_text_blocks_gets_the_words_on_trust_as_they_are_delivered():
    letter_base_data.load()
    delivered = values_of_trust()
    TextBlockVersion.objects.filter(block__key=TRUST).delete()
    TextBlock.objects.filter(key=TRUST).delete()

    migrations[1].reword(apps, None)
    migrations[1].reword(apps, None)

    assert values_of_trust() == delivered


def test_new_installation_is_left_to_its_base_data():
    migrations[1].reword(apps, None)

    assert not TextBlock.objects.exists()


def values_of_trust():
    names = ("kind", "title", "heading", "place", "position", "is_standard", "versions__number", "versions__text")
    return TextBlock.objects.filter(key=TRUST).values_list(*names).get()


def stored(key):
    """The block as it was delivered: what is said of it, and all words that it ever had."""
    block = TextBlock.objects.get(key=key)
    names = ("key", "kind", "title", "heading", "place", "position", "is_standard", "is_active")
    return [*(getattr(block, name) for name in names), [(each.number, each.text) for each in block.versions.all()]]


@pytest.mark.parametrize("key", [facts["key"] for facts, _text in unanswered.UNANSWERED.values()])
def test_block_for_a_hearing_that_nobody_answered_comes_as_it_is_delivered_now(key):
    letter_base_data.load()
    delivered = stored(key)
    TextBlockVersion.objects.filter(block__key=key)._raw_delete("default")
    TextBlock.objects.filter(key=key).delete()

    for _twice in range(2):
        unanswered.add(apps, None)

    assert stored(key) == delivered


def test_new_database_waits_for_its_base_data():
    unanswered.add(apps, None)

    assert not TextBlock.objects.exists()


@pytest.mark.parametrize(
    ("title", "kept"), [("Vorzeitiger Beginn und Rechtsanspruch", "Kein Rechtsanspruch"), ("Eigener", "Eigener")]
)
def test_block_is_called_by_what_it_says(title, kept):
    migration = migrations[2]
    letter_base_data.load()
    new = TextBlock.objects.filter(key="receipt-kein-anspruch")
    delivered = new.get().title
    migration.rename_back(apps, None)
    old = TextBlock.objects.filter(key="receipt-vorzeitiger-beginn")
    old.update(title=title)

    migration.rename(apps, None)

    assert (delivered, new.get().title, old.exists()) == ("Kein Rechtsanspruch", kept, False)
    assert letter_base_data.load() == []


def test_installation_with_text_blocks_gets_the_new_ones_as_they_are_delivered():
    migration, keys = migrations[2], [each["key"] for each in migrations[2].NEW]
    names = (
        "key",
        "kind",
        "title",
        "heading",
        "place",
        "position",
        "is_standard",
        "versions__number",
        "versions__text",
    )
    new = TextBlock.objects.filter(key__in=keys).order_by("key").values_list(*names)
    letter_base_data.load()
    delivered = list(new)
    TextBlockVersion.objects.filter(block__key__in=keys).delete()
    TextBlock.objects.filter(key__in=keys).delete()

    migration.add(apps, None)
    migration.add(apps, None)

    assert (len(delivered), list(new.all())) == (4, delivered)


def test_new_installation_gets_all_blocks_with_its_base_data():
    migrations[2].add(apps, None)

    assert not TextBlock.objects.exists()
