from collections import Counter
from decimal import Decimal

import pytest

from applications.demo import real_cases
from applications.demo.marks import case_uuid
from applications.models import Application, Decision
from applications.states import State
from municipalities.models import Municipality
from tests.applications.demonstration import REAL, case, printed_by

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_every_database, pytest.mark.usefixtures("demo")]


def test_every_published_amount_is_a_decided_case():
    published = {case_uuid(record["key"]): Decimal(record["amount_eur"]) for record in REAL if record["amount_eur"]}

    taken_over = Application.objects.filter(state=State.APPROVED, taken_over_at__isnull=False)

    assert {
        each.application.uuid: each.amount for each in Decision.objects.filter(application__in=taken_over)
    } == published
    assert taken_over.count() == 40
    assert Decision.objects.filter(application__in=taken_over).exclude(budget=None).count() == 0


def test_every_amount_equals_the_proposal_or_says_why_not():
    deviating = {each.title: (each.proposed, each.granted) for each in real_cases.comparison() if not each.is_equal}

    assert deviating == {
        "Machbarkeitsstudie zur Fusion von Neuberg und Erlensee": (None, 50_000),
        "Gemeinsame Anstalt Dienstleistungsbetrieb (Bauhöfe)": (50_000, 20_000),
        "Cybersicherheit im Landkreis Gießen": (100_000, 150_000),
        "Zentrales Fördermittelmanagement im Landkreis Gießen": (100_000, 150_000),
        "Gemeinsame Informationssicherheitsstelle von sieben Landkreisen": (100_000, 150_000),
        "Machbarkeitsstudie Berkatal, Wehretal, Meißner und Weißenborn": (None, 50_000),
        "Machbarkeitsstudie zur Zusammenarbeit im Rheingau": (None, 70_000),
    }
    assert [each.reason != "" for each in real_cases.comparison()] == [
        not each.is_equal for each in real_cases.comparison()
    ]


@pytest.mark.parametrize(
    ("key", "decision", "history"),
    [
        (
            "foerdermittelmanagement-giessen",
            "abweichend festgesetzt, siehe Quelle: https://www.lkgi.de/aktuelles/150-000-euro-fuer-foerdermittelmanagement-"
            "des-landkreises/ (erhöht wegen des innovativen Charakters)",
            "abweichend festgesetzt, siehe Quelle: https://www.lkgi.de/aktuelles/150-000-euro-fuer-foerdermittelmanagement-"
            "des-landkreises/ (erhöht wegen des innovativen Charakters)",
        ),
        (
            "cybersicherheit-giessen",
            "abweichend festgesetzt, siehe Quelle: https://innen.hessen.de/presse/landkreis-giessen-erhaelt-150000-euro-"
            "foerderung",
            "abweichend festgesetzt, siehe Quelle: https://innen.hessen.de/presse/landkreis-giessen-erhaelt-150000-euro-"
            "foerderung",
        ),
        ("gvv-ulstertal", "", "Quelle: https://gruene-fulda.de/foerderung-fuer-gemeindeverwaltungsverband-ulstertal/"),
    ],
)
def test_source_stands_in_the_history_and_beside_a_deviating_amount(key, decision, history):
    application = case(key)

    assert application.decision.reason == decision
    assert application.history.get(step="take_over").reason == history


@pytest.mark.parametrize(
    ("key", "units", "lead", "received_on", "version"),
    [
        ("gvv-feldatal-grebenau-romrod-schwalmtal", 4, "Feldatal", "2016-01-01", "2004-01-01"),
        ("archivverbund-hersfeld-rotenburg", 16, "Landkreis Hersfeld-Rotenburg", "2021-01-01", "2016-12-02"),
        ("feuerwehr-hopfelde-hollstein", 2, "Hessisch Lichtenau", "2024-01-01", "2021-12-07"),
        ("beitritt-gemeindekasse-schwarzenborn", 1, "Schwarzenborn", "2019-01-01", "2016-12-02"),
        ("cybersicherheit-giessen", 19, "Landkreis Gießen", "2023-01-01", "2021-12-07"),
        ("gruenderzentrum-schwalm-eder", 11, "Zweckverband Schwalm", "2025-01-01", "2021-12-07"),
    ],
)
def test_published_case_has_its_units_lead_and_version(key, units, lead, received_on, version):
    application = case(key)

    assert (application.units, application.lead.display_name) == (units, lead)
    assert application.received_on.isoformat() == received_on
    assert application.variant.programme.valid_from.isoformat() == version


def test_bodies_that_the_register_lacks_are_free_and_name_their_source():
    free = Municipality.objects.filter(ags=None)

    assert sorted(free.filter(kind="association").values_list("name", flat=True)) == [
        "Zweckverband Schwalm",
        "Zweckverband Schwalm-Eder-Mitte",
        "Zweckverband Schwalm-Eder-West",
    ]
    assert Counter(body.name.partition("(")[2].rstrip(")") for body in free.filter(kind="other_body")) == {
        "Cybersicherheit im Landkreis Gießen": 18,
        "Machbarkeitsstudie zur Zusammenarbeit im Rheingau": 7,
    }
    assert all("Quelle: " in body.note for body in free)


def test_lead_that_nobody_names_stays_open():
    assert case("machbarkeitsstudie-rheingau").lead is None


@pytest.mark.parametrize(
    ("key", "note"),
    [
        (
            "gvv-ulstertal",
            "Eingangsdatum nicht veröffentlicht: Als Tag des Eingangs und der Entscheidung steht der 1. Januar des Jahres. "
            "Das Jahr ist aus der Quelle erschlossen.\n"
            "Quelle: https://gruene-fulda.de/foerderung-fuer-gemeindeverwaltungsverband-ulstertal/",
        ),
        (
            "ausbildung-niestetal",
            "Bescheid an die Gemeinde Niestetal übergeben.\n"
            "Eingangsdatum nicht veröffentlicht: Als Tag des Eingangs und der Entscheidung steht der 1. Januar des Jahres.\n"
            "Quelle: https://innen.hessen.de/presse/pressearchiv/stefan-sauer-uebergibt-drei-foerderbescheide-an-die-"
            "gemeinde-niestetal",
        ),
        (
            "beitritt-kasse-rheingau-kiedrich",
            "Zusätzlich zu den 100.000 €, die die fünf ersten Mitglieder schon erhalten hatten.\n"
            "Eingangsdatum und Jahr nicht veröffentlicht: Als Tag der Entscheidung steht ersatzweise der Tag vor der "
            "Übernahme.\n"
            "Quelle: petra-mueller-klepper.de/aktuelles/verbunderweiterung-im-rheingau-wird-gefoerdert/",
        ),
    ],
)
def test_note_says_which_dates_are_not_published(key, note):
    assert case(key).note == note


def test_unknown_year_leaves_the_receipt_open():
    assert case("beitritt-kasse-rheingau-kiedrich").received_on is None


def test_comparison_counts_equal_and_deviating_amounts():
    printed = printed_by("compare_real_cases")

    assert printed[0] == "2013  standard      5         100.000 €   100.000 €  Gemeinsame Kasse und Steueramt Rheingau"
    assert printed[-1] == "40 Fälle: 33 wie berechnet, 7 abweichend festgesetzt."
    assert len(printed) == 40 + 7 + 1
