"""The accounts of the demonstration: one for each role, all with the same published password.

Those outside the ministry stand in outsiders.py.
"""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission

from applications.demo import outsiders
from applications.demo.marks import LOADER
from applications.permissions import TAKE_OVER
from ikz.models import User

PASSWORD = "Gemeinsam-stark-2027"  # noqa: S105 (public, for machines that serve only themselves)


@dataclass(frozen=True)
class Person:
    address: str
    first_name: str
    last_name: str
    roles: tuple[str, ...] = ()
    is_superuser: bool = False

    @property
    def email(self):
        return f"{self.address}@ikz.example"


PEOPLE = (
    Person("sachbearbeitung", "Sabine", "Sommer", ("Sachbearbeitung",)),
    # Acts for both roles in the holidays, and shows that four eyes hold for such a person too.
    Person("sachbearbeitung2", "Stefan", "Seiler", ("Sachbearbeitung", "Bewilligung")),
    Person("bewilligung", "Beate", "Berger", ("Bewilligung",)),
    Person("haushalt", "Hakan", "Huber", ("Haushalt",)),
    Person("haushalt2", "Hanna", "Hahn", ("Haushalt",)),  # releases what the other one prepared
    Person("revision", "Renate", "Richter", ("Revision",)),
    Person("stammdaten", "Tim", "Stammler", ("Stammdaten",)),
    Person("admin", "Andrea", "Adam", is_superuser=True),
)


def create():
    """Create the accounts that are missing and return all, by the first part of their address."""
    known = {user.email: user for user in User.objects.filter(email__endswith="@ikz.example")}
    new = [person for person in PEOPLE if person.email not in known]
    # One hash for all: the password is printed on the screen, a salt of its own protects nothing.
    password = make_password(PASSWORD) if new else ""
    for person in new:
        known[person.email] = _create(person, password)
    return {person.address: known[person.email] for person in PEOPLE}


def _create(person, password):
    user = User.objects.create(
        email=person.email,
        password=password,
        first_name=person.first_name,
        last_name=person.last_name,
        is_staff=True,
        is_superuser=person.is_superuser,
    )
    user.groups.set(Group.objects.filter(name__in=person.roles))
    return user


def loader():
    """The account that opens the cases and takes over the published ones. Nobody can log in with it."""
    user = User.objects.filter(email=LOADER).first()
    if user is None:
        user = User.objects.create(email=LOADER, first_name="Demodaten", password=make_password(None))
        app, _, codename = TAKE_OVER.partition(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return user


def logins():
    """Lines that say who can log in, as what."""
    if not User.objects.filter(email=PEOPLE[0].email).exists():
        return []
    people = [
        *((person.email, "Superuser" if person.is_superuser else ", ".join(person.roles)) for person in PEOPLE),
        *((person.email, person.label) for person in outsiders.OUTSIDERS),
    ]
    width = max(len(email) for email, _label in people)
    lines = [f"  {email:<{width}}  {label}" for email, label in people]
    return ["Demokonten:", *lines, f"Passwort aller Demokonten: {PASSWORD}"]
