"""Choosing a record by typing: the stock widgets break when a form comes back with something else than a key."""

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple

LONGEST_KEY = 18  # digits that every database holds


class KeysOnly:
    """What is no key is not looked up; that it is wrong says the field."""

    def optgroups(self, name, value, attr=None):
        keys = [each for each in value if not each or (str(each).isdecimal() and len(str(each)) <= LONGEST_KEY)]
        return super().optgroups(name, keys, attr)


class RecordSelect(KeysOnly, AutocompleteSelect):
    pass


class RecordSelectMultiple(KeysOnly, AutocompleteSelectMultiple):
    pass
