"""One row against the register: is its key admissible, and does the row contradict it?"""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from municipalities.keys import HESSEN, REGIERUNGSBEZIRKE, STATES
from municipalities.models import FREE_KINDS, Kind, Municipality
from municipalities.register_names import CLAIMS_DISTRICT, CLAIMS_MUNICIPALITY, LAND, claims, fold_letters, same_name
from municipalities.register_places import places_of
from municipalities.register_rows import RowFinding, means_no_district
from municipalities.register_values import shown

ISO_CODES = ["sh", "hh", "ni", "hb", "nw", "he", "rp", "bw", "by", "sl", "be", "bb", "mv", "sn", "st", "th"]
STATE_CODES = dict(zip(STATES, ISO_CODES, strict=True))
REGION_CODES = {"064": "da", "065": "gi", "066": "ks"}
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

    def knows(self, key) -> bool:
        row = self.in_file.get(key)
        return key in self.by_ags or (row is not None and not row.problems)


@dataclass(frozen=True)
class Options:
    """What may enter the register: bodies of other Länder, and keys it does not know yet."""

    today: date
    all_states: bool = False
    new_keys: bool = False
    keep_existing: bool = False
    seen_before: bool = False  # the very same file was taken in before


def settle_key(finding: RowFinding, known: Known) -> None:
    """Kreise have five digits, towns without a Kreis eight: find out which is meant, by register and kind."""
    ags, kind, name = finding.ags, finding.values.get("kind"), finding.values.get("name")
    if not ags or ags in known.by_ags:
        pass
    elif len(ags) == 8 and ags.endswith("000") and (ags[:5] in known.by_ags or kind == Kind.DISTRICT):
        finding.ags = ags[:5]
        if not name and kind != Kind.DISTRICT:
            finding.refuse(
                f"Der Schlüssel {ags} kann den {known.by_ags[ags[:5]].display_name} meinen oder eine Gemeinde, deren "
                "letzte Ziffern verloren sind. Bitte ergänzen Sie Name oder Art."
            )
    elif len(ags) == 5 and (ags + "000" in known.by_ags or kind == Kind.INDEPENDENT_CITY):
        finding.ags = ags + "000"
    if finding.ags != ags:
        finding.repairs.append(f"Der Schlüssel {ags} wurde als {finding.ags} gelesen.")
    if finding.ags and len(finding.ags) == 5 and len(finding.values.get("ars", "")) == 12:
        finding.values["ars"] = finding.ags
    if len(finding.ags or "") == 8 and len(finding.values.get("ars", "")) == 5:
        finding.values.pop("ars")


# --- may this body be written at all?


def judge_free_body(finding, known, options):
    _refuse_contradicting_names(finding)
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
            f"{shown(name)} hat keinen Schlüssel und ist im Register nicht bekannt. Bitte legen Sie die "
            "Körperschaft zuerst "
            "im Register an."
        )


def district_of_free_body(finding, known) -> str:
    """The key of the Kreis that the row names for a body without a key; refused if there is none or another."""
    found = set()
    for column in ("district", "district_key"):
        written = finding.values.get(column)
        if not written or means_no_district(written):
            continue
        keys = _districts_called(written, known)
        if len(keys) != 1:
            finding.refuse(
                f"Den Landkreis {shown(written)} gibt es im Register nicht. Bitte schreiben Sie ihn wie im Register oder "
                "tragen Sie seinen Schlüssel (5 Ziffern) ein."
            )
        found |= keys
    if len(found) > 1 and not finding.problems:
        finding.refuse("Landkreis und Kreisschlüssel gehören nicht zusammen. Bitte berichtigen Sie die Zeile.")
    return found.pop() if len(found) == 1 else ""


def _districts_called(written, known):
    digits = "".join(written.split())
    if digits.isascii() and digits.isdigit():
        digits = digits.zfill(5)[:5]
        return {digits} if known.district_name(digits) else set()
    districts = {key for key in [*known.by_ags, *known.in_file] if len(key) == 5}
    return {key for key in districts if same_district(written, known.district_name(key))}


def is_admissible(finding, known, options):
    ags = finding.ags
    finding.body = known.by_ags.get(ags)
    if len(ags) not in (5, 8):
        finding.refuse(f"Der Schlüssel {ags} hat {len(ags)} Ziffern statt 8 (Landkreis 5). Bitte berichtigen Sie ihn.")
    elif ags[:2] not in STATES:
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
            f"Der Schlüssel {ags} ist im Register nicht bekannt. Bitte prüfen Sie ihn; ist die Kommune neu, "
            "legen Sie sie "
            "zuerst im Register an oder erlauben Sie beim Einlesen neue Schlüssel."
        )
        return
    if ags.startswith(HESSEN) and not _is_plausible(ags, known):
        finding.refuse(f"Der Schlüssel {ags} beginnt mit keinem bekannten Kreis. Bitte berichtigen Sie ihn.")
    _complete_kind(finding)
    _refuse_contradicting_names(finding)
    _point_out_namesake(finding, known)
    missing = [label for name, label in (("name", "der Name"), ("kind", "die Art")) if not values.get(name)]
    if missing:
        finding.refuse(f"Für den neuen Schlüssel {ags} fehlt {' und '.join(missing)}. Bitte ergänzen Sie die Zeile.")


