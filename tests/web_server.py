"""The real web processes on loopback, for what is measured under load and what is killed on purpose."""

import contextlib
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tests.ports import end, free_port, wait_until_open


@dataclass
class WebServer:
    port: int
    process: subprocess.Popen
    log: Path

    def web_processes(self) -> list[int]:
        """The keys of the processes that answer requests."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text(encoding="ascii").split()]

    def memory(self, figure="VmRSS") -> list[float]:
        """MiB of each web process: VmRSS now, VmHWM at its highest."""
        return [_memory(pid, figure) for pid in self.web_processes()]

    def errors(self) -> list[str]:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if "Traceback" in line or '"level": "ERROR"' in line]


def _memory(pid, figure) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(rf"{figure}:\s+(\d+)", status)[1]) / 1024


def environment(folder: Path, **settings_of_its_own) -> dict:
    """What a process of the application needs to work on the same database, with the same sessions, in this folder."""
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "IKZ_VAR_DIR": str(folder),
        "IKZ_SECRET_KEY": settings.SECRET_KEY,
        "IKZ_LOG": "json",
        **settings_of_its_own,
    }


def collect_static(given: dict):
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, check=True, cwd=settings.BASE_DIR, env=given)


@contextlib.contextmanager
def running(given: dict, *options, processes=2, clock=0):
    """Yield web processes as docs/deploy/gunicorn.conf.py starts them, that are gone afterwards.

    `clock` is by how many hours theirs is ahead of the machine's.
    """
    port, log = free_port(), Path(given["IKZ_VAR_DIR"]) / "gunicorn.log"
    started_by = ["tests.other_clock", str(clock)] if clock else []
    command = [sys.executable, "-m", *started_by, "gunicorn", "--config", "docs/deploy/gunicorn.conf.py"]
    command += ["--workers", str(processes), "--bind", f"127.0.0.1:{port}", *options, "ikz.wsgi"]
    with (
        log.open("ab") as out,
        subprocess.Popen(command, cwd=settings.BASE_DIR, env=given, stdout=out, stderr=out) as process,
    ):
        try:
            wait_until_open(port, process, log)
            yield WebServer(port, process, log)
        finally:
            end(process)
