"""The search of the case list: names as people write them and as the list prints them."""

import unicodedata

import pytest

from applications.models import Application, case_search
from municipalities.models import Kind
from tests.factories import ApplicationFactory, CooperationFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases():
    """Title → names and kinds of its participants; a district stands behind the last."""
    odenwald = MunicipalityFactory(ags="06437", name="Odenwaldkreis", kind=Kind.DISTRICT)
    giessen = MunicipalityFactory(ags="06531", name="Gießen", kind=Kind.DISTRICT)
    marburg = MunicipalityFactory(ags="06534", name="Marburg-Biedenkopf", kind=Kind.DISTRICT)
    bodies = {
        "Kasse": [marburg],
        "Bauhof": [MunicipalityFactory(name="Hofheim am Taunus, Kreisstadt", kind=Kind.TOWN)],
        "Straßenreinigung": [MunicipalityFactory(name="Rüdesheim am Rhein, Stadt", kind=Kind.TOWN)],
        "Archiv": [MunicipalityFactory(name="Gießen, Universitätsstadt", kind=Kind.TOWN, district=giessen)],
        "Personal": [MunicipalityFactory(name="Limburg a. d. Lahn, Kreisstadt", kind=Kind.TOWN)],
        "Forst": [MunicipalityFactory(name="Wald-Michelbach", kind=Kind.MUNICIPALITY, district=odenwald)],
    }
    for title, participants in bodies.items():
        ApplicationFactory(cooperation=CooperationFactory(title=title, participants=participants))


def found(text):
    cases = Application.objects.searched_for(text.split()).order_by("pk")
    return list(cases.values_list("cooperation__title", flat=True))


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("Landkreis Marburg-Biedenkopf", ["Kasse"]),
        ("LK Marburg-Biedenkopf", ["Kasse"]),
        ("Lkr. Marburg/Biedenk.", ["Kasse"]),
        ("Landkreis", ["Kasse"]),
        ("marburg kreis kasse", ["Kasse"]),
        ("Landkreis Gießen", []),
        ("Giessen", ["Archiv"]),
        ("GIESSEN", ["Archiv"]),
        ("Gießen (Landkreis Gießen)", ["Archiv"]),
        ("Stadt Gießen", ["Archiv"]),
        ("Gemeinde Gießen", []),
        ("Ruedesheim", ["Straßenreinigung"]),
        ("Rüdesheim a. Rh.", ["Straßenreinigung"]),
        (unicodedata.normalize("NFD", "Rüdesheim"), ["Straßenreinigung"]),
        ("Hofheim a. Ts.", ["Bauhof"]),
        ("Hofheim a.Ts.", ["Bauhof"]),
        ("Hofheim/Taunus", ["Bauhof"]),
        ("Hofheim a. Rh.", []),
        ("Limburg an der Lahn", ["Personal"]),
        ("Limburg a.d.Lahn", ["Personal"]),
        ("Wald-Michelbach (Odenwaldkreis)", ["Forst"]),
        ("Odenwaldkreis", []),
        ("Strassenreinigung", ["Straßenreinigung"]),
        ("strasse ruedesheim", ["Straßenreinigung"]),
        ("Archiv", ["Archiv"]),
        ("%", []),
    ],
)
def test_names_are_found_as_they_are_written(cases, text, titles):
    assert found(text) == titles


@pytest.mark.parametrize(("rows", "words"), [(1, ["LK"]), (3, ["LK", "Gießen", "a.Ts."])])
def test_search_asks_twice_for_any_number_of_cases_and_words(django_assert_num_queries, rows, words):
    for _ in range(rows):
        ApplicationFactory()

    with django_assert_num_queries(2):
        list(Application.objects.searched_for(words))


def test_file_number_is_asked_for_without_the_names(django_assert_num_queries):
    case = ApplicationFactory()

    with django_assert_num_queries(1):
        assert list(Application.objects.searched_for([case.file_number.lower()])) == [case]


def test_word_that_stands_in_too_many_names_is_left_to_the_database(cases, monkeypatch):
    monkeypatch.setattr(case_search, "MANY", 1)

    assert found("Gieß") == ["Archiv"]
    assert found("heim") == ["Bauhof", "Straßenreinigung"]
