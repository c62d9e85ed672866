"""A new application, page by page: saved at every step, seen by the lead alone."""

from datetime import date

import pytest
from django.urls import reverse

from applications import rules
from applications.models import Application, Cooperation
from applications.portal import drafts
from tests.applications.portal.browsing import post, seen, url
from tests.factories import MunicipalityFactory, clerk
from tests.municipal_people import MembershipFactory, draft_of, member_of
from tests.programme_factories import ProgrammeFactory, TaskFieldFactory, VariantFactory

pytestmark = pytest.mark.django_db


# ── To begin ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_start_page_offers_a_new_application_to_municipalities_alone(client, person):
    client.force_login(person)

    assert client.get(reverse("portal:start")).context["may_apply"] is True
    assert client.get(reverse("portal:new")).status_code == 200
    client.force_login(clerk())
    assert client.get(reverse("portal:new")).status_code == 404


def test_start_page_leads_into_the_draft(client, draft, person):
    client.force_login(person)

    (card,) = client.get(reverse("portal:start")).context["ours"]

    assert (card.url, card.state_label) == (url("draft", draft), "Entwurf, noch nicht eingereicht")


def test_first_page_makes_a_private_draft_of_the_own_municipality(client, standard, towns, person):
    client.force_login(person)
    field = TaskFieldFactory()

    response = client.post(
        reverse("portal:new"), {"title": "Bauhof Weiltal", "task_field": field.pk, "variant": standard.pk}
    )

    case = Application.objects.get()
    assert response.url == url("draft_partners", case)
    assert (case.title, case.lead, case.variant, case.is_handed_in, case.clerk) == (
        "Bauhof Weiltal",
        towns[0],
        standard,
        False,
        None,
    )
    assert case.municipalities == [towns[0]]
    assert [each.by for each in case.history.all()] == [person]


def test_person_of_two_municipalities_chooses_which_one_leads(client, standard, towns, person):
    MembershipFactory(user=person, municipality=towns[1])
    client.force_login(person)
    typed = {"title": "Bauhof", "task_field": TaskFieldFactory().pk, "variant": standard.pk}

    response = client.post(reverse("portal:new"), typed)
    assert response.context["form"].errors == {"lead": ["Bitte wählen Sie Ihre Kommune."]}
    client.post(reverse("portal:new"), typed | {"lead": towns[2].pk})
    assert Application.objects.count() == 0
    client.post(reverse("portal:new"), typed | {"lead": towns[1].pk})

    assert Application.objects.get().lead == towns[1]


def test_first_page_keeps_what_was_typed(client, standard, person):
    client.force_login(person)

    response = client.post(reverse("portal:new"), {"title": "Bauhof"})

    form = response.context["form"]
    assert form["title"].value() == "Bauhof"
    assert form.errors == {
        "task_field": ["Bitte wählen Sie das Aufgabenfeld."],
        "variant": ["Bitte wählen Sie eine Fördervariante."],
    }


def test_without_a_version_in_force_there_is_nothing_to_begin(client, person):
    VariantFactory(programme=ProgrammeFactory(valid_from=date(2016, 12, 2), valid_to=date(2021, 12, 1)))
    client.force_login(person)

    page = client.get(reverse("portal:new"))

    assert list(page.context["form"].fields["variant"].queryset) == []
    assert "Heute gilt keine Fassung der Rahmenvereinbarung" in page.content.decode()


# ── What for ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_details_are_saved_complete_or_not(client, draft, person):
    client.force_login(person)
    address = url("draft_details", draft)

    response = post(client, address, {"purpose": "Ein Bauhof für drei.", "starts_on": "2027-01-01", "legal_form": ""})

    assert response.url == url("draft_expenditure", draft)
    cooperation = Cooperation.objects.get()
    assert (cooperation.purpose, cooperation.starts_on, cooperation.legal_form) == (
        "Ein Bauhof für drei.",
        date(2027, 1, 1),
        "",
    )
    assert post(client, address, {"purpose": "Noch offen.", "later": "ja"}).url == reverse("portal:start")


def test_legal_forms_are_those_of_the_variant(client, standard, towns, person):
    draft = draft_of(towns, variant=VariantFactory(ozg=True, programme=standard.programme), legal_form="")
    client.force_login(person)

    form = client.get(url("draft_details", draft)).context["form"]

    assert [value for value, _label in form.fields["legal_form"].choices] == [
        "",
        "delegating_agreement",
        "mandating_agreement",
    ]
    response = post(client, url("draft_details", draft), {"legal_form": "private_law", "purpose": "Bleibt stehen."})
    assert list(response.context["form"].errors) == ["legal_form"]
    assert response.context["form"]["purpose"].value() == "Bleibt stehen."


ASKED = {
    "standard": {"legal_form"},
    "ozg": {"legal_form", "ozg_goals", "goals_description"},
    "gvv": {"legal_form"},
    "fire_brigade": {"brigades"},
    "accession": {"legal_form", "joins", "earlier_case", "earlier_case_reference"},
    "preparation": {"legal_form"},
}


