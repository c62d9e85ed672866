"""What must be there before the demonstration: the register, the task fields and the programme versions."""

from applications.models import Programme, TaskField
from municipalities.models import Municipality


class DemoRefused(Exception):
    """The demonstration is not loaded and nothing was changed. The message is a German sentence."""


def bodies_by_key(keys):
    """Municipalities by their official key."""
    found = {body.ags: body for body in Municipality.objects.filter(ags__in=keys).select_related("district")}
    if unknown := sorted(set(keys) - set(found)):
        raise DemoRefused(
            f"Im Register fehlt der Schlüssel {unknown[0]}. Bitte laden Sie zuerst das Register: manage.py load_register."
        )
    return found


def task_fields():
    """Task fields by their code."""
    if found := {field.code: field for field in TaskField.objects.all()}:
        return found
    raise DemoRefused("Es gibt noch keine Aufgabenfelder. Bitte laden Sie sie zuerst: manage.py load_programmes.")


def variant_on(code, day):
    """The variant of the version in force on the day; in a gap between versions, and after the last, of the one before."""
    versions = Programme.objects.released().filter(valid_from__lte=day).order_by("-valid_from")
    for version in versions.filter(variants__code=code):
        return version.variants.get(code=code)
    raise DemoRefused(
        f"Keine Fassung der Rahmenvereinbarung kennt die Variante {code}. Bitte laden Sie zuerst die Fassungen: "
        f"manage.py load_programmes."
    )
