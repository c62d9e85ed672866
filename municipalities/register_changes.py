"""What an admissible row would change in the register. Only filled cells count: an empty one erases nothing."""

from municipalities import mergers
from municipalities.history import displayed
from municipalities.models import Kind, display_name
from municipalities.register_judgement import (
    Known,
    Options,
    check_identity,
    district_of_free_body,
    is_admissible,
    judge_free_body,
)
from municipalities.register_names import GENERAL_DESIGNATIONS, designation
from municipalities.register_position import objection_to_move
from municipalities.register_rows import RowFinding

PLAIN_FIELDS = [
    "ars",
    "area_km2",
    "seat",
    "postal_code",
    "street",
    "latitude",
    "longitude",
    "valid_from",
    "valid_to",
    "email",
]
SCALE = 100  # a figure that differs that much from the known one lost its separator
LEAP_PERCENT = 20  # beyond what a municipality gains or loses from one register to the next


def judge(finding: RowFinding, known: Known, options: Options) -> None:
    """Set the body, the changes, and everything that speaks against the row."""
    if not finding.ags:
        if not finding.problems:
            judge_free_body(finding, known, options)
    elif is_admissible(finding, known, options):
        check_identity(finding, known)
    if finding.problems:
        return
    if finding.body is None:
        finding.changes = _new_values(finding, known)
    elif options.keep_existing:
        finding.changes = _newer_facts(finding)
    else:
        finding.changes = _differences(finding, known)


def _new_values(finding, known):
    values = finding.values
    changes = {name: values[name] for name in ["name", "kind", "population", "note", *PLAIN_FIELDS] if name in values}
    if "population" in values and "population_date" in values:
        changes["population_date"] = values["population_date"]
    if values.get("successor"):
        changes["successor"] = values["successor"]
    if district := _district_of(finding, known):
        changes["district"] = district
    return {"ags": finding.ags, **changes}


def _district_of(finding, known):
    """The key of the Kreis that the key names, if it is known; of a body without a key the Kreis that the row names."""
    ags = finding.ags or ""
    if not ags:
        return district_of_free_body(finding, known)
    if len(ags) != 8 or ags.endswith("000") or not known.knows(ags[:5]):
        return None
    return ags[:5]


def _differences(finding, known):
    """Only filled cells count: an empty one never erases what is known."""
    body, values = finding.body, finding.values
    changes = {n: values[n] for n in PLAIN_FIELDS if n in values and values[n] != getattr(body, n)}
    if (name := _fuller_name(values.get("name"), body)) is not None:
        changes["name"] = name
    changes |= _population_changes(finding) | _note_change(finding)
    _check_scale(finding, "area_km2", "Fläche")
    known_point = body.latitude, body.longitude
    if problem := objection_to_move(known_point, (values.get("latitude"), values.get("longitude"))):
        finding.refuse(problem)
    district = _district_of(finding, known)
    if district and (body.district_id is None or body.district.ags != district):
        changes["district"] = district
    successor = values.get("successor")
    if successor and (body.successor_id is None or body.successor.ags != successor):
        changes["successor"] = successor
    return changes


def _note_change(finding):
    """A note in the register was written by a person; a file fills it only where there is none."""
    note, known_note = finding.values.get("note"), finding.body.note
    if note and known_note and note != known_note:
        finding.hints.append("Die Bemerkung im Register bleibt stehen; die der Datei wurde nicht übernommen.")
    return {"note": note} if note and not known_note else {}


def _newer_facts(finding):
    """What a delivered register may change in one that people work with: newer figures, the end of a body.

    A seat that nobody has entered comes with its postal code: registers of the time before that column have none.
    """
    body, values = finding.body, finding.values
    stated, changes = values.get("population_date"), {}
    if stated and (body.population_date is None or stated > body.population_date):
        changes = {name: values[name] for name in ("population", "population_date", "area_km2") if name in values}
    if "seat" in values and not body.seat:
        changes["seat"] = values["seat"]
        if "postal_code" in values and not body.postal_code:
            changes["postal_code"] = values["postal_code"]
    if body.valid_to is None and "valid_to" in values:
        changes |= {name: values[name] for name in ("valid_to", "successor") if name in values}
    return changes


