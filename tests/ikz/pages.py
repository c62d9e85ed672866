"""The stock pages of the admin, each with what it needs to show something, for every test that walks over all pages."""

from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.urls import reverse

from ikz.models import User
from municipalities.models import Kind, Municipality

PASSWORD = "correct horse battery"

# name in the test report → (URL name, key of the object it shows)
PAGES = {
    "index": ("admin:index", None),
    "app index": ("admin:app_list", ("municipalities",)),
    "account list": ("admin:ikz_user_changelist", None),
    "account add": ("admin:ikz_user_add", None),
    "account change": ("admin:ikz_user_change", "account"),
    "account password": ("admin:auth_user_password_change", "account"),
    "group list": ("admin:auth_group_changelist", None),
    "group add": ("admin:auth_group_add", None),
    "group change": ("admin:auth_group_change", "group"),
    "group delete": ("admin:auth_group_delete", "group"),
    "municipality list": ("admin:municipalities_municipality_changelist", None),
    "municipality add": ("admin:municipalities_municipality_add", None),
    "municipality change": ("admin:municipalities_municipality_change", "municipality"),
    "municipality history": ("admin:municipalities_municipality_history", "municipality"),
    "own password": ("admin:password_change", None),
}


@dataclass
class Office:
    """Two accounts, a role and a few municipalities."""

    admin: User
    account: User
    group: Group
    municipality: Municipality

    def url(self, page: str) -> str:
        name, what = PAGES[page]
        if isinstance(what, str):
            return reverse(name, args=[getattr(self, what).pk])
        return reverse(name, args=what)


def furnish() -> Office:
    group = Group.objects.create(name="Sachbearbeitung")
    account = User.objects.create_user("a.arndt@example.org", PASSWORD, first_name="Anna", last_name="Arndt")
    account.groups.add(group)
    kreis = Municipality.objects.create(ags="06431", name="Bergstraße", kind=Kind.DISTRICT)
    municipality = Municipality.objects.create(
        ags="06431002", name="Bensheim", kind=Kind.TOWN, district=kreis, population=41_500
    )
    Municipality.objects.create(ags="06411000", name="Darmstadt", kind=Kind.INDEPENDENT_CITY, population=165_482)
    admin = User.objects.create_superuser("leitung@example.org", PASSWORD, first_name="Britta", last_name="Berg")
    return Office(admin=admin, account=account, group=group, municipality=municipality)
