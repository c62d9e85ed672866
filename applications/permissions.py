"""Who may do what: the roles in one table, and the reasons why a person may not take a step.

A role is a group of the same name; applications/roles.py makes the groups equal to this table after every migration.
Rights are named app.action_model. Imports no models.
"""

from applications.states import DECIDED_LAST, State
from ikz.german import day

CASE_OBJECTS = (
    "office",
    "officemember",
    "invitation",
    "cooperation",
    "participant",
    "resolution",
    "agreement",
    "signature",
    "opinion",
    "correctionrequest",
    "correctionitem",
    "hearing",
    "filenote",
    "judgement",
    "storedfile",
    "datefacts",
    "usagereport",
    "archiveanswer",
)
EVERYTHING = (
    *CASE_OBJECTS,
    "application",
    "decision",
    "deletion",
    "revocation",
    "entry",
    "fieldchange",
    "message",
    "programme",
    "variant",
    "taskfield",
    "budget",
    "budgettransfer",
    "commitmentauthorisation",
    "letterhead",
    "textblock",
    "textblockversion",
    "notice",
    "deliveryrule",
    "baserate",
    "bankaccount",
    "payingaccount",
    "paymentorder",
    "payment",
)


def _view(*models: str) -> set[str]:
    return {f"applications.view_{model}" for model in models}


def _write(*models: str) -> set[str]:
    return {f"applications.{action}_{model}" for action in ("add", "change", "view") for model in models}


def _delete(*models: str) -> set[str]:
    return {f"applications.delete_{model}" for model in models}


READ = _view(*EVERYTHING) | {
    "ikz.view_legalpage",
    "municipalities.view_municipality",
    "municipalities.view_membership",
    "municipalities.view_registerimport",
}

ROLES: dict[str, set[str]] = {
    "Sachbearbeitung": READ
    | _write("application", *CASE_OBJECTS)
    | _delete("participant", "signature", "opinion", "correctionitem")
    | {
        "applications.process_application",
        "applications.add_bankaccount",
        "municipalities.add_membership",
        "municipalities.change_membership",
    },
    "Bewilligung": READ | _write("filenote") | {"applications.decide_application"},
    "Haushalt": READ
    | _write("budget", "commitmentauthorisation")
    | {
        "applications.add_bankaccount",
        "applications.add_budgettransfer",
        "applications.add_paymentorder",
        "applications.pay_application",
    },
    "Revision": READ | _view("documentview") | {"ikz.view_user"},
    "Stammdaten": READ
    | _write(
        "programme", "variant", "taskfield", "letterhead", "textblock", "deliveryrule", "baserate", "payingaccount"
    )
    | _delete("variant")
    | {
        "ikz.change_legalpage",
        "ikz.view_user",
        "municipalities.add_municipality",
        "municipalities.change_municipality",
    },
}

PROCESS = "applications.process_application"
DECIDE = "applications.decide_application"
PAY = "applications.pay_application"
TAKE_OVER = "applications.take_over_application"
ROLE_OF = {PROCESS: "Sachbearbeitung", DECIDE: "Bewilligung", PAY: "Haushalt"}
# What no role may, and a person only by name.
BEYOND_ROLES = {TAKE_OVER: "Altfälle übernimmt, wem die Administration dieses Recht gegeben hat."}


def needs(permission: str):
    """Anybody with the right. The answer is the sentence of why not, or None."""

    def why_not(application, user) -> str | None:
        if user.has_perm(permission):
            return None
        return BEYOND_ROLES.get(permission) or f"Diesen Schritt nimmt die Rolle {ROLE_OF[permission]} vor."

    return why_not


def of_several(refusal: str) -> str:
    """The same sentence of why not, said of more than one step."""
    return refusal.replace("Diesen Schritt nimmt", "Diese Schritte nimmt")


def may_decide(application, user) -> str | None:
    """Four eyes: whoever checked the application does not decide it (Rechnungshof 2021 Nr. 12)."""
    if refusal := needs(DECIDE)(application, user):
        return refusal
    if application.checked_by_id and application.checked_by_id == user.pk:
        return "Vier-Augen-Prinzip: Sie haben den Fall geprüft. Entscheiden muss eine andere Person."
    return None


def may_pay(application, user) -> str | None:
    """Four eyes: whoever approved does not pay out."""
    if refusal := needs(PAY)(application, user):
        return refusal
    if application.approved_by_id and application.approved_by_id == user.pk:
        return "Vier-Augen-Prinzip: Sie haben den Fall bewilligt. Auszahlen muss eine andere Person."
    return None


def may_record_repayment(application, user) -> str | None:
    """Whoever pays out also sees what comes back."""
    if refusal := needs(PAY)(application, user):
        return refusal
    return None if application.revocations_to_be_repaid else "Es ist nichts zu erstatten."


def may_hand_in(application, user) -> str | None:
    """The lead's business, and of a person who may sign for it."""
    if application.is_handed_in:
        return "Der Antrag ist schon eingereicht."
    if not application.is_signed_for_lead_by(user):
        return "Einreichen kann den Antrag nur, wer für die federführende Kommune zeichnungsbefugt ist."
    return None


def may_withdraw(application, user) -> str | None:
    """The applicant withdraws; a clerk does so on paper."""
    if user.has_perm(PROCESS) or application.is_signed_for_lead_by(user):
        return None
    return (
        "Zurückziehen kann den Antrag, wer für die federführende Kommune zeichnungsbefugt ist; ein Schreiben der Kommune "
        "vollzieht die Rolle Sachbearbeitung."
    )


def may_undo(application, user) -> str | None:
    """A decision is taken back by deciders, everything before it by clerks; a grant until its notice is sent."""
    if refusal := needs(DECIDE if application.state in DECIDED_LAST else PROCESS)(application, user):
        return refusal
    # From then on it binds (HVwVfG § 43 Abs. 1) and is taken away under §§ 48, 49 alone: docs/decisions/0013.
    if application.state == State.APPROVED and (sent_on := application.grant_sent_on):
        return (
            f"Der Bescheid wurde am {day(sent_on)} versandt; die Bewilligung lässt sich nicht mehr zurücknehmen. Bitte ändern "
            "oder widerrufen Sie sie. Ist der Versand falsch festgehalten, berichtigen Sie ihn zuerst beim Schreiben "
            "(„Versand berichtigen“)."
        )
    return None
