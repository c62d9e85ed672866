"""Comparing names as people write them with names as the register has them, and reading kinds of bodies."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from municipalities.models import Kind

TRANSLITERATION = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
DISTRICT_WORDS = {"landkreis", "kreis", "lk", "lkr", "lkrs", "lkr.", "lk.", "landkr.", "krs", "krs."}
# What people put before a name: „Magistrat der Stadt Bensheim“, „Gde. Abtsteinach“. Not every word on -stadt is one:
# Darmstadt-Dieburg is a Kreis, Dieburg a town.
BEFORE_NAMES = DISTRICT_WORDS | {"gde.", "gde", "gem.", "gem", "markt", "magistrat", "gemeindevorstand", "der"}
BEFORE_NAMES |= {
    "stadt",
    "gemeinde",
    "kreisfreie",
    "kreisstadt",
    "universitaetsstadt",
    "landeshauptstadt",
    "hansestadt",
}
BEFORE_NAMES |= {"marktgemeinde", "marktflecken", "sonderstatusstadt"}
IN_DESIGNATIONS = ("stadt", "gemeinde", "markt", "flecken")
LAND = {"hessen", "hess", "he"}
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
        universitaetsstadt univstadt univst unist unistadt s""",
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


def kind_before_names(word: str) -> Kind | None:
    """The kind that a word says which people put before a name: „LK Gießen“, „Stadt Wald“."""
    return read_kind(word) if _folded(word) in BEFORE_NAMES else None


@lru_cache(maxsize=20_000)
def name_words(text: str) -> tuple[str, ...]:
    """The words of a name without regard to spelling; „a.d.“ is two."""
    return _words(_folded(text))


def is_cut_short(word: str, official: str) -> bool:
    """Whether a word abbreviates one of a name, „Ts.“ and „taunus“, or writes out what the name cuts short: „an“ and „a.“."""
    return _abbreviates(word, official, 0) or (word in WHERE and _abbreviates(official, word, 0))


def is_kind_as_we_write_it(text: str) -> bool:
    return text.casefold() in OWN_WORDS


def designation(name: str) -> str:
    return name.partition(",")[2].strip()


def claims(name: str, words: set[str]) -> bool:
    """Whether the name says by a designation what kind of body is meant: „Landkreis Gießen“, „Gießen, Stadt“."""
    return not words.isdisjoint(_where_a_kind_may_stand(name))


@lru_cache(maxsize=2_000)
def _where_a_kind_may_stand(name: str) -> frozenset[str]:
    """The first of several words, what follows a comma, and what stands in brackets."""
    head, _, tail = name.partition(",")
    first = head.split()[0] if len(head.split()) > 1 else ""
    bracket = " ".join(re.findall(r"\(([^()]*)\)", name))
    return frozenset(map(fold_letters, (first, tail, bracket)))


@dataclass(frozen=True)
class Parts:
    """The words of a name: the name proper („frankfurt am main“), and what stands in brackets or after a comma."""

    name: tuple[str, ...]
    place: tuple[str, ...]

    @cached_property
    def all(self) -> tuple[str, ...]:
        return self.name + self.place

    @cached_property
    def letters(self) -> str:
        return fold_letters("".join(self.all))

    @cached_property
    def proper(self) -> int:
        """How many words stand before those that say where: one in „frankfurt am main“."""
        return next((i for i, word in enumerate(self.name) if word.strip(".") in WHERE), len(self.name))


def same_name(written: str, official: str, region: str = "", places: Iterable[str] = ()) -> bool:
    """Whether somebody who writes the one may mean the other, given that the key says so too.

    A place that the official name does not have contradicts it („Naumburg (Saale)“), unless it is the Land or the
    region, the Kreis it lies in, or one of the `places` that it is known to lie at.
    """
    own = _own_words(official)
    ours = _parts(official, own)
    return _is_same(_parts(written, own), ours, region) or _lies_at(_set_apart(written, own), ours, places)


