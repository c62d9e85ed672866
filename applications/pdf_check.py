"""Is this file a PDF that the ministry can keep and anybody can open without harm?

The quick questions (size, beginning, end) are answered here; the structure is read by a child process with limits on
memory and time (pdf_check_child.py), so that a hostile file costs that process and never the server. Works in servers
with threads: the child is a fresh program that sets its own limits, nothing is forked here.

Knows no settings: the caller passes the limits and the reasons that refuse.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Collection
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

MIB = 1024 * 1024
CHILD = Path(__file__).with_name("pdf_check_child.py")
BLOCK = MIB
EDGE = 1024  # how much may stand between the end mark and the end of the file, if it is white space
ANSWER_BYTES = 4096
CHILDREN_AT_ONCE = threading.BoundedSemaphore(4)  # per server process: four hostile files cost 4 GiB at the worst

AGAIN = (
    "Bitte erzeugen Sie das PDF neu, zum Beispiel über „Drucken“ und „Als PDF speichern“, und laden Sie es erneut hoch."
)

# Every reason with the sentences that people read. Those in ALWAYS refuse whatever the settings say.
REASONS = {
    "empty": "Die Datei ist leer. Bitte prüfen Sie das Dokument auf Ihrem Rechner und laden Sie es erneut hoch.",
    "too_large": "Die Datei ist größer als {max_megabytes} MB. Bitte speichern Sie das Dokument mit geringerer "
    "Bildauflösung oder teilen Sie es auf und laden Sie es erneut hoch.",
    "not_a_pdf": "Die Datei ist kein PDF, auch wenn ihr Name so enden mag. Bitte öffnen Sie das Dokument in dem "
    "Programm, mit dem es erstellt wurde, speichern Sie es dort als PDF und laden Sie dieses hoch.",
    "leading_data": f"Vor dem Anfang des PDF stehen fremde Daten. {AGAIN}",
    "truncated": "Die Datei ist unvollständig; ihr Ende fehlt. Bitte kopieren oder speichern Sie das Dokument noch "
    "einmal vollständig und laden Sie es erneut hoch.",
    "trailing_data": f"Hinter dem Ende des PDF stehen fremde Daten. {AGAIN}",
    "damaged": f"Die Datei ist beschädigt und lässt sich nicht sicher lesen. {AGAIN}",
    "encrypted": "Das Dokument ist mit einem Passwort oder mit eingeschränkten Rechten geschützt. Bitte speichern Sie "
    "das Dokument ohne Kennwortschutz und laden Sie es erneut hoch.",
    "no_pages": f"Das Dokument hat keine Seiten. {AGAIN}",
    "too_many_pages": "Das Dokument hat mehr als {max_pages} Seiten. Bitte teilen Sie es auf und laden Sie die Teile "
    "einzeln hoch.",
    "too_complex": "Das Dokument braucht beim Öffnen zu viel Speicher oder ist zu verschachtelt. Bitte erzeugen Sie "
    "das PDF neu, zum Beispiel über „Drucken“ und „Als PDF speichern“ mit geringerer Bildauflösung, und laden Sie es "
    "erneut hoch.",
    "active_content": "Das Dokument enthält Programmcode (JavaScript) oder Befehle, die andere Programme oder Dateien "
    f"öffnen. {AGAIN}",
    "file_links": "Das Dokument enthält Verweise auf Dateien eines Rechners oder Netzlaufwerks (file:). Bitte entfernen "
    "Sie diese Verweise, oder erzeugen Sie das PDF neu, zum Beispiel über „Drucken“ und „Als PDF speichern“, und laden Sie "
    "es erneut hoch.",
    "additional_actions": "Das Dokument führt beim Öffnen, Blättern oder Ausfüllen von selbst Aktionen aus, zum "
    f"Beispiel als ausfüllbares Formular. {AGAIN}",
    "embedded_files": "Das Dokument enthält angehängte Dateien. Bitte entfernen Sie die Anhänge, laden Sie das "
    "Dokument ohne sie erneut hoch und die Anhänge gesondert als PDF.",
    "xfa": f"Das Dokument ist ein dynamisches Formular (XFA), das nicht jedes Programm anzeigen kann. {AGAIN}",
    "multimedia": f"Das Dokument enthält Ton, Film oder dreidimensionale Darstellungen. {AGAIN}",
    "busy": "Zurzeit werden zu viele Dokumente gleichzeitig geprüft. Bitte laden Sie die Datei in einigen Minuten "
    "erneut hoch.",
}
ALWAYS = frozenset({"empty", "too_large", "not_a_pdf", "no_pages", "too_complex", "busy"})
CHOOSABLE = frozenset(REASONS) - ALWAYS


@dataclass(frozen=True)
class Limits:
    """What a file may cost. The defaults are those of the ministry's house; only the size is likely to change."""

    max_bytes: int = 25 * MIB
    max_pages: int = 2000
    max_objects: int = 200_000
    max_stream_bytes: int = 128 * MIB
    max_image_bytes: int = 512 * MIB  # A0 in colour at 300 dpi has 400 MiB
    max_inflated_bytes: int = 1024 * MIB
    max_pixels: int = 1_000_000_000
    memory_bytes: int = 1024 * MIB
    cpu_seconds: int = 20
    wall_seconds: float = 25


