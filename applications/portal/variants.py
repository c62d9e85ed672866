"""The variants that one can apply for, and their conditions in sentences, from the programme's own parameters."""

from django.utils import timezone

from applications.models import Programme, Variant
from applications.models.programme import SavingBasis, Unit
from ikz.german import counted, euros, percent

EACH = {
    Unit.MUNICIPALITY: "je beteiligter Kommune",
    Unit.BRIGADE: "je Ortsteilfeuerwehr",
    Unit.JOINING_MUNICIPALITY: "je beitretender Kommune",
}
WHAT_FALLS = {
    SavingBasis.PERSONNEL: "Die Personalausgaben müssen",
    SavingBasis.PERSONNEL_AND_MATERIAL: "Personal- und Sachausgaben zusammen müssen",
}


def offered(application=None):
    """The variants of the version in force today; between two versions those that the draft began with."""
    in_force = Variant.objects.filter(programme__in=Programme.objects.in_force_on(timezone.localdate()))
    if application is not None and not in_force.exists():
        in_force = Variant.objects.filter(programme=application.variant.programme_id)
    return in_force.order_by("pk")


def terms(variant) -> list[str]:
    """One sentence for each parameter that an applicant should know."""
    found = [_amount(variant), how_many(variant)]
    if variant.unit == Unit.BRIGADE:
        found.append(f"Mindestens {counted(variant.min_units, 'Ortsteilfeuerwehr', 'Ortsteilfeuerwehren')}.")
    if variant.unit == Unit.JOINING_MUNICIPALITY:
        found.append("Sie treten einer Zusammenarbeit bei, die schon gefördert wurde.")
    if variant.min_saving_percent is not None:
        share = percent(variant.min_saving_percent).replace(",00", "")
        found.append(f"{WHAT_FALLS[variant.saving_basis]} um mindestens {share} im Jahr sinken.")
    if variant.requires_agreement:
        years = counted(variant.min_term_years, "Jahr", "Jahre")
        found.append(f"Sie schließen eine Vereinbarung für mindestens {years}.")
    if variant.requires_ozg_goal:
        found.append("Sie wählen und beschreiben mindestens ein OZG-Ziel.")
    if variant.excludes_pure_it:
        found.append("Eine reine IT-Investition wird nicht gefördert.")
    return found


def _amount(variant) -> str:
    if variant.amount_per_unit is None:
        return "Die Höhe setzt das Ministerium im Einzelfall fest."
    cap = f", zusammen höchstens {euros(variant.cap)}" if variant.cap else ""
    return f"{euros(variant.amount_per_unit)} {EACH[variant.unit]}{cap}."


def how_many(variant) -> str:
    """How many must take part, in the variant's numbers."""
    verb = "ist" if variant.min_participants == 1 else "sind"
    needed = f"Nötig {verb} mindestens {counted(variant.min_participants, 'Kommune', 'Kommunen')}."
    exception = variant.min_participants_with_reason
    if not exception:
        return needed
    begin = {1: "Eine Kommune braucht", 2: "Zwei Kommunen brauchen"}.get(exception, f"{exception} Kommunen brauchen")
    return f"{needed} {begin} eine schriftliche Begründung."
