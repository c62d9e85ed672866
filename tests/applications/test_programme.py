from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from applications.models import Application, Programme, Variant
from applications.models.programme import CODE_SHAPE
from ikz.typed_euros import EurosColumn
from tests.factories import ApplicationFactory, MunicipalityFactory, UserFactory
from tests.programme_factories import ProgrammeFactory, TaskFieldFactory, VariantFactory

pytestmark = pytest.mark.django_db


def programme(name, start, end):
    return Programme(name=name, valid_from=start, valid_to=end)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 12, 6), None),
        (date(2016, 1, 1), None),
        (date(2016, 1, 1), date(2021, 12, 7)),
        (date(2023, 1, 1), date(2023, 1, 1)),
    ],
)
def test_versions_do_not_overlap(start, end):
    ProgrammeFactory()

    for refused in (programme("Neu", start, end).full_clean, programme("Neu", start, end).save):
        with pytest.raises(ValidationError) as refusal:
            refused()
        assert refusal.value.messages == [
            "Die Geltung überschneidet sich mit „Rahmenvereinbarung 2021“ (07.12.2021 bis 06.12.2026). "
            "Bitte ändern Sie die Daten so, dass an jedem Tag höchstens eine Fassung gilt."
        ]


def test_overlap_with_a_version_without_an_end():
    ProgrammeFactory(valid_to=None)

    with pytest.raises(ValidationError) as refusal:
        programme("Neu", date(2030, 1, 1), None).save()

    assert "(07.12.2021 bis auf Weiteres)" in refusal.value.messages[0]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2021, 12, 6), None),
        (date(2021, 12, 7), "Rahmenvereinbarung 2021"),
        (date(2026, 12, 6), "Rahmenvereinbarung 2021"),
        (date(2026, 12, 7), "Nachfolge"),
        (date(2040, 1, 1), "Nachfolge"),
    ],
)
def test_which_version_is_in_force(day, name):
    ProgrammeFactory()
    programme("Nachfolge", date(2026, 12, 7), None).save()

    found = Programme.objects.in_force_on(day).first()

    assert (found.name if found else None) == name


def test_copy_begins_the_day_after_with_the_same_variants():
    old = VariantFactory().programme
    VariantFactory(ozg=True)

    new = old.copy()

    assert (new.name, new.valid_from, new.valid_to) == ("Rahmenvereinbarung 2021 (Kopie)", date(2026, 12, 7), None)
    assert [each.code for each in new.variants.order_by("pk")] == ["standard", "ozg"]
    assert Variant.objects.count() == 4


def test_copy_is_in_force_only_once_it_is_released():
    new = VariantFactory().programme.copy()
    assert (new.is_draft, Programme.objects.in_force_on(new.valid_from).first()) == (True, None)

    new.is_draft = False
    new.full_clean()
    new.save()

    assert Programme.objects.in_force_on(new.valid_from).first() == new


def test_drafts_are_in_nobodys_way_until_they_are_released():
    ProgrammeFactory()
    draft = Programme.objects.create(name="Entwurf", valid_from=date(2021, 12, 7), is_draft=True)
    Programme.objects.create(name="Anderer Entwurf", valid_from=date(2021, 12, 7), is_draft=True)

    draft.is_draft = False

    with pytest.raises(ValidationError, match="Die Geltung überschneidet sich"):
        draft.save()


def test_version_with_cases_does_not_become_a_draft_again():
    programme = ApplicationFactory().variant.programme
    programme.is_draft = True

    with pytest.raises(ValidationError) as refusal:
        programme.full_clean()

    assert refusal.value.message_dict == {
        "is_draft": ["Nach dieser Fassung werden schon Fälle bearbeitet. Sie bleibt freigegeben."]
    }


