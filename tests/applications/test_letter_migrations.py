"""Delivered text blocks that get better words: those that nobody changed, and no others."""

from importlib import import_module

import pytest
from django.apps import apps

from applications import letter_base_data
from applications.models import TextBlock, TextBlockVersion

pytestmark = pytest.mark.django_db

migration = import_module("applications.migrations.0028_reworded_text_blocks")


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
