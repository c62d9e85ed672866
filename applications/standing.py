"""As whom a person looks at a case: for which participants, for the lead, for which opinions."""

from dataclasses import dataclass

from applications.models import Opinion, Participant


@dataclass(frozen=True)
class Standing:
    """What the portal shows and offers of one case to one person.

    `own` are the participants that the person acts for; the lead sees the whole group, others their own rows alone;
    `opinions` are those that the person's offices are asked for.
    """

    own: tuple[Participant, ...]
    leads: bool
    may_sign: bool
    opinions: tuple[Opinion, ...]

    @property
    def is_municipal(self) -> bool:
        return self.leads or bool(self.own)

    def sees(self, participant) -> bool:
        """Whether resolution and expenditure of this participant are shown."""
        return self.leads or participant in self.own

    def is_asked(self, item) -> bool:
        """Whether this item of a correction request asks the person's side. Without a participant it asks the lead."""
        return self.leads if item.participant_id is None else item.participant in self.own


def standing(application, user) -> Standing:
    """Reads what `with_case()` loaded; no query of its own beyond the person's memberships."""
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
