"""Ports on loopback for the servers that tests start, whether somebody listens there, and their end."""

import random
import socket
import subprocess
import time
from pathlib import Path

SECONDS_TO_START = 60
SECONDS_TO_END = 150  # gunicorn waits a minute for what is under way, twice when it was just reloading
# Below the ports that systems give to outgoing connections, which could take one before its server does.
_CANDIDATES = iter(random.SystemRandom().sample(range(20_000, 32_768), k=12_768))


def free_port() -> int:
    """A port that nobody listens at; never the same twice."""
    return next(port for port in _CANDIDATES if not _is_open(port))


def wait_until_open(port: int, process: subprocess.Popen, log: Path | None = None) -> None:
    """Return when somebody listens; RuntimeError, with what the log says, when the process ends or takes too long."""
    end = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < end:
        if _is_open(port):
            return
        time.sleep(0.05)
    said = log.read_text(encoding="utf-8", errors="replace") if log else ""
    raise RuntimeError(f"{process.args} does not start: {said}")


def end(process: subprocess.Popen) -> None:
    """Ask it to end; RuntimeError when it had to be killed."""
    process.terminate()
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        raise RuntimeError(f"{process.args} does not end") from None


def _is_open(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
