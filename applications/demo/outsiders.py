"""The accounts of the demonstration outside the ministry: a municipality that leads, one that takes part, a Landrat."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from applications.models import Office, OfficeMember
from applications.supervision import Authority
from ikz.models import User
from municipalities.models import Membership, Municipality

SINCE = date(2026, 1, 1)
LEAD, PARTICIPANT = "06634027", "06634006"  # Bad Zwesten and Gilserberg: Gemeinsamer Bauhof Kellerwald
LANDRAT = "Landrat des Rheingau-Taunus-Kreises"  # whose opinion is still asked for


@dataclass(frozen=True)
class Outsider:
    address: str
    first_name: str
    last_name: str
    label: str

    @property
    def email(self):
        return f"{self.address}@ikz.example"


@dataclass(frozen=True)
class MunicipalPerson(Outsider):
    ags: str
    role: str = Membership.Role.CLERK
    is_administrator: bool = False

    def give_access(self, user):
        municipality = Municipality.objects.get(ags=self.ags)
        facts = {"role": self.role, "is_administrator": self.is_administrator, "valid_from": SINCE}
        Membership.objects.create(user=user, municipality=municipality, **facts)


@dataclass(frozen=True)
class Officer(Outsider):
    office: str

    def give_access(self, user):
        office, _created = Office.objects.get_or_create(authority=Authority.LANDRAT, name=self.office)
        OfficeMember.objects.create(user=user, office=office, valid_from=SINCE)


OUTSIDERS = (
    MunicipalPerson("bad-zwesten", "Bernd", "Bauer", "Bad Zwesten (Federführung), Bearbeitung", LEAD),
    MunicipalPerson(
        "bad-zwesten.zeichnung",
        "Zoe",
        "Ziegler",
        "Bad Zwesten (Federführung), zeichnungsbefugt",
        LEAD,
        Membership.Role.SIGNATORY,
    ),
    MunicipalPerson(
        "bad-zwesten.personen",
        "Petra",
        "Pohl",
        "Bad Zwesten (Federführung), verwaltet die Personen",
        LEAD,
        is_administrator=True,
    ),
    MunicipalPerson("gilserberg", "Gerd", "Gruber", "Gilserberg (beteiligt), Bearbeitung", PARTICIPANT),
    Officer("landrat", "Lena", "Lang", LANDRAT, LANDRAT),
)


def create(password):
    """Create the accounts that are missing, each with its access. An access that was ended since stays ended."""
    known = set(User.objects.filter(email__endswith="@ikz.example").values_list("email", flat=True))
    new = [person for person in OUTSIDERS if person.email not in known]
    hashed = make_password(password) if new else ""
    for person in new:
        names = {"first_name": person.first_name, "last_name": person.last_name}
        person.give_access(User.objects.create(email=person.email, password=hashed, **names))