def _is_same(theirs, ours, region):
    if not theirs.name:
        return False
    if theirs.letters == ours.letters:
        return True
    if _alike(theirs.all, ours.all, ours.proper):
        return True
    if not (_alike(theirs.name, ours.name, ours.proper) or _shortened(theirs.name, ours)):
        return False
    return not theirs.place or _place_fits(theirs.place, ours, region)


def _lies_at(theirs, ours, places):
    """A single letter may be anything: „Hohenstein (T.)“ lies in the Taunus or in Thüringen."""
    if len(fold_letters("".join(theirs.place))) < 2:
        return False
    if not (_alike(theirs.name, ours.name, ours.proper) or _shortened(theirs.name, ours)):
        return False
    return any(_alike(theirs.place, _words(_folded(place)), 0) for place in places)


def _set_apart(name, own):
    """With „an der Lahn“ and „/Lahn“ as places, too."""
    parts = _parts(name.replace("/", " an "), own)
    return Parts(parts.name[: parts.proper], parts.name[parts.proper :] + parts.place)


def _place_fits(place, ours, region):
    if ours.place and _alike(place, ours.place, 0):
        return True
    written = _without_kreis(place)
    if region and written == _without_kreis(_words(_folded(region))):
        return True
    return not ours.place and ours.proper == len(ours.name) and written in LAND


def _without_kreis(words):
    folded = fold_letters("".join(word for word in words if word not in DISTRICT_WORDS))
    return re.sub(r"str$", "strasse", folded.removesuffix("kreis"))


@lru_cache(maxsize=2_000)
def _own_words(official: str) -> frozenset[str]:
    """The words of its designation."""
    return frozenset(_words(_folded(designation(official)).replace(",", " ")))


def _folded(name):
    return unicodedata.normalize("NFC", name).casefold().translate(TRANSLITERATION)


@lru_cache(maxsize=20_000)
def _parts(name: str, own: frozenset[str]) -> Parts:
    """Designations before and after are left out, general ones and those of the official name (`own`)."""
    head, *tails = _folded(name).split(",")
    brackets = re.findall(r"\(([^()]*)\)?", head)
    places = [text for text in [*brackets, *tails] if text.strip() and not _is_designation(text, own)]
    words = _words(re.sub(r"\([^()]*\)?", " ", head))
    if len(words) > 1 and words[-1].strip(".") in {"stadt", "st", "gemeinde", "gem"}:
        words = words[:-1]
    while len(words) > 1 and (words[0] in BEFORE_NAMES or words[0] in own):
        words = words[1:]
    return Parts(words, _words(" ".join(places)))


def _is_designation(text, own):
    letters = fold_letters(text)
    told = any(word in letters for word in IN_DESIGNATIONS) or letters in {"land", "lk", "lkr"}
    return told or read_kind(text) is not None or all(word in own for word in _words(text))


def _words(text):
    """Split at blanks, hyphens and slashes, and after each full stop: „a.d.“ is two words."""
    return tuple(word for word in re.split(r"[\s\-–/]+", re.sub(r"\.(?=\S)", ". ", text)) if word not in ("", "."))


def _alike(some, others, proper):
    """Word for word, with or without the small words that say where: Frankfurt/Main, Frankfurt a. M.

    Of the official words (`others`) the first `proper` are the name itself: those may be cut short only with a full
    stop, and the very first only if others follow. „Bad Ems“ is not Bad Emstal.
    """
    if len(some) != len(others):
        some, others = _without_where(some), _without_where(others)
    if len(some) != len(others) or not some:
        return False
    if proper and not _same_first_word(some[0], others[0], alone=len(some) == 1):
        return False
    rest = enumerate(zip(some, others, strict=True))
    return all(_same_word(*pair, 3 if index >= proper else 0) for index, pair in rest if index or not proper)


@lru_cache(maxsize=20_000)
def _without_where(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if word.strip(".") not in WHERE)


def _same_first_word(one, other, *, alone):
    """Not to one letter: Gr.-Gerau, but not B."""
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


def _shortened(some, ours):
    """The name proper without the words that say where."""
    return len(some) == ours.proper < len(ours.name) and _alike(some, ours.name[: ours.proper], ours.proper)
