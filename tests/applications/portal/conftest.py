"""A case in the first state, its participants, and an opinion that was asked for."""

import pytest

from tests.factories import ApplicationFactory, OpinionFactory


@pytest.fixture
def case():
    return ApplicationFactory()


@pytest.fixture
def participants(case):
    return list(case.cooperation.participants.all())


@pytest.fixture
def asked(case):
    return OpinionFactory(application=case, received_on=None, recommendation="")
