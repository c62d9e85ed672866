"""Finding bodies as people type them."""

from datetime import date

import pytest

from municipalities.search import search
from tests.factories import MunicipalityFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 9, 1)


@pytest.fixture
def register():
    giessen = MunicipalityFactory(ags="06531", name="Gießen", kind="district")
    weilburg = MunicipalityFactory(ags="06533", name="Limburg-Weilburg", kind="district")
    MunicipalityFactory(ags="06531005", name="Gießen, Universitätsstadt", kind="town", district=giessen)
    MunicipalityFactory(ags="06533016", name="Weilmünster, Marktflecken", kind="market", district=weilburg)
    MunicipalityFactory(ags="06533015", name="Weilburg, Stadt", kind="town", district=weilburg)
    MunicipalityFactory(ags=None, ars="", name="Zweckverband Weiltal", kind="association", district=weilburg)
    MunicipalityFactory(ags="06533099", name="Weilalt", valid_to=date(2022, 12, 31))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("weilm", ["Weilmünster, Marktflecken"]),
        ("WEILMUENSTER", ["Weilmünster, Marktflecken"]),
        ("giessen", ["Gießen", "Gießen, Universitätsstadt"]),
        ("giessen landkreis", ["Gießen", "Gießen, Universitätsstadt"]),
        (
            "weilburg",
            ["Weilburg, Stadt", "Limburg-Weilburg", "Weilmünster, Marktflecken", "Zweckverband Weiltal"],
        ),
        ("Limburg-Weilburg weilm", ["Weilmünster, Marktflecken"]),
        ("06533015", ["Weilburg, Stadt"]),
        ("weil", ["Weilburg, Stadt", "Weilmünster, Marktflecken", "Limburg-Weilburg", "Zweckverband Weiltal"]),
        ("Weilalt", []),
        ("", []),
        (" - ", []),
        ("Frankfurt", []),
    ],
)
def test_bodies_are_found_by_parts_of_name_kreis_and_key(register, typed, found):
    assert [each.name for each in search(typed, DAY)] == found


def test_former_body_is_found_on_a_day_when_it_existed(register):
    assert [each.name for each in search("Weilalt", date(2020, 1, 1))] == ["Weilalt"]


def test_no_more_than_asked_for(register):
    assert [each.name for each in search("weil", DAY, at_most=2)] == ["Weilburg, Stadt", "Weilmünster, Marktflecken"]


def test_one_query_for_any_number_of_bodies(register, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len([str(each) for each in search("weil", DAY)]) == 4
