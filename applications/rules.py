"""Every eligibility rule, once. How a rule speaks: checklist.py. Imports no models."""

from applications.checklist import Checklist, judged, met, not_required, rule, to_be_judged
from applications.file_state import what_the_file_lacks
from applications.group_rules import earlier_case_named, enough_participants, lead_takes_part, participants_exist
from applications.legal_forms import APPROVED_AND_PUBLISHED, BY_CONTENT, NOTIFIED
from applications.periods import last_day_of_years
from applications.proportion import grant_proportionate
from applications.supervision import what_the_chain_lacks, who_is_against, whom_to_ask
from applications.who_owes import asked, lead_name, what_corrections_wait_for
from ikz.german import day, euros, listing, percent

# ── Resolutions and agreement ─────────────────────────────────────────────────────────────────────────────────────────


@rule(
    "Zustimmende Beschlüsse aller Beteiligten liegen vor",
    source="Merkblatt IKZ–OZG; Antragsunterlagen; HGO §§ 50, 51; HKO §§ 29, 30; KGG § 15",
)
def resolutions_present(application):
    if not application.participants:
        return f"Es ist noch niemand beteiligt. Bitte klären Sie mit {lead_name(application)}, wer teilnimmt."
    missing = application.participants_without_resolution
    there = (each for each in application.participants if each not in missing)
    sentences = [
        _which_resolutions_are_missing(missing),
        *(_what_the_resolution_lacks(each, application) for each in there),
    ]
    return " ".join(filter(None, sentences))


def _which_resolutions_are_missing(participants) -> str:
    if len(participants) == 1:
        municipality = participants[0].municipality
        return f"Es fehlt der Beschluss von {municipality.display_name} ({municipality.organs.resolves})."
    return f"Es fehlen die Beschlüsse von {_names(participants)}." if participants else ""


def _names(participants) -> str:
    return listing([each.municipality.display_name for each in participants])


def _what_the_resolution_lacks(participant, application) -> str:
    name, resolution = participant.municipality.display_name, participant.resolution_or_none
    if not resolution.is_positive:
        return f"{name} hat nicht zugestimmt. Ein neuer, zustimmender Beschluss ist nötig."
    if not resolution.is_of_competent_organ:
        return (
            f"Für {name} hat {resolution.organ} beschlossen, zuständig ist {participant.municipality.organs.resolves}. Bitte "
            f"fordern Sie deren Beschluss an oder vermerken Sie die Übertragung der Zuständigkeit."
        )
    if resolution.resolved_on is None:
        return f"Im Beschluss von {name} fehlt das Datum."
    if resolution.file is None:
        return f"Zum Beschluss von {name} fehlt das PDF."
    return what_the_file_lacks(resolution.file, f"Der Beschluss von {name}", application)


@rule(
    "Die Vereinbarung liegt vor und ist von allen unterschrieben",
    source="Merkblatt IKZ–OZG; KGG § 24; HGO § 71; HKO § 45",
)
def agreement_signed(application):
    if not application.variant.requires_agreement:
        return not_required()
    agreement = application.agreement
    if agreement is None:
        return f"Es fehlt die Vereinbarung. Bitte fordern Sie sie bei {lead_name(application)} an."
    sentences = [
        _what_the_legal_form_lacks(application),
        ""
        if agreement.file
        else f"Das PDF der Vereinbarung fehlt. Bitte fordern Sie es bei {lead_name(application)} an.",
        what_the_file_lacks(agreement.file, "Die Vereinbarung", application, lead_name(application))
        if agreement.file
        else "",
        _which_signatures_are_missing(application, agreement),
        *(_what_the_signature_lacks(each, agreement) for each in application.participants),
    ]
    return " ".join(filter(None, sentences))