def _fuller_name(name, body):
    """The official name stays, unless the file has the same one with a designation that says more."""
    if not name or name == body.name or name.partition(",")[0].strip() != body.name.partition(",")[0].strip():
        return None
    new = designation(name)
    return name if new and new.casefold() not in GENERAL_DESIGNATIONS and body.kind != Kind.DISTRICT else None


def _population_changes(finding):
    body, values = finding.body, finding.values
    if "population" not in values:
        if "population_date" in values and values["population_date"] != body.population_date:
            finding.hints.append("Der Stand wurde nicht übernommen, weil die Einwohnerzahl fehlt.")
        return {}
    number, stated = values["population"], values.get("population_date")
    if stated and body.population_date and stated < body.population_date:
        if number != body.population:
            finding.hints.append(
                f"Die Einwohnerzahl vom {stated:%d.%m.%Y} ist älter als die im Register "
                f"({body.population_date:%d.%m.%Y}) "
                "und wurde nicht übernommen."
            )
        return {}
    if number != body.population and stated is None and body.population_date:
        finding.hints.append(
            f"Die Einwohnerzahl {displayed(number)} hat keinen Stand und wird nicht übernommen; die im Register ist vom "
            f"{body.population_date:%d.%m.%Y}. Bitte ergänzen Sie den Stand, in einer Spalte oder über der Tabelle "
            "(„Stand: 31.12.2024“)."
        )
        return {}
    _check_scale(finding, "population", "Einwohner")
    _notice_leap(finding, "population", "Einwohner")
    changes = {"population": number, "population_date": stated} if stated else {"population": number}
    return {name: value for name, value in changes.items() if value != getattr(body, name)}


def _notice_leap(finding, name, label):
    """A lost digit changes a figure less than a lost separator, but more than a year does."""
    new, old = finding.values[name], getattr(finding.body, name)
    if old and abs(new - old) > old * LEAP_PERCENT / 100:
        finding.hints.append(
            f"{label}: {displayed(new)} statt bisher {displayed(old)} sind mehr als {LEAP_PERCENT} % Unterschied. "
            "Bitte prüfen Sie, ob eine Ziffer fehlt oder zu viel ist."
        )


def _check_scale(finding, name, label):
    new, old = finding.values.get(name), getattr(finding.body, name)
    if new and old and not old / SCALE < new < old * SCALE:
        finding.refuse(
            f"{label}: {new} weicht um mehr als das {SCALE}-Fache vom Register ab ({old}). Vermutlich ist ein "
            "Punkt oder "
            "Komma verloren gegangen; bitte prüfen Sie die Zahl."
        )


# --- the end of a body


def check_end(finding: RowFinding, known: Known) -> None:
    """Validity in order and the rule of mergers, on what would stand in the register after the whole file."""
    if not finding.changes.keys() & {"valid_from", "valid_to", "successor"}:
        return
    ending = _party(finding.ags or f"Zeile {finding.row}", finding, finding.body)
    if ending.valid_from and ending.valid_to and ending.valid_to < ending.valid_from:
        finding.refuse(
            f"„gültig bis“ ({ending.valid_to:%d.%m.%Y}) liegt vor „gültig ab“ ({ending.valid_from:%d.%m.%Y}). "
            "Bitte berichtigen Sie die Daten."
        )
        return
    key = finding.changes.get("successor") or _known_successor(finding.body)
    if key and key not in known.by_ags and key in known.in_file and known.in_file[key].problems:
        return  # register.py says that its row was refused
    if key and not known.knows(key):
        finding.refuse(f"Die Nachfolgerin {key} ist im Register nicht bekannt. Bitte legen Sie sie zuerst an.")
        return
    successor = _party(key, known.in_file.get(key), known.by_ags.get(key)) if key else None
    if problem := mergers.objection(ending, successor, lambda key: _successor_after(key, known)):
        finding.refuse(problem)


def _party(identity, row, body):
    """A body as the file leaves it."""
    changes = row.changes if row else {}

    def after(name):
        return changes[name] if name in changes else getattr(body, name, None)

    name = body.display_name if body else display_name(changes["kind"], changes["name"])
    return mergers.Party(identity, name, after("kind"), after("valid_from"), after("valid_to"))


def _successor_after(key, known):
    row = known.in_file.get(key)
    return (row.changes.get("successor") if row else None) or _known_successor(known.by_ags.get(key))


def _known_successor(body):
    return body.successor.ags if body and body.successor_id else None
