import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.figures import reserved_in
from applications.models import Application, Cooperation
from ikz import bounded_count
from municipalities.models import Kind
from tests.factories import (
    ApplicationFactory,
    CooperationFactory,
    CorrectionRequestFactory,
    MunicipalityFactory,
    UserFactory,
    case_in,
    clerk,
    decider,
)
from tests.programme_factories import TaskFieldFactory, VariantFactory

pytestmark = pytest.mark.django_db

LIST = reverse("admin:applications_application_changelist")
YEAR = timezone.localdate().year


def titles(client, query=""):
    """The projects that the list shows, in its order."""
    response = client.get(f"{LIST}?{query or 'fresh=1'}")
    assert response.status_code == 200
    return [row.project for row in response.context["cl"].result_list]


def case(title, **fields):
    participants = fields.pop("participants", 3)
    task_field = fields.pop("task_field", None) or TaskFieldFactory()
    cooperation = CooperationFactory(title=title, participants=participants, task_field=task_field)
    return ApplicationFactory(cooperation=cooperation, **fields)


def to_search():
    bodies = [MunicipalityFactory(name="Öhringen"), MunicipalityFactory(name="Öhringen am Berg")]
    case("Gemeinsame Kasse", participants=bodies, note="Eilt.")
    case("Bauhof")


def to_sort():
    case_in("approved")
    case("Andere", participants=2)


STANDS_ON = {"two_to_search": to_search, "two_to_sort": to_sort}


@pytest.fixture
def two_to_search(built):
    """The first has all the words."""


@pytest.fixture
def two_to_sort(built):
    """One decided, one not."""


@pytest.mark.parametrize("rows", [1, 3, 100, 10_000])
def test_list_takes_the_same_number_of_queries_for_any_number_of_cases(client, django_assert_num_queries, rows):
    me = clerk()
    for _ in range(min(rows, 3)):
        ApplicationFactory(by=me)
    _copy_cases(rows)
    client.force_login(me)

    with django_assert_num_queries(11):
        response = client.get(LIST)

    assert response.context["cl"].result_count == rows


def test_narrowed_list_is_asked_once(client, django_assert_num_queries):
    me = clerk()
    for _ in range(3):
        ApplicationFactory(by=me)
    _copy_cases(120)
    client.force_login(me)
    client.get(f"{LIST}?state=drafted")  # keeps the selection, so that the next one has nothing to write

    with django_assert_num_queries(10):
        response = client.get(f"{LIST}?state=drafted&p=3")

    numbers = Application.objects.order_by("-file_number").values_list("file_number", flat=True)
    shown = [row.file_number for row in response.context["cl"].result_list]
    assert (response.context["cl"].result_count, shown) == (120, list(numbers[100:]))


@pytest.mark.parametrize(
    ("rows", "said"), [(1, "1 Fall"), (2, "2 Fälle"), (3, "3 Fälle oder mehr"), (4, "3 Fälle oder mehr")]
)
def test_cases_are_counted_up_to_a_bound(client, monkeypatch, rows, said):
    monkeypatch.setattr(bounded_count, "AT_MOST", 3)
    ApplicationFactory()
    _copy_cases(rows)
    client.force_login(clerk())

    page = client.get(f"{LIST}?fresh=1").content.decode()

    assert re.findall(r"\d+ F\S+(?: oder mehr)?", re.sub(r"<[^>]+>", " ", page[page.index("searchbar") :])) == [
        said,
        said,
    ]


def _copy_cases(rows):
    """Up to so many cases, without the steps that a factory takes."""
    model = Application.objects.first()
    have = Application.objects.count()
    of_all = {"lead": model.lead, "task_field": model.cooperation.task_field}
    groups = Cooperation.objects.bulk_create(Cooperation(title=f"Kopie {n}", **of_all) for n in range(rows - have))
    Application.objects.bulk_create(
        Application(
            cooperation=group,
            variant=model.variant,
            file_number=f"IKZ-2020-{number:04d}",
            state_since=model.state_since,
            handed_in_by=model.clerk,
            handed_in_at=model.state_since,
            clerk=model.clerk,
        )
        for number, group in enumerate(groups)
    )


def test_columns_say_what_matters(client):
    me = clerk()
    case_in("approved", by=me)
    application = case("Gemeinsame Kasse", by=me)
    Application.objects.filter(pk=application.pk).update(state_since=timezone.now() - timedelta(days=3))
    client.force_login(me)

    html = client.get(f"{LIST}?fresh=1").content.decode()

    rows = [row for row in html.split("<tr>") if 'class="field-file_number' in row]
    assert [_text(row) for row in rows] == [
        [
            application.file_number,
            "Gemeinsame Kasse",
            "Ort",
            "3",
            "Entwurf",
            "Beteiligte",
            "3 Tagen",
            "(75.000 €)",
        ],
        [f"IKZ-{YEAR}-0001", "Gemeinsamer Bauhof", "Ort", "3", "Bewilligt", "Haushalt", "heute", "75.000 €"],
    ]


