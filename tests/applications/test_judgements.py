"""Judging by hand: on what the reader saw, and again where something new came up."""

import pytest
from django.urls import reverse

from applications.models import Application, FileNote, Judgement
from applications.rules import no_double_funding
from tests.factories import (
    ApplicationFactory,
    CooperationFactory,
    FileNoteFactory,
    MunicipalityFactory,
    StoredFileFactory,
    case_in,
    clerk,
)
from tests.programme_factories import VariantFactory

pytestmark = pytest.mark.django_db
RULE = "no_double_funding"


def judge(application, rule=RULE):
    return reverse("admin:applications_application_judge", args=[application.pk, rule])


def case_of(*shared):
    return ApplicationFactory(cooperation=CooperationFactory(participants=[*shared, MunicipalityFactory()]))


def finding(application):
    return no_double_funding.finding(Application.objects.with_case().get(pk=application.pk))


@pytest.fixture
def shared():
    return MunicipalityFactory.create_batch(2)


@pytest.fixture
def case(client, shared):
    """A case that is similar to another one."""
    case_of(*shared)
    application = case_of(*shared)
    client.force_login(application.clerk)
    return application


def answer(client, application, reason="Andere Leistung."):
    seen = client.get(judge(application)).context["seen"]
    return client.post(judge(application), {"seen": seen, "answer": "ja", "reason": reason})


def test_judgement_keeps_the_similar_cases_it_knew(client, case):
    answer(client, case)

    other = Application.objects.exclude(pk=case.pk).get()
    assert Judgement.objects.get().seen_cases == [other.file_number]
    assert finding(case).met


def test_double_funding_is_asked_again_when_a_similar_case_comes_up(client, case, shared):
    answer(client, case)
    new = case_of(*shared)

    assert (finding(case).status, finding(case).message) == (
        "to_judge",
        f"Seit der letzten Beurteilung hinzugekommen: {new.file_number}. Bitte beurteilen Sie erneut.",
    )

    answer(client, case, "Auch das ist etwas anderes.")

    assert finding(case).met


def test_judgement_on_an_old_page_is_refused_and_nothing_is_lost(client, case, shared):
    seen = client.get(judge(case)).context["seen"]
    case_of(*shared)

    response = client.post(judge(case), {"seen": seen, "answer": "ja", "reason": "Andere Leistung."})

    assert response.context["form"].non_field_errors() == [
        "Die ähnlichen Fälle haben sich inzwischen geändert. Ihre Eingaben stehen noch im Formular: Bitte vergleichen "
        "Sie und speichern Sie erneut."
    ]
    assert response.context["form"]["reason"].value() == "Andere Leistung."
    assert Judgement.objects.count() == 0

    client.post(judge(case), {"seen": response.context["seen"], "answer": "ja", "reason": "Andere Leistung."})
    assert Judgement.objects.count() == 1


def test_judgement_after_a_change_of_the_case_is_refused(client, case):
    seen = client.get(judge(case)).context["seen"]
    FileNote.objects.create(application=case, text="Neue Tatsachen.", by=clerk())

    response = client.post(judge(case), {"seen": seen, "answer": "ja", "reason": "Andere Leistung."})

    [error] = response.context["form"].non_field_errors()
    assert error.startswith("Der Vorgang wurde inzwischen vom System geändert (Neue Tatsachen.).")


def test_judgement_of_a_case_that_was_closed_meanwhile_keeps_what_was_typed(client):
    application = case_in("checked")
    client.force_login(application.clerk)

    response = client.post(judge(application, "no_pure_it_investment"), {"answer": "nein", "reason": "Nur Software."})

    assert response.status_code == 200
    assert response.context["form"].non_field_errors() == [
        "Der Fall steht auf „Geprüft“ und kann nicht mehr geändert werden. Bitte nehmen Sie zuerst den letzten Schritt zurück."
    ]
    assert response.context["form"]["reason"].value() == "Nur Software."
    assert Judgement.objects.filter(answer=False).count() == 0


def test_blanks_are_no_reason(client, case):
    answer(client, case, reason="   ")

    assert Judgement.objects.count() == 0


def test_nothing_is_offered_where_nothing_is_to_judge(client):
    application = ApplicationFactory(complete=True)
    client.force_login(application.clerk)
    page = reverse("admin:applications_application_change", args=[application.pk])

    html = client.get(page).content.decode()

    assert judge(application, "no_pure_it_investment") in html
    assert judge(application) not in html  # no similar case
    assert judge(application, "members_agree") not in html  # no fire brigades
    response = client.get(judge(application), follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        'Keine Doppelförderung: Hier ist nichts zu beurteilen. <a href="#pruefliste">Weiter bei „Prüfliste“</a>'
    ]


def test_page_asks_once(client, case):
    html = client.get(judge(case)).content.decode()

    assert html.count("Ist eine Doppelförderung ausgeschlossen?") == 1


def test_page_shows_what_is_to_be_judged(client):
    application = ApplicationFactory(
        variant=VariantFactory(ozg=True),
        note="Angebot für Server liegt bei.",
        cooperation__purpose="Gemeinsam Bauanträge bearbeiten.",
        cooperation__ozg_goals=["security"],
        cooperation__goals_description="Ein gemeinsames Rechenzentrum.",
    )
    FileNoteFactory(application=application, text="Rückfrage bei der Kämmerei.")
    document = StoredFileFactory(application=application, original_name="konzept.pdf")
    client.force_login(application.clerk)

    html = client.get(judge(application, "no_pure_it_investment")).content.decode()

    shown = [
        "Angebot für Server liegt bei.",
        "Gemeinsam Bauanträge bearbeiten.",
        "Cyber- und IT-Sicherheit bewältigen",
        "Ein gemeinsames Rechenzentrum.",
        "Rückfrage bei der Kämmerei.",
        f'href="{reverse("document_inline", args=[document.uuid])}">konzept.pdf</a>',
        "Ausgaben im Jahr",
    ]
    assert [each for each in shown if each not in html] == []


def test_page_on_double_funding_tells_the_similar_cases(client, case, shared):
    granted = case_in("approved", cooperation=CooperationFactory(participants=[*shared, MunicipalityFactory()]))
    granted.cooperation.purpose = "Ein gemeinsamer Fuhrpark."
    granted.cooperation.save()

    html = client.get(judge(case)).content.decode()

    names = ", ".join(str(each) for each in granted.municipalities)
    assert f"Bewilligt, 75.000 € · Beteiligte: {names}" in html
    assert "Ein gemeinsamer Fuhrpark." in html


@pytest.mark.parametrize(("participants", "others"), [(3, 1), (26, 4)])
def test_page_takes_few_queries(client, django_assert_num_queries, participants, others):
    bodies = MunicipalityFactory.create_batch(participants)
    for _ in range(others):
        case_of(*bodies)
    application = ApplicationFactory(cooperation=CooperationFactory(participants=bodies), complete=True)
    FileNoteFactory(application=application)
    client.force_login(application.clerk)
    client.get(judge(application))

    with django_assert_num_queries(29):
        client.get(judge(application))
