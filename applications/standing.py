"""As whom a person looks at a case: for which participants, for the lead, for which opinions."""

from dataclasses import dataclass

from applications.models import Opinion, Participant
from applications.supervision import Authority


@dataclass(frozen=True)
class Standing:
    """What the portal shows and offers of one case to one person.

    `own` are the participants that the person acts for; the lead and the offices see the whole group, others their own
    rows alone; `opinions` are those that the person's offices are asked for.
    """

    own: tuple[Participant, ...]
    leads: bool
    may_sign: bool
    opinions: tuple[Opinion, ...]

    @property
    def is_municipal(self) -> bool:
        return self.leads or bool(self.own)

    @property
    def reads_all(self) -> bool:
        """Whether the documents of all participants are shown. StoredFileQuerySet.visible_to() hands them out."""
        return self.leads or bool(self.opinions)

    @property
    def sees_expenditure(self) -> bool:
        """It can expose single salaries: the group and the authorities see it, an association that is heard does not."""
        return self.is_municipal or any(each.authority != Authority.ASSOCIATION for each in self.opinions)

    def sees(self, participant) -> bool:
        """Whether the row of this participant is shown."""
        return self.reads_all or participant in self.own

    def is_asked(self, item) -> bool:
        """Whether this item of a correction request asks the person's side. Without a participant it asks the lead."""
        asks_the_lead = item.participant_id is None
        return self.leads if asks_the_lead else item.participant_id in {each.pk for each in self.own}


def standing(application, user) -> Standing:
    """Reads what `with_group()` loaded; no query of its own beyond the person's memberships."""
    municipalities = {each.municipality_id for each in user.memberships_today}
    offices = {each.pk for each in user.offices_today}
    return Standing(
        own=tuple(each for each in application.participants if each.municipality_id in municipalities),
        leads=application.cooperation.lead_id in municipalities,
        may_sign=application.is_signed_for_lead_by(user),
        opinions=tuple(
            each for each in application.opinion_list if each.office_id in offices and each.requested_on is not None
        ),
    )
