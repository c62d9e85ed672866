"""Every change of the register leaves a trace that people can read, also one that a file made."""

from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse

from applications.models import FieldChange
from municipalities.history import told
from municipalities.models import Municipality
from municipalities.register_import import RegisterFile, import_register
from tests.factories import MunicipalityFactory, UserFactory
from tests.municipalities.register_samples import BENSHEIM, BIBLIS, HEADER, REGISTER, changed, csv_bytes

pytestmark = pytest.mark.django_db

CREATE, UPDATE = FieldChange.Action.CREATE, FieldChange.Action.UPDATE


@pytest.fixture
def register():
    import_register(RegisterFile(csv_bytes([HEADER, *REGISTER]), "register.csv"), by=None)
    FieldChange.objects.all().delete()


def noted():
    return FieldChange.objects.filter(content_type__model="municipality").order_by("pk")


def taken_in(rows, *, by=None, name="neu.csv", **options):
    import_register(RegisterFile(csv_bytes(rows), name, **options), by=by)
    return list(noted())


def test_new_bodies_are_noted_once_each():
    entries = taken_in([HEADER, *REGISTER])

    assert [(entry.action, entry.object_repr, entry.actor) for entry in entries] == [
        (CREATE, "Landkreis Bergstraße", None),
        (CREATE, "Darmstadt", None),
        (CREATE, "Bensheim (Landkreis Bergstraße)", None),
        (CREATE, "Biblis (Landkreis Bergstraße)", None),
    ]
    biblis = Municipality.objects.get(ags="06431003")
    assert (entries[3].object_pk, entries[3].object_id) == (str(biblis.pk), biblis.pk)
    assert entries[3].changes == {
        "id": ["None", str(biblis.pk)],
        "ags": ["None", "06431003"],
        "name": ["None", "Biblis"],
        "kind": ["None", "municipality"],
        "district": ["None", str(biblis.district_id)],
        "population": ["None", "9234"],
        "population_date": ["None", "2024-12-31"],
        "area_km2": ["None", "40.44"],
        "postal_code": ["None", "68647"],
        "latitude": ["None", "49.691000"],
        "longitude": ["None", "8.450000"],
    }


def test_changed_fields_are_noted_with_person_old_and_new_value(register):
    person = UserFactory()
    header = [*HEADER, "E-Mail"]

    entries = taken_in(
        [header, [*changed(BENSHEIM, population="42.500", date="31.12.2025"), "post@bensheim.de"], BIBLIS], by=person
    )

    (entry,) = entries
    assert (entry.action, entry.object_repr) == (UPDATE, "Bensheim (Landkreis Bergstraße)")
    assert (entry.actor, entry.actor_email, entry.additional_data) == (person, person.email, {"file": "neu.csv"})
    assert entry.changes == {
        "email": ["", "post@bensheim.de"],
        "population": ["42012", "42500"],
        "population_date": ["2024-12-31", "2025-12-31"],
    }


def test_trace_of_an_import_is_that_of_a_form(register):
    """Whoever reads the trace need not know which way a change came."""
    bensheim = Municipality.objects.get(ags="06431002")
    biblis = Municipality.objects.get(ags="06431003")
    biblis.valid_to, biblis.successor = date(2026, 12, 31), bensheim
    biblis.save()
    by_form = noted().get()
    Municipality.objects.filter(pk=biblis.pk).update(valid_to=None, successor=None)
    FieldChange.objects.all().delete()

    header = ["AGS", "Name", "gültig bis", "Nachfolgerin"]
    (by_file,) = taken_in([header, ["06431003", "Biblis", "31.12.2026", "06431002"]])

    compared = ["content_type", "object_pk", "object_id", "object_repr", "action", "changes", "serialized_data"]
    assert [getattr(by_file, name) for name in compared] == [getattr(by_form, name) for name in compared]


def test_unchanged_file_leaves_no_trace(register):
    assert taken_in([HEADER, *REGISTER], name="register.csv") == []


def test_free_body_is_found_again_for_its_trace():
    MunicipalityFactory(zweckverband=True)
    FieldChange.objects.all().delete()

    entries = taken_in([["AGS", "Name", "Art"], ["", "Zweckverband Wasser", "Zweckverband"]], new_keys=True)

    assert [entry.object_id for entry in entries] == [Municipality.objects.get(name="Zweckverband Wasser").pk]


def test_history_says_who_changed_what(client, register, tmp_path):
    person = UserFactory(is_superuser=True, first_name="Kim", last_name="Muster")
    client.force_login(person)
    taken_in([HEADER, changed(BENSHEIM, population="42.500", area="57,84")], by=person)
    (tmp_path / "ende.csv").write_bytes(
        csv_bytes([["AGS", "gültig bis", "Nachfolgerin"], ["06431002", "31.12.2026", "06431003"]])
    )
    call_command("import_register", tmp_path / "ende.csv", verbosity=0)
    bensheim = Municipality.objects.get(ags="06431002")

    page = client.get(reverse("admin:municipalities_municipality_history", args=[bensheim.pk]))

    assert [(change.by, change.what, change.details) for change in page.context["changes"]] == [
        (
            "Befehl",
            "geändert durch die Datei „ende.csv“",
            ["gültig bis: – → 31.12.2026", "Nachfolgerin: – → Biblis (Landkreis Bergstraße) (06431003)"],
        ),
        (
            str(person),
            "geändert durch die Datei „neu.csv“",
            ["Einwohner: 42.012 → 42.500", "Fläche (km²): 57,83 → 57,84"],
        ),
    ]
    assert "<p>Einwohner: 42.012 → 42.500</p>" in page.content.decode()


def test_choices_are_told_by_their_names(register):
    bensheim = Municipality.objects.get(ags="06431002")
    bensheim.kind = "municipality"
    bensheim.save()

    assert [change.details for change in told(noted())] == [["Art: Stadt → Gemeinde"]]


def test_long_history_has_pages(client, register):
    client.force_login(UserFactory(is_superuser=True))
    bensheim = Municipality.objects.get(ags="06431002")
    for population in range(101):
        bensheim.population = population
        bensheim.save()
    address = reverse("admin:municipalities_municipality_history", args=[bensheim.pk])

    assert len(client.get(address).context["changes"]) == 100
    assert [change.details for change in client.get(address + "?p=2").context["changes"]] == [["Einwohner: 42.012 → 0"]]
