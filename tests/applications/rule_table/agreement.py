"""The agreement: rules 5 to 7."""

from datetime import date

from applications import rules
from applications.checklist import Status
from applications.legal_forms import LegalForm
from tests.applications.situations import (
    agreement,
    agreement_file,
    body,
    cooperation,
    given,
    no_agreement,
    no_signature,
    resolution,
    signature,
    term,
)

MET, MISSING, NOT_REQUIRED = Status.MET, Status.MISSING, Status.NOT_REQUIRED

SIGNED = [
    (rules.agreement_signed, given(), MET, ""),
    (rules.agreement_signed, given(variant="fire_brigade"), NOT_REQUIRED, "Für diese Variante nicht verlangt."),
    (rules.agreement_signed, given(variant="preparation"), NOT_REQUIRED, "Für diese Variante nicht verlangt."),
    (
        rules.agreement_signed,
        given(no_agreement),
        MISSING,
        "Es fehlt die Vereinbarung. Bitte fordern Sie sie bei Adorf an.",
    ),
    (
        rules.agreement_signed,
        given(no_agreement, cooperation(lead=None)),
        MISSING,
        "Es fehlt die Vereinbarung. Bitte fordern Sie sie bei der federführenden Kommune an.",
    ),
    (
        rules.agreement_signed,
        given(cooperation(legal_form="")),
        MISSING,
        "Die Rechtsform der Zusammenarbeit fehlt. Bitte klären Sie sie mit Adorf.",
    ),
    (
        rules.agreement_signed,
        given(agreement(file=None)),
        MISSING,
        "Das PDF der Vereinbarung fehlt. Bitte fordern Sie es bei Adorf an.",
    ),
    (
        rules.agreement_signed,
        given(agreement_file("infected")),
        MISSING,
        "Die Vereinbarung wurde vom Virenscanner beanstandet. Bitte fordern Sie die Datei bei Adorf neu an.",
    ),
    (
        rules.agreement_signed,
        given(agreement_file("pending")),
        MISSING,
        "Die Vereinbarung ist noch nicht auf Viren geprüft. Bitte warten Sie die Prüfung ab.",
    ),
    (rules.agreement_signed, given(agreement_file("unscanned")), MET, ""),
    (rules.agreement_signed, given(no_signature("Bdorf")), MISSING, "Es fehlt die Unterschrift für Bdorf."),
    (
        rules.agreement_signed,
        given(signature("Bdorf", signatory_2=" ")),
        MISSING,
        "Für Bdorf müssen zwei Personen unterschreiben (HGO § 71 Abs. 2).",
    ),
    *(
        (
            rules.agreement_signed,
            given(body("Bdorf", kind=kind, **key), signature("Bdorf", signatory_2="")),
            MISSING,
            f"Für {name} müssen zwei Personen unterschreiben ({law}).",
        )
        for kind, key, name, law in [
            ("town", {}, "Bdorf", "HGO § 71 Abs. 2"),
            ("independent_city", {}, "Bdorf", "HGO § 71 Abs. 2"),
            ("district", {"ags": "06431"}, "Landkreis Bdorf", "HKO § 45"),
            ("association", {"ags": None}, "Bdorf", "KGG und Verbandssatzung"),
            ("municipal_association", {"ags": None}, "Bdorf", "KGG und Verbandssatzung"),
            ("other_body", {"ags": None}, "Bdorf", "Satzung"),
        ]
    ),
    # resolved on 01.06.2026
    (
        rules.agreement_signed,
        given(signature("Bdorf", signed_on=date(2026, 5, 31))),
        MISSING,
        "Bdorf hat am 31.05.2026 unterschrieben, aber erst am 01.06.2026 beschlossen. Bitte klären Sie, ob die "
        "Unterschrift wiederholt wurde.",
    ),
    (rules.agreement_signed, given(signature("Bdorf", signed_on=date(2026, 6, 1))), MET, ""),
    (rules.agreement_signed, given(signature("Bdorf", signed_on=date(2026, 6, 2))), MET, ""),
    (rules.agreement_signed, given(resolution("Bdorf", resolved_on=None)), MET, ""),
    (
        rules.agreement_signed,
        given(no_signature("Adorf"), signature("Cdorf", signatory_2=""), agreement(file=None)),
        MISSING,
        "Das PDF der Vereinbarung fehlt. Bitte fordern Sie es bei Adorf an. Es fehlt die Unterschrift für Adorf. "
        "Für Cdorf müssen zwei Personen unterschreiben (HGO § 71 Abs. 2).",
    ),
]

