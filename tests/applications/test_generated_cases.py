"""manage.py generate_load: what it makes is whole, and it never makes it beside real cases."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from applications.evidence import prove
from applications.generated.cases import fill_up_to
from applications.models import (
    Application,
    CaseNumber,
    CorrectionRequest,
    Decision,
    Entry,
    Participant,
    StoredFile,
    TaskField,
    Variant,
)
from applications.states import State
from ikz.models import User
from tests.factories import ApplicationFactory, CooperationFactory, clerk

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def refusal():
    with pytest.raises(CommandError) as refused:
        call_command("generate_load", cases=10)
    return str(refused.value)


def test_without_debug_nothing_is_generated():
    assert refusal() == (
        "Erzeugte Fälle gehören nie in den Betrieb. Wenn dies ein Rechner zum Ausprobieren ist, rufen Sie den Befehl mit "
        "IKZ_DEBUG=on auf."
    )
    assert (Application.objects.count(), User.objects.count()) == (0, 0)


def test_beside_another_case_nothing_is_generated(settings):
    settings.DEBUG = True
    person = ApplicationFactory().clerk

    assert refusal() == "Hier steht 1 Fall anderer Herkunft. Bitte benutzen Sie eine leere Datenbank."
    assert list(User.objects.all()) == [person]


def test_without_a_register_nothing_is_generated(settings):
    settings.DEBUG = True

    assert refusal() == "Das Register ist leer. Bitte laden Sie es zuerst: manage.py load_register."


def test_generated_cases_are_whole(settings):
    settings.DEBUG = True
    call_command("load_register", stdout=StringIO())
    call_command("load_programmes", stdout=StringIO())
    call_command("generate_load", cases=20, stdout=StringIO())
    fill_up_to(40, TODAY)  # goes on where it stopped

    assert [model.objects.count() for model in (Application, Participant, StoredFile, Entry)] == [40, 100, 240, 800]
    assert set(Application.objects.values_list("state", flat=True)) == set(State)
    assert [proof.broken for proof in map(prove, Application.objects.all()) if proof.broken] == []
    for model in (Application, Decision, CorrectionRequest):
        for row in model.objects.all():
            row.validate_constraints()

    last = CaseNumber.objects.get(year=2026).last
    group, variant = CooperationFactory(task_field=TaskField.objects.first(), participants=0), Variant.objects.first()
    case = Application.objects.open_case(cooperation=group, variant=variant, by=clerk())

    assert case.file_number == f"IKZ-2026-{last + 1:04d}"
