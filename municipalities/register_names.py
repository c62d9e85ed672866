"""Comparing names as people write them with names as the register has them, and reading kinds of bodies."""

import re
import unicodedata
from functools import lru_cache

from municipalities.models import Kind

TRANSLITERATION = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
DISTRICT_WORDS = {"landkreis", "kreis", "lk", "lkr", "lkrs", "lkr.", "lk.", "landkr.", "krs", "krs."}
# What people put before a name: „Magistrat der Stadt Bensheim“, „Gde. Abtsteinach“.
BEFORE_NAMES = DISTRICT_WORDS | {"gde.", "gde", "gem.", "gem", "markt", "magistrat", "gemeindevorstand", "der"}
CLAIMS_DISTRICT = {"landkreis", "kreis", "lk", "lkr", "lkrs", "landkr", "krs", "land"}
CLAIMS_MUNICIPALITY = {"stadt", "st", "gemeinde", "gem", "gde", "kreisstadt", "universitaetsstadt", "kreisfreiestadt"}
GENERAL_DESIGNATIONS = {"stadt", "gemeinde", "landkreis", "kreis", "kreisfreie stadt", "st.", "gem.", "markt"}
# What follows such a word only says where a place lies: Frankfurt (am Main), Bad Homburg (v. d. Höhe).
WHERE = {"a", "am", "an", "auf", "b", "bei", "d", "der", "i", "im", "in", "v", "vor"}

KINDS = {
    Kind.MUNICIPALITY: "gemeinde gem gde gmd gmde g municipality kreisangehoerigegemeinde kreisangehgemeinde kreisanggemeinde",
    Kind.MARKET: "markt mkt m marktgemeinde marktflecken marktfl marktgem flecken market",
    Kind.TOWN: """stadt st stdt town kreisangstadt kreisangehoerigestadt kreisangehstadt kreisstadt krst sonderstatusstadt
        grossekreisstadt gkst
        universitaetsstadt s""",
    Kind.INDEPENDENT_CITY: """kreisfreiestadt krfrst krfrstadt krfst krfstadt kreisfrst kreisfrstadt kfst kfstadt
        kfs kreisfrei krsfrstadt krsfrst stadtkreisfrei krfreiestadt krfreist
        kreisfreist stadtkreis stkr stadtkr sk skr independentcity""",
    Kind.DISTRICT: "landkreis lk lkr lkrs landkr kreis kr krs ldkr ldkrs district",
    Kind.ASSOCIATION: "zweckverband zv zweckverb association",
    Kind.MUNICIPAL_ASSOCIATION: "gemeindeverwaltungsverband gvv gemeindeverwverband municipalassociation",
    Kind.OTHER_BODY: "sonstigekoerperschaft sonstige otherbody",
}
OWN_WORDS = {str(label).casefold() for label in Kind.labels} | set(Kind.values)
KIND_OF = {word: kind for kind, words in KINDS.items() for word in words.split()}


@lru_cache(maxsize=20_000)
def fold_letters(text: str) -> str:
    """Letters and digits only, lower case, umlauts written out: equal for all usual spellings."""
    text = unicodedata.normalize("NFC", text).casefold().translate(TRANSLITERATION)
    return "".join(character for character in text if character.isalnum())


def read_kind(text: str) -> Kind | None:
    return KIND_OF.get(fold_letters(text))


def is_kind_as_we_write_it(text: str) -> bool:
    return text.casefold() in OWN_WORDS


def designation(name: str) -> str:
    return name.partition(",")[2].strip()


def claims(name: str, words: set[str]) -> bool:
    """Whether the name says by a designation what kind of body is meant: „Landkreis Gießen“, „Gießen, Stadt“."""
    head, _, tail = name.partition(",")
    first = head.split()[0] if len(head.split()) > 1 else ""
    bracket = " ".join(re.findall(r"\(([^()]*)\)", name))
    return any(fold_letters(part) in words for part in (first, tail, bracket))


def same_name(written: str, official: str) -> bool:
    """Whether somebody who writes the one may mean the other, given that the key says so too."""
    if _joined(written) == _joined(official):
        return True
    ours, theirs = _parts(official), _parts(written)
    if _alike(theirs[0] + theirs[1], ours[0] + ours[1]):
        return True
    base_matches = _alike(theirs[0], ours[0]) or _shortened(theirs[0], ours[0])
    return base_matches and (not theirs[1] or not ours[1] or _alike(theirs[1], ours[1]))


def _joined(name):
    return fold_letters(name.partition(",")[0])


def _parts(name):
    """Words of the name proper and of what stands in brackets; designations before and after are left out."""
    text = unicodedata.normalize("NFC", name).casefold().translate(TRANSLITERATION)
    text = text.partition(",")[0]
    bracket = " ".join(re.findall(r"\(([^()]*)\)?", text))
    if fold_letters(bracket) in {"landkreis", "kreis", "stadt", "gemeinde", "lk", "lkr"}:
        bracket = ""
    words = _words(re.sub(r"\([^()]*\)?", " ", text))
    if len(words) > 1 and words[-1].strip(".") in {"stadt", "st", "gemeinde", "gem"}:
        words = words[:-1]
    while len(words) > 1 and (words[0] in BEFORE_NAMES or words[0].endswith(("stadt", "gemeinde", "kreisfreie"))):
        words = words[1:]
    return words, _words(bracket)


def _words(text):
    """Split at blanks, hyphens and slashes, and after each full stop: „a.d.“ is two words."""
    return [word for word in re.split(r"[\s\-–/]+", re.sub(r"\.(?=\S)", ". ", text)) if word not in ("", ".")]


def _alike(some, others):
    """Word for word, with or without the small words that say where: Frankfurt/Main, Frankfurt a. M."""
    if len(some) != len(others):
        some, others = ([word for word in words if word.strip(".") not in WHERE] for words in (some, others))
    if len(some) != len(others) or not some:
        return False
    pairs = list(zip(some, others, strict=True))
    return _same_first_word(*pairs[0], alone=len(pairs) == 1) and all(_same_word(*pair, 4) for pair in pairs[1:])


def _same_first_word(one, other, *, alone):
    """The first word may be cut short only if others follow, and not to one letter: Gr.-Gerau, but not B."""
    if one.strip(".") == other.strip("."):
        return True
    return not alone and min(len(one), len(other)) > 2 and _same_word(one, other, 0)


def _same_word(one, other, longest):
    return one.strip(".") == other.strip(".") or _abbreviates(one, other, longest) or _abbreviates(other, one, longest)


def _abbreviates(short, long, longest):
    """„Odw.“ for Odenwald, „a.“ for am, „Ts“ for Taunus: the same first letter, the others in the same order."""
    if not short.endswith(".") and len(short) > longest:
        return False
    letters, rest = short.strip("."), iter(long.strip("."))
    return bool(letters) and long[0] == letters[0] and all(letter in rest for letter in letters)


def _shortened(some, official):
    rest = official[len(some) :]
    return bool(some) and bool(rest) and _alike(some, official[: len(some)]) and rest[0].strip(".") in WHERE