def _point_out_namesake(finding, known):
    """A second body of the same name in one Kreis is rather the known one under a wrong key."""
    name = _proper(finding.values.get("name", ""))
    for body in known.by_ags.values():
        if name and len(body.ags) == 8 and body.ags[:5] == finding.ags[:5] and _proper(body.name) == name:
            finding.hints.append(
                f"{body} gibt es im Register schon unter dem Schlüssel {body.ags}. Bitte prüfen Sie, ob wirklich eine "
                "zweite Kommune dieses Namens gemeint ist."
            )


def _is_plausible(ags, known):
    if ags[:3] not in REGIERUNGSBEZIRKE:
        return False
    districts_known = any(len(key) == 5 for key in [*known.by_ags, *known.in_file])
    return len(ags) == 5 or ags.endswith("000") or not districts_known or known.knows(ags[:5])


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
        f"{body.name} ({body.ags}) besteht seit dem {body.valid_to + timedelta(days=1):%d.%m.%Y} nicht "
        f"mehr{successor}. "
        "Bitte verwenden Sie den Schlüssel der Nachfolgerin oder entfernen Sie die Zeile."
    )


# --- does the row contradict its key?


def check_identity(finding, known):
    _check_name(finding, known)
    _check_kind(finding)
    _check_district(finding, known)
    _check_regierungsbezirk(finding)
    _check_state(finding)


def _check_name(finding, known):
    _choose_name(finding, known)
    name = finding.values.get("name")
    if not name or finding.body is None:
        return
    body = finding.body
    if not any(letter.isalpha() for letter in name) or not means(name, body, known):
        spoilt = " Der Name sieht nach einem falschen Zeichensatz aus." if any(c in name for c in "ÃÂ") else ""
        finding.refuse(
            f"Der Schlüssel {body.ags} gehört zu {body.name}, in der Zeile steht {shown(name)}.{spoilt} "
            "Bitte prüfen Sie, ob Schlüssel oder Name falsch ist."
        )


def _choose_name(finding, known):
    """Of contradicting names the one that fits the key; if none does, the first is what the row is refused for."""
    fitting = [name for name in finding.names if finding.body and means(name, finding.body, known)]
    if fitting:
        finding.name = finding.values["name"] = fitting[0]


def _refuse_contradicting_names(finding):
    """Of a body that is not known nobody can tell which of the names is right."""
    if len({fold_letters(name) for name in finding.names}) > 1:
        named = " und ".join(shown(name) for name in finding.names)
        finding.refuse(
            f"Die Zeile nennt verschiedene Namen ({named}). Bitte lassen Sie nur eine Spalte mit Namen stehen."
        )


def means(name, body, known):
    if body.kind == Kind.DISTRICT:
        return same_district(name, body.name) and not claims(name, CLAIMS_MUNICIPALITY)
    # A shortened name must not be the full name of another body.
    if _proper(name) != _proper(body.name) and known.names[_proper(name)]:
        return False
    region = known.district_name((body.ags or "")[:5])
    return not claims(name, CLAIMS_DISTRICT) and same_name(name, body.name, region, places_of(body.name))


def _proper(name):
    """The name without designation, letters only."""
    return fold_letters(name.partition(",")[0])


def same_district(written, official) -> bool:
    """„LK Vogelsberg“ and „Vogelsbergkreis“ are the same, „Bergstr.“ and „Bergstraße“ as well."""
    written = re.sub(r"str\.", "straße", written)
    if same_name(written, official):
        return True
    return _district_stem(written) == _district_stem(official)


def _district_stem(name):
    """What follows a comma belongs to it („Gießen, Lahn“), unless it says that a Kreis is meant, or the Land."""
    head, _comma, tail = name.partition(",")
    folded = fold_letters(head if fold_letters(tail) in {"", *CLAIMS_DISTRICT, *LAND} else name)
    for word in ("landkreis", "kreis", "lkr", "lk"):
        folded = folded.removeprefix(word)
    return folded.removesuffix("landkreis").removesuffix("kreis")


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
            f"{finding.body.name} ({ags}) ist im Register „{known_kind.label}“, in der Zeile steht "
            f"„{given.label}“. {IN_REGISTER}"
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
    if folded not in {
        fold_letters(expected),
        finding.ags[:3],
        finding.ags[1:3],
        finding.ags[2:3],
        REGION_CODES[finding.ags[:3]],
    }:
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
