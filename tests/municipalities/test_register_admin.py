"""A clerk reads in a register file, sees what it would do, and confirms."""

import re
import tempfile
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from municipalities.models import Kind, Municipality, RegisterImport
from municipalities.register_import import RegisterFile, import_register, preview
from municipalities.register_rows import Outcome
from tests.factories import MunicipalityFactory
from tests.municipalities.register_samples import BENSHEIM, HEADER, REGISTER, changed, csv_bytes, xlsx_bytes

pytestmark = pytest.mark.django_db

IMPORT = "admin:municipalities_municipality_import"
PROCESS = "admin:municipalities_municipality_process_import"
EXPORT = "admin:municipalities_municipality_export"
LIST = "admin:municipalities_municipality_changelist"


@pytest.fixture
def clerk(client, django_user_model):
    user = django_user_model.objects.create_superuser("clerk@example.org")
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def register():
    import_register(RegisterFile(csv_bytes([HEADER, *REGISTER]), "register.csv"), by=None)
    RegisterImport.objects.all().delete()


def upload(clerk, data, name="datei.csv", **fields):
    return clerk.post(reverse(IMPORT), {"import_file": SimpleUploadedFile(name, data), **fields})


def token(response):
    return re.search(r'name="token" value="([^"]+)"', response.content.decode())[1]


def test_preview_writes_nothing_and_confirm_writes_what_it_showed(clerk, register):
    rows = [
        [*HEADER, "Farbe"],
        changed(BENSHEIM, ags="6431002", population="42.500"),
        changed(BENSHEIM, ags="06999001"),
    ]

    page = upload(clerk, xlsx_bytes(rows), "neu.xlsx")

    text = page.content.decode()
    assert page.status_code == 200
    assert "<p>Im Schlüssel „6431002“ fehlte die führende Null; gelesen als 06431002.</p>" in text
    assert "Zeile 2:" not in text  # its number has a column
    assert "Einwohner: 42.012 → 42.500" in text
    assert "<td>„Farbe“</td>" in text
    assert Municipality.objects.get(ags="06431002").population == 42012

    done = clerk.post(reverse(PROCESS), {"token": token(page)}, follow=True)

    assert [str(message) for message in done.context["messages"]] == [
        "Die Datei „neu.xlsx“ ist eingelesen: 0 übernommen, 1 berichtigt, 1 abgelehnt, 0 übersprungen, 0 unverändert."
    ]
    assert Municipality.objects.get(ags="06431002").population == 42500
    assert RegisterImport.objects.get().by == clerk.user


def test_confirmation_may_reach_another_host(clerk, register, monkeypatch, tmp_path):
    """Hosts share the database, not their temporary files."""
    page = upload(clerk, csv_bytes([HEADER, changed(BENSHEIM, population="42.500")]))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    clerk.post(reverse(PROCESS), {"token": token(page)})

    assert Municipality.objects.get(ags=BENSHEIM[0]).population == 42_500


def test_second_confirmation_asks_for_the_file_again(clerk, register):
    page = upload(clerk, csv_bytes([HEADER, changed(BENSHEIM, population="42.500")]))
    clerk.post(reverse(PROCESS), {"token": token(page)})

    again = clerk.post(reverse(PROCESS), {"token": token(page)})

    assert again.url == reverse(IMPORT)
    assert RegisterImport.objects.count() == 1


def test_confirm_after_a_change_of_the_register_shows_the_new_preview(clerk, register):
    page = upload(clerk, csv_bytes([HEADER, changed(BENSHEIM, population="42.500")]))
    Municipality.objects.filter(ags="06431002").update(name="Bergstadt")

    again = clerk.post(reverse(PROCESS), {"token": token(page)})

    assert [str(message) for message in again.context["messages"]] == [
        "Das Register wurde seit der Vorschau geändert. Bitte prüfen Sie die neue Vorschau."
    ]
    assert Municipality.objects.get(ags="06431002").population == 42012


def test_forged_token_is_refused(clerk, register):
    answer = clerk.post(reverse(PROCESS), {"token": "x"})

    assert answer.url == reverse(IMPORT)


def test_token_of_somebody_else_is_refused(clerk, register, django_user_model):
    page = upload(clerk, csv_bytes([HEADER, changed(BENSHEIM, population="42.500")]))
    clerk.force_login(django_user_model.objects.create_superuser("other@example.org"))

    answer = clerk.post(reverse(PROCESS), {"token": token(page)})

    assert answer.url == reverse(IMPORT)
    assert Municipality.objects.get(ags="06431002").population == 42012