def test_clerk_cannot_choose_a_draft(client):
    old = VariantFactory().programme
    Programme.objects.update(valid_to=date(2026, 8, 31))
    old.refresh_from_db()
    copy = old.copy()
    application = ApplicationFactory(received_on=date(2026, 9, 1))
    client.force_login(application.clerk)
    edit = reverse("admin:applications_application_edit", args=[application.pk])
    choices = client.get(edit).context["adminform"].form.fields["variant"].queryset
    assert list(choices) == [application.variant]

    Programme.objects.filter(pk=copy.pk).update(is_draft=False)

    choices = client.get(edit).context["adminform"].form.fields["variant"].queryset
    assert set(choices) == {application.variant, copy.variants.get()}


def test_page_says_that_the_copy_is_a_draft(client):
    programme = ProgrammeFactory()
    client.force_login(UserFactory(roles=["Stammdaten"]))

    response = client.post(reverse("admin:applications_programme_copy", args=[programme.pk]), follow=True)

    assert [str(message) for message in response.context["messages"]] == [
        "„Rahmenvereinbarung 2021 (Kopie)“ ist als Entwurf ab 07.12.2026 angelegt und gilt noch nicht. Bitte passen Sie "
        "Namen und Werte an und nehmen Sie dann den Haken bei „Entwurf“ heraus."
    ]


def test_version_without_an_end_cannot_be_copied():
    with pytest.raises(ValidationError) as refusal:
        ProgrammeFactory(valid_to=None).copy()

    assert refusal.value.messages == [
        "Bitte setzen Sie zuerst „gültig bis“: Die Kopie ist für die Zeit ab dem Tag danach, und Fassungen dürfen sich "
        "nicht überschneiden."
    ]


@pytest.mark.parametrize(
    ("ground", "has_decided"), [("checked", False), ("approved", True)], indirect=["ground"], scope="module"
)
def test_version_with_decided_cases_says_so(case, has_decided):
    assert case.variant.programme.has_decided_cases is has_decided


def test_unknown_legal_form_is_refused():
    with pytest.raises(ValidationError) as refusal:
        VariantFactory.build(programme=None, legal_forms=["handshake"]).clean()

    assert refusal.value.message_dict == {"legal_forms": ["Unbekannte Rechtsform: handshake."]}


def test_after_the_last_version_a_new_one_is_asked_for(client):
    client.force_login(UserFactory(roles=["Sachbearbeitung"]))
    VariantFactory(programme__valid_to=date(2026, 8, 31))
    given = {"received_on": "01.09.2026", "variant_code": "standard"}

    response = client.post(reverse("admin:applications_application_add"), given)

    assert response.context["adminform"].form.errors["received_on"] == [
        "Die letzte Fassung der Rahmenvereinbarung („Rahmenvereinbarung 2021“) gilt nur bis 31.08.2026. Bitte lassen Sie die "
        "Rolle Stammdaten eine neue Fassung anlegen und freigeben, die am 01.09.2026 gilt."
    ]


@pytest.mark.parametrize(
    ("traits", "is_asked"), [({}, False), ({"fire_brigade": True}, True), ({"accession": True}, True)]
)
def test_least_number_of_units_is_asked_where_it_counts(client, traits, is_asked):
    client.force_login(UserFactory(roles=["Stammdaten"]))
    page = reverse("admin:applications_variant_change", args=[VariantFactory(**traits).pk])

    assert ("min_units" in client.get(page).context["adminform"].form.fields) is is_asked


