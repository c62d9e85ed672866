"""The virus scanner: ClamAV's clamd, asked over its socket. Answers in a sentence, in time, and never raises.

IKZ_CLAMD says where it listens ("unix:/run/clamav/clamd.ctl" or "127.0.0.1:3310"; empty: there is none). clamd knows no
passwords, so it belongs on a socket or on the own machine. What it needs in clamd.conf: AlertExceedsMax yes (else a
file beyond its limits comes back clean, unread), AlertEncrypted yes, StreamMaxLength above our own limit.
"""

import re
import socket
import struct
import time
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from ikz.hosts import is_address, is_this_machine

CHUNK = 1 << 17
LONGEST_REPLY = 4096
OK = "stream: OK"
CONNECT_SECONDS = 3

CLEAN = "clean"
INFECTED = "infected"
PENDING = "pending"
UNSCANNED = "unscanned"

NO_SCANNER = "Es ist kein Virenscanner eingerichtet."
NO_FINDINGS = "Der Virenscanner hat nichts gefunden."
VIRUS = "Der Virenscanner hat Schadsoftware gefunden ({name}). Bitte lassen Sie Ihren Rechner prüfen."
SUSPICIOUS = (
    "Der Virenscanner hält den Aufbau der Datei für verdächtig ({name}), ohne eine bekannte Schadsoftware zu finden. "
    "Bitte erzeugen Sie das PDF neu."
)
ENCRYPTED = (
    "Der Virenscanner kann in die Datei nicht hineinsehen, weil sie verschlüsselt ist. Bitte speichern Sie das "
    "Dokument ohne Kennwortschutz."
)
BEYOND_LIMITS = (
    "Der Virenscanner kann die Datei nicht vollständig prüfen, weil sie zu groß oder zu verschachtelt ist. "
    "Bitte erzeugen Sie das PDF neu und kleiner."
)
UNREACHABLE = "Der Virenscanner ist nicht erreichbar; die Prüfung wird nachgeholt."
TOO_SLOW = "Der Virenscanner hat nicht rechtzeitig geantwortet; die Prüfung wird nachgeholt."
UNREADY = "Der Virenscanner antwortet nicht."
NO_VERDICT = "Der Virenscanner hat kein Ergebnis geliefert; die Prüfung wird nachgeholt."


@dataclass(frozen=True)
class ScanResult:
    """`status` is one of the four words above and `detail` a sentence.

    Whatever is `infected` is refused: a virus, a suspicion, or a file that cannot be looked into.
    """

    status: str
    detail: str


@dataclass(frozen=True)
class Address:
    family: socket.AddressFamily
    target: str | tuple[str, int]

    def is_local(self) -> bool:
        return isinstance(self.target, str) or is_this_machine(self.target[0])


def address(value: str) -> Address | None:
    """Where the setting points; None if it is empty. ValueError says in a sentence what is wrong with it."""
    if not value:
        return None
    if value.startswith("unix:"):
        return _unix(value)
    host, colon, port = value.rpartition(":")
    bare = host.removeprefix("[").removesuffix("]")
    named = re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", host)
    if not colon or not (named or (host == f"[{bare}]" and is_address(bare))):
        raise ValueError(
            f"IKZ_CLAMD nennt keinen Virenscanner: „{value}“. Erwartet wird „unix:/pfad/zum/socket“ oder "
            "„rechner:port“."
        )
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"IKZ_CLAMD hat keinen gültigen Port: „{value}“. Erwartet wird zum Beispiel „127.0.0.1:3310“.")
    return Address(socket.AF_INET6 if bare != host else socket.AF_INET, (bare, int(port)))


def _unix(value: str) -> Address:
    path = value.removeprefix("unix:")
    if not path.startswith("/") or len(path.encode()) > 107:  # what the kernel takes
        raise ValueError(
            f"IKZ_CLAMD nennt keinen vollständigen Pfad: „{value}“. Erwartet wird zum Beispiel "
            "„unix:/run/clamav/clamd.ctl“ mit höchstens 107 Zeichen."
        )
    return Address(socket.AF_UNIX, path)


def check_setting(app_configs, **kwargs) -> list[CheckMessage]:
    """A system check: a scanner that is meant to be there and cannot be asked must not look like no scanner."""
    try:
        where = address(settings.IKZ_CLAMD)
    except ValueError as error:
        return [Error(str(error), id="ikz.E001")]
    if where and not where.is_local():
        return [
            Warning(
                "IKZ_CLAMD zeigt auf einen anderen Rechner. clamd kennt weder Anmeldung noch Verschlüsselung.",
                hint="Lassen Sie clamd auf demselben Rechner oder in einem abgeschlossenen Netz laufen.",
                id="ikz.W001",
            )
        ]
    return []


