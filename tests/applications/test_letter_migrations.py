"""Delivered text blocks that get better words: those that nobody changed, and no others."""

from importlib import import_module

import pytest
from django.apps import apps

from applications import letter_base_data
from applications.models import TextBlock, TextBlockVersion

pytestmark = pytest.mark.django_db

migration = import_module("applications.migrations.0028_reworded_text_blocks")
unanswered = import_module("applications.migrations.0042_hearings_that_nobody_answered")


@pytest.mark.parametrize("key", migration.REWORDED)
def test_delivered_words_are_followed_by_better_ones(key):
    letter_base_data.load()
    old, new = migration.REWORDED[key]
    assert TextBlock.objects.get(key=key).version.text == new  # as they are delivered now
    TextBlockVersion.objects.filter(block__key=key).update(text=old)

    migration.reword(apps, None)

    versions = TextBlock.objects.get(key=key).versions.order_by("number")
    assert [(each.number, each.text) for each in versions] == [(1, old), (2, new)]


def test_own_words_stay():
    letter_base_data.load()
    block = TextBlock.objects.get(key="revocation-ermessen")
    TextBlockVersion.objects.filter(block=block).update(text="Eigene Worte.")

    migration.reword(apps, None)

    assert [each.text for each in TextBlock.objects.get(pk=block.pk).versions.all()] == ["Eigene Worte."]


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
