"""One row against the register: does it contradict what is known, and what would it change?"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from municipalities.models import FREE_KINDS, HESSEN, REGIERUNGSBEZIRKE, Kind, Municipality
from municipalities.register_names import GENERAL_DESIGNATIONS, designation, fold_letters, same_name
from municipalities.register_rows import RowFinding, means_no_district
from municipalities.register_values import shown

STATES = {
    "01": "Schleswig-Holstein",
    "02": "Hamburg",
    "03": "Niedersachsen",
    "04": "Bremen",
    "05": "Nordrhein-Westfalen",
    "06": "Hessen",
    "07": "Rheinland-Pfalz",
    "08": "Baden-Württemberg",
    "09": "Bayern",
    "10": "Saarland",
    "11": "Berlin",
    "12": "Brandenburg",
    "13": "Mecklenburg-Vorpommern",
    "14": "Sachsen",
    "15": "Sachsen-Anhalt",
    "16": "Thüringen",
}
STATE_CODES = dict(
    zip(STATES, "sh hh ni hb nw he rp bw by sl be bb mv sn st th".split(), strict=True)  # ISO 3166-2
)
PLAIN_FIELDS = ["ars", "area_km2", "postal_code", "latitude", "longitude", "valid_from", "valid_to", "email"]
SCALE = 100  # a figure that differs that much from the known one lost its separator
IN_REGISTER = "Bitte prüfen Sie die Zeile oder ändern Sie zuerst das Register."


@dataclass
class Known:
    """What stands in the register before the file, and what the file itself adds."""

    by_ags: dict[str, Municipality]
    free: dict[tuple[str, str], list[Municipality]] = field(default_factory=dict)
    in_file: dict[str, RowFinding] = field(default_factory=dict)
    names: Counter = field(default_factory=Counter)

    @classmethod
    def of(cls, bodies) -> "Known":
        known = cls({body.ags: body for body in bodies if body.ags})
        for body in bodies:
            if not body.ags:
                known.free.setdefault((fold_letters(body.name), body.kind), []).append(body)
            if body.kind != Kind.DISTRICT:
                known.names[_proper(body.name)] += 1
        return known

    def district_name(self, key) -> str:
        if body := self.by_ags.get(key):
            return body.name
        row = self.in_file.get(key)
        return row.values.get("name", "") if row else ""

    def has_district(self, key) -> bool:
        row = self.in_file.get(key)
        return key in self.by_ags or (row is not None and not row.problems)


@dataclass(frozen=True)
class Options:
    """What may enter the register: bodies of other Länder, and keys it does not know yet."""

    today: date
    all_states: bool = False
    new_keys: bool = False
    keep_existing: bool = False


def settle_key(finding: RowFinding, known: Known) -> None:
    """Kreise have five digits, towns without a Kreis eight: find out which is meant, by register and kind."""
    ags, kind = finding.ags, finding.values.get("kind")
    if not ags or ags in known.by_ags:
        pass
    elif len(ags) == 8 and ags.endswith("000") and (ags[:5] in known.by_ags or kind == Kind.DISTRICT):
        finding.ags = ags[:5]
    elif len(ags) == 5 and (ags + "000" in known.by_ags or kind == Kind.INDEPENDENT_CITY):
        finding.ags = ags + "000"
    if finding.ags != ags:
        finding.repairs.append(f"Der Schlüssel {ags} wurde als {finding.ags} gelesen.")
    if finding.ags and len(finding.ags) == 5 and len(finding.values.get("ars", "")) == 12:
        finding.values["ars"] = finding.ags
    if len(finding.ags or "") == 8 and len(finding.values.get("ars", "")) == 5:
        finding.values.pop("ars")


def judge(finding: RowFinding, known: Known, options: Options) -> None:
    """Set the body, the changes, and everything that speaks against the row."""
    if not finding.ags:
        if not finding.problems:
            _judge_free_body(finding, known, options)
    elif _is_admissible(finding, known, options):
        _check_identity(finding, known)
    if finding.problems:
        return
    if finding.body is None:
        finding.changes = _new_values(finding, known)
    elif options.keep_existing:
        finding.changes = _newer_facts(finding)
    else:
        finding.changes = _differences(finding, known)
    _check_end(finding, known)


# --- may this body be written at all?


def _judge_free_body(finding, known, options):
    kind, name = finding.values.get("kind"), finding.values.get("name", "")
    if kind not in FREE_KINDS:
        finding.refuse("Der Schlüssel fehlt. Bitte tragen Sie den Amtlichen Gemeindeschlüssel (8 Ziffern) ein.")
        return
    matches = known.free.get((fold_letters(name), str(kind)), [])
    if len(matches) > 1:
        finding.refuse(
            f"{shown(name)} gibt es im Register mehrmals ohne Schlüssel. Bitte ändern Sie die Angaben von Hand."
        )
    elif matches:
        finding.body = matches[0]
    elif not name:
        finding.refuse("Der Name fehlt. Bitte tragen Sie ihn ein.")
    elif not options.new_keys:
        finding.refuse(
            f"{shown(name)} hat keinen Schlüssel und ist im Register nicht bekannt. Bitte legen Sie die Körperschaft zuerst "
            "im Register an."
        )


def _is_admissible(finding, known, options):
    ags = finding.ags
    finding.body = known.by_ags.get(ags)
    if ags[:2] not in STATES or len(ags) not in (5, 8):
        finding.refuse(f"Den Schlüssel {ags} gibt es nicht: {ags[:2]} ist kein Bundesland. Bitte berichtigen Sie ihn.")
    elif not ags.startswith(HESSEN) and not options.all_states:
        finding.refuse(
            f"Der Schlüssel {ags} gehört zu {STATES[ags[:2]]}, nicht zu Hessen. Bitte entfernen Sie die Zeile oder "
            "berichtigen Sie den Schlüssel."
        )
    elif finding.body is None:
        _check_new_key(finding, known, options)
    else:
        _check_not_dissolved(finding, options)
    return not finding.problems


def _check_new_key(finding, known, options):
    ags, values = finding.ags, finding.values
    if ags.startswith(HESSEN) and not options.new_keys:
        finding.refuse(
            f"Der Schlüssel {ags} ist im Register nicht bekannt. Bitte prüfen Sie ihn; ist die Kommune neu, legen Sie sie "
            "zuerst im Register an oder erlauben Sie beim Einlesen neue Schlüssel."
        )
        return
    if ags.startswith(HESSEN) and not _is_plausible(ags, known):
        finding.refuse(f"Der Schlüssel {ags} beginnt mit keinem bekannten Kreis. Bitte berichtigen Sie ihn.")
    _complete_kind(finding)
    missing = [label for name, label in (("name", "der Name"), ("kind", "die Art")) if not values.get(name)]
    if missing:
        finding.refuse(f"Für den neuen Schlüssel {ags} fehlt {' und '.join(missing)}. Bitte ergänzen Sie die Zeile.")


def _is_plausible(ags, known):
    if ags[:3] not in REGIERUNGSBEZIRKE:
        return False
    districts_known = any(len(key) == 5 for key in [*known.by_ags, *known.in_file])
    return len(ags) == 5 or ags.endswith("000") or not districts_known or known.has_district(ags[:5])


def _complete_kind(finding):
    """The key tells Kreise and kreisfreie Städte apart from the rest, so „Stadt“ or nothing is enough there."""
    told = {5: Kind.DISTRICT}.get(len(finding.ags)) or (Kind.INDEPENDENT_CITY if finding.ags.endswith("000") else None)
    given = finding.values.get("kind")
    if told and (given is None or (given == Kind.TOWN and told == Kind.INDEPENDENT_CITY)):
        finding.values["kind"] = told
        finding.repairs.append(f"Die Art „{told.label}“ folgt aus dem Schlüssel {finding.ags}.")


def _check_not_dissolved(finding, options):
    body = finding.body
    if body.valid_to is None or body.valid_to >= options.today or finding.values.get("valid_to") == body.valid_to:
        return
    successor = ""
    if body.successor_id:
        successor = f"; Nachfolgerin ist {body.successor.name} ({body.successor.ags})"
    finding.refuse(
        f"{body.name} ({body.ags}) besteht seit dem {body.valid_to + timedelta(days=1):%d.%m.%Y} nicht mehr{successor}. "
        "Bitte verwenden Sie den Schlüssel der Nachfolgerin oder entfernen Sie die Zeile."
    )


# --- does the row contradict its key?


def _check_identity(finding, known):
    _check_name(finding, known)
    _check_kind(finding)
    _check_district(finding, known)
    _check_regierungsbezirk(finding)
    _check_state(finding)


def _check_name(finding, known):
    name = finding.values.get("name")
    if not name or finding.body is None:
        return
    body = finding.body
    if not any(letter.isalpha() for letter in name) or not _means(name, body, known):
        spoilt = " Der Name sieht nach einem falschen Zeichensatz aus." if any(c in name for c in "ÃÂ") else ""
        finding.refuse(
            f"Der Schlüssel {body.ags} gehört zu {body.name}, in der Zeile steht {shown(name)}.{spoilt} "
            "Bitte prüfen Sie, ob Schlüssel oder Name falsch ist."
        )


def _means(name, body, known):
    if body.kind == Kind.DISTRICT:
        return same_district(name, body.name)
    if not same_name(name, body.name):
        return False
    # A shortened name must not be the full name of another body.
    return _proper(name) == _proper(body.name) or not known.names[_proper(name)]


def _proper(name):
    """The name without designation, letters only."""
    return fold_letters(name.partition(",")[0])


def same_district(written, official) -> bool:
    """„LK Vogelsberg“ and „Vogelsbergkreis“ are the same."""
    if same_name(written, official):
        return True
    return _district_stem(written) == _district_stem(official)


def _district_stem(name):
    folded = _proper(name)
    for word in ("landkreis", "kreis", "lkr", "lk"):
        folded = folded.removeprefix(word)
    return folded.removesuffix("kreis").removesuffix("landkreis")


def _check_kind(finding):
    given, ags = finding.values.get("kind"), finding.ags
    if given is None:
        return
    fits = {
        Kind.DISTRICT: len(ags) == 5,
        Kind.INDEPENDENT_CITY: len(ags) == 8 and ags.endswith("000"),
    }.get(given, len(ags) == 8 and not ags.endswith("000"))
    if finding.body is None:
        if not fits or given in FREE_KINDS:
            finding.refuse(f"Die Art „{given.label}“ passt nicht zum Schlüssel {ags}. Bitte berichtigen Sie die Zeile.")
        return
    known_kind = Kind(finding.body.kind)
    tolerated = {(Kind.TOWN, Kind.INDEPENDENT_CITY), (Kind.MARKET, Kind.MUNICIPALITY), (Kind.MUNICIPALITY, Kind.MARKET)}
    if given != known_kind and (given, known_kind) not in tolerated:
        finding.refuse(
            f"{finding.body.name} ({ags}) ist im Register „{known_kind.label}“, in der Zeile steht „{given.label}“. {IN_REGISTER}"
        )


def _check_district(finding, known):
    for name in ("district", "district_key"):
        written = finding.values.get(name)
        if written and not _district_fits(written, finding, known):
            expected = known.district_name(finding.ags[:5])
            finding.refuse(
                f"Der Landkreis {shown(written)} passt nicht zum Schlüssel {finding.ags}"
                + (f" ({expected})" if expected and len(finding.ags) == 8 else "")
                + ". Bitte berichtigen Sie die Zeile."
            )
            return


def _district_fits(written, finding, known):
    ags = finding.ags
    digits = "".join(written.split())
    if digits.isascii() and digits.isdigit():
        digits = digits.zfill(5) if len(digits) in (4, 5) else digits.zfill(8)
        return digits[:5] == ags[:5]
    official = known.district_name(ags) or finding.values.get("name", "")
    if len(ags) == 5 or ags.endswith("000"):
        return means_no_district(written) or same_district(written, official)
    expected = known.district_name(ags[:5])
    return not expected or same_district(written, expected)


def _check_regierungsbezirk(finding):
    written, expected = finding.values.get("regierungsbezirk"), REGIERUNGSBEZIRKE.get(finding.ags[:3])
    if not written or not expected:
        return
    folded = fold_letters(written)
    for word in ("regierungsbezirk", "regierungspraesidium", "regbezirk", "regbez", "rpbez", "rp", "rb"):
        folded = folded.removeprefix(word)
    if folded not in {fold_letters(expected), finding.ags[:3], finding.ags[1:3], finding.ags[2:3]}:
        finding.refuse(
            f"Der Regierungsbezirk {shown(written)} passt nicht zum Schlüssel {finding.ags} ({expected}). "
            "Bitte berichtigen Sie die Zeile."
        )


def _check_state(finding):
    written, code = finding.values.get("state"), finding.ags[:2]
    if not written:
        return
    folded = fold_letters(written).removeprefix("land")
    if folded not in {fold_letters(STATES[code]), STATE_CODES[code], code, code.lstrip("0"), STATES[code][:4].lower()}:
        finding.refuse(
            f"Das Bundesland {shown(written)} passt nicht zum Schlüssel {finding.ags} ({STATES[code]}). "
            "Bitte berichtigen Sie die Zeile."
        )


# --- what changes


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
    """The key of the Kreis that the key names, if it is known."""
    ags = finding.ags or ""
    if len(ags) != 8 or ags.endswith("000") or not known.has_district(ags[:5]):
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
    """What a delivered register may change in one that people work with: newer figures, and the end of a body."""
    body, values = finding.body, finding.values
    stated, changes = values.get("population_date"), {}
    if stated and (body.population_date is None or stated > body.population_date):
        changes = {name: values[name] for name in ("population", "population_date", "area_km2") if name in values}
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
                f"Die Einwohnerzahl vom {stated:%d.%m.%Y} ist älter als die im Register ({body.population_date:%d.%m.%Y}) "
                "und wurde nicht übernommen."
            )
        return {}
    _check_scale(finding, "population", "Einwohner")
    changes = {}
    if number != body.population:
        changes = {"population": number, "population_date": stated}
        if stated is None and body.population_date:
            finding.hints.append("Zur neuen Einwohnerzahl fehlt der Stand; er ist im Register jetzt leer.")
    elif stated:
        changes = {"population_date": stated}
    return {name: value for name, value in changes.items() if value != getattr(body, name)}


def _check_scale(finding, name, label):
    new, old = finding.values.get(name), getattr(finding.body, name)
    if new and old and not old / SCALE < new < old * SCALE:
        finding.refuse(
            f"{label}: {new} weicht um mehr als das {SCALE}-Fache vom Register ab ({old}). Vermutlich ist ein Punkt oder "
            "Komma verloren gegangen; bitte prüfen Sie die Zahl."
        )


# --- the end of a body


def _check_end(finding, known):
    """A successor needs an end before it, must be known, and must not lead back."""
    changes, body = finding.changes, finding.body
    start = changes.get("valid_from", body.valid_from if body else None)
    end = changes.get("valid_to", body.valid_to if body else None)
    if start and end and end < start:
        finding.refuse(
            f"„gültig bis“ ({end:%d.%m.%Y}) liegt vor „gültig ab“ ({start:%d.%m.%Y}). Bitte berichtigen Sie die Daten."
        )
    if not (successor := changes.get("successor")):
        return
    if end is None:
        finding.refuse("Eine Nachfolgerin ist angegeben, aber kein „gültig bis“. Bitte ergänzen Sie das Datum.")
    elif successor == finding.ags:
        finding.refuse("Die Kommune kann nicht ihre eigene Nachfolgerin sein. Bitte berichtigen Sie den Schlüssel.")
    elif not known.has_district(successor):
        finding.refuse(f"Die Nachfolgerin {successor} ist im Register nicht bekannt. Bitte legen Sie sie zuerst an.")
    elif _leads_back(successor, finding.ags, known):
        finding.refuse(
            f"Die Nachfolgerin {successor} hat selbst {finding.ags} als Nachfolgerin. Bitte berichtigen Sie das."
        )


def _leads_back(key, ags, known):
    seen = set()
    while key and key not in seen:
        if key == ags:
            return True
        seen.add(key)
        row = known.in_file.get(key)
        body = known.by_ags.get(key)
        key = (row.values.get("successor") if row else None) or (
            body.successor.ags if body and body.successor_id else None
        )
    return False