def scan(fileobj) -> ScanResult:
    """Ask the configured scanner about a file, read from its beginning; takes at most IKZ_CLAMD_SECONDS."""
    where = address(settings.IKZ_CLAMD)
    if where is None:
        return ScanResult(UNSCANNED, NO_SCANNER)
    return ask(where, fileobj, seconds=settings.IKZ_CLAMD_SECONDS)


def ask(where: Address, fileobj, *, seconds: float) -> ScanResult:
    """As scan(), at a given address. Errors of the file itself are the caller's; those of the scanner are an answer."""
    fileobj.seek(0)
    connection = _Connection(where, seconds)
    try:
        return verdict(_converse(connection, fileobj))
    except _NoAnswer as silence:
        return ScanResult(PENDING, silence.detail)
    finally:
        connection.close()


def why_away(seconds: float = CONNECT_SECONDS) -> str:
    """The sentence of why the configured scanner does not answer; empty if it does, or if there is none."""
    where = address(settings.IKZ_CLAMD)
    if where is None:
        return ""
    connection = _Connection(where, seconds)
    try:
        connection.open()
        connection.send(b"zPING\0")
        return "" if connection.receive() == b"PONG" else UNREADY
    except _NoAnswer:
        return UNREADY
    finally:
        connection.close()


class _NoAnswer(Exception):
    def __init__(self, detail: str):
        self.detail = detail
        super().__init__(detail)


class _Connection:
    """A socket whose every step ends before one common end."""

    def __init__(self, where: Address, seconds: float):
        self.end = time.monotonic() + seconds
        self.where = where
        self.socket = socket.socket(where.family, socket.SOCK_STREAM)

    def close(self) -> None:
        self.socket.close()

    def open(self) -> None:
        with self._step(at_most=CONNECT_SECONDS):
            self.socket.connect(self.where.target)

    def send(self, data: bytes) -> bool:
        """Whether the other side took it all; clamd hangs up at its limits."""
        with self._step():
            try:
                self.socket.sendall(data)
            except (BrokenPipeError, ConnectionResetError):
                return False
        return True

    def receive(self) -> bytes:
        """One reply, ended by NUL or by the other side, and no more than a reply can be long."""
        reply = b""
        while b"\0" not in reply and len(reply) < LONGEST_REPLY:
            with self._step():
                part = self.socket.recv(LONGEST_REPLY)
            if not part:
                break
            reply += part
        return reply.partition(b"\0")[0]

    @contextmanager
    def _step(self, at_most: float = float("inf")):
        left = min(at_most, self.end - time.monotonic())
        if left <= 0:
            raise _NoAnswer(TOO_SLOW)
        self.socket.settimeout(left)
        try:
            yield
        except TimeoutError:
            raise _NoAnswer(TOO_SLOW) from None
        except OSError:
            raise _NoAnswer(UNREACHABLE) from None


def _converse(connection: _Connection, fileobj) -> str:
    """Stream the file. What clamd said before it hung up can still be read, but then it is no clean bill."""
    connection.open()
    taken = connection.send(b"zINSTREAM\0")
    while taken and (block := fileobj.read(CHUNK)):
        taken = connection.send(struct.pack("!I", len(block)) + block)
    taken = taken and connection.send(struct.pack("!I", 0))
    reply = connection.receive().decode("utf-8", "replace")
    return reply if taken or reply != OK else ""


def verdict(reply: str) -> ScanResult:
    """What a reply of clamd means. Only the plain OK is clean."""
    if reply == OK:
        return ScanResult(CLEAN, NO_FINDINGS)
    if "size limit exceeded" in reply:
        return ScanResult(INFECTED, BEYOND_LIMITS)
    if found := re.fullmatch(r"stream: (\S{1,200}) FOUND", reply):
        return ScanResult(INFECTED, _in_words(found[1]))
    return ScanResult(PENDING, NO_VERDICT)


def _in_words(name: str) -> str:
    """Heuristics are the scanner's own suspicion or its limits, no virus that somebody has described."""
    if name.startswith("Heuristics.Limits.Exceeded"):
        return BEYOND_LIMITS
    if name.startswith("Heuristics.Encrypted"):
        return ENCRYPTED
    return (SUSPICIOUS if name.startswith("Heuristics.") else VIRUS).format(name=name[:40])