def _which_signatures_are_missing(application, agreement) -> str:
    missing = [each for each in application.participants if agreement.signature_of(each) is None]
    if not missing:
        return ""
    return f"Es {'fehlt die Unterschrift' if len(missing) == 1 else 'fehlen die Unterschriften'} für {_names(missing)}."


def _what_the_legal_form_lacks(application) -> str:
    form = application.cooperation.legal_form
    if not form:
        return f"Die Rechtsform der Zusammenarbeit fehlt. Bitte klären Sie sie mit {lead_name(application)}."
    if form not in application.variant.legal_forms:
        return (
            f"Die Rechtsform „{application.cooperation.get_legal_form_display()}“ ist für die Variante "
            f"{application.variant.label} nicht zugelassen. Bitte klären Sie mit {lead_name(application)}, welche andere gilt."
        )
    return ""


def _what_the_signature_lacks(participant, agreement) -> str:
    name, signature = participant.municipality.display_name, agreement.signature_of(participant)
    if signature is None:
        return ""
    if not (signature.signatory_1.strip() and signature.signatory_2.strip()):
        return f"Für {name} müssen zwei Personen unterschreiben ({participant.municipality.organs.signing_law})."
    resolution = participant.resolution_or_none
    if resolution and resolution.resolved_on and signature.signed_on < resolution.resolved_on:
        return (
            f"{name} hat am {day(signature.signed_on)} unterschrieben, aber erst am {day(resolution.resolved_on)} "
            f"beschlossen. Bitte klären Sie, ob die Unterschrift wiederholt wurde."
        )
    return ""


@rule("Die Zusammenarbeit ist lange genug vereinbart", source="Merkblatt IKZ–OZG; KGG § 24")
def term_long_enough(application):
    variant, agreement = application.variant, application.agreement
    if not variant.requires_agreement:
        return not_required()
    if agreement is None:
        return f"Die Laufzeit wird geprüft, sobald {lead_name(application)} die Vereinbarung vorlegt."
    if agreement.starts_on is None:
        return f"Der Beginn der Vereinbarung fehlt. Bitte klären Sie ihn mit {lead_name(application)}."
    shortest_end = last_day_of_years(agreement.starts_on, variant.min_term_years)
    if not agreement.is_unlimited and agreement.ends_on is None:
        return (
            f"Das Ende der Vereinbarung fehlt. Bitte klären Sie mit {lead_name(application)}, wann sie endet oder ob sie "
            f"unbefristet gilt."
        )
    if not agreement.is_unlimited and agreement.ends_on < shortest_end:
        return (
            f"Die Vereinbarung endet am {day(agreement.ends_on)}. Verlangt sind mindestens {variant.min_term_years} Jahre, "
            f"also eine Laufzeit bis {day(shortest_end)} oder länger. Bitte klären Sie das mit {lead_name(application)}."
        )
    return _what_the_termination_terms_lack(application, variant, agreement)


def _what_the_termination_terms_lack(application, variant, agreement) -> str:
    limit = last_day_of_years(agreement.starts_on, variant.termination_terms_above_years)
    is_long = agreement.is_unlimited or agreement.ends_on > limit
    if is_long and not agreement.termination_terms_confirmed:
        return (
            f"Die Vereinbarung ist unbefristet oder läuft länger als {variant.termination_terms_above_years} Jahre. Bitte "
            f"bestätigen Sie, dass sie die Kündigung regelt (KGG § 24), oder klären Sie das mit {lead_name(application)}."
        )
    return ""


