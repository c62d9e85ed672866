"""A case in the first state with an opinion that was asked for; and a draft that only its lead sees."""

import pytest

from tests.factories import ApplicationFactory, MunicipalityFactory, OpinionFactory
from tests.municipal_people import draft_of, member_of
from tests.programme_factories import ProgrammeFactory, VariantFactory


@pytest.fixture
def case():
    return ApplicationFactory()


@pytest.fixture
def participants(case):
    return list(case.cooperation.participants.all())


@pytest.fixture
def asked(case):
    return OpinionFactory(application=case, received_on=None, recommendation="")


@pytest.fixture
def standard():
    return VariantFactory(programme=ProgrammeFactory(valid_to=None))


@pytest.fixture
def towns():
    kreis = MunicipalityFactory(ags="06533", name="Limburg-Weilburg", kind="district")
    names = ["Weilburg, Stadt", "Weilmünster, Marktflecken", "Villmar, Marktflecken"]
    return [MunicipalityFactory(name=name, district=kreis) for name in names]


@pytest.fixture
def person(towns):
    """Signs for the first of the towns, which leads."""
    return member_of(towns[0])


@pytest.fixture
def draft(standard, towns):
    return draft_of(towns, variant=standard)
