import csv
import io
from decimal import Decimal

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests.factories import ApplicationFactory, CooperationFactory, MunicipalityFactory, UserFactory, case_in, clerk
from tests.programme_factories import TaskFieldFactory

pytestmark = pytest.mark.django_db

EXPORT = reverse("admin:applications_application_export")
XLSX, CSV = "0", "1"
TODAY = timezone.localdate()


def exported(client, query="", file_format=CSV):
    response = client.post(f"{EXPORT}?{query}", {"format": file_format, "resource": "0"})
    assert response.status_code == 200
    return response


def csv_rows(client, query=""):
    text = exported(client, query).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_csv_holds_what_the_landtag_asks_for(client):
    bodies = [MunicipalityFactory(name="Bensheim", ags="06431002"), MunicipalityFactory(name="Lorsch", ags="06431016")]
    bodies.append(MunicipalityFactory(name="Zwingenberg", ags="06431022"))
    cooperation = CooperationFactory(title="Bauhof", participants=bodies, task_field=TaskFieldFactory(label="Bauhöfe"))
    application = case_in("approved", cooperation=cooperation)
    client.force_login(clerk())

    assert csv_rows(client) == [
        {
            "Aktenzeichen": application.file_number,
            "Vorhaben": "Bauhof",
            "Aufgabenfeld": "Bauhöfe",
            "Variante": "Standard",
            "Eingangsjahr": "2026",
            "Bewilligungsjahr": str(TODAY.year),
            "Stand": "Bewilligt",
            "Federführende Kommune": "Bensheim, 06431002",
            "Beteiligte": "Bensheim, 06431002; Lorsch, 06431016; Zwingenberg, 06431022",
            "Zahl der Beteiligten": "3",
            "Vorschlag (€)": "75000,00",
            "Zuwendung (€)": "75000,00",
            "Begründung der Abweichung": "",
            "Ausgaben vorher (€/Jahr)": "360000,00",
            "Ausgaben nachher (€/Jahr)": "285000,00",
            "Einsparung (€/Jahr)": "75000,00",
            "Einsparung (%)": "20,83",
            "Eingang am": "01.09.2026",
            "Bewilligt am": f"{TODAY:%d.%m.%Y}",
            "Zuständig": str(application.clerk),
        }
    ]


def test_xlsx_holds_numbers_and_dates_as_such(client):
    case_in("approved")
    client.force_login(clerk())

    sheet = openpyxl.load_workbook(io.BytesIO(exported(client, file_format=XLSX).content)).active
    header, row = sheet.iter_rows(values_only=True)
    cells = dict(zip(header, row, strict=True))

    assert cells["Zuwendung (€)"] == 75000
    assert cells["Einsparung (%)"] == 20.83
    assert cells["Zahl der Beteiligten"] == 3
    assert f"{cells['Eingang am']:%Y-%m-%d}" == "2026-09-01"


def test_export_is_what_is_filtered_and_sorted(client):
    first, second = ApplicationFactory(), ApplicationFactory()
    case_in("rejected")
    client.force_login(clerk())

    assert [row["Aktenzeichen"] for row in csv_rows(client, "state=open&o=0")] == [
        first.file_number,
        second.file_number,
    ]
    assert [row["Aktenzeichen"] for row in csv_rows(client, "state=open&o=-0")] == [
        second.file_number,
        first.file_number,
    ]
    assert [row["Aktenzeichen"] for row in csv_rows(client, f"q={second.file_number}")] == [second.file_number]


@pytest.mark.parametrize("file_format", [CSV, XLSX])
def test_export_escapes_formulas(client, file_format):
    body = MunicipalityFactory(name="=cmd|' /C calc'!A0", ags="06431002")
    ApplicationFactory(cooperation=CooperationFactory(title="=HYPERLINK(A1)", participants=[body]))
    client.force_login(clerk())

    content = exported(client, file_format=file_format).content
    if file_format == CSV:
        (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    else:
        header, values = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
        row = dict(zip(header, values, strict=True))

    assert row["Vorhaben"] == "'=HYPERLINK(A1)"
    assert row["Federführende Kommune"] == "'=cmd|' /C calc'!A0, 06431002"
    assert row["Beteiligte"] == "'=cmd|' /C calc'!A0, 06431002"


def test_percent_is_cut_off(client):
    application = ApplicationFactory(complete=True)
    application.cooperation.personnel_after, application.cooperation.material_after = Decimal("306000.01"), Decimal(0)
    application.cooperation.save()
    client.force_login(clerk())

    assert [row["Einsparung (%)"] for row in csv_rows(client)] == ["14,99"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_export_is_refused_to_whoever_may_not_see_cases(client, method):
    ApplicationFactory()
    client.force_login(UserFactory())

    response = getattr(client, method)(EXPORT, {"format": CSV, "resource": "0"})

    assert response.status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_export_takes_the_same_number_of_queries(client, django_assert_num_queries, rows):
    for _ in range(rows):
        case_in("approved")
    client.force_login(clerk())

    with django_assert_num_queries(12):
        exported(client)


@pytest.mark.parametrize(("file_format", "ending"), [(CSV, "csv"), (XLSX, "xlsx")])
def test_file_is_named_in_german_and_by_its_day(client, file_format, ending):
    client.force_login(clerk())

    with time_machine.travel("2026-01-05 12:00"):
        response = exported(client, file_format=file_format)

    assert response["Content-Disposition"] == f'attachment; filename="faelle-2026-01-05.{ending}"'


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no cursors on a server.")
@pytest.mark.parametrize("is_pooled", [True, False])
def test_no_cursor_outlives_its_transaction_behind_a_pool(client, monkeypatch, is_pooled):
    """What IKZ_DATABASE_POOLED sets; PgBouncer gives each transaction whatever connection is free."""
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", is_pooled)
    case_in("approved")
    client.force_login(clerk())
    named = []

    def look(execute, sql, params, many, context):
        named.append(getattr(context["cursor"], "name", None))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        assert len(csv_rows(client)) == 1

    assert any(named) is not is_pooled