@rule("Genehmigung, Bekanntmachung oder Anzeige liegen vor", source="KGG §§ 10, 11, 26")
def supervisory_acts_done(application):
    form = application.cooperation.legal_form
    if not application.variant.requires_agreement:
        return not_required()
    if not form:
        return (
            f"Die Rechtsform der Zusammenarbeit fehlt. Bitte klären Sie sie mit {lead_name(application)}. Sie entscheidet, was "
            f"die Aufsichtsbehörde tun muss."
        )
    if form not in APPROVED_AND_PUBLISHED | NOTIFIED:
        return not_required(BY_CONTENT.get(form, "Für diese Rechtsform nicht verlangt."))
    agreement = application.agreement
    if agreement is None:
        act = "Die Anzeige wird" if form in NOTIFIED else "Genehmigung und Bekanntmachung werden"
        return f"{act} geprüft, sobald {lead_name(application)} die Vereinbarung vorlegt."
    if form in NOTIFIED:
        missing = [] if agreement.notified_on else ["das Datum der Anzeige bei der Aufsichtsbehörde"]
        return _which_acts_are_missing(missing, application)
    missing = []
    if not (agreement.approved_on and agreement.approval_authority.strip() and agreement.approval_file_number.strip()):
        missing.append("die Genehmigung der Aufsichtsbehörde mit Behörde, Datum und Aktenzeichen")
    if not (agreement.published_on and agreement.published_in.strip()):
        missing.append("die öffentliche Bekanntmachung mit Ort und Datum")
    return _which_acts_are_missing(missing, application)


def _which_acts_are_missing(acts, application) -> str:
    if not acts:
        return ""
    verb = "fehlt" if len(acts) == 1 else "fehlen"
    return f"Es {verb} {listing(acts)} (KGG § 26). Bitte fordern Sie den Nachweis bei {lead_name(application)} an."


# ── What it is worth ──────────────────────────────────────────────────────────────────────────────────────────────────


@rule("Die Einsparung ist groß genug", source="Merkblatt IKZ–OZG; Antragsunterlagen")
def saving_reached(application):
    variant = application.variant
    if variant.min_saving_percent is None:
        return not_required()
    saving = application.saving
    if saving is None:
        return _what_the_expenditure_table_lacks(application)
    settle = f"Bitte klären Sie das mit {lead_name(application)}."
    if saving.amount < 0:
        return (
            f"Die Ausgaben steigen um {euros(-saving.amount)} im Jahr, verlangt ist eine Einsparung von mindestens "
            f"{percent(variant.min_saving_percent)} der bisherigen Ausgaben. {settle}"
        )
    sentence = f"Eingespart werden {percent(saving.percent)} ({euros(saving.amount)} im Jahr)"
    if saving.reaches(variant.min_saving_percent):
        return met(f"{sentence}; verlangt sind {percent(variant.min_saving_percent)}.")
    least = percent(variant.min_saving_percent)
    return f"{sentence}, verlangt sind mindestens {least} der bisherigen Ausgaben. {settle}"


def _what_the_expenditure_table_lacks(application) -> str:
    missing = []
    if without := [each for each in application.participants if each.before(application.variant) is None]:
        missing.append(f"die bisherigen Ausgaben von {_names(without)}")
    if application.cooperation.after(application.variant) is None:
        missing.append(f"die künftigen Ausgaben der Zusammenarbeit (einzutragen von {lead_name(application)})")
    return f"In der Ausgabentabelle fehlen {' sowie '.join(missing)}."


@judged(
    "Keine reine IT-Investition",
    source="Merkblatt IKZ–OZG",
    question="Geht es um gemeinsame Aufgabenerfüllung und nicht nur um Beratung, Dienstleister oder Software?",
)
def no_pure_it_investment(application):
    if not application.variant.excludes_pure_it:
        return not_required()


@judged(
    "Wesentliche Teile des Aufgabenfelds",
    source="Fördervoraussetzungen",
    question="Umfasst die Zusammenarbeit wesentliche Teile des Aufgabenfelds?",
)
def substantial_part_of_task(application):
    if application.variant.unit == "brigade":
        return not_required()


@judged(
    "Die Mehrheit der aktiven Mitglieder stimmt zu",
    source="Fördervoraussetzungen (Feuerwehren)",
    question="Hat die Mehrheit der aktiven Mitglieder der Wehren dem Zusammenschluss zugestimmt?",
)
def members_agree(application):
    if application.variant.unit != "brigade":
        return not_required()