@pytest.mark.parametrize(
    ("data", "name", "error"),
    [
        (b"", "leer.csv", "Die Datei ist leer. Bitte wählen Sie eine Datei mit einer Überschriftenzeile und Daten."),
        (
            b"%PDF-1.4",
            "register.xlsx",
            "Die Datei ist ein PDF und keine Tabelle. Bitte speichern Sie sie als XLSX oder CSV und laden "
            "Sie sie erneut "
            "hoch.",
        ),
        (
            b"PK\x03\x04kaputt",
            "register.xlsx",
            "Die XLSX-Datei ist beschädigt und lässt sich nicht öffnen. Bitte speichern Sie sie als XLSX "
            "oder CSV und laden "
            "Sie sie erneut hoch.",
        ),
    ],
)
def test_broken_file_is_answered_on_the_form(clerk, data, name, error):
    page = upload(clerk, data, name)

    assert page.status_code == 200
    assert page.context["form"].errors == {"import_file": [error]}


def test_new_keys_by_choice(clerk, register):
    rows = csv_bytes([["AGS", "Name", "Art"], ["06431099", "Neudorf", "Gemeinde"]])

    assert upload(clerk, rows).context["reading"].to_write == []
    page = upload(clerk, rows, new_keys="on")
    clerk.post(reverse(PROCESS), {"token": token(page)})

    assert Municipality.objects.get(ags="06431099").district.ags == "06431"


def test_import_needs_permission(clerk, django_user_model):
    user = django_user_model.objects.create_user("reader@example.org", is_staff=True)
    clerk.force_login(user)

    assert clerk.get(reverse(IMPORT)).status_code == 403
    assert clerk.post(reverse(PROCESS), {}).status_code == 403
    assert clerk.get(reverse(EXPORT)).status_code == 403
    assert clerk.get(reverse("admin:municipalities_municipality_about")).status_code == 403


@pytest.mark.parametrize("file_format", ["0", "1"])
def test_export_reads_in_again_unchanged(clerk, register, file_format):
    biblis = Municipality.objects.get(ags="06431003")
    Municipality.objects.filter(ags="06431003").update(
        valid_to=date(2026, 6, 30), street="Darmstädter Str. 25", note="=1+1\nzweite Zeile; mit Zeichen"
    )
    Municipality.objects.filter(ags="06431003").update(successor=Municipality.objects.get(ags="06431002"))
    MunicipalityFactory(zweckverband=True, name="+Zweckverband")
    assert biblis.pk

    exported = clerk.post(reverse(EXPORT), {"format": file_format, "resource": "0"})

    reading = preview(RegisterFile(exported.content, "export"))
    assert [(row.ags, row.outcome, row.messages) for row in reading.rows] == [
        (body.ags, Outcome.UNCHANGED, []) for body in Municipality.objects.all()
    ]
    assert reading.columns.unknown == []


def test_export_holds_exactly_what_is_filtered(clerk, register):
    exported = clerk.post(reverse(EXPORT) + "?kind__exact=district", {"format": "0", "resource": "0"})

    assert exported.content.decode("utf-8-sig").splitlines() == [
        "AGS;Regionalschlüssel;Name;Art;Landkreis;Regierungsbezirk;Einwohner;Stand;Fläche "
        "(km²);Sitz;PLZ;Breite;Länge;gültig ab;"
        "gültig bis;Nachfolgerin;E-Mail;Bemerkung;Straße oder Postfach",
        "06431;;Bergstraße;Landkreis;;Darmstadt;274169;31.12.2024;719,49;;;49,622201;8,527102;;;;;;",
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_export_escapes_formulas(clerk, start):
    MunicipalityFactory(name="Ort", note=f"{start}HYPERLINK()")

    exported = clerk.post(reverse(EXPORT), {"format": "0", "resource": "0"})

    assert f"'{start}HYPERLINK()" in exported.content.decode()


def test_list_takes_the_same_queries_for_one_and_three(clerk, django_assert_num_queries):
    district = MunicipalityFactory(bergstrasse=True)
    with django_assert_num_queries(6):
        clerk.get(reverse(LIST))
    MunicipalityFactory.create_batch(2, district=district)
    with django_assert_num_queries(6):
        clerk.get(reverse(LIST))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?regierungsbezirk=064", ["Bergstraße", "Ort"]),
        ("?regierungsbezirk=066", ["Kassel"]),
        ("?bestehen=frueher", ["Kassel"]),
        ("?bestehen=heute", ["Bergstraße", "Ort"]),
        ("?q=06431", ["Bergstraße", "Ort"]),
        ("?q=berg", ["Bergstraße"]),
    ],
)
def test_filters_and_search(clerk, query, names):
    district = MunicipalityFactory(bergstrasse=True)
    MunicipalityFactory(ags="06431100", name="Ort", district=district)
    MunicipalityFactory(ags="06611000", name="Kassel", kind=Kind.INDEPENDENT_CITY, dissolved=True)

    page = clerk.get(reverse(LIST) + query)

    assert [body.name for body in page.context["cl"].result_list] == names


def test_nothing_is_deleted(clerk):
    municipality = MunicipalityFactory(darmstadt=True)

    assert clerk.post(reverse("admin:municipalities_municipality_delete", args=[municipality.pk])).status_code == 403


def test_form_shows_organs(clerk):
    municipality = MunicipalityFactory(darmstadt=True)

    page = clerk.get(reverse("admin:municipalities_municipality_change", args=[municipality.pk]))

    assert "beschließt: Stadtverordnetenversammlung; unterzeichnet: Magistrat" in page.content.decode()


