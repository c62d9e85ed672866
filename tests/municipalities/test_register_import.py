"""The commands, the delivered register, and what writing costs."""

import json
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from municipalities import register_import
from municipalities.models import Kind, Municipality, RegisterImport
from municipalities.register_import import RegisterFile, import_register, load_register
from tests.factories import MunicipalityFactory
from tests.municipalities.register_samples import BENSHEIM, BIBLIS, HEADER, REGISTER, changed, csv_bytes, xlsx_bytes

pytestmark = pytest.mark.django_db


on_delivered = pytest.mark.parametrize("ground", [load_register], indirect=True, ids=["delivered"])


def everything():
    return list(Municipality.objects.order_by("pk").values_list())


@on_delivered
def test_delivered_register_is_complete():
    existing = Municipality.objects.filter(valid_to=None)
    kinds = {kind: existing.filter(kind=kind).count() for kind in Kind.values if existing.filter(kind=kind).exists()}
    assert kinds == {"municipality": 230, "town": 185, "independent_city": 6, "district": 21}
    municipalities = existing.exclude(kind=Kind.DISTRICT)
    assert sum(municipalities.values_list("population", flat=True)) == 6_280_793
    assert not municipalities.filter(district=None).exclude(kind=Kind.INDEPENDENT_CITY).exists()
    former = Municipality.objects.exclude(valid_to=None).order_by("ags")
    assert list(former.values_list("ags", "valid_to", "successor__ags")) == [
        ("06435014", date(2025, 12, 31), "06415000"),
        ("06437002", date(2017, 12, 31), "06437016"),
        ("06437008", date(2017, 12, 31), "06437016"),
        ("06437014", date(2017, 12, 31), "06437016"),
        ("06437015", date(2017, 12, 31), "06437016"),
        ("06633021", date(2019, 12, 31), "06633030"),
        ("06633027", date(2019, 12, 31), "06633030"),
        ("06635005", date(2022, 12, 31), "06635001"),
    ]
    for municipality in Municipality.objects.all():
        municipality.full_clean(validate_unique=False, validate_constraints=False)  # these the database has held


@on_delivered
def test_delivered_register_loads_once():
    before = everything()

    load_register()

    assert everything() == before
    assert RegisterImport.objects.count() == 2


@on_delivered
def test_delivered_districts_have_the_seat_of_their_administration():
    districts = Municipality.objects.filter(kind=Kind.DISTRICT)
    towns = {body.display_name: body for body in Municipality.objects.exclude(kind=Kind.DISTRICT)}
    assert districts.count() == 21
    assert {body.seat for body in districts} - set(towns) == set()
    assert sorted(body.seat for body in districts if body.postal_code != towns[body.seat].postal_code) == [
        "Bad Homburg v. d. Höhe",
        "Darmstadt",
        "Gießen",
        "Marburg",
        "Wetzlar",
    ]
    assert (districts.get(ags="06634").seat, districts.get(ags="06634").postal_code) == ("Homberg (Efze)", "34576")


@on_delivered
def test_delivered_register_fills_a_seat_that_is_missing():
    Municipality.objects.filter(ags="06634").update(seat="", postal_code="")
    Municipality.objects.filter(ags="06431").update(seat="Lorsch", postal_code="")

    load_register()

    assert list(Municipality.objects.filter(ags__in=["06431", "06634"]).values_list("seat", "postal_code")) == [
        ("Lorsch", ""),
        ("Homberg (Efze)", "34576"),
    ]


@on_delivered
def test_delivered_register_keeps_what_people_changed():
    Municipality.objects.filter(ags="06411000").update(name="Darmstadt, Digitalstadt", population=1, email="a@b.de")
    Municipality.objects.filter(ags="06431002").update(population=5, population_date=date(2020, 12, 31), postal_code="")

    load_register()

    darmstadt, bensheim = Municipality.objects.get(ags="06411000"), Municipality.objects.get(ags="06431002")
    assert (darmstadt.name, darmstadt.population, darmstadt.email) == ("Darmstadt, Digitalstadt", 1, "a@b.de")
    assert (bensheim.population_date, bensheim.postal_code) == (date(2024, 12, 31), "")


def test_report_has_one_object_per_row(tmp_path, capsys):
    call_command("import_register", _file(tmp_path, [HEADER, *REGISTER]))
    rows = [
        HEADER,
        BENSHEIM,
        [],
        changed(BIBLIS, ags="6431003", population="9.300"),
        changed(REGISTER[0], name="Kassel"),
    ]

    call_command("import_register", _file(tmp_path, rows), report=tmp_path / "report.json")

    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8")) == [
        {"row": 2, "outcome": "unchanged", "ags": "06431002", "name": "Bensheim, Stadt", "messages": []},
        {"row": 3, "outcome": "skipped", "ags": None, "name": "", "messages": ["Zeile 3: leere Zeile."]},
        {
            "row": 4,
            "outcome": "repaired",
            "ags": "06431003",
            "name": "Biblis",
            "messages": ["Zeile 4: Im Schlüssel „6431003“ fehlte die führende Null; gelesen als 06431003."],
        },
        {
            "row": 5,
            "outcome": "refused",
            "ags": "06411000",
            "name": "Kassel",
            "messages": [
                "Zeile 5: Der Schlüssel 06411000 gehört zu Darmstadt, Wissenschaftsstadt, in der Zeile steht „Kassel“. "
                "Bitte prüfen Sie, ob Schlüssel oder Name falsch ist."
            ],
        },
    ]
    assert capsys.readouterr().out.splitlines()[-1] == (
        "4 Zeilen: 0 übernommen, 1 berichtigt, 1 abgelehnt, 1 übersprungen, 1 unverändert."
    )


