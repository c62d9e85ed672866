from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from applications import base_data
from applications.models import FieldChange, Programme, TaskField, Variant
from tests.programme_factories import ProgrammeFactory, TaskFieldFactory

pytestmark = pytest.mark.django_db

CODES = ["ozg", "standard", "gvv", "fire_brigade", "accession", "preparation"]


def numbers():
    return TaskField.objects.count(), Programme.objects.count(), Variant.objects.count(), FieldChange.objects.count()


def test_task_fields_stand_in_the_order_of_the_file():
    base_data.load()

    assert [field.code for field in TaskField.objects.all()] == [
        row["code"] for row in base_data.rows("task_fields.csv")
    ]


def test_versions_follow_each_other_with_their_variants():
    base_data.load()

    assert [
        (version.valid_from, version.valid_to, [variant.code for variant in version.variants.order_by("pk")])
        for version in Programme.objects.all()
    ] == [
        (date(2021, 12, 7), date(2026, 12, 6), CODES),
        (date(2016, 12, 2), date(2021, 12, 1), CODES[1:]),
        (date(2004, 1, 1), date(2016, 12, 1), CODES[1:]),
    ]


@pytest.mark.parametrize(
    ("code", "money", "saving", "agreement"),
    [
        ("ozg", (25000, 100000, "municipality"), 15, True),
        ("standard", (25000, 100000, "municipality"), 15, True),
        ("gvv", (150000, None, "municipality"), 15, True),
        ("fire_brigade", (15000, None, "brigade"), 15, False),
        ("accession", (25000, None, "joining_municipality"), 15, True),
        ("preparation", (None, None, "municipality"), None, False),
    ],
)
def test_parameters_of_the_version_in_force(code, money, saving, agreement):
    base_data.load()

    variant = Programme.objects.in_force_on(date(2026, 6, 1)).get().variants.get(code=code)

    assert (variant.amount_per_unit, variant.cap, variant.unit) == money
    assert (variant.min_saving_percent, variant.requires_agreement) == (saving, agreement)
    variant.full_clean()


def test_second_load_changes_nothing(capsys):
    call_command("load_programmes")
    before = numbers()

    call_command("load_programmes")

    assert numbers() == before
    assert capsys.readouterr().out.splitlines() == [
        "28 Aufgabenfelder neu angelegt.",
        "„Rahmenvereinbarung zur Förderung der Interkommunalen Zusammenarbeit vom 07.12.2021“ mit 6 Varianten neu angelegt.",
        "„Rahmenvereinbarung zur Förderung der Interkommunalen Zusammenarbeit vom 02.12.2016“ mit 5 Varianten neu angelegt.",
        "„Förderung der Interkommunalen Zusammenarbeit vor dem 02.12.2016“ mit 5 Varianten neu angelegt.",
        "2 Zustellungsregeln neu angelegt.",
        "45 Basiszinssätze neu angelegt.",
        "Briefkopf „Hessisches Ministerium des Innern, für Sicherheit und Heimatschutz ab 01.01.2024“ angelegt. "
        "Bitte tragen Sie die unterzeichnende Person ein.",
        "48 Textbausteine neu angelegt.",
        "Stammdaten: alles auf dem Stand.",
    ]


def test_what_the_ministry_edited_stays():
    base_data.load()
    TaskField.objects.filter(code="archives").update(label="Archive und Sammlungen")
    version = Programme.objects.get(valid_from=date(2021, 12, 7))
    version.variants.filter(code="standard").update(amount_per_unit=Decimal(30000))
    version.variants.filter(code="accession").delete()
    # The gap before the version of 2021 was closed.
    Programme.objects.filter(pk=version.pk).update(valid_from=date(2021, 12, 2), name="Rahmenvereinbarung")
    before = numbers()

    base_data.load()

    version.refresh_from_db()
    assert numbers() == before
    assert (version.name, version.valid_from) == ("Rahmenvereinbarung", date(2021, 12, 2))
    assert version.variants.get(code="standard").amount_per_unit == Decimal(30000)
    assert not version.variants.filter(code="accession").exists()
    assert TaskField.objects.get(code="archives").label == "Archive und Sammlungen"


def test_task_field_of_the_ministry_with_the_same_label_is_not_doubled():
    TaskFieldFactory(code="archiv", label="Archiv")

    base_data.load()

    assert not TaskField.objects.filter(code="archives").exists()
    assert TaskField.objects.count() == len(base_data.rows("task_fields.csv"))


def test_version_of_the_ministry_for_the_same_days_keeps_ours_away():
    own = ProgrammeFactory(name="Eigene Fassung", valid_from=date(2020, 1, 1), valid_to=None)

    sentences = base_data.load()

    assert sentences[1:3] == [
        "„Rahmenvereinbarung zur Förderung der Interkommunalen Zusammenarbeit vom 07.12.2021“ bleibt weg: Für dieselben "
        "Tage gilt schon „Eigene Fassung“ (ab 01.01.2020).",
        "„Rahmenvereinbarung zur Förderung der Interkommunalen Zusammenarbeit vom 02.12.2016“ bleibt weg: Für dieselben "
        "Tage gilt schon „Eigene Fassung“ (ab 01.01.2020).",
    ]
    assert list(Programme.objects.all()) == [own, Programme.objects.get(valid_from=date(2004, 1, 1))]