def test_a_new_kind_of_funding_needs_no_developer(client):
    old = VariantFactory(programme__valid_to=date(2026, 8, 31))
    client.force_login(UserFactory(roles=["Stammdaten"]))
    client.post(reverse("admin:applications_programme_copy", args=[old.programme.pk]))
    new = Programme.objects.get(is_draft=True)

    new_kind = {
        **dict.fromkeys(("cap", "min_participants_with_reason", "conditions", "source"), ""),
        **{"programme": new.pk, "code": "klima", "label": "Klimaschutz", "unit": "municipality"},
        **{"amount_per_unit": "30000", "min_units": 1, "min_participants": 2, "legal_forms": ["working_group"]},
        **{"saving_basis": "none", "min_saving_percent": "", "min_term_years": 5, "binding_years": 5},
        **{"termination_terms_above_years": 10, "requires_agreement": "on"},
    }
    page = client.post(reverse("admin:applications_variant_add"), new_kind)
    assert page.status_code == 302, page.context["adminform"].errors
    assert Variant.objects.kinds() == [("standard", "Standard")]  # a draft offers nothing
    Programme.objects.filter(pk=new.pk).update(is_draft=False)

    client.force_login(UserFactory(roles=["Sachbearbeitung"]))
    form = client.get(reverse("admin:applications_application_add")).context["adminform"].form
    assert form.fields["variant_code"].choices == [("standard", "Standard"), ("klima", "Klimaschutz")]
    members = [member.pk for member in MunicipalityFactory.create_batch(2)]
    answers = {
        **{"title": "Gemeinsame Wärmeplanung", "task_field": TaskFieldFactory().pk, "received_on": "01.09.2026"},
        **{"variant_code": "klima", "legal_form": "", "municipalities": members, "lead": members[0]},
    }
    client.post(reverse("admin:applications_application_add"), answers)

    case = Application.objects.get()
    assert (case.variant.programme, case.variant.code, case.proposal.total) == (new, "klima", 60000)
    listed = client.get(reverse("admin:applications_application_changelist"), {"fresh": 1, "variant": "klima"})
    assert [each.pk for each in listed.context["cl"].result_list] == [case.pk]


@pytest.mark.parametrize("code", ["Klima", "klima schutz", "größe", "1a", "klima\n", "a-b"])
def test_codes_of_variants_are_plain(code):
    with pytest.raises(ValidationError) as refusal:
        VariantFactory.build(code=code).clean_fields(exclude=["programme"])

    assert refusal.value.message_dict == {"code": [CODE_SHAPE]}


# ── What cases were decided by does not change ────────────────────────────────────────────────────────────────────────

DECIDED = "Diese Fassung hat entschiedene Fälle. Ihre Parameter sind deshalb nur noch lesbar. Bitte legen Sie eine neue Fassung an."
RECEIVED = date(2026, 9, 1)  # of the factory's cases
TOO_EARLY = "Nach dieser Fassung ist ein Fall mit Eingang am 01.09.2026 entschieden. Bitte wählen Sie diesen Tag oder einen späteren."
REFUSED = {
    "name": "Anders",
    "file_number": "IV 1",
    "valid_from": date(2021, 12, 8),
    "is_draft": True,
    "reminder_months": 4,
    "retention_years": 11,
}
OTHER_VALUES = {
    models.CharField: "gvv",
    models.TextField: "Anders.",
    models.DecimalField: Decimal(1),
    EurosColumn: Decimal(1),
    models.PositiveSmallIntegerField: 7,
    models.BooleanField: None,
    models.JSONField: [],
}


by_decided_cases = pytest.mark.parametrize("ground", ["approved", "rejected"], indirect=True)


@pytest.fixture
def decided(case):
    """A version with a case that was granted or refused."""
    return case.variant.programme


def refusals(record):
    """What clean() says, and whether save() refuses, too."""
    try:
        record.clean()
    except ValidationError as refusal:
        with pytest.raises(ValidationError):
            record.save()
        return refusal.message_dict
    record.save()
    return {}


def test_every_parameter_of_a_version_is_tried():
    fields = {field.name for field in Programme._meta.concrete_fields}

    assert fields == {"id", *REFUSED, "valid_to", "source", "note"}
    assert set(Programme.PARAMETERS) == set(REFUSED)


@by_decided_cases
@pytest.mark.parametrize("name", REFUSED)
def test_parameter_of_a_version_with_decided_cases_stays(decided, name):
    setattr(decided, name, REFUSED[name])

    draft = "Nach dieser Fassung werden schon Fälle bearbeitet. Sie bleibt freigegeben."
    assert refusals(decided)[name] == [draft if name == "is_draft" else DECIDED]


@by_decided_cases
@pytest.mark.parametrize("name", ["source", "note"])
def test_what_is_no_parameter_may_change(decided, name):
    setattr(decided, name, "Staatsanzeiger 51/2021")

    assert refusals(decided) == {}


