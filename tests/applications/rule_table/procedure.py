"""Procedure: opinions, correction requests, double funding (rules 12 to 14)."""

from applications import rules
from applications.checklist import Status
from tests.applications.situations import (
    WAITING,
    asked_about,
    case_after_the_merger,
    case_before_the_merger,
    cooperation,
    correction,
    corrections_closed,
    given,
    judged,
    of_one_kreis,
    opinion_file,
    opinions,
    other_case,
    waived,
)

MET, MISSING, TO_JUDGE = Status.MET, Status.MISSING, Status.TO_JUDGE

OTHERS = [
    ("HSGB", {"authority": "association"}),
    ("HMdF", {"authority": "finance_ministry", **waived("Wird nicht beteiligt.")}),
]
PROPOSE = (
    "Bitte fordern Sie die vorgeschlagenen Stellungnahmen an; auf eine entbehrliche verzichten Sie dort mit Begründung."
)
OPINIONS = [
    (rules.opinions_received, given(opinions(*these)), status, message)
    for these, status, message in [
        (
            [],
            MISSING,
            "Es ist noch keine Stellungnahme angefordert. Bitte fordern Sie sie an bei: Regierungspräsidium "
            "Gießen, Kommunale Spitzenverbände und Hessisches Ministerium der Finanzen.",
        ),
        ([("RP Gießen", {}), *OTHERS], MET, ""),
        ([("RP Gießen", WAITING), *OTHERS], MISSING, "Es fehlt die Stellungnahme: RP Gießen."),
        ([("RP Gießen", waived("Liegt im Haus vor.")), *OTHERS], MET, ""),
        ([("RP Gießen", waived("  ")), *OTHERS], MISSING, "Es fehlt die Stellungnahme: RP Gießen."),
        (
            [("Landrat", {**WAITING, "authority": "landrat"}), ("RP Gießen", WAITING), *OTHERS],
            MISSING,
            "Es fehlen die Stellungnahmen: Landrat und RP Gießen.",
        ),
        (
            [("RP Gießen", {"recommendation": "negative"}), *OTHERS],
            Status.HINT,
            "Alle liegen vor. Ablehnend: RP Gießen. Bitte gehen Sie in der Entscheidung darauf ein.",
        ),
        (OTHERS, MISSING, f"Nicht angefordert: Regierungspräsidium Gießen. {PROPOSE}"),
        (
            [("RP Gießen", {})],
            MISSING,
            f"Nicht angefordert: Kommunale Spitzenverbände und Hessisches Ministerium der Finanzen. {PROPOSE}",
        ),
        (
            [("HMdF", {**WAITING, "authority": "finance_ministry"})],
            MISSING,
            "Es fehlt die Stellungnahme: HMdF. Nicht angefordert: Regierungspräsidium Gießen und Kommunale "
            f"Spitzenverbände. {PROPOSE}",
        ),
    ]
] + [
    # All of one Kreis: first the Landrat, then the Regierungspräsidium.
    (rules.opinions_received, given(of_one_kreis, opinions(*these)), status, message)
    for these, status, message in [
        ([("Landrat", {"authority": "landrat"}), ("RP Gießen", {}), *OTHERS], MET, ""),
        (
            [("RP Gießen", {}), *OTHERS],
            MISSING,
            f"Nicht angefordert: Landrat/Landrätin (Landkreis Limburg-Weilburg). {PROPOSE}",
        ),
        (
            [("Landrat", {"authority": "landrat"}), *OTHERS],
            MISSING,
            f"Nicht angefordert: Regierungspräsidium Gießen. {PROPOSE}",
        ),
        ([("Landrat", {"authority": "landrat", **waived("Selbst beteiligt.")}), ("RP Gießen", {}), *OTHERS], MET, ""),
    ]
]

CORRECTIONS = [
    (rules.corrections_closed, given(), MET, ""),
    (
        rules.corrections_closed,
        given(correction("Beschluss mit Datum", "2026-10-01")),
        MISSING,
        "Noch offen: „Beschluss mit Datum“ (von Adorf, fällig am 01.10.2026).",
    ),
    (
        rules.corrections_closed,
        given(correction("Vereinbarung", "2026-10-02"), correction("Beschluss mit Datum", "2026-10-01")),
        MISSING,
        "Noch offen: „Beschluss mit Datum“ (von Adorf, fällig am 01.10.2026) und „Vereinbarung“ (von Adorf, fällig am "
        "02.10.2026).",
    ),
    (
        rules.corrections_closed,
        given(asked_about("other", of="Cdorf")),
        MISSING,
        "Noch offen: „Siegel“ (von Cdorf, fällig am 01.10.2026).",
    ),
    (
        rules.corrections_closed,
        given(asked_about("other"), cooperation(lead=None)),
        MISSING,
        "Noch offen: „Siegel“ (von der federführenden Kommune, fällig am 01.10.2026).",
    ),
    (
        rules.corrections_closed,
        given(correction("Beschluss mit Datum", "2026-10-01"), corrections_closed),
        MET,
        "",
    ),
]

