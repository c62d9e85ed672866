"""Who takes part: found by name or key, taken in and out; a case that is much the same is pointed out."""

import pytest

from applications import rules, workflow
from tests.applications.portal.browsing import post, url
from tests.factories import ApplicationFactory, CooperationFactory, MunicipalityFactory, clerk, decider
from tests.municipal_people import draft_of
from tests.programme_factories import TaskFieldFactory

pytestmark = pytest.mark.django_db


# ── Who takes part ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def alone(standard, towns):
    return draft_of(towns[:1], variant=standard)


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

    assert response.url == f"{address}#suche"
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
    draft = draft_of(towns[:2], variant=standard)
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
    return client.get(url("draft_partners", draft)).context["similar"]


def test_running_case_of_the_same_partners_is_pointed_out(client, draft, towns, person):
    visible = ApplicationFactory(cooperation=CooperationFactory(participants=towns[:2]))
    client.force_login(person)

    assert similar(client, draft) == [visible]


def test_case_of_others_is_not_told_of(client, draft, towns, person):
    """A draft may name any bodies: who reads of their cases there could ask for everybody's."""
    client.force_login(person)
    before = client.get(url("draft_partners", draft)).context
    ApplicationFactory(cooperation=CooperationFactory(participants=towns[1:], title="Geheimer Bauhof"))

    after = client.get(url("draft_partners", draft))

    assert (before["similar"], after.context["similar"]) == ([], [])
    assert "läuft schon ein Antrag" not in after.content.decode()


def test_drafts_of_others_ended_cases_and_other_tasks_are_not_pointed_out(client, standard, draft, towns, person):
    draft_of(towns[1:], variant=standard)
    ended = ApplicationFactory(cooperation=CooperationFactory(participants=towns))
    workflow.take(ended, "reject", by=decider(), reason="Nicht förderfähig.", no_hearing_reason="Nach Aktenlage.")
    ApplicationFactory(cooperation=CooperationFactory(participants=towns, task_field=TaskFieldFactory(code="kasse")))
    client.force_login(person)

    assert similar(client, draft) == []
