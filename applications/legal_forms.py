"""The legal forms of inter-municipal cooperation and what the law asks for each (KGG § 2, §§ 9–11, 24–27, 29a, 30)."""

from django.db import models


class LegalForm(models.TextChoices):
    DELEGATING_AGREEMENT = "delegating_agreement", "öffentlich-rechtliche Vereinbarung (delegierend)"
    MANDATING_AGREEMENT = "mandating_agreement", "öffentlich-rechtliche Vereinbarung (mandatierend)"
    WORKING_GROUP = "working_group", "Kommunale Arbeitsgemeinschaft"
    SPECIAL_PURPOSE_ASSOCIATION = "special_purpose_association", "Zweckverband"
    MUNICIPAL_ASSOCIATION = "municipal_association", "Gemeindeverwaltungsverband"
    ADMINISTRATIVE_COMMUNITY = "administrative_community", "Verwaltungsgemeinschaft"
    JOINT_INSTITUTION = "joint_institution", "gemeinsame kommunale Anstalt"
    PUBLIC_LAW_CONTRACT = "public_law_contract", "öffentlich-rechtlicher Vertrag (§§ 54 ff. HVwVfG)"
    PRIVATE_LAW = "private_law", "privatrechtliche Form"


# KGG § 26: a delegation is approved and published, a mandate is notified. A Zweckverband, and with it the
# Gemeindeverwaltungsverband (KGG § 30), comes into being the same way (KGG §§ 10, 11), a joint institution by an
# approved statute (KGG § 29a Abs. 4).
APPROVED_AND_PUBLISHED = frozenset(
    {
        LegalForm.DELEGATING_AGREEMENT,
        LegalForm.SPECIAL_PURPOSE_ASSOCIATION,
        LegalForm.MUNICIPAL_ASSOCIATION,
        LegalForm.JOINT_INSTITUTION,
    }
)
NOTIFIED = frozenset({LegalForm.MANDATING_AGREEMENT})
# The programme names the Verwaltungsgemeinschaft. What it needs depends on what its agreement transfers:
# a hint, which holds nobody up.
BY_CONTENT = {
    LegalForm.ADMINISTRATIVE_COMMUNITY: (
        "Ob eine Verwaltungsgemeinschaft genehmigt oder angezeigt werden muss, folgt aus dem Inhalt ihrer Vereinbarung "
        "(KGG § 26). Bitte prüfen Sie das und schreiben Sie einen Vermerk."
    )
}