@dataclass(frozen=True)
class PdfFacts:
    """What is known of a file that passed. `pdfa` ("2A") is the file's own claim."""

    size: int
    sha256: str
    pages: int
    pdfa: str = ""


class Refused(Exception):
    """The file is not taken: `sentence` says how to mend it, `reason` is counted, `detail` goes to the log."""

    def __init__(self, reason: str, sentence: str, detail: str = ""):
        self.reason, self.sentence, self.detail = reason, sentence, detail
        super().__init__(sentence)


def check(
    source: str | os.PathLike | BinaryIO, *, limits: Limits | None = None, refuse: Collection[str] = CHOOSABLE
) -> PdfFacts:
    """The facts about a file, read from its beginning; raises Refused. A file object is left rewound, if it can be."""
    limits, refuse = limits or Limits(), ALWAYS | frozenset(refuse)
    with _opened(source) as file, tempfile.TemporaryFile(prefix="ikz-pdf-") as copy:
        try:
            size, sha256 = _copy(file, copy, limits.max_bytes)
            _look_at_both_ends(copy, size, refuse)
            facts = _ask_child(copy, limits, refuse)
        except _Objection as objection:
            raise _refusal(objection, limits) from None
    return PdfFacts(size=size, sha256=sha256, **facts)


class _Objection(Exception):
    def __init__(self, reason: str, detail: str = ""):
        self.reason, self.detail = reason, detail
        super().__init__(reason, detail)


def _refusal(objection: _Objection, limits: Limits) -> Refused:
    megabytes = f"{limits.max_bytes / MIB:.4g}".replace(".", ",")
    sentence = REASONS[objection.reason].format(max_megabytes=megabytes, max_pages=limits.max_pages)
    return Refused(objection.reason, sentence, objection.detail)


@contextmanager
def _opened(source):
    if isinstance(source, (str, os.PathLike)):
        with open(source, "rb") as file:
            yield file
        return
    source.seek(0)
    try:
        yield source
    finally:
        source.seek(0)


def _copy(file: BinaryIO, copy: BinaryIO, max_bytes: int) -> tuple[int, str]:
    """Into a file without a name, which is gone with the process: whatever is checked is what was hashed."""
    size, sha256 = 0, hashlib.sha256()
    while block := file.read(BLOCK):
        size += len(block)
        if size > max_bytes:
            raise _Objection("too_large")
        sha256.update(block)
        copy.write(block)
    copy.flush()
    return size, sha256.hexdigest()


def _look_at_both_ends(copy: BinaryIO, size: int, refuse: Collection[str]) -> None:
    if size == 0:
        raise _Objection("empty")
    copy.seek(0)
    start = copy.read(EDGE)
    if not start.startswith(b"%PDF-"):
        reason = "leading_data" if b"%PDF-" in start else "not_a_pdf"
        if reason in refuse:
            raise _Objection(reason)
    copy.seek(max(0, size - EDGE))
    if not copy.read().rstrip(b"\0\t\n\f\r ").endswith(b"%%EOF"):
        reason = _what_is_wrong_with_the_end(copy)
        if reason in refuse:
            raise _Objection(reason)


def _what_is_wrong_with_the_end(copy: BinaryIO) -> str:
    """More PDF after the last end mark, or no end mark at all, means that the rest is missing."""
    copy.seek(0)
    _before, mark, after = copy.read().rpartition(b"%%EOF")
    return "trailing_data" if mark and b" obj" not in after else "truncated"


def _ask_child(copy: BinaryIO, limits: Limits, refuse: Collection[str]) -> dict:
    if not CHILDREN_AT_ONCE.acquire(timeout=limits.wall_seconds):
        raise _Objection("busy")
    try:
        answer = _run_child(copy, {**asdict(limits), "refuse": sorted(refuse)}, limits.wall_seconds)
    finally:
        CHILDREN_AT_ONCE.release()
    if "reason" in answer:
        raise _Objection(answer["reason"], answer["detail"])
    return answer


def _run_child(copy: BinaryIO, task: dict, wall_seconds: float) -> dict:
    """A child that dies met something that no honest file holds.

    The kernel ends it after its seconds of computing; if it did not even get those in time, the machine is at fault.
    """
    copy.seek(0)
    with tempfile.TemporaryFile(prefix="ikz-pdf-answer-") as out:
        try:
            ended = subprocess.run(  # noqa: S603 - our own program; the file comes on stdin, by no name
                [sys.executable, "-I", str(CHILD), json.dumps(task)],
                stdin=copy,
                stdout=out,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={"LC_ALL": "C.UTF-8"},
                timeout=wall_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _Objection("busy", "timeout") from None
        out.seek(0)
        answer = out.read(ANSWER_BYTES)
    if ended.returncode != 0:
        raise _Objection("damaged", f"exit {ended.returncode}")
    return json.loads(answer)
