"""What is owed, in SQL as in the sentences of the portal: by the lead, a partner, an office, and nobody else."""

from dataclasses import dataclass

import pytest
from django.utils import timezone

from applications.models import Application, Participant
from applications.portal.todo import todos
from applications.standing import standing
from ikz.models import User
from tests.factories import (
    NOT_NEEDED,
    ApplicationFactory,
    CorrectionRequestFactory,
    OpinionFactory,
    ResolutionFactory,
    clerk,
)
from tests.municipal_people import MembershipFactory, draft_of, member_of, officer_of
from tests.payment_factories import account_of
from tests.report_factories import UsageReportFactory

pytestmark = pytest.mark.django_db


def case(state="drafted", change=None):
    """A complete case in this state, as ground to stand on (tests/ground.py), and one change."""
    return state, change


def bare(resolved=0, **fields):
    return Bare(resolved, tuple(fields.items())), None


@dataclass(frozen=True)
class Bare:
    """What was just handed in, with the resolutions of so many participants, the lead's first."""

    resolved: int
    fields: tuple

    def __call__(self):
        made = ApplicationFactory(**dict(self.fields))
        for each in made.participants[: self.resolved]:
            ResolutionFactory(participant=each)
        return made.pk


def draft():
    other = ApplicationFactory()
    return draft_of(other.municipalities, variant=other.variant).pk


def asks(position=None, **fields):
    def ask(made):
        item = CorrectionRequestFactory(application=made).items.create(
            participant=None if position is None else made.participants[position], kind="other", text="Was fehlt."
        )
        for name, value in fields.items():
            setattr(item, name, value)
        item.save()

    return ask


def closed(made):
    asks(1)(made)
    made.correctionrequests.get().close(by=clerk(), note="Erledigt.")


def asks_whoever_left(made):
    asks(2)(made)
    Participant.objects.filter(pk=made.participants[2].pk).update(left_on=timezone.localdate(), left_reason="Neu.")


def lacks_signature(made):
    made.agreement.signatures.last().delete()


def lacks_pdf(made):
    made.participants[1].resolution.file = None
    made.participants[1].resolution.save()


def asks_office(**fields):
    return lambda made: OpinionFactory(
        application=made, **{"name": "Regierungspräsidium Kassel", "received_on": None, "recommendation": "", **fields}
    )


def reported(made):
    UsageReportFactory(application=made)


def objected(made):
    judged = {"verdict": "objected", "note": "Zahlen fehlen.", "judged_by": clerk(), "judged_at": timezone.now()}
    UsageReportFactory(application=made, **judged)


def answered(made):
    asks(1, state="submitted", submitted_by=clerk(), submitted_at=timezone.now())(made)


OWED = [
    ((draft, None), "lead"),
    (bare(), "lead partner"),
    (bare(resolved=2), ""),
    (bare(resolved=3), "lead"),
    (bare(resolved=3, variant__preparation=True), ""),
    (case(), ""),
    (case(change=lacks_pdf), "partner"),
    (case(change=lacks_signature), "lead"),
    (case("resolutions_collected"), ""),
    (case("resolutions_collected", lacks_signature), "lead"),
    (case("agreement_signed", lacks_signature), ""),
    (case(change=asks()), "lead"),
    (case(change=asks(1)), "partner"),
    (case(change=answered), ""),
    (case(change=closed), ""),
    (case(change=asks_whoever_left), ""),
    (case("checked", asks(1)), ""),
    (case(change=asks_office()), "office"),
    (case(change=asks_office(requested_on=None)), ""),
    (case(change=asks_office(**NOT_NEEDED)), ""),
    (case(change=asks_office(received_on=timezone.localdate(), recommendation="positive")), ""),
    (case("checked", asks_office()), ""),
    (case("approved"), "lead"),
    (case("approved", lambda made: account_of(made.lead)), ""),
    (case("paid"), "lead"),
    (case("paid", reported), ""),
    (case("paid", objected), "lead"),
    (case("completed"), ""),
    (case("withdrawn"), ""),
]


@pytest.mark.parametrize(
    ("ground", "change", "by"),
    [(*situation, by) for situation, by in OWED],
    indirect=["ground"],
    scope="module",
)
def test_what_is_owed_is_found_in_sql_as_in_sentences(built, change, by):
    made = Application.objects.get(pk=built)
    if change:
        change(made)
        made = Application.objects.get(pk=built)
    people = {
        "lead": member_of(made.participants[0].municipality),
        "partner": member_of(made.participants[1].municipality),
        "third": member_of(made.everybody[2].municipality) if made.former_participants else MembershipFactory().user,
        "office": officer_of(made.opinions.last()) if made.opinions.exists() else MembershipFactory().user,
    }

    found = [name for name, person in people.items() if made in Application.objects.owed_by(person)]
    said = [name for name, person in people.items() if _todos(made, person)]

    assert (found, said) == (by.split(), by.split())


def _todos(made, person):
    read = Application.objects.with_group().with_lead_account().with_turn().get(pk=made.pk)
    return todos(read, standing(read, User.objects.get(pk=person.pk)))