def _text(row):
    """The cells of a row without marks; numbers that count the factory's objects cut off."""
    cells = [cell.split("</t")[0] for cell in row.split('class="field-')[1:]]
    texts = [_without_marks(cell.split(">", 1)[1]) for cell in cells]
    return [texts[0], texts[1].rstrip("0123456789 "), texts[2].rstrip("0123456789 "), *texts[3:]]


def _without_marks(html):
    while "<" in html:
        html = html[: html.index("<")] + html[html.index(">") + 1 :]
    return html.strip()


@pytest.mark.parametrize("role", [[], ["Sachbearbeitung"]])
def test_list_shows_cases_only_to_those_who_may_see_them(client, role):
    case("Geheim")
    client.force_login(UserFactory(roles=role))

    response = client.get(f"{LIST}?fresh=1")

    assert response.status_code == (200 if role else 403)
    assert (b"Geheim" in response.content) == bool(role)


def test_visible_to_nobody_without_the_right():
    case("Geheim")

    assert list(Application.objects.visible_to(UserFactory())) == []
    assert Application.objects.visible_to(clerk()).count() == 1


def test_state_filter_knows_all_undecided_cases(client):
    case_in("rejected")
    case_in("checked")
    case("Entwurf")
    client.force_login(clerk())

    assert [len(titles(client, f"state={state}")) for state in ("open", "drafted", "checked", "rejected", "paid")] == [
        2,
        1,
        1,
        1,
        0,
    ]


def test_turn_filter_shows_the_own_worklist(client):
    me, other = clerk(), clerk()
    ready = ApplicationFactory(by=me, complete=True)
    ApplicationFactory(by=other, complete=True)
    nobodys = ApplicationFactory(by=other, clerk=None, cooperation=CooperationFactory(participants=0))
    case_in("checked", by=me)
    client.force_login(me)

    assert titles(client, "turn=me") == [nobodys.title, ready.title]
    assert len(titles(client, "turn=clerk")) == 3
    assert len(titles(client, "turn=decider")) == 1


def test_worklist_of_a_decider_leaves_out_what_four_eyes_bars():
    checker = clerk()
    checker.groups.add(*decider().groups.all())
    case_in("checked", by=checker)
    other = case_in("checked")

    assert [each.pk for each in Application.objects.worklist_of(checker).filter(state="checked")] == [other.pk]


def test_clerk_filter(client):
    me = clerk()
    case("Meiner", by=me)
    case("Deiner")
    case("Niemandes", clerk=None)
    client.force_login(me)

    assert titles(client, "clerk=me") == ["Meiner"]
    assert titles(client, "clerk=none") == ["Niemandes"]


def test_correction_filter(client):
    late, open_, closed, withdrawn = case("Spät"), case("Offen"), case("Fertig"), case_in("withdrawn")
    today = timezone.localdate()
    CorrectionRequestFactory(application=late, due_on=today - timedelta(days=1))
    CorrectionRequestFactory(application=withdrawn, due_on=today - timedelta(days=1))
    CorrectionRequestFactory(application=open_, due_on=today)
    CorrectionRequestFactory(application=closed, due_on=date(2026, 1, 1)).close(by=closed.clerk)
    client.force_login(clerk())

    assert titles(client, "corrections=overdue") == ["Spät"]
    assert titles(client, "corrections=open&state=open") == ["Offen", "Spät"]


def test_filters_by_what_is_applied_for(client):
    case("Kasse", task_field=TaskFieldFactory(code="kasse"), received_on=date(2024, 12, 31))
    case("Online", variant=VariantFactory(ozg=True), received_on=date(2025, 1, 1))
    client.force_login(clerk())

    assert titles(client, "task_field=kasse") == ["Kasse"]
    assert titles(client, "variant=ozg") == ["Online"]
    assert titles(client, "year=2024") == ["Kasse"]
    assert titles(client, "year=2025") == ["Online"]
    assert titles(client, "received_on__year=2025&received_on__month=1&received_on__day=1") == ["Online"]


def test_decided_year_is_that_of_the_binding_decision(client):
    application = case_in("approved")
    case("Offen")
    client.force_login(clerk())

    assert titles(client, f"decided={YEAR}") == [application.title]
    assert titles(client, f"decided={YEAR - 1}") == []