_BY_AGREEMENT = [LegalForm.DELEGATING_AGREEMENT, LegalForm.MANDATING_AGREEMENT]
_BY_ASSOCIATION = [LegalForm.MUNICIPAL_ASSOCIATION, LegalForm.ADMINISTRATIVE_COMMUNITY]
ACCEPTED = {"standard": LegalForm.values, "ozg": _BY_AGREEMENT, "gvv": _BY_ASSOCIATION}
LEGAL_FORM = [
    (
        rules.agreement_signed,
        given(cooperation(legal_form=form), variant=variant, participants=2),
        *(
            (MET, "")
            if form in accepted
            else (
                MISSING,
                f"Die Rechtsform „{form.label}“ ist für die Variante {variant} nicht zugelassen. Bitte klären Sie mit Adorf, welche andere gilt.",
            )
        ),
    )
    for variant, accepted in ACCEPTED.items()
    for form in LegalForm
]

TOO_SHORT = "Verlangt sind mindestens 5 Jahre, also eine Laufzeit bis"
WITH_THE_LEAD = "Bitte klären Sie das mit Adorf."
UNTERMINATED = (
    "Die Vereinbarung ist unbefristet oder läuft länger als 10 Jahre. Bitte bestätigen Sie, dass sie die Kündigung "
    "regelt (KGG § 24), oder klären Sie das mit Adorf."
)
CONFIRMED = {"termination_terms_confirmed": True}
TERM = [
    (rules.term_long_enough, given(term(start, end, **terms)), status, message)
    for start, end, terms, status, message in [
        (
            "2027-01-01",
            "2031-12-30",
            {},
            MISSING,
            f"Die Vereinbarung endet am 30.12.2031. {TOO_SHORT} 31.12.2031 oder länger. {WITH_THE_LEAD}",
        ),
        ("2027-01-01", "2031-12-31", {}, MET, ""),
        ("2027-01-01", "2032-01-01", {}, MET, ""),
        # A period that begins on 29 February ends on 28 February (BGB § 188 Abs. 2).
        (
            "2028-02-29",
            "2033-02-27",
            {},
            MISSING,
            f"Die Vereinbarung endet am 27.02.2033. {TOO_SHORT} 28.02.2033 oder länger. {WITH_THE_LEAD}",
        ),
        ("2028-02-29", "2033-02-28", {}, MET, ""),
        # One that begins on 1 March ends on 29 February of a leap year.
        (
            "2027-03-01",
            "2032-02-28",
            {},
            MISSING,
            f"Die Vereinbarung endet am 28.02.2032. {TOO_SHORT} 29.02.2032 oder länger. {WITH_THE_LEAD}",
        ),
        ("2027-03-01", "2032-02-29", {}, MET, ""),
        ("2027-01-01", "2036-12-31", {}, MET, ""),
        ("2027-01-01", "2037-01-01", {}, MISSING, UNTERMINATED),
        ("2027-01-01", "2037-01-01", CONFIRMED, MET, ""),
        ("2027-01-01", None, {}, MISSING, UNTERMINATED),
        ("2027-01-01", None, CONFIRMED, MET, ""),
        (None, "2031-12-31", {}, MISSING, "Der Beginn der Vereinbarung fehlt. Bitte klären Sie ihn mit Adorf."),
        (
            "9999-01-01",
            "9999-12-30",
            {},
            MISSING,
            f"Die Vereinbarung endet am 30.12.9999. {TOO_SHORT} 31.12.9999 oder länger. {WITH_THE_LEAD}",
        ),
    ]
] + [
    (
        rules.term_long_enough,
        given(agreement(ends_on=None)),
        MISSING,
        "Das Ende der Vereinbarung fehlt. Bitte klären Sie mit Adorf, wann sie endet oder ob sie unbefristet gilt.",
    ),
    (
        rules.term_long_enough,
        given(no_agreement),
        MISSING,
        "Die Laufzeit wird geprüft, sobald Adorf die Vereinbarung vorlegt.",
    ),
    (rules.term_long_enough, given(variant="fire_brigade"), NOT_REQUIRED, "Für diese Variante nicht verlangt."),
]

