"""The client against a real clamd; a fake one only for what a real one does not do on demand."""

import io
import socket
import struct
import threading
import time
import zipfile
from contextlib import contextmanager

import pytest
from django.core.checks import Error, Warning

from ikz import antivirus
from ikz.antivirus import Address, ScanResult, address, ask, check_setting, scan, verdict
from tests import clamd
from tests.applications import pdf_samples


@pytest.fixture
def address_of_clamd(socket_of_clamd):
    return Address(socket.AF_UNIX, str(socket_of_clamd))


def zipped_bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(2 * clamd.FILE_MAX))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "result"),
    [
        (pdf_samples.infected(), ("infected", "Test.Eicar.UNOFFICIAL", antivirus.VIRUS)),
        (clamd.EICAR, ("infected", "Test.Eicar.UNOFFICIAL", antivirus.VIRUS)),
        (pdf_samples.encrypted(user="u"), ("infected", "Heuristics.Encrypted.PDF", antivirus.ENCRYPTED)),
        (zipped_bomb(), ("infected", "Heuristics.Limits.Exceeded.MaxScanSize", antivirus.BEYOND_LIMITS)),
        (bytes(clamd.STREAM_MAX + 1), ("infected", "", antivirus.BEYOND_LIMITS)),
        (bytes(3 * clamd.STREAM_MAX), ("infected", "", antivirus.BEYOND_LIMITS)),
        (pdf_samples.plain(), ("clean", "", antivirus.NO_FINDINGS)),
        (b"", ("clean", "", antivirus.NO_FINDINGS)),
    ],
    ids=["infected PDF", "test virus", "encrypted", "bomb", "too long", "much too long", "clean", "empty"],
)
def test_real_scanner_answers(address_of_clamd, content, result):
    status, name, sentence = result

    found = ask(address_of_clamd, io.BytesIO(content), seconds=20)

    assert found == ScanResult(status, sentence.format(name=name))


def test_file_is_read_from_its_beginning_by_the_configured_scanner(scanner):
    file = io.BytesIO(clamd.EICAR)
    file.read()

    assert scan(file).status == "infected"


def test_no_scanner_is_no_verdict(settings):
    settings.IKZ_CLAMD = ""

    assert scan(io.BytesIO(b"Beschluss")) == ScanResult("unscanned", "Es ist kein Virenscanner eingerichtet.")


@contextmanager
def fake(answer, path=None):
    """A server for one connection, on a port or a socket of its own, that does what `answer` does with it."""
    family = socket.AF_UNIX if path else socket.AF_INET
    with socket.create_server(str(path) if path else ("127.0.0.1", 0), family=family) as server:

        def serve():
            connection, _peer = server.accept()
            with connection:
                answer(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield Address(family, server.getsockname())
        thread.join(5)


def whole_stream(connection):
    """Take in all that an honest client sends."""
    with connection.makefile("rb") as file:
        assert file.read(10) == b"zINSTREAM\0"
        while size := struct.unpack("!I", file.read(4))[0]:
            file.read(size)


def after_the_stream(*parts):
    def answer(connection):
        whole_stream(connection)
        for part in parts:
            connection.sendall(part)

    return answer


def closes_at_once(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def floods(connection):
    whole_stream(connection)
    connection.sendall(b"stream: " + b"A" * (2 * antivirus.LONGEST_REPLY))


def test_scanner_that_hangs_up_gives_no_verdict():
    """Whether the reset is met while sending or while reading is up to the network."""
    with fake(closes_at_once) as where:
        result = ask(where, io.BytesIO(bytes(300_000)), seconds=10)

    assert result.status == "pending"
    assert result.detail in (antivirus.UNREACHABLE, antivirus.NO_VERDICT)


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (after_the_stream(), ScanResult("pending", antivirus.NO_VERDICT)),
        (after_the_stream(b"stream: OK but"), ScanResult("pending", antivirus.NO_VERDICT)),
        (after_the_stream(b"\xff\xfe\0"), ScanResult("pending", antivirus.NO_VERDICT)),
        (after_the_stream(b"stream: Can't allocate memory ERROR\0"), ScanResult("pending", antivirus.NO_VERDICT)),
        (after_the_stream(b"stream: ", b"OK\0stream: X FOUND\0"), ScanResult("clean", antivirus.NO_FINDINGS)),
        (after_the_stream(b"stream: OK"), ScanResult("clean", antivirus.NO_FINDINGS)),
    ],
    ids=["says nothing", "babbles", "garbage", "out of memory", "in two parts", "without an end"],
)
def test_strange_scanner_is_no_clean_bill(answer, result):
    with fake(answer) as where:
        assert ask(where, io.BytesIO(bytes(300_000)), seconds=10) == result


def test_flood_of_words_is_cut():
    with fake(lambda connection: _ignoring_reset(floods, connection)) as where:
        assert ask(where, io.BytesIO(b"x"), seconds=10) == ScanResult("pending", antivirus.NO_VERDICT)


def _ignoring_reset(answer, connection):
    try:
        answer(connection)
    except (BrokenPipeError, ConnectionResetError):
        return


def test_clean_bill_before_the_end_of_the_file_does_not_count(tmp_path):
    def answers_too_early(connection):
        connection.recv(10)
        connection.sendall(b"stream: OK\0")

    with fake(answers_too_early, path=tmp_path / "socket") as where:
        assert ask(where, io.BytesIO(bytes(20_000_000)), seconds=10) == ScanResult("pending", antivirus.NO_VERDICT)


