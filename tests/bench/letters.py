"""What a letter costs beside the bare typesetter, and five hundred of them in one go: made, zipped, put into one PDF."""

import json
import resource
import statistics
import tempfile
import time
from decimal import Decimal
from itertools import count

import typst

from applications import notices, typesetting
from applications.letter_kinds import LetterKind
from applications.models import Notice
from tests.applications import letter_samples
from tests.stationery import stationery

ROUNDS = 30
LETTERS, SETTLED = 500, 50  # after so many letters all that is kept between letters is there
LETTER_MILLISECONDS = 100
LETTER_AGAINST_BARE = 3  # twice is usual: a letter is also checked, stored, hashed and entered into the history
GROWTH_MIB = 16
numbers = count(1)


def main():
    """Print the figures; the number of bars that do not hold is the exit code."""
    stationery()
    application = letter_samples.case()
    first, _notice = _timed(lambda: _next_grant(application, None))
    _line("first letter of a process", f"{first:.1f} ms", "loads the fonts")
    issued, bare = _beside_the_bare(application)
    grown = _in_one_go(application)
    bars = [
        ("one letter, milliseconds", issued, LETTER_MILLISECONDS),
        ("one letter / bare typesetter", issued / bare, LETTER_AGAINST_BARE),
        (f"MiB grown from letter {SETTLED} to {LETTERS}", grown, GROWTH_MIB),
    ]
    for name, found, limit in bars:
        print(f"{name:48}{found:>8.2f}   bar {limit:>5.1f}   {'holds' if found <= limit else 'DOES NOT HOLD'}")
    return sum(found > limit for _name, found, limit in bars)


def _next_grant(application, earlier):
    """The longest kind; no two say the same, because the typesetter remembers what it has set."""
    number = next(numbers)
    facts = {
        **letter_samples.facts(LetterKind.GRANT, application),
        "amount": Decimal(50000 + number),
        "purpose": f"Die drei Kommunen betreiben {number} Bauhöfe gemeinsam.",
    }
    return notices.issue(application, LetterKind.GRANT, by=application.clerk, refers_to=earlier, **facts)


def _beside_the_bare(application):
    """Medians in milliseconds: of making and keeping a letter, and of setting one as long without anything of ours.

    They take turns, so that a machine that is busy for a while slows both.
    """
    earlier, issued, bare = application.notices.get(), [], []
    for _ in range(ROUNDS):
        took, earlier = _timed(lambda: _next_grant(application, earlier))  # noqa: B023 (called at once)
        issued.append(took)
        bare.append(_timed(lambda: _set_bare(earlier.data))[0])  # noqa: B023
    _line("one letter (grant, made and kept)", f"{statistics.median(issued):.1f} ms", f"slowest {max(issued):.1f} ms")
    _line("bare typesetter, same letter", f"{statistics.median(bare):.1f} ms", f"slowest {max(bare):.1f} ms")
    return statistics.median(issued), statistics.median(bare)


def _set_bare(data):
    """The same words under another number, so that nothing of it was set before."""
    other = json.loads(json.dumps(data, ensure_ascii=False).replace("Bauhöfe", f"Höfe ({next(numbers)})"))
    return typst.compile(
        str(typesetting.TEMPLATES / "grant.typ"),
        font_paths=typesetting.fonts(),
        pdf_standards=typesetting.STANDARDS,
        sys_inputs={"data": json.dumps(other, ensure_ascii=False)},
    )


def _in_one_go(application):
    """By how many MiB the peak of this process grew while most of the letters were made."""
    earlier = application.notices.order_by("pk").last()
    start = time.perf_counter()
    for number in range(1, LETTERS + 1):
        earlier = _next_grant(application, earlier)
        if number == SETTLED:
            settled = _peak()
    took = time.perf_counter() - start
    grown = _peak() - settled
    _line(f"{LETTERS} letters in one go", f"{took:.1f} s", f"{LETTERS / took:.1f} a second, peak {_peak():.0f} MiB")
    for name, write in (("ZIP", notices.as_zip), ("one PDF to print", notices.as_print_pdf)):
        before = _peak()
        took, size = _timed(lambda: _written(write))  # noqa: B023
        _line(
            f"{LETTERS} letters as {name}", f"{took / 1000:.1f} s", f"{size:.0f} MiB, peak +{_peak() - before:.0f} MiB"
        )
    return grown


def _written(write):
    with tempfile.TemporaryFile() as file:
        write(Notice.objects.select_related("file").order_by("-pk")[:LETTERS].iterator(), file)
        return file.seek(0, 2) / 2**20


def _timed(action):
    start = time.perf_counter()
    made = action()
    return (time.perf_counter() - start) * 1000, made


def _peak():
    """The most memory that this process ever had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _line(name, figure, note):
    print(f"{name:48}{figure:>16}   {note}", flush=True)
