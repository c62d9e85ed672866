"""What several tests of a module stand on is built once: in a transaction below theirs, with documents of its own.

A test names it as the parameter of the fixture `ground`: the state of a case, or a function without arguments that
builds. It works in a savepoint above, on freshly loaded records; no test sees what another did, nor what another
stands on.
"""

from contextlib import contextmanager

import pytest
from django.db import transaction
from django.test import override_settings

HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@contextmanager
def lasting(blocker, build, **settings):
    """What `build` returns, and its rows, until the block ends; between these two the tests open the database."""
    outer = transaction.atomic()
    with blocker.unblock():
        outer.__enter__()
        try:
            with override_settings(PASSWORD_HASHERS=HASHERS, **settings):
                built = build()
        except BaseException:
            _taken_back(outer)
            raise
    yield built
    with blocker.unblock():
        _taken_back(outer)


def _taken_back(outer):
    transaction.set_rollback(True)
    outer.__exit__(None, None, None)


def put_together(items):
    """Tests of a module that stand on the same come one after another, in one process."""
    groups = {}
    for place, item in enumerate(items):
        ground = item.callspec.params.get("ground") if hasattr(item, "callspec") else None
        groups.setdefault((item.path, ground) if ground else item, []).append((place, item))
    for group in groups.values():
        if len(group) > 1:
            place, first = group[0]
            for _place, item in group:
                item.add_marker(pytest.mark.xdist_group(f"{first.path.stem}-{place}"))
    items[:] = [item for group in groups.values() for _place, item in group]