def _file(folder, rows, name="datei.csv"):
    path = folder / name
    path.write_bytes(xlsx_bytes(rows) if name.endswith("xlsx") else csv_bytes(rows))
    return path


def test_dry_run_writes_nothing(tmp_path, capsys):
    call_command("import_register", _file(tmp_path, [HEADER, *REGISTER], "register.xlsx"), dry_run=True)

    assert not Municipality.objects.exists()
    assert not RegisterImport.objects.exists()
    assert capsys.readouterr().out.splitlines()[-1] == "Probelauf: Es wurde nichts geschrieben."


def test_dry_run_tells_every_finding(tmp_path, capsys):
    call_command("import_register", _file(tmp_path, [HEADER, *REGISTER]))
    rows = [
        HEADER,
        changed(BENSHEIM, ags="6431002", population="42.500"),
        changed(BIBLIS, population="viele"),
        ["Summe"],
    ]
    capsys.readouterr()

    call_command("import_register", _file(tmp_path, rows), dry_run=True)

    assert [line for line in capsys.readouterr().out.splitlines() if line.startswith("Zeile ")] == [
        "Zeile 2: Im Schlüssel „6431002“ fehlte die führende Null; gelesen als 06431002.",
        "Zeile 2: Einwohner: 42.012 → 42.500",
        "Zeile 3: Einwohner: „viele“ ist keine Zahl. Bitte tragen Sie eine Zahl ein oder lassen Sie das Feld leer.",
        "Zeile 4: Summenzeile, keine Kommune.",
    ]


def test_unreadable_file_ends_with_one_sentence(tmp_path):
    (tmp_path / "leer.csv").write_bytes(b"")

    with pytest.raises(CommandError) as refused:
        call_command("import_register", tmp_path / "leer.csv")

    assert (
        str(refused.value) == "Die Datei ist leer. Bitte wählen Sie eine Datei mit einer Überschriftenzeile und Daten."
    )


def test_missing_file_ends_with_one_sentence(tmp_path):
    with pytest.raises(CommandError, match="lässt sich nicht öffnen"):
        call_command("import_register", tmp_path / "fehlt.csv")


def test_foreign_keys_enter_only_with_all_states(tmp_path):
    MunicipalityFactory(darmstadt=True)
    path = _file(tmp_path, [["AGS", "Name", "Art"], ["09162000", "München", "kreisfreie Stadt"]])

    call_command("import_register", path)
    assert Municipality.objects.count() == 1
    call_command("import_register", path, all_states=True)

    assert Municipality.objects.get(ags="09162000").name == "München"


def test_import_is_recorded(django_user_model):
    user = django_user_model.objects.create_user("s@example.org")
    file = RegisterFile(csv_bytes([HEADER, *REGISTER, changed(BENSHEIM, ags="6,4E+06")]), "register.csv")

    import_register(file, by=user)

    record = RegisterImport.objects.get()
    assert (record.file_name, record.sha256, record.by) == ("register.csv", file.sha256, user)
    assert (record.imported, record.repaired, record.refused, record.skipped, record.unchanged) == (4, 0, 1, 0, 0)
    assert [finding["row"] for finding in record.findings] == [6]


def many(count, population=1000):
    """A file of one Kreis per hundred municipalities, of another Land."""
    rows = [["AGS", "Name", "Art", "Einwohner", "Stand"]]
    for number in range(count):
        key = f"09{100 + number // 100}{number % 100 + 1:03d}"
        rows.append([key, f"Ort {number}", "Gemeinde", population + number, "31.12.2024"])
    return RegisterFile(csv_bytes(rows), "viele.csv", all_states=True)


@pytest.mark.parametrize("count", [10, 10_751])
def test_number_of_queries_does_not_depend_on_the_number_of_rows(count):
    MunicipalityFactory(darmstadt=True)

    assert len(_statements(many(count))) == 8
    assert len(_statements(many(count, population=2000))) == 7
    unchanged = _statements(many(count, population=2000))
    assert [each.split()[0] for each in unchanged] == ["SAVEPOINT", "SELECT", "SELECT", "RELEASE"]
    # Joined with itself, the register took a minute where the database did not know yet that it had grown.
    assert [each for each in unchanged if " JOIN " in each] == []
    assert Municipality.objects.count() == count + 1


def _statements(file):
    with CaptureQueriesContext(connection) as captured:
        import_register(file, by=None)
    return [each["sql"] for each in captured]


def test_import_that_breaks_off_leaves_nothing_behind(monkeypatch):
    import_register(RegisterFile(csv_bytes([HEADER, *REGISTER]), "register.csv"), by=None)
    before, records = everything(), RegisterImport.objects.count()
    monkeypatch.setattr(register_import, "keep_trace", _break_off)

    with pytest.raises(InterruptedError):
        import_register(many(10), by=None)
    with pytest.raises(InterruptedError):
        import_register(RegisterFile(csv_bytes([HEADER, changed(BIBLIS, population="9400")]), "neu.csv"), by=None)

    assert (everything(), RegisterImport.objects.count()) == (before, records)


def _break_off(written, **_told):
    assert written.created or written.changed
    raise InterruptedError
