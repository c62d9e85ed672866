"""The whole database as one file, taken while others write, and back again.

SQLite by its own backup interface, which sees one state and blocks nobody in WAL mode; PostgreSQL by pg_dump in a snapshot
that our own reading shares. Both raise DumpFailed with a sentence.
"""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.models import FileField

from applications import evidence

FILE = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
COPY = re.compile(r"COPY (?:\w+\.)?\"?(?P<table>\w+)\"? \((?P<columns>.+)\) FROM stdin;")
DEBIAN = Path("/usr/lib/postgresql")


class DumpFailed(Exception):
    """The message says what to do."""


def dump(path: Path) -> set[str]:
    """Write the database to a file, over what is there; returns the names of all documents that its rows refer to."""
    return _dump_postgresql(path) if connection.vendor == "postgresql" else _dump_sqlite(path)


def restore(path: Path, *, replace: bool = False) -> None:
    """Fill the database from a file, as a whole or not at all; with `replace` over what is there."""
    if connection.vendor == "postgresql":
        _restore_postgresql(path, replace=replace)
    else:
        _restore_sqlite(path)


def names_in(path: Path) -> set[str]:
    """The names of all documents that the rows of a dump refer to, read from the file alone. Raises DumpFailed."""
    return _names_in_postgresql(path) if connection.vendor == "postgresql" else _names_in_sqlite(path)


def is_empty() -> bool:
    return not connection.introspection.table_names()


def _columns() -> list[tuple[str, str]]:
    """(table, column) of every field that names a document."""
    fields = [field for model in apps.get_models() for field in model._meta.local_fields]
    return [(field.model._meta.db_table, field.column) for field in fields if isinstance(field, FileField)]


def _names(execute, there=None) -> set[str]:
    """`there`: the tables and columns that there are, where not all may be."""
    columns = [each for each in _columns() if there is None or each in there]
    queries = [f'SELECT DISTINCT "{column}" FROM "{table}"' for table, column in columns]  # noqa: S608 (our models)
    return {name for query in queries for (name,) in execute(query) if name}


def _dump_sqlite(path: Path) -> set[str]:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as live, closing(sqlite3.connect(path)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        if (found := copy.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
            raise DumpFailed(f"Die Datenbank ist beschädigt: {found}")
        return _names(lambda query: copy.execute(query).fetchall())


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _names_in_sqlite(path: Path) -> set[str]:
    """A dump of an older release may lack tables and columns."""
    with closing(_opened(path)) as copy:
        there = {
            (table, column)
            for table, _column in _columns()
            for (column,) in copy.execute("SELECT name FROM pragma_table_info(?)", [table])
        }
        return _names(lambda query: copy.execute(query).fetchall(), there)


def _restore_sqlite(path: Path) -> None:
    connection.close()
    with (
        closing(_opened(path)) as copy,
        closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=5)) as live,
    ):
        try:
            copy.backup(live)
        except sqlite3.OperationalError as error:
            raise DumpFailed(
                "Die Datenbank wird gerade benutzt. Bitte halten Sie Webprozesse und Worker an und wiederholen Sie den Befehl."
            ) from error


def _dump_postgresql(path: Path) -> set[str]:
    with evidence.snapshot(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", "--no-owner", "--no-privileges", f"--file={path}")
        return _names(lambda query: cursor.execute(query) or cursor.fetchall())


def _restore_postgresql(path: Path, *, replace: bool) -> None:
    clean = ["--clean", "--if-exists"] if replace else []
    name = connection.settings_dict["NAME"]
    _run("pg_restore", "--single-transaction", "--no-owner", "--no-privileges", *clean, f"--dbname={name}", str(path))


def _names_in_postgresql(path: Path) -> set[str]:
    """From the tables as pg_restore writes them: a line with the columns, then a line for each row, then a dot."""
    tables = sorted({table for table, _column in _columns()})
    arguments = ["--data-only", "--file=-", *(f"--table={table}" for table in tables), str(path)]
    command = [str(_program("pg_restore")), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603
        names = set(_names_in_copies(process.stdout))
        said = process.stderr.read()
    if process.returncode:
        raise DumpFailed(f"pg_restore ist gescheitert: {said.strip()}")
    return names


def _names_in_copies(lines: Iterable[str]) -> Iterator[str]:
    wanted, places = set(_columns()), []
    for line in lines:
        if begin := COPY.match(line):
            columns = begin["columns"].replace('"', "").split(", ")
            places = [place for place, column in enumerate(columns) if (begin["table"], column) in wanted]
        elif line == "\\.\n":
            places = []
        elif places:
            values = line.rstrip("\n").split("\t")
            yield from (values[place] for place in places if values[place] not in ("", "\\N"))


def _run(program: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs. The password goes by environment, where other users do not see it."""
    command = [str(_program(program)), *arguments]
    done = subprocess.run(command, env={**os.environ, **_credentials()}, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise DumpFailed(f"{program} ist gescheitert: {done.stderr.strip()}")


def _credentials() -> dict[str, str]:
    given = connection.get_connection_params()
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    names |= {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    return {variable: str(given[name]) for name, variable in names.items() if given.get(name)}


def _program(name: str) -> Path:
    """The client must be as new as the server; Debian keeps several versions side by side."""
    connection.ensure_connection()
    wanted = connection.pg_version // 10_000
    places = sorted(DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    if found := shutil.which(name):
        places.insert(0, Path(found))
    versions = {place: _version(place) for place in places}
    for place, version in versions.items():
        if version >= wanted:
            return place
    known = f"gefunden: {', '.join(str(version) for version in versions.values())}" if versions else "gefunden: keines"
    raise DumpFailed(
        f"{name} in der Version {wanted} oder neuer fehlt ({known}). Bitte installieren Sie postgresql-client-{wanted}."
    )


def _version(program: Path) -> int:
    said = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    return int(re.search(r"(\d+)", said)[1])
