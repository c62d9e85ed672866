"""A real clamd of the test's own: one signature, a socket in a temporary folder, up in a tenth of a second."""

import contextlib
import os
import shutil
import subprocess
import time
from pathlib import Path

SECONDS_TO_START = 20
MIB = 1024 * 1024
STREAM_MAX = 8 * MIB
FILE_MAX = 4 * MIB
# In two parts, so that no scanner takes this file for the test virus.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + rb"ANTIVIRUS-TEST-FILE!$H+H*"
CONFIGURATION = """
LocalSocket {folder}/clamd.sock
DatabaseDirectory {folder}/signatures
TemporaryDirectory {folder}
Foreground yes
AlertExceedsMax yes
AlertEncrypted yes
StreamMaxLength {stream_max}
MaxFileSize {file_max}
MaxScanSize {file_max}
"""

_RUNNING = {}


def program() -> str | None:
    return shutil.which("clamd", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


@contextlib.contextmanager
def running(folder: Path):
    """Yield the socket's path of a clamd that is gone afterwards."""
    signatures = folder / "signatures"
    signatures.mkdir(exist_ok=True)
    (signatures / "test.ndb").write_text(f"Test.Eicar:0:*:{EICAR.hex()}\n", encoding="ascii")
    configuration = folder / "clamd.conf"
    configuration.write_text(
        CONFIGURATION.format(folder=folder, stream_max=STREAM_MAX, file_max=FILE_MAX), encoding="utf-8"
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program(), "-c", configuration], stdout=log, stderr=log)
        try:
            _wait_for(folder / "clamd.sock", process, folder / "log")
            _RUNNING[folder / "clamd.sock"] = process
            yield folder / "clamd.sock"
        finally:
            process.kill()
            process.wait()
            (folder / "clamd.sock").unlink(missing_ok=True)


def process_at(path: Path) -> subprocess.Popen:
    """The scanner that listens there, to be stopped and woken."""
    return _RUNNING[path]


def _wait_for(path: Path, process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while not path.exists():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"clamd does not start: {log.read_text(encoding='utf-8', errors='replace')}")
        time.sleep(0.02)
