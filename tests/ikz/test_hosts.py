"""What stays on this machine and what goes over a network."""

import pytest

from ikz.hosts import is_this_machine


@pytest.mark.parametrize("host", ["", "localhost", "/run/postgresql", "127.0.0.1", "127.0.1.1", "::1", "[::1]"])
def test_this_machine(host):
    assert is_this_machine(host)


@pytest.mark.parametrize("host", ["db.example", "postgres", "192.0.2.1", "2001:db8::1", "localhost.example"])
def test_another_machine(host):
    assert not is_this_machine(host)