APPROVED = {"approved_on": date(2026, 7, 1), "approval_authority": "RP Gießen", "approval_file_number": "I 13-3"}
PUBLISHED = {"published_on": date(2026, 7, 15), "published_in": "Staatsanzeiger 28/2026"}
NOTIFIED = {"notified_on": date(2026, 7, 1)}
ASK = "Bitte fordern Sie den Nachweis bei Adorf an."
NO_APPROVAL = f"Es fehlt die Genehmigung der Aufsichtsbehörde mit Behörde, Datum und Aktenzeichen (KGG § 26). {ASK}"
NO_PUBLICATION = f"Es fehlt die öffentliche Bekanntmachung mit Ort und Datum (KGG § 26). {ASK}"
NEITHER = (
    "Es fehlen die Genehmigung der Aufsichtsbehörde mit Behörde, Datum und Aktenzeichen und die öffentliche "
    f"Bekanntmachung mit Ort und Datum (KGG § 26). {ASK}"
)
NO_NOTIFICATION = f"Es fehlt das Datum der Anzeige bei der Aufsichtsbehörde (KGG § 26). {ASK}"
NOT_FOR_THIS_FORM = "Für diese Rechtsform nicht verlangt."
BY_CONTENT = (
    "Ob eine Verwaltungsgemeinschaft genehmigt oder angezeigt werden muss, folgt aus dem Inhalt ihrer Vereinbarung "
    "(KGG § 26). Bitte prüfen Sie das und schreiben Sie einen Vermerk."
)

NO_FORM = "Die Rechtsform der Zusammenarbeit fehlt. Bitte klären Sie sie mit Adorf. Sie entscheidet, was die Aufsichtsbehörde tun muss."

# legal form: (nothing done, approved, published, both, notified)
APPROVAL_AND_PUBLICATION = (NEITHER, NO_PUBLICATION, NO_APPROVAL, "", NEITHER)
NOTIFICATION = (NO_NOTIFICATION, NO_NOTIFICATION, NO_NOTIFICATION, NO_NOTIFICATION, "")
NOTHING = (NOT_FOR_THIS_FORM,) * 5
ACTS = {
    "delegating_agreement": APPROVAL_AND_PUBLICATION,
    "mandating_agreement": NOTIFICATION,
    "working_group": NOTHING,
    "special_purpose_association": APPROVAL_AND_PUBLICATION,
    "municipal_association": APPROVAL_AND_PUBLICATION,
    "administrative_community": (BY_CONTENT,) * 5,
    "joint_institution": APPROVAL_AND_PUBLICATION,
    "public_law_contract": NOTHING,
    "private_law": NOTHING,
    "": (NO_FORM,) * 5,
}
DONE = ({}, APPROVED, PUBLISHED, APPROVED | PUBLISHED, NOTIFIED)


def _status(message):
    return {"": MET, NOT_FOR_THIS_FORM: NOT_REQUIRED, BY_CONTENT: NOT_REQUIRED}.get(message, MISSING)


SUPERVISED = [
    (
        rules.supervisory_acts_done,
        given(cooperation(legal_form=form), agreement(**done), participants=2),
        _status(message),
        message,
    )
    for form, messages in ACTS.items()
    for done, message in zip(DONE, messages, strict=True)
] + [
    (
        rules.supervisory_acts_done,
        given(cooperation(legal_form="delegating_agreement"), agreement(**{**APPROVED, **PUBLISHED, **lacking})),
        MISSING,
        message,
    )
    for lacking, message in [
        ({"approved_on": None}, NO_APPROVAL),
        ({"approval_authority": " "}, NO_APPROVAL),
        ({"approval_file_number": " "}, NO_APPROVAL),
        ({"published_on": None}, NO_PUBLICATION),
        ({"published_in": " "}, NO_PUBLICATION),
    ]
]
SUPERVISED += [
    (
        rules.supervisory_acts_done,
        given(cooperation(legal_form="mandating_agreement"), no_agreement),
        MISSING,
        "Die Anzeige wird geprüft, sobald Adorf die Vereinbarung vorlegt.",
    ),
    (
        rules.supervisory_acts_done,
        given(cooperation(legal_form="special_purpose_association"), no_agreement),
        MISSING,
        "Genehmigung und Bekanntmachung werden geprüft, sobald Adorf die Vereinbarung vorlegt.",
    ),
    (
        rules.supervisory_acts_done,
        given(cooperation(legal_form="delegating_agreement"), variant="fire_brigade"),
        NOT_REQUIRED,
        "Für diese Variante nicht verlangt.",
    ),
    (
        rules.supervisory_acts_done,
        given(cooperation(legal_form=""), variant="fire_brigade"),
        NOT_REQUIRED,
        "Für diese Variante nicht verlangt.",
    ),
]

AGREEMENT = [*SIGNED, *LEGAL_FORM, *TERM, *SUPERVISED]