@pytest.mark.parametrize("code", ASKED)
def test_each_variant_asks_for_its_own(client, standard, towns, person, code):
    traits = {} if code == "standard" else {code: True}
    draft = draft_of(towns, variant=VariantFactory(programme=standard.programme, **traits))
    client.force_login(person)

    fields = set(client.get(url("draft_details", draft)).context["form"].fields)

    assert fields - {"seen", "purpose", "starts_on"} == ASKED[code]


def test_accession_names_who_joins_and_the_earlier_case(client, standard, towns, person):
    draft = draft_of(towns, variant=VariantFactory(accession=True, programme=standard.programme))
    client.force_login(person)
    assert [where for _sentence, where in drafts.missing(draft)] == ["details", "details"]

    post(
        client,
        url("draft_details", draft),
        {"joins": [draft.participants[2].pk], "earlier_case_reference": "Bauhof, 2019", "purpose": "Beitritt."},
    )

    case = Application.objects.get()
    assert [each.joins for each in case.participants] == [False, False, True]
    assert (case.earlier_case_reference, drafts.missing(case)) == ("Bauhof, 2019", [])


# ── Where one is ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_rule_of_the_hand_in_has_its_page():
    assert set(drafts.MENDED_ON) == set(rules.HAND_IN)


def test_variant_without_saving_has_no_page_of_expenditure(client, standard, towns, person):
    draft = draft_of(towns, variant=VariantFactory(preparation=True, programme=standard.programme))
    client.force_login(person)

    assert drafts.slugs(draft) == ["basics", "partners", "details", "hand_in"]
    assert client.get(url("draft_expenditure", draft)).status_code == 404


def test_draft_is_resumed_where_it_was_left(client, standard, towns, person):
    draft = draft_of(towns[:1], variant=standard)
    client.force_login(person)
    places = [client.get(url("draft", draft)).url]
    for town in towns[1:]:
        post(client, url("draft_partners", draft), {"add": town.pk})
    places.append(client.get(url("draft", draft)).url)
    post(client, url("draft_details", draft), {"purpose": "Ein Bauhof."})
    places.append(client.get(url("draft", draft)).url)
    amounts = dict.fromkeys(_cells(client, draft), "1.000")
    post(client, url("draft_expenditure", draft), amounts)
    places.append(client.get(url("draft", draft)).url)

    assert places == [url(f"draft_{slug}", draft) for slug in ("partners", "details", "expenditure", "hand_in")]


def _cells(client, draft):
    form = client.get(url("draft_expenditure", draft)).context["form"]
    return [name for name in form.fields if name not in ("seen", "table")]


# ── Who sees it ───────────────────────────────────────────────────────────────────────────────────────────────────────

DRAFT_PAGES = ["draft", *(f"draft_{slug}" for slug in drafts.LABELS), "withdraw"]


@pytest.mark.parametrize("name", DRAFT_PAGES)
def test_draft_exists_for_the_lead_alone(client, draft, towns, name):
    people = [member_of(towns[1]), MembershipFactory().user, clerk()]

    answers = []
    for each in people:
        client.force_login(each)
        answers.append(client.get(url(name, draft)).status_code)

    assert answers == [404, 404, 404]


def test_two_tabs_do_not_write_over_each_other(client, draft, person):
    client.force_login(person)
    address = url("draft_details", draft)
    first_tab = seen(client, address)
    post(client, address, {"purpose": "Aus dem zweiten Fenster."})

    response = client.post(address, {"purpose": "Aus dem ersten Fenster.", "seen": first_tab})

    (sentence,) = response.context["form"].non_field_errors()
    assert sentence.endswith("Ihre Eingaben stehen noch im Formular: Bitte vergleichen Sie und speichern Sie erneut.")
    assert Cooperation.objects.get().purpose == "Aus dem zweiten Fenster."
    again = {"purpose": response.context["form"]["purpose"].value(), "seen": response.context["form"].data["seen"]}
    client.post(address, again)
    assert Cooperation.objects.get().purpose == "Aus dem ersten Fenster."


# ── Numbers of queries ────────────────────────────────────────────────────────────────────────────────────────────────

QUERIES = {"draft_basics": 10, "draft_partners": 9, "draft_details": 6, "draft_expenditure": 6, "draft_hand_in": 8}


@pytest.mark.parametrize("partners", [2, 25])
@pytest.mark.parametrize("name", QUERIES)
def test_pages_take_the_same_queries_for_any_number_of_participants(
    client, standard, towns, person, django_assert_num_queries, name, partners
):
    draft = draft_of([towns[0], *MunicipalityFactory.create_batch(partners)], variant=standard)
    client.force_login(person)
    address = url(name, draft) + ("?suche=ort" if name == "draft_partners" else "")

    with django_assert_num_queries(QUERIES[name]):
        assert client.get(address).status_code == 200
