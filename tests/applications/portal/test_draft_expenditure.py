"""The table of expenditure in a draft: typed as Germans write, or brought as a file with the columns of the template."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications import expenditure_table
from applications.models import FieldChange, Participant
from tests.applications.portal.browsing import post, seen, url
from tests.municipal_people import draft_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(client, draft, person):
    client.force_login(person)
    return url("draft_expenditure", draft)


def form(client, address):
    return client.get(address).context["form"]


def typed(client, address, amount):
    """The same amount in every cell."""
    return {name: amount for name in form(client, address).fields if name not in ("seen", "table")}


def spent(draft):
    before = [(each.personnel_before, each.material_before) for each in Participant.objects.order_by("pk")]
    draft.cooperation.refresh_from_db()
    return [*before, (draft.cooperation.personnel_after, draft.cooperation.material_after)]


def filled_csv(draft):
    lines = [f"{each.municipality.ags};{each.municipality.name};;100.000,50;20.000" for each in draft.participants]
    text = "\r\n".join([";".join(expenditure_table.COLUMNS), *lines, ";Nachher, alle zusammen;;200.000;50.000"])
    return SimpleUploadedFile("ausgaben.csv", text.encode("cp1252", "replace"))


def test_typed_amounts_are_saved_and_shown_as_germans_write_them(client, draft, address):
    first = draft.participants[0].pk

    response = post(client, address, {f"personnel_{first}": "1.234,5", "material_after": "12 €"})

    assert response.url == url("draft_hand_in", draft)
    nothing = (None, None)
    assert spent(draft) == [(Decimal("1234.50"), None), nothing, nothing, (None, Decimal("12.00"))]
    shown = form(client, address)
    assert (shown[f"personnel_{first}"].value(), shown["material_after"].value()) == ("1.234,50", "12,00")


def test_saving_is_computed_by_the_server_once_all_is_there(client, draft, address):
    post(
        client, address, typed(client, address, "100.000") | {"personnel_after": "400.000", "material_after": "110000"}
    )

    page = client.get(address)

    assert page.context["application"].saving.percent == Decimal(15)
    assert ">15,00 %</output>" in page.content.decode()


def test_what_is_no_amount_is_said_at_its_cell_and_the_others_stay(client, draft, address):
    first, second, _third = (each.pk for each in draft.participants)

    response = post(client, address, {f"personnel_{first}": "viel", f"material_{second}": "7,5"})

    shown = response.context["form"]
    assert shown.errors == {
        f"personnel_{first}": ["„viel“ ist kein Betrag. Bitte schreiben Sie ihn zum Beispiel so: 100.000,50."]
    }
    assert (shown[f"personnel_{first}"].value(), shown[f"material_{second}"].value()) == ("viel", "7,5")
    assert spent(draft) == [(None, None)] * 4


def test_file_with_the_columns_of_the_template_fills_the_table(client, draft, address):
    response = post(client, address, {"table": filled_csv(draft)})

    assert response.url == address
    (message,) = client.get(address).context["messages"]
    assert message.message == "Die Zahlen der Datei sind gespeichert. Bitte prüfen Sie die Tabelle."
    assert spent(draft) == [(Decimal("100000.50"), Decimal(20000))] * 3 + [(Decimal(200000), Decimal(50000))]


def test_empty_cell_of_a_file_does_not_take_away_what_was_typed(client, draft, address):
    lines = f"AGS;Kommune;Personalausgaben;Sachausgaben\n{draft.participants[0].municipality.ags};;5;\n"
    typed_too = typed(client, address, "3") | {"table": SimpleUploadedFile("a.csv", lines.encode())}

    post(client, address, typed_too)

    assert spent(draft) == [(Decimal(5), Decimal(3))] + [(Decimal(3), Decimal(3))] * 3


def test_refused_file_says_why_and_keeps_what_was_typed(client, draft, address):
    lines = "AGS;Kommune;Personalausgaben;Sachausgaben\n06999999;Fremdstadt;=1+1;\n"

    response = post(client, address, {"material_after": "4", "table": SimpleUploadedFile("a.csv", lines.encode())})

    assert response.context["form"].errors["table"] == [
        "Zeile 2, Spalte „AGS“: 06999999 gehört nicht zu den Beteiligten. Bitte löschen Sie die Zeile oder nehmen Sie die "
        "Kommune auf der Seite „Beteiligte“ auf.",
        "Bitte wählen Sie die Datei danach noch einmal aus; die Zahlen der Tabelle sind unverändert.",
    ]
    assert response.context["form"]["material_after"].value() == "4"
    assert spent(draft) == [(None, None)] * 4


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7", "Die Datei ist ein PDF und keine Tabelle. Bitte speichern Sie sie als XLSX oder CSV"),
        (b"x" * (1024 * 1024 + 1), "Die Datei ist größer als 1 MB. Bitte verwenden Sie die Vorlage."),
        (b"PK\x03\x04nonsense", "Die XLSX-Datei ist beschädigt"),
        (b"Hallo;Welt\n", "Die Datei hat keine Überschriftenzeile mit AGS, Kommune, Kreis"),
    ],
)
def test_files_that_are_no_such_table(client, draft, address, content, sentence):
    response = post(client, address, {"table": SimpleUploadedFile("a.xlsx", content)})

    assert response.context["form"].errors["table"][0].startswith(sentence)


def test_template_comes_back_as_it_went(client, draft, address):
    post(client, address, typed(client, address, "1.500,25"))
    before = spent(draft)
    answers = {kind: client.get(url("draft_template", draft, kind)) for kind in ("xlsx", "csv")}
    assert answers["csv"]["Content-Disposition"] == f'attachment; filename="Ausgaben-{draft.file_number}.csv"'
    sheet = openpyxl.load_workbook(io.BytesIO(answers["xlsx"].content)).active
    assert [cell.value for cell in sheet[1]] == list(expenditure_table.COLUMNS)

    for kind, answer in answers.items():
        post(client, address, typed(client, address, ""))
        assert spent(draft) == [(None, None)] * 4
        post(client, address, {"table": SimpleUploadedFile(f"ausgaben.{kind}", answer.content)})
        assert spent(draft) == before

    assert client.get(url("draft_template", draft, "ods")).status_code == 404


def test_only_what_changed_is_written(client, draft, address):
    post(client, address, typed(client, address, "1"))
    before = FieldChange.objects.count()

    post(client, address, typed(client, address, "1") | {f"material_{draft.participants[1].pk}": "2"})

    assert FieldChange.objects.count() == before + 1


def test_table_of_another_draft_does_not_reach_this_one(client, standard, draft, towns, address):
    other = draft_of(towns[1:], variant=standard)
    before = seen(client, address)

    client.post(address, {f"personnel_{other.participants[0].pk}": "5", "seen": before})

    assert other.cooperation.participants.filter(personnel_before=None).count() == 2
