"""The history of generated cases: as many entries as a case of long standing has, each chained to the one before."""

from datetime import timedelta

from applications.models.history import GENESIS, Entry
from applications.rules import CHECK
from applications.states import State

ENTRIES = 20  # of each case
WAYS = {
    State.DRAFTED: [],
    State.RESOLUTIONS_COLLECTED: ["collect_resolutions"],
    State.AGREEMENT_SIGNED: ["collect_resolutions", "sign_agreement"],
    State.CHECKED: ["collect_resolutions", "sign_agreement", "check_application"],
}
WAYS[State.APPROVED] = [*WAYS[State.CHECKED], "approve"]
WAYS[State.REJECTED] = [*WAYS[State.CHECKED], "reject"]
WAYS[State.WITHDRAWN] = [*WAYS[State.AGREEMENT_SIGNED], "withdraw"]
WAYS[State.PAID] = [*WAYS[State.APPROVED], "pay"]
WAYS[State.COMPLETED] = [*WAYS[State.PAID], "complete"]
WAYS[State.REVOKED] = [*WAYS[State.PAID], "revoke"]
LEADS_TO = {
    "collect_resolutions": State.RESOLUTIONS_COLLECTED,
    "sign_agreement": State.AGREEMENT_SIGNED,
    "check_application": State.CHECKED,
    "approve": State.APPROVED,
    "reject": State.REJECTED,
    "withdraw": State.WITHDRAWN,
    "pay": State.PAID,
    "complete": State.COMPLETED,
    "revoke": State.REVOKED,
}
# As long as the real ones: what a check found is the largest part of a history.
FINDINGS = [{"rule": rule.name, "status": "met", "message": f"{rule.label}: {rule.source}"} for rule in CHECK]


def chain(application, actors: dict, begun_at) -> list[Entry]:
    """Entries that lead to the state of the application, a day apart. `actors` says who takes which step; else the clerk."""
    entries, previous, source = [], GENESIS, ""
    for sequence, (step, target) in enumerate(_steps(application.state), start=1):
        by = actors.get(step, application.clerk)
        entry = Entry(
            application=application,
            sequence=sequence,
            step=step,
            source=source,
            target=target,
            by=by,
            by_name=str(by),
            at=begun_at + timedelta(days=sequence - 1),
            reason="Erzeugt" if step == "undo" else "",
            findings=FINDINGS if step == "check_application" else [],
            data={"answers": {}, "documents": []},
            previous_hash=previous,
        )
        entry.hash = entry.digest()
        entries.append(entry)
        previous, source = entry.hash, target
    return entries


def _steps(state) -> list[tuple[str, str]]:
    """(step, target) from the opening to the state; letters and steps back and forth fill up to the usual number."""
    first, middle = [("open_case", State.DRAFTED)], ENTRIES - 1 - len(WAYS[state])
    back_and_forth = [("collect_resolutions", State.RESOLUTIONS_COLLECTED), ("undo", State.DRAFTED)] * (middle // 2)
    letters = [("issue_letter", State.DRAFTED)] * (middle % 2)
    return [*first, *letters, *back_and_forth, *((step, LEADS_TO[step]) for step in WAYS[state])]
