"""A new application, page by page: saved at every step, seen by the lead alone, handed in by who may sign."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from applications import rules, workflow
from applications.models import Application, Cooperation, Message
from applications.portal import drafts
from municipalities.models import Membership
from tests.applications.portal.browsing import post, seen, url
from tests.factories import (
    ApplicationFactory,
    CooperationFactory,
    MunicipalityFactory,
    ProgrammeFactory,
    TaskFieldFactory,
    VariantFactory,
    clerk,
    decider,
)
from tests.municipal_people import MembershipFactory, member_of

pytestmark = pytest.mark.django_db


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
    return member_of(towns[0])


def open_draft(variant, bodies, **fields):
    cooperation = CooperationFactory(participants=bodies, **fields)
    return Application.objects.open_case(
        cooperation=cooperation, variant=variant, by=member_of(bodies[0]), is_handed_in=False
    )


@pytest.fixture
def draft(standard, towns):
    return open_draft(standard, towns)


def sentences(response):
    return [message.message for message in response.context["messages"]]


# ── To begin ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_start_page_offers_a_new_application_to_municipalities_alone(client, person):
    client.force_login(person)

    assert client.get(reverse("portal:start")).context["may_apply"] is True
    assert client.get(reverse("portal:new")).status_code == 200
    client.force_login(clerk())
    assert client.get(reverse("portal:new")).status_code == 404


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


# ── Who takes part ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def alone(standard, towns):
    return open_draft(standard, towns[:1])


def test_search_shows_the_kreis_and_the_key(client, alone, towns, person):
    client.force_login(person)
    address = url("draft_partners", alone)

    response = post(client, address, {"search": "weilmuenster", "find": "ja"})

    assert response.url == f"{address}?suche=weilmuenster#treffer"
    page = client.get(response.url)
    assert page.context["found"] == [towns[1]]
    content = page.content.decode()
    assert "Weilmünster (Landkreis Limburg-Weilburg)" in content
    assert f"Gemeinde, AGS {towns[1].ags}" in content


def test_partner_is_taken_in_and_out_again_and_what_was_typed_stays(client, draft, towns, person):
    draft.cooperation.participants.last().delete()
    client.force_login(person)
    address = url("draft_partners", draft)

    response = post(client, address, {"add": towns[2].pk, "few_participants_reason": "Nur wir grenzen an."})

    assert response.url == address
    assert [each.municipality for each in draft.cooperation.participants.all()] == towns
    draft.refresh_from_db()
    assert draft.few_participants_reason == "Nur wir grenzen an."

    post(client, address, {"remove": draft.cooperation.participants.last().pk})
    assert [each.municipality for each in draft.cooperation.participants.all()] == towns[:2]


@pytest.mark.parametrize("name", ["lead", "stranger"])
def test_nobody_takes_out_the_lead_or_others(client, draft, person, name):
    other = ApplicationFactory()
    keys = {"lead": draft.participants[0].pk, "stranger": other.participants[1].pk}
    client.force_login(person)

    response = post(client, url("draft_partners", draft), {"remove": keys[name]})

    assert response.context["form"].errors == {
        "remove": ["Diese Kommune ist nicht mehr beteiligt oder ist federführend."]
    }
    assert (draft.cooperation.participants.count(), other.cooperation.participants.count()) == (3, 3)


def test_dissolved_body_is_not_found_and_not_taken_in(client, draft, person):
    gone = MunicipalityFactory(dissolved=True, name="Altdorf")
    client.force_login(person)
    address = url("draft_partners", draft)

    assert client.get(f"{address}?suche=Altdorf").context["found"] == []
    response = post(client, address, {"add": gone.pk})
    assert response.context["form"].errors == {
        "add": ["Diese Körperschaft besteht heute nicht. Bitte suchen Sie erneut."]
    }


def test_participant_with_documents_is_not_taken_out(client, draft, person):
    from_partner = draft.participants[1]
    from_partner.files.create(
        application=draft, original_name="x.pdf", sha256="0" * 64, size=1, pages=1, uploaded_by=clerk()
    )
    client.force_login(person)

    response = post(client, url("draft_partners", draft), {"remove": from_partner.pk})

    assert response.context["form"].errors == {
        "remove": [
            f"Zu {from_partner.municipality.display_name} liegen schon Unterlagen vor. Bitte wenden Sie sich an das "
            "Ministerium."
        ]
    }


def test_two_partners_are_told_that_they_need_a_reason(client, standard, towns, person):
    draft = open_draft(standard, towns[:2])
    client.force_login(person)

    page = client.get(url("draft_partners", draft))

    assert page.context["form"].fields["few_participants_reason"].help_text == (
        "Nötig sind mindestens 3 Kommunen. Zwei Kommunen brauchen eine schriftliche Begründung."
    )
    assert page.context["missing"] == [rules.enough_participants.finding(draft).message]
    post(client, url("draft_partners", draft), {"few_participants_reason": "Nur wir grenzen aneinander."})
    assert client.get(url("draft_partners", draft)).context["missing"] == []


# ── Cases that are much the same ──────────────────────────────────────────────────────────────────────────────────────


def similar(client, draft):
    found = client.get(url("draft_partners", draft)).context["similar"]
    return found.visible, found.is_hidden


def test_running_case_of_the_same_partners_is_pointed_out(client, draft, towns, person):
    visible = ApplicationFactory(cooperation=CooperationFactory(participants=towns[:2]))
    client.force_login(person)

    assert similar(client, draft) == ([visible], False)


def test_hidden_case_is_said_to_exist_and_nothing_more(client, draft, towns, person):
    hidden = ApplicationFactory(cooperation=CooperationFactory(participants=towns[1:], title="Geheimer Bauhof"))
    client.force_login(person)

    assert similar(client, draft) == ([], True)
    content = client.get(url("draft_partners", draft)).content.decode()
    assert (hidden.title in content, hidden.file_number in content) == (False, False)


def test_drafts_of_others_ended_cases_and_other_tasks_are_not_pointed_out(client, standard, draft, towns, person):
    open_draft(standard, towns[1:])
    ended = ApplicationFactory(cooperation=CooperationFactory(participants=towns))
    workflow.take(ended, "reject", by=decider(), reason="Nicht förderfähig.")
    ApplicationFactory(cooperation=CooperationFactory(participants=towns, task_field=TaskFieldFactory(code="kasse")))
    client.force_login(person)

    assert similar(client, draft) == ([], False)


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


def test_legal_forms_are_those_of_the_variant(client, towns, person):
    draft = open_draft(VariantFactory(ozg=True, programme__valid_to=None), towns, legal_form="")
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
def test_each_variant_asks_for_its_own(client, towns, person, code):
    traits = {} if code == "standard" else {code: True}
    draft = open_draft(VariantFactory(programme__valid_to=None, **traits), towns)
    client.force_login(person)

    fields = set(client.get(url("draft_details", draft)).context["form"].fields)

    assert fields - {"seen", "purpose", "starts_on"} == ASKED[code]


def test_accession_names_who_joins_and_the_earlier_case(client, towns, person):
    draft = open_draft(VariantFactory(accession=True, programme__valid_to=None), towns)
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


def test_variant_without_saving_has_no_page_of_expenditure(client, towns, person):
    draft = open_draft(VariantFactory(preparation=True, programme__valid_to=None), towns)
    client.force_login(person)

    assert drafts.slugs(draft) == ["basics", "partners", "details", "hand_in"]
    assert client.get(url("draft_expenditure", draft)).status_code == 404


def test_draft_is_resumed_where_it_was_left(client, standard, towns, person):
    draft = open_draft(standard, towns[:1])
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


# ── Hand-in ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_summary_says_what_is_missing_and_where(client, standard, towns, person):
    draft = open_draft(standard, towns[:1])
    client.force_login(person)

    page = client.get(url("draft_hand_in", draft))

    assert page.context["lacking"] == [
        (
            "Bisher ist 1 Körperschaft beteiligt, verlangt sind mindestens 2. Bitte nehmen Sie weitere Beteiligte auf.",
            "Beteiligte",
            url("draft_partners", draft),
        )
    ]
    response = post(client, url("draft_hand_in", draft), {})
    assert response.context["problem"].startswith("Bisher ist 1 Körperschaft beteiligt")
    draft.refresh_from_db()
    assert draft.is_handed_in is False


def test_signatory_hands_in_and_reads_what_happens_next(client, draft, towns, person):
    partner = member_of(towns[1])
    client.force_login(person)

    response = post(client, url("draft_hand_in", draft), {})

    assert response.url == url("handed_in", draft)
    draft.refresh_from_db()
    assert (draft.handed_in_by, draft.history.last().step) == (person, "hand_in")
    assert client.get(response.url).context["application"] == draft
    assert Message.objects.filter(recipient=partner, event="hand_in").count() == 1


def test_who_may_not_sign_reads_whom_to_ask(client, draft, towns, person):
    colleague = member_of(towns[0], role=Membership.Role.CLERK)
    client.force_login(colleague)

    page = client.get(url("draft_hand_in", draft))

    assert page.context["refusal"] == (
        "Einreichen kann den Antrag nur, wer für die federführende Kommune zeichnungsbefugt ist."
    )
    assert person in page.context["signatories"]
    assert colleague not in page.context["signatories"]
    assert post(client, url("draft_hand_in", draft), {}).status_code == 403


def test_change_by_a_colleague_stops_the_hand_in(client, draft, person):
    client.force_login(person)
    before = seen(client, url("draft_hand_in", draft))
    post(client, url("draft_details", draft), {"purpose": "Anders."})

    response = client.post(url("draft_hand_in", draft), {"seen": before})

    assert response.context["problem"].startswith("Der Vorgang wurde inzwischen")
    draft.refresh_from_db()
    assert draft.is_handed_in is False


def test_pages_of_a_draft_end_with_the_hand_in(client, draft, person):
    workflow.take(draft, "hand_in", by=person)
    client.force_login(person)

    for name in DRAFT_PAGES[:-1]:
        assert client.get(url(name, draft)).url == url("case", draft)
    assert client.post(url("draft_details", draft), {"purpose": "Zu spät."}).url == url("case", draft)
    assert sentences(client.get(url("case", draft)))[0] == (
        "Der Antrag ist schon eingereicht. Den Entwurf können Sie nicht mehr ändern."
    )


def test_page_after_the_hand_in_needs_one(client, draft, towns, person):
    client.force_login(person)
    assert client.get(url("handed_in", draft)).status_code == 404
    workflow.take(draft, "hand_in", by=person)
    assert client.get(url("handed_in", draft)).status_code == 200
    client.force_login(member_of(towns[1]))
    assert client.get(url("handed_in", draft)).status_code == 404


# ── Given up ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_discarded_draft_is_withdrawn_and_nobody_else_hears_of_it(client, draft, towns, person):
    member_of(towns[1])
    client.force_login(person)

    response = client.post(url("withdraw", draft), {"reason": "Wir machen es anders."})

    assert response.url == reverse("portal:start")
    draft = Application.objects.get()
    assert (draft.state, draft.withdrawn_by) == ("withdrawn", person)
    assert set(Message.objects.values_list("recipient__memberships__municipality", flat=True)) <= {towns[0].pk}
    assert client.get(url("draft_details", draft)).url == url("case", draft)


def test_draft_needs_a_reason_to_be_discarded(client, draft, person):
    client.force_login(person)

    assert client.get(url("withdraw", draft)).context["form"]["reason"].value() == (
        "Der Entwurf wird nicht weiterverfolgt."
    )
    assert list(client.post(url("withdraw", draft), {"reason": " "}).context["form"].errors) == ["reason"]


def test_lead_withdraws_a_running_case_but_only_who_may_sign(client, towns, person):
    case = ApplicationFactory(cooperation=CooperationFactory(participants=towns))
    client.force_login(member_of(towns[0], role=Membership.Role.CLERK))
    assert client.get(url("withdraw", case)).status_code == 403
    client.force_login(person)

    client.post(url("withdraw", case), {"reason": "Wir verzichten."})

    case = Application.objects.get()
    assert case.state == "withdrawn"
    assert client.get(url("withdraw", case)).status_code == 404


# ── Numbers of queries ────────────────────────────────────────────────────────────────────────────────────────────────

QUERIES = {"draft_basics": 0, "draft_partners": 0, "draft_details": 0, "draft_expenditure": 0, "draft_hand_in": 0}


@pytest.mark.parametrize("partners", [2, 25])
@pytest.mark.parametrize("name", QUERIES)
def test_pages_take_the_same_queries_for_any_number_of_participants(
    client, standard, towns, person, django_assert_num_queries, name, partners
):
    draft = open_draft(standard, [towns[0], *MunicipalityFactory.create_batch(partners)])
    client.force_login(person)
    address = url(name, draft) + ("?suche=ort" if name == "draft_partners" else "")

    with django_assert_num_queries(QUERIES[name]):
        assert client.get(address).status_code == 200


def test_amounts_in_cents_come_back_as_germans_write_them(client, draft, person):
    client.force_login(person)
    first = draft.participants[0].pk

    post(client, url("draft_expenditure", draft), {f"personnel_{first}": "1.234,5", f"material_{first}": ""})

    assert draft.cooperation.participants.get(pk=first).personnel_before == Decimal("1234.50")
    form = client.get(url("draft_expenditure", draft)).context["form"]
    assert form[f"personnel_{first}"].value() == "1.234,50"
