"""Finding bodies as people type them."""

from datetime import date

import pytest

from municipalities.models import Municipality
from municipalities.search import named, search
from tests.factories import MunicipalityFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 9, 1)
OTHERS = {"Weilburg, Stadt", "Weilmünster, Marktflecken", "Zweckverband Weiltal", "Weilalt"}


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
        ("LK Gießen", ["Gießen"]),
        ("Lkr. Giessen", ["Gießen"]),
        ("Stadt Weilb.", ["Weilburg, Stadt"]),
        ("Zv. Weiltal", ["Zweckverband Weiltal"]),
        (
            "Limburg/Weilb.",
            ["Limburg-Weilburg", "Weilburg, Stadt", "Weilmünster, Marktflecken", "Zweckverband Weiltal"],
        ),
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


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("Giessen", ["Gießen", "Gießen, Universitätsstadt"]),
        ("(Landkreis", ["Gießen", "Gießen, Universitätsstadt", "Limburg-Weilburg", *["Weil"] * 3]),
        ("Gießen)", ["Gießen", "Gießen, Universitätsstadt"]),
        ("Landkreis", ["Gießen", "Limburg-Weilburg"]),
        ("Gemeinde", ["Weil", "Weil"]),
        ("Universitätsstadt", ["Gießen, Universitätsstadt", "Weil"]),
        ("W.", ["Limburg-Weilburg", *["Weil"] * 4]),
        ("-", []),
        ("(", []),
    ],
)
def test_bodies_that_are_called_so(register, word, found):
    """By their own name; only what stands in brackets is that of the Kreis. Former bodies too."""
    names = Municipality.objects.filter(pk__in=named([word])[word]).values_list("name", flat=True)

    assert sorted(name if name not in OTHERS else "Weil" for name in names) == sorted(found)


@pytest.mark.parametrize(("words", "queries"), [([], 0), (["Weil"], 1), (["Weil", "LK", "Gießen"], 1)])
def test_names_are_read_once_for_any_number_of_words(register, django_assert_num_queries, words, queries):
    with django_assert_num_queries(queries):
        assert list(named(words)) == words