def test_place_filters_look_at_key_and_kreis_of_participants_and_lead(client):
    kreis = MunicipalityFactory(ags="06431", name="Bergstraße", kind=Kind.DISTRICT)
    city = MunicipalityFactory(ags="06611000", name="Kassel", kind=Kind.INDEPENDENT_CITY)
    by_key = case("Schlüssel", participants=[MunicipalityFactory(ags="06431002"), city])
    association = MunicipalityFactory(ags=None, kind=Kind.ASSOCIATION, district=kreis)
    by_kreis = case("Verband", participants=[association])
    led = CooperationFactory(title="Nur federführend", participants=0, lead=kreis)
    ApplicationFactory(cooperation=led)
    client.force_login(clerk())

    assert titles(client, "district=06431") == ["Nur federführend", "Verband", "Schlüssel"]
    assert titles(client, "district=06611") == ["Schlüssel"]
    assert titles(client, "region=066") == ["Schlüssel"]
    assert titles(client, "region=065") == []
    keys = [[each.district_key for each in application.municipalities] for application in (by_key, by_kreis)]
    assert keys == [["06431", "06611"], ["06431"]]


def test_kreis_choices_are_the_kreise_and_cities_by_name(client):
    MunicipalityFactory(ags="06611000", name="Kassel", kind=Kind.INDEPENDENT_CITY)
    MunicipalityFactory(ags="06431", name="Bergstraße", kind=Kind.DISTRICT)
    case("Eins")
    client.force_login(clerk())

    specs = {spec.parameter_name: spec for spec in client.get(f"{LIST}?fresh=1").context["cl"].filter_specs}

    assert specs["district"].lookup_choices == [("06431", "Landkreis Bergstraße"), ("06611", "Kassel")]
    assert specs["year"].lookup_choices == [("2026", "2026")]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Kasse", ["Gemeinsame Kasse"]),
        ("kasse gemeinsame", ["Gemeinsame Kasse"]),
        ("Kasse Bauhof", []),
        ("Öhringen", ["Gemeinsame Kasse"]),
        ("öhringen kasse", ["Gemeinsame Kasse"]),
        ("Eilt", ["Gemeinsame Kasse"]),
        (f"IKZ-{YEAR}-0002", ["Bauhof"]),
        ('"Gemeinsame Kasse"', ["Gemeinsame Kasse"]),
        ("IKZ", ["Bauhof", "Gemeinsame Kasse"]),
        ("%", []),
    ],
)
def test_search_finds_every_word_somewhere_and_each_case_once(client, two_to_search, words, found):
    client.force_login(clerk())

    response = client.get(LIST, {"q": words})

    assert [row.project for row in response.context["cl"].result_list] == found


@pytest.mark.parametrize("column", range(8))
@pytest.mark.parametrize("direction", ["", "-"])
def test_every_column_sorts(client, two_to_sort, column, direction):
    client.force_login(clerk())

    assert len(titles(client, f"o={direction}{column}")) == 2


def test_sorting_by_days_puts_the_longest_wait_first(client):
    old, new = case("Alt"), case("Neu")
    Application.objects.filter(pk=old.pk).update(state_since=timezone.now() - timedelta(days=9))
    client.force_login(clerk())

    assert titles(client, "o=-6") == [old.title, new.title]
    assert titles(client, "o=6") == [new.title, old.title]


def test_selection_is_remembered_until_it_is_reset(client):
    case("Entwurf")
    client.force_login(clerk())

    assert client.get(LIST).status_code == 200
    client.get(f"{LIST}?state=checked&o=-6&p=1")
    again = client.get(LIST)
    reset = client.get(f"{LIST}?fresh=1")

    assert (again.status_code, again.url) == (302, f"{LIST}?state=checked&o=-6")
    assert reset.status_code == 200
    assert client.get(LIST).status_code == 200


def test_links_that_end_a_selection_reset_it(client):
    case("Entwurf")
    client.force_login(clerk())

    changelist = client.get(f"{LIST}?state=checked").context["cl"]

    assert changelist.clear_all_filters_qs == "?fresh=1"
    assert changelist.get_query_string(remove=["state"]) == "?fresh=1"


def test_units_in_sql_are_those_of_the_case():
    case("Kommunen")
    case("Beitritt", variant=VariantFactory(accession=True))
    brigades = CooperationFactory(brigades=4, participants=1)
    ApplicationFactory(cooperation=brigades, variant=VariantFactory(fire_brigade=True))
    joining = Application.objects.get(cooperation__title="Beitritt").participants[0]
    joining.joins = True
    joining.save()

    cases = Application.objects.with_units().order_by("pk")

    assert [each.sql_units for each in cases] == [each.units for each in cases] == [3, 1, 4]


def test_proposals_of_checked_cases_are_reserved_in_the_running_year():
    case_in("checked")
    case("Entwurf")

    assert reserved_in(YEAR) == Decimal(75000)
    assert reserved_in(YEAR + 1) == 0
