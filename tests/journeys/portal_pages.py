"""One address for every page of the portal, and the people who look at it."""

from dataclasses import dataclass

from django.urls import reverse

from applications import workflow
from applications.models import Application, StoredFile
from applications.models.stored_file import Purpose
from ikz.models import User
from municipalities.models import Membership
from tests.factories import (
    ApplicationFactory,
    CorrectionRequestFactory,
    MunicipalityFactory,
    OpinionFactory,
    ResolutionFactory,
    StoredFileFactory,
    case_in,
)
from tests.municipal_people import InvitationFactory, administrator_of, draft_of, member_of, officer_of
from tests.programme_factories import VariantFactory


@dataclass(frozen=True)
class Town:
    """A case with three participants, in which something is there and something is missing; and a draft of its lead."""

    case: Application
    draft: Application
    paid: Application
    lead: User
    partner: User
    officer: User

    def url(self, name):
        if name == "resolution_submitted":
            return reverse("portal:resolution", args=[self.paid.uuid, self.paid.participants[0].pk])
        participant = self.case.cooperation.participants.first()
        keys = {
            "start": [],
            "inbox": [],
            "people": [],
            "invite": [],
            "end_access": [Membership.objects.get(user=self.lead).pk],
            "new": [],
            "withdraw": [self.draft.uuid],
            "usage_report": [self.paid.uuid],
            "resolution": [self.case.uuid, participant.pk],
            "expenditure": [self.case.uuid, participant.pk],
            "other_documents": [self.case.uuid, participant.pk],
            "correction": [self.case.uuid, self.case.correctionrequests.get().items.first().pk],
            "opinion": [self.case.uuid, self.case.opinions.first().pk],
        }.get(name, [self.case.uuid])
        if name.startswith("draft_"):
            keys = [self.draft.uuid]
        search = "?suche=ort" if name == "draft_partners" else ""
        return reverse(f"portal:{name}", args=keys) + search

    def person(self, name):
        return self.officer if name == "opinion" else self.lead


PAGES = [
    "start",
    "inbox",
    "case",
    "resolution",
    "resolution_submitted",
    "expenditure",
    "expenditure_after",
    "agreement",
    "other_documents",
    "opinion",
    "usage_report",
    "bank_account",
    "people",
    "invite",
    "end_access",
    "correction",
    "common_data",
    "new",
    "draft_basics",
    "draft_partners",
    "draft_details",
    "draft_expenditure",
    "draft_hand_in",
    "handed_in",
    "withdraw",
]


# One long word, as people name their files.
LONG_NAME = "Beschluss_der_Gemeindevertretung_vom_01_06_2026_mit_Anlagen_unterschrieben_endgueltig.pdf"


def furnish() -> Town:
    case = ApplicationFactory()
    first, second, _third = case.cooperation.participants.all()
    resolution = ResolutionFactory(participant=first).file
    other = StoredFileFactory(application=case, participant=second, purpose=Purpose.OTHER)
    StoredFile.objects.filter(pk__in=[resolution.pk, other.pk]).update(original_name=LONG_NAME)
    opinion = OpinionFactory(application=case, received_on=None, recommendation="")
    request = CorrectionRequestFactory(application=case)
    request.items.create(participant=first, text="Bitte reichen Sie den Haushaltsplan nach.")
    request.items.create(kind="common_data", text="Bitte beschreiben Sie den Zweck genauer.")
    people = administrator_of(first.municipality), member_of(second.municipality), officer_of(opinion)
    InvitationFactory(municipality=first.municipality, invited_by=people[0])
    bodies = [first.municipality, *MunicipalityFactory.create_batch(2)]
    collected = ApplicationFactory(complete=True, cooperation__participants=bodies)
    workflow.take(collected, "collect_resolutions", by=collected.clerk)
    ozg = VariantFactory(ozg=True, programme=case.variant.programme)
    draft = draft_of([first.municipality, *MunicipalityFactory.create_batch(2)], variant=ozg, title="Digitales Rathaus")
    paid = case_in("paid", cooperation__participants=[first.municipality, *MunicipalityFactory.create_batch(2)])
    return Town(case, draft, paid, *people)