def test_about_page_shows_the_attribution_and_the_state(clerk, register, settings):
    page = clerk.get(reverse("admin:municipalities_municipality_about"))

    text = page.content.decode()
    readme = (settings.BASE_DIR / "fixtures" / "README.md").read_text(encoding="utf-8")
    for line in readme.splitlines():
        if line.startswith("> Gemeindeverzeichnis"):
            assert line.removeprefix("> ") in text
    assert page.context["kinds"] == [("Gemeinde", 1), ("Stadt", 1), ("kreisfreie Stadt", 1), ("Landkreis", 1)]
    assert page.context["population_date"] == date(2024, 12, 31)


@pytest.mark.parametrize("name", [IMPORT, EXPORT, LIST, "admin:municipalities_municipality_about"])
def test_pages_need_no_inline_script_or_style(clerk, register, name):
    text = clerk.get(reverse(name)).content.decode()

    assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|\son\w+=|\sstyle=|<style", text) == []


def test_record_is_read_only(clerk, register):
    import_register(RegisterFile(csv_bytes([HEADER, changed(BENSHEIM, area="58,00")]), "neu.csv"), by=clerk.user)
    record = RegisterImport.objects.get()
    url = reverse("admin:municipalities_registerimport_change", args=[record.pk])

    assert clerk.get(url).status_code == 200
    assert clerk.post(url, {}).status_code == 403
    assert Municipality.objects.get(ags="06431002").area_km2 == Decimal(58)


def test_file_is_named_in_german_and_by_its_day(clerk, register):
    with time_machine.travel("2026-01-05 12:00"):
        response = clerk.post(reverse(EXPORT), {"format": "0", "resource": "0"})

    assert response["Content-Disposition"] == 'attachment; filename="kommunen-2026-01-05.csv"'


# --- every row can be seen before anything is written


FINDINGS = "admin:municipalities_municipality_import_findings"


def unknown(count):
    return csv_bytes([["AGS", "Name"], *[[f"06431{100 + number}", f"Ort {number}"] for number in range(count)]])


def test_preview_has_pages_for_each_outcome(clerk, register):
    page = upload(clerk, unknown(201))

    (outcome, first, rows) = page.context["groups"][0]
    assert (outcome, len(rows), first.paginator.count) == (Outcome.REFUSED, 200, 201)
    html = page.content.decode()
    assert f'formaction="{reverse(FINDINGS)}#refused" name="page" value="refused-2">Nächste abgelehnte' in html
    assert '<h2 id="refused">201 abgelehnt (1 bis 200)</h2>' in html

    following = clerk.post(reverse(FINDINGS), {"token": token(page), "page": "refused-2"})

    (_, second, rows) = following.context["groups"][0]
    assert (second.number, [row.row for row, _ in rows]) == (2, [202])
    assert token(following)
    assert not RegisterImport.objects.exists()


def test_page_of_another_outcome_stays_on_its_first(clerk, register):
    page = clerk.post(reverse(FINDINGS), {"token": token(upload(clerk, unknown(201))), "page": "imported-2"})

    assert page.context["groups"][0][1].number == 1


def test_all_findings_as_a_file(clerk, register):
    rows = [
        HEADER,
        BENSHEIM,
        changed(REGISTER[3], population="9.300", name="Biblis"),
        changed(BENSHEIM, ags="06999001", name="=1+1"),
        BENSHEIM,
    ]
    shown = upload(clerk, csv_bytes(rows))

    with time_machine.travel("2026-01-05 12:00"):
        response = clerk.post(reverse(FINDINGS), {"token": token(shown), "download": "1"})

    assert response["Content-Disposition"] == 'attachment; filename="befunde-2026-01-05.csv"'
    assert response.content.decode("utf-8-sig").splitlines() == [
        "Zeile;Ergebnis;Schlüssel;Name;Befund;Änderungen",
        "2;unverändert;06431002;Bensheim, Stadt;;",
        "3;übernommen;06431003;Biblis;;Einwohner: 9.234 → 9.300",
        "4;abgelehnt;06999001;'=1+1;\"Der Schlüssel 06999001 ist im Register nicht bekannt. Bitte prüfen Sie "
        "ihn; ist die Kommune neu, legen Sie sie zuerst im Register an oder erlauben Sie beim Einlesen neue "
        'Schlüssel.";',
        "5;übersprungen;06431002;Bensheim, Stadt;Doppelt und gleich wie Zeile 2.;",
    ]


def test_findings_need_the_file_and_the_right(clerk, register, django_user_model):
    shown = upload(clerk, unknown(1))

    assert clerk.post(reverse(FINDINGS), {"token": "x"}).url == reverse(IMPORT)
    assert clerk.get(reverse(FINDINGS)).status_code == 405
    clerk.force_login(django_user_model.objects.create_user("reader@example.org", is_staff=True))
    assert clerk.post(reverse(FINDINGS), {"token": token(shown)}).status_code == 403