@pytest.mark.parametrize("name", [name for name in REFUSED if name != "is_draft"])
@pytest.mark.parametrize("ground", ["checked"], indirect=True)
def test_parameter_of_a_version_without_decided_cases_may_change(case, name):
    programme = case.variant.programme
    setattr(programme, name, REFUSED[name])

    assert refusals(programme) == {}


@pytest.mark.parametrize(
    ("before", "after", "sentences"),
    [
        (date(2026, 12, 6), None, {}),
        (date(2026, 12, 6), date(2027, 6, 30), {}),
        (date(2026, 12, 6), date(2026, 11, 1), {}),
        (date(2026, 12, 6), RECEIVED, {}),
        (date(2026, 12, 6), date(2026, 8, 31), {"valid_to": [TOO_EARLY]}),
        (None, date(2026, 12, 31), {}),
        (None, RECEIVED, {}),
        (None, date(2026, 8, 31), {"valid_to": [TOO_EARLY]}),
        # A case that came in later than the version ran: a longer version is not a cut one.
        (date(2026, 7, 1), date(2026, 8, 1), {}),
        (date(2026, 7, 1), date(2026, 6, 30), {"valid_to": [TOO_EARLY]}),
    ],
)
@pytest.mark.parametrize("ground", ["approved"], indirect=True)
def test_version_does_not_end_before_a_case_that_it_decided(case, before, after, sentences):
    ApplicationFactory(variant=case.variant, received_on=date(2026, 11, 20))  # undecided: it may find another
    Programme.objects.update(valid_to=before)
    programme = Programme.objects.get()
    programme.valid_to = after

    assert refusals(programme) == sentences


@pytest.mark.parametrize(
    "name", [each.name for each in Variant._meta.concrete_fields if each.name not in ("id", "programme")]
)
@pytest.mark.parametrize("ground", ["approved"], indirect=True)  # by another variant of the same version
def test_parameter_of_a_variant_of_decided_cases_stays(case, name):
    variant = VariantFactory(code="ozg", ozg=True)
    before, kind = getattr(variant, name), type(Variant._meta.get_field(name))
    setattr(variant, name, not before if kind is models.BooleanField else OTHER_VALUES[kind])

    assert refusals(variant) == {"programme": [DECIDED]}


@by_decided_cases
def test_variant_is_neither_moved_nor_deleted_nor_added_under_decided_cases(decided):
    elsewhere = ProgrammeFactory(name="Nachfolge", valid_from=date(2026, 12, 7), valid_to=None)
    variant, other = decided.variants.get(), VariantFactory(programme=elsewhere, ozg=True)
    variant.programme, other.programme = elsewhere, decided

    assert refusals(variant) == refusals(other) == {"programme": [DECIDED]}
    with pytest.raises(ValidationError) as refusal:
        decided.variants.get().delete()
    assert refusal.value.messages == [DECIDED]
    with pytest.raises(ValidationError):
        VariantFactory.build(programme=decided, code="gvv").clean()


@by_decided_cases
def test_page_of_a_version_with_decided_cases_shows_its_parameters_and_takes_its_end(client, decided):
    client.force_login(UserFactory(roles=["Stammdaten"]))
    page = reverse("admin:applications_programme_change", args=[decided.pk])
    sent = {
        "retention_years": "1",
        "reminder_months": "1",
        "name": "Anders",
        "valid_to": "31.12.2027",
        "note": "Verlängert.",
        "variants-TOTAL_FORMS": "0",
        "variants-INITIAL_FORMS": "0",
    }

    fields = client.get(page).context["adminform"].form.fields
    client.post(page, sent)

    decided.refresh_from_db()
    assert list(fields) == ["valid_to", "source", "note"]
    assert (decided.name, decided.retention_years, decided.reminder_months) == ("Rahmenvereinbarung 2021", 10, 3)
    assert (decided.valid_to, decided.note) == (date(2027, 12, 31), "Verlängert.")