@pytest.mark.parametrize("size", [10, 30_000_000], ids=["silent after the file", "takes no file"])
def test_hanging_scanner_ends_with_the_time_given(size):
    released = threading.Event()
    start = time.monotonic()

    with fake(lambda connection: released.wait(10)) as where:
        result = ask(where, io.BytesIO(bytes(size)), seconds=0.3)
        released.set()

    assert result == ScanResult("pending", antivirus.TOO_SLOW)
    assert time.monotonic() - start < 3


def test_scanner_that_drips_ends_with_the_time_given():
    def drips(connection):
        whole_stream(connection)
        for _ in range(40):
            connection.sendall(b"s")
            time.sleep(0.1)

    start = time.monotonic()
    with fake(lambda connection: _ignoring_reset(drips, connection)) as where:
        result = ask(where, io.BytesIO(b"x"), seconds=0.5)
        seconds = time.monotonic() - start

    assert result == ScanResult("pending", antivirus.TOO_SLOW)
    assert seconds < 2


@pytest.mark.parametrize("value", ["unix:/nowhere/clamd.sock", "127.0.0.1:1", "[::1]:1", "localhost:1"])
def test_absent_scanner_leaves_the_file_pending(settings, value):
    settings.IKZ_CLAMD, settings.IKZ_CLAMD_SECONDS = value, 5

    assert scan(io.BytesIO(b"x")) == ScanResult(
        "pending", "Der Virenscanner ist nicht erreichbar; die Prüfung wird nachgeholt."
    )


def test_file_that_cannot_be_read_is_not_the_scanners_fault():
    class Unreadable(io.BytesIO):
        def read(self, *_size):
            raise FileNotFoundError("gone")

    with fake(lambda connection: connection.recv(10)) as where, pytest.raises(FileNotFoundError):
        ask(where, Unreadable(), seconds=5)


@pytest.mark.parametrize(
    ("reply", "status", "sentence"),
    [
        ("stream: Win.Test.EICAR_HDB-1 FOUND", "infected", antivirus.VIRUS.format(name="Win.Test.EICAR_HDB-1")),
        (
            "stream: Heuristics.PDF.ObfuscatedNameObject FOUND",
            "infected",
            antivirus.SUSPICIOUS.format(name="Heuristics.PDF.ObfuscatedNameObject"),
        ),
        ("stream: Heuristics.Encrypted.PDF FOUND", "infected", antivirus.ENCRYPTED),
        ("stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND", "infected", antivirus.BEYOND_LIMITS),
        ("INSTREAM size limit exceeded. ERROR", "infected", antivirus.BEYOND_LIMITS),
        (f"stream: {'A' * 200} FOUND", "infected", antivirus.VIRUS.format(name="A" * 40)),
        ("stream:  FOUND", "pending", antivirus.NO_VERDICT),
        ("STREAM: ok", "pending", antivirus.NO_VERDICT),
        ("UNKNOWN COMMAND", "pending", antivirus.NO_VERDICT),
        ("", "pending", antivirus.NO_VERDICT),
    ],
)
def test_reply_is_put_into_words(reply, status, sentence):
    found = verdict(reply)

    assert (found.status, found.detail) == (status, sentence)
    assert len(found.detail) <= 200


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ("", None),
        ("unix:/run/clamav/clamd.ctl", Address(socket.AF_UNIX, "/run/clamav/clamd.ctl")),
        ("127.0.0.1:3310", Address(socket.AF_INET, ("127.0.0.1", 3310))),
        ("clamav:3310", Address(socket.AF_INET, ("clamav", 3310))),
        ("[::1]:3310", Address(socket.AF_INET6, ("::1", 3310))),
    ],
)
def test_address_is_read(value, where):
    assert address(value) == where


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("clamav", "IKZ_CLAMD nennt keinen Virenscanner: „clamav“."),
        (":3310", "IKZ_CLAMD nennt keinen Virenscanner: „:3310“."),
        ("::1:3310", "IKZ_CLAMD nennt keinen Virenscanner: „::1:3310“."),
        ("[x]:3310", "IKZ_CLAMD nennt keinen Virenscanner: „[x]:3310“."),
        ("tcp://clamav:3310", "IKZ_CLAMD nennt keinen Virenscanner: „tcp://clamav:3310“."),
        ("clamav:", "IKZ_CLAMD hat keinen gültigen Port: „clamav:“."),
        ("clamav:0", "IKZ_CLAMD hat keinen gültigen Port: „clamav:0“."),
        ("clamav:65536", "IKZ_CLAMD hat keinen gültigen Port: „clamav:65536“."),
        ("clamav:٣٣", "IKZ_CLAMD hat keinen gültigen Port: „clamav:٣٣“."),
        ("unix:clamd.ctl", "IKZ_CLAMD nennt keinen vollständigen Pfad: „unix:clamd.ctl“."),
        ("unix:/" + "a" * 107, f"IKZ_CLAMD nennt keinen vollständigen Pfad: „unix:/{'a' * 107}“."),
    ],
)
def test_malformed_address_fails_at_start_with_a_sentence(settings, value, sentence):
    settings.IKZ_CLAMD = value

    (error,) = check_setting(None)

    assert isinstance(error, Error)
    assert (error.id, error.msg.partition(" Erwartet")[0]) == ("ikz.E001", sentence)


@pytest.mark.parametrize("value", ["", "unix:/run/clamav/clamd.ctl", "127.0.0.1:3310", "[::1]:3310", "localhost:3310"])
def test_address_on_this_machine_is_fine(settings, value):
    settings.IKZ_CLAMD = value

    assert check_setting(None) == []


@pytest.mark.parametrize("value", ["clamav:3310", "192.168.1.2:3310"])
def test_scanner_on_another_machine_is_warned_of(settings, value):
    settings.IKZ_CLAMD = value

    (warning,) = check_setting(None)

    assert isinstance(warning, Warning)
    assert warning.id == "ikz.W001"