@rule("Ein OZG-Ziel ist gewählt und beschrieben", source="Merkblatt IKZ–OZG")
def ozg_goal_chosen(application):
    if not application.variant.requires_ozg_goal:
        return not_required()
    if not application.cooperation.ozg_goals:
        return asked(
            application,
            "Es ist kein OZG-Ziel gewählt. Bitte klären Sie mit {lead}, welches der drei Ziele verfolgt wird.",
            "Bitte wählen Sie mindestens eines der drei OZG-Ziele.",
        )
    if not application.cooperation.goals_description.strip():
        return asked(
            application,
            "Es fehlt, wie die Zusammenarbeit das gewählte OZG-Ziel erreicht. Bitte fordern Sie die Beschreibung bei {lead} an.",
            "Bitte beschreiben Sie, wie die Zusammenarbeit das gewählte OZG-Ziel erreicht.",
        )


# ── Procedure ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@rule("Die Stellungnahmen liegen vor", source="Rahmenvereinbarung Nr. 4 Abs. 3; HGO § 136")
def opinions_received(application):
    opinions = application.opinion_list
    if not opinions:
        return f"Es ist noch keine Stellungnahme angefordert. {whom_to_ask(application.municipalities)}"
    lacking = [
        what_the_chain_lacks(application.municipalities, opinions),
        *(
            what_the_file_lacks(each.file, f"Die Stellungnahme „{each.name}“", application)
            for each in opinions
            if each.file
        ),
    ]
    return " ".join(filter(None, lacking)) or who_is_against(opinions)


@rule("Keine Nachforderung ist offen", source="Verfahren")
def corrections_closed(application):
    return what_corrections_wait_for(application)


@rule("Keine Nachforderung zu Beschlüssen ist offen", source="Verfahren")
def resolution_corrections_closed(application):
    return what_corrections_wait_for(application, about="resolution")


@rule("Keine Nachforderung zur Vereinbarung ist offen", source="Verfahren")
def agreement_corrections_closed(application):
    return what_corrections_wait_for(application, about="agreement")


@judged("Keine Doppelförderung", source="LHO §§ 23, 44", question="Ist eine Doppelförderung ausgeschlossen?")
def no_double_funding(application):
    similar = application.similar_cases
    if not similar:
        return met("Kein anderer Fall hat dasselbe Aufgabenfeld und zwei gemeinsame Beteiligte.")
    if new := application.similar_cases_nobody_judged:
        names = listing([str(each) for each in new])
        return to_be_judged(f"Seit der letzten Beurteilung hinzugekommen: {names}. Bitte beurteilen Sie erneut.")
    return (
        f"Gleiches Aufgabenfeld und mindestens zwei gemeinsame Beteiligte: {listing([str(each) for each in similar])}."
    )


# Before the ministry sees the application; the rest follows while documents come in.
HAND_IN = Checklist([lead_takes_part, enough_participants, earlier_case_named, ozg_goal_chosen])
RESOLVED = [participants_exist, lead_takes_part, enough_participants, earlier_case_named, resolutions_present]
RESOLUTIONS = Checklist([*RESOLVED, resolution_corrections_closed])
AGREED = [*RESOLVED, agreement_signed, term_long_enough]
AGREEMENT = Checklist([*AGREED, resolution_corrections_closed, agreement_corrections_closed])
CHECK = Checklist(
    [
        *AGREED,
        supervisory_acts_done,
        saving_reached,
        no_pure_it_investment,
        substantial_part_of_task,
        members_agree,
        ozg_goal_chosen,
        opinions_received,
        corrections_closed,
        no_double_funding,
        grant_proportionate,
    ]
)
APPROVAL = CHECK  # the decider sees and answers for the same list as the clerk who checked
JUDGED = {each.name: each for each in CHECK if each.is_judged}
