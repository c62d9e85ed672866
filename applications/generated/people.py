"""Who works on generated cases: accounts that nobody can log in with, a person for each municipality, offices."""

from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from applications.demo.prerequisites import DemoRefused
from applications.models import Office, OfficeMember
from applications.supervision import Authority
from ikz.models import User
from municipalities.models import Membership, Municipality

DOMAIN = "last.ikz.example"
CASES_OF_A_CLERK = 250
MOST_CLERKS = 400
OPEN_ALWAYS = date(2000, 1, 1)
OFFICES = [f"Regierungspräsidium {name}" for name in ("Darmstadt", "Gießen", "Kassel")]


@dataclass
class People:
    """Clerks check, deciders approve, treasurers pay: three kinds of persons, so that four eyes always hold."""

    clerks: list = field(default_factory=list)
    deciders: list = field(default_factory=list)
    treasurers: list = field(default_factory=list)
    municipalities: list = field(default_factory=list)
    offices: list = field(default_factory=list)


def for_cases(number: int) -> People:
    """Accounts for so many cases; those that are there already stay. Raises DemoRefused without a register."""
    clerks = max(4, min(MOST_CLERKS, number // CASES_OF_A_CLERK))
    municipalities = list(Municipality.objects.filter(valid_to=None, ags__startswith="06").order_by("ags"))
    if not municipalities:
        raise DemoRefused("Das Register ist leer. Bitte laden Sie es zuerst: manage.py load_register.")
    _create_members(municipalities)
    return People(
        clerks=_staff("Sachbearbeitung", clerks),
        deciders=_staff("Bewilligung", max(2, clerks // 4)),
        treasurers=_staff("Haushalt", 2),
        municipalities=municipalities,
        offices=_offices(),
    )


def _accounts(name: str, number: int, **fields) -> list:
    addresses = [f"{name.lower()}{position}@{DOMAIN}" for position in range(number)]
    known = set(User.objects.filter(email__in=addresses).values_list("email", flat=True))
    nobody = make_password(None)
    User.objects.bulk_create(
        User(email=address, password=nobody, first_name=name, last_name=f"Nr. {position}", **fields)
        for position, address in enumerate(addresses)
        if address not in known
    )
    return list(User.objects.filter(email__in=addresses).order_by("pk"))


def _staff(role: str, number: int) -> list:
    people = _accounts(role, number, is_staff=True)
    Group.objects.get(name=role).user_set.add(*people)
    return people


def _create_members(municipalities):
    """One signatory for each municipality."""
    people = _accounts("Kommune", len(municipalities))
    served = set(Membership.objects.filter(user__in=people).values_list("user", flat=True))
    Membership.objects.bulk_create(
        Membership(user=person, municipality=body, role=Membership.Role.SIGNATORY, valid_from=OPEN_ALWAYS)
        for person, body in zip(people, municipalities, strict=True)
        if person.pk not in served
    )


def _offices() -> list:
    officers = _accounts("Aufsicht", len(OFFICES))
    offices = [Office.objects.get_or_create(authority=Authority.REGIERUNGSPRAESIDIUM, name=name)[0] for name in OFFICES]
    for officer, office in zip(officers, offices, strict=True):
        OfficeMember.objects.get_or_create(user=officer, office=office, defaults={"valid_from": OPEN_ALWAYS})
    return offices