ABOUT = [
    (getattr(rules, f"{kind}_corrections_closed"), given(asked_about(asked, state)), status, message)
    for kind, other in (("resolution", "agreement"), ("agreement", "resolution"))
    for asked, state, status, message in [
        (kind, "open", MISSING, "Noch offen: „Siegel“ (von Adorf, fällig am 01.10.2026)."),
        (kind, "submitted", MISSING, "Beantwortet, die Sachbearbeitung prüft: „Siegel“."),
        (other, "open", MET, ""),
        ("other", "open", MET, ""),
    ]
]

OPINION_FILES = [
    (rules.opinions_received, given(opinion_file(scan)), status, message)
    for scan, status, message in [
        ("clean", MET, ""),
        ("unscanned", MET, ""),
        (
            "pending",
            MISSING,
            "Die Stellungnahme „Regierungspräsidium Gießen“ ist noch nicht auf Viren geprüft. Bitte warten Sie die Prüfung "
            "ab.",
        ),
        (
            "infected",
            MISSING,
            "Die Stellungnahme „Regierungspräsidium Gießen“ wurde vom Virenscanner beanstandet. Bitte fordern Sie die Datei "
            "neu an.",
        ),
    ]
]

NONE_SIMILAR = "Kein anderer Fall hat dasselbe Aufgabenfeld und zwei gemeinsame Beteiligte."
LOOK = (
    "Bitte beurteilen Sie mit Begründung: Ist eine Doppelförderung ausgeschlossen? "
    "Gleiches Aufgabenfeld und mindestens zwei gemeinsame Beteiligte:"
)
UNJUDGED = judged(rules.no_double_funding)
DOUBLE_FUNDING = [
    (rules.no_double_funding, given(UNJUDGED, *others), status, message)
    for others, status, message in [
        ([], MET, NONE_SIMILAR),
        ([other_case("Adorf")], MET, NONE_SIMILAR),
        ([other_case("Adorf", "Bdorf")], TO_JUDGE, f"{LOOK} IKZ-{{year}}-0002."),
        (
            [other_case("Adorf", "Bdorf"), other_case("Adorf", "Bdorf", "Cdorf")],
            TO_JUDGE,
            f"{LOOK} IKZ-{{year}}-0002 und IKZ-{{year}}-0003.",
        ),
        ([other_case("Adorf", "Bdorf", task_field="archiv")], MET, NONE_SIMILAR),
        ([other_case("Adorf", "Bdorf", ended_by="withdraw")], MET, NONE_SIMILAR),
        ([other_case("Adorf", "Bdorf", is_handed_in=False)], MET, NONE_SIMILAR),
        # Who merged is the same body: the earlier ones in the later case, and the other way round.
        ([case_before_the_merger("Adorf", "Bdorf")], TO_JUDGE, f"{LOOK} IKZ-{{year}}-0002."),
        ([case_before_the_merger("Adorf")], MET, NONE_SIMILAR),
        ([case_after_the_merger("Adorf", "Bdorf", "Cdorf")], TO_JUDGE, f"{LOOK} IKZ-{{year}}-0002."),
        ([case_after_the_merger("Adorf", "Bdorf")], MET, NONE_SIMILAR),
        ([other_case("Adorf", "Bdorf", ended_by="reject")], MET, NONE_SIMILAR),
        (
            [other_case("Adorf", "Bdorf"), judged(rules.no_double_funding, (True, "Anderer Bauabschnitt."))],
            MET,
            "Ja, Kim Muster: Anderer Bauabschnitt.",
        ),
        (
            [other_case("Adorf", "Bdorf"), judged(rules.no_double_funding, (False, "Dasselbe Vorhaben."))],
            MISSING,
            "Nein, Kim Muster: Dasselbe Vorhaben.",
        ),
    ]
]

PROCEDURE = [*OPINIONS, *OPINION_FILES, *CORRECTIONS, *ABOUT, *DOUBLE_FUNDING]
