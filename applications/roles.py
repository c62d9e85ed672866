"""Makes the groups of the database equal to the table of roles."""

from django.contrib.auth.models import Group, Permission

from applications.permissions import ROLES


def sync_roles(**_signal) -> None:
    """Create each role and give it exactly its rights. Runs after every migration; rights not yet created are skipped."""
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role, rights in ROLES.items():
        group, _created = Group.objects.get_or_create(name=role)
        group.permissions.set([known[right] for right in sorted(rights) if right in known])
