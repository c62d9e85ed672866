"""Delivered text blocks that get better words: those that nobody changed, and no others."""

from importlib import import_module

import pytest
from django.apps import apps

from applications import letter_base_data
from applications.models import TextBlock, TextBlockVersion

pytestmark = pytest.mark.django_db

MIGRATIONS = [
    import_module(f"applications.migrations.{name}")
    for name in ("0028_reworded_text_blocks", "0040_words_and_addresses_of_letters")
]


@pytest.mark.parametrize(("migration", "key"), [(each, key) for each in MIGRATIONS for key in each.REWORDED])
def test_delivered_words_are_followed_by_better_ones(migration, key):
    letter_base_data.load()
    old, new = migration.REWORDED[key]
    assert TextBlock.objects.get(key=key).version.text == new  # as they are delivered now
    TextBlockVersion.objects.filter(block__key=key).update(text=old)

    migration.reword(apps, None)

    versions = TextBlock.objects.get(key=key).versions.order_by("number")
    assert [(each.number, each.text) for each in versions] == [(1, old), (2, new)]


@pytest.mark.parametrize("migration", MIGRATIONS)
def test_own_words_stay(migration):
    letter_base_data.load()
    block = TextBlock.objects.get(key=list(migration.REWORDED)[-1])
    TextBlockVersion.objects.filter(block=block).update(text="Eigene Worte.")

    migration.reword(apps, None)

    assert [each.text for each in TextBlock.objects.get(pk=block.pk).versions.all()] == ["Eigene Worte."]


@pytest.mark.parametrize(
    ("title", "kept"), [("Vorzeitiger Beginn und Rechtsanspruch", "Kein Rechtsanspruch"), ("Eigener", "Eigener")]
)
def test_block_is_called_by_what_it_says(title, kept):
    migration = MIGRATIONS[1]
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
    migration, keys = MIGRATIONS[1], [each["key"] for each in MIGRATIONS[1].NEW]
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
    MIGRATIONS[1].add(apps, None)

    assert not TextBlock.objects.exists()
