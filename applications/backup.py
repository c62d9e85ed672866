"""Database and documents as one set in a folder, with a manifest of checksums, and back.

The database comes first, then the documents that its rows name. A document is stored before its row is committed, is
never changed, and goes away only when no row knows it (tidying.py): so every row of the dump finds its document, however
much is uploaded meanwhile. The other way round, a row committed after the documents were listed would lack its own.

The manifest is written last, and then its own checksum, the seal. A set without one is not finished: the same command
goes on where it stopped. A restore compares the seal, every file, and the documents that the rows of the dump name, and
only then puts the documents back first and the database last, for the same reason.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from applications import database_dump, tidying
from ikz import storage
from ikz.german import counted

FORMAT = 2
UNSEALED = 1  # the format of sets from before there was a seal
MANIFEST = "manifest.json"
SEAL = "manifest.sha256"  # as sha256sum writes it
DOCUMENTS = "documents"
TELL_EVERY_SECONDS = 30


class SetRefused(Exception):
    """The set cannot be made or used; the message says why and what to do."""


@dataclass(frozen=True)
class Kept:
    """A file of the set: its checksum and how many bytes it has."""

    sha256: str
    size: int


@dataclass
class Manifest:
    """What a set consists of: path in the folder → Kept. `lost`: documents that the store did not have intact."""

    database: str
    made_at: str
    migrations: list[str]
    files: dict[str, Kept] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    format: int = FORMAT

    @property
    def documents(self) -> dict[str, Kept]:
        """name in the store → Kept."""
        prefix = f"{DOCUMENTS}/"
        return {path.removeprefix(prefix): kept for path, kept in self.files.items() if path.startswith(prefix)}

    @property
    def size(self) -> int:
        return sum(kept.size for kept in self.files.values())


def make(folder: Path, *, tell: Callable[[str], None]) -> Manifest:
    """Write a set into a folder, or finish one that was interrupted. Raises SetRefused, DumpFailed."""
    if is_finished(folder):
        raise SetRefused(f"In {folder} liegt schon eine vollständige Sicherung. Bitte nennen Sie einen neuen Ordner.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # all that is in it concerns people
    dump = database_dump.FILE[connection.vendor]
    manifest = Manifest(connection.vendor, timezone.now().isoformat(timespec="seconds"), _applied_migrations())
    names = database_dump.dump(folder / dump)
    manifest.files[dump] = _kept(folder / dump)
    tell("Datenbank gesichert.")
    for name in sorted(names):
        if kept := _copied(name, folder / DOCUMENTS / name):
            manifest.files[f"{DOCUMENTS}/{name}"] = kept
        else:
            manifest.lost.append(name)
    kept = _write(folder / MANIFEST, [json.dumps(asdict(manifest), indent=1).encode()])
    _write(folder / SEAL, [_seal(kept.sha256)])
    return manifest


def read(folder: Path, *, tell: Callable[[str], None], start: str = "") -> Manifest:
    """The manifest of a set whose every file was found as it says, and which lacks no document. Raises SetRefused, DumpFailed.

    `start` goes on with a look that was interrupted: files before this path are not read again.
    """
    manifest = manifest_of(folder)
    if manifest.format == UNSEALED:
        tell(
            "Die Sicherung ist aus einer älteren Fassung und hat kein Siegel; ihr Verzeichnis selbst ist nicht geprüft."
        )
    for fault in _faults(folder, manifest, tell, start):
        raise _damaged(folder, fault)
    if manifest.database != connection.vendor:
        tell(
            "Ob Dokumente fehlen, die ihre Datenbank nennt, prüft nur eine Installation mit derselben Art von Datenbank."
        )
    elif missing := _missing(folder, manifest):
        raise _damaged(
            folder, f"{counted(len(missing), 'Dokument fehlt', 'Dokumente fehlen')}, zum Beispiel {min(missing)}."
        )
    return manifest


def _missing(folder: Path, manifest: Manifest) -> set[str]:
    """What rows of the dump name and the set has not, beyond what was lost already when it was made."""
    named = database_dump.names_in(folder / database_dump.FILE[manifest.database])
    return named - manifest.documents.keys() - set(manifest.lost)


def _damaged(folder: Path, fault: str) -> SetRefused:
    return SetRefused(f"Die Sicherung in {folder} ist beschädigt: {fault} Bitte nehmen Sie eine andere Sicherung.")


def restore(folder: Path, *, replace: bool, tell: Callable[[str], None]) -> Manifest:
    """Bring a set back into an empty database and the store. Raises SetRefused, DumpFailed."""
    _refuse_another_kind(manifest_of(folder))
    manifest = read(folder, tell=tell)
    tell("Die Sicherung ist vollständig und unbeschädigt.")
    if not (replace or database_dump.is_empty()):
        raise SetRefused(
            "Die Datenbank ist nicht leer. Bitte nehmen Sie eine leere Datenbank; „--replace“ überschreibt, was darin ist."
        )
    for name in manifest.documents:
        _put_back(name, folder / DOCUMENTS / name)
    tell(f"{counted(len(manifest.documents), 'Dokument', 'Dokumente')} in der Ablage.")
    database_dump.restore(folder / database_dump.FILE[manifest.database], replace=replace)
    tell("Datenbank wiederhergestellt.")
    return manifest


def broken_documents() -> set[str]:
    """The names that rows refer to and that the store does not have as they promise; reads every document."""
    return {name for name in tidying.names_in_rows() if not _is_intact(name)}


def _is_intact(name: str) -> bool:
    try:
        return storage.is_intact(name)
    except FileNotFoundError:
        return False


def is_finished(folder: Path) -> bool:
    """Whether a set lies there to its end; says nothing of lost documents. Raises SetRefused for an unreadable manifest.

    A manifest without a seal is finished only where it is from before there was one.
    """
    if not (folder / MANIFEST).exists():
        return False
    return (folder / SEAL).exists() or _parsed(folder).format == UNSEALED


def manifest_of(folder: Path) -> Manifest:
    """As it was sealed. Raises SetRefused for a set that is not finished, damaged, or of an unknown format."""
    if not (folder / MANIFEST).exists():
        raise _unfinished(folder, MANIFEST)
    is_sealed = (folder / SEAL).exists()
    if is_sealed and (folder / SEAL).read_bytes() != _seal(_kept(folder / MANIFEST).sha256):
        raise _damaged(folder, f"{MANIFEST} stimmt nicht mit seiner Prüfsumme überein.")
    manifest = _parsed(folder)
    if manifest.format not in (FORMAT, UNSEALED):
        raise SetRefused(f"Die Sicherung in {folder} hat das unbekannte Format {manifest.format}.")
    if not is_sealed and manifest.format != UNSEALED:
        raise _unfinished(folder, SEAL)
    return manifest


def _unfinished(folder: Path, missing: str) -> SetRefused:
    return SetRefused(
        f"In {folder} liegt keine vollständige Sicherung: {missing} fehlt. Eine abgebrochene Sicherung setzt "
        "manage.py backup mit demselben Ordner fort."
    )


def _parsed(folder: Path) -> Manifest:
    try:
        given = json.loads((folder / MANIFEST).read_bytes())
        files = {path: Kept(**kept) for path, kept in given.pop("files").items()}
        return Manifest(**given, files=files)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise SetRefused(f"{MANIFEST} in {folder} ist nicht lesbar. Bitte nehmen Sie eine andere Sicherung.") from None


def _seal(sha256: str) -> bytes:
    return f"{sha256}  {MANIFEST}\n".encode()


def _faults(folder: Path, manifest: Manifest, tell: Callable[[str], None], start: str) -> Iterator[str]:
    if database_dump.FILE.get(manifest.database) not in manifest.files:
        yield "Die Datenbank fehlt."
    for path in manifest.files:
        if path not in database_dump.FILE.values() and not _names_a_document(path):
            yield f"„{path}“ gehört nicht in eine Sicherung."
        elif not (folder / path).is_file():
            yield f"{path} fehlt."
    told = time.monotonic()
    for number, (path, kept) in enumerate(sorted(manifest.files.items())):
        if path < start:
            continue
        if time.monotonic() - told >= TELL_EVERY_SECONDS:
            told = time.monotonic()
            tell(f"{number} von {len(manifest.files)} Dateien geprüft. Unterbrochen geht es weiter mit --from {path}.")
        if _kept(folder / path) != kept:
            yield f"{path} stimmt nicht mit seiner Prüfsumme überein."


def _names_a_document(path: str) -> bool:
    return path.startswith(f"{DOCUMENTS}/") and bool(storage.NAME.fullmatch(path.removeprefix(f"{DOCUMENTS}/")))


def _refuse_another_kind(manifest: Manifest) -> None:
    if manifest.database != connection.vendor:
        raise SetRefused(
            f"Die Sicherung ist von {manifest.database}, DATABASE_URL nennt {connection.vendor}. Bitte stellen Sie sie in "
            "eine Datenbank derselben Art wieder her."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := set(manifest.migrations) - known:
        raise SetRefused(
            f"Die Sicherung ist aus einer neueren Fassung der Anwendung ({', '.join(sorted(unknown)[:3])}). Bitte nehmen "
            "Sie diese Fassung oder eine spätere."
        )


def _applied_migrations() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _copied(name: str, target: Path) -> Kept | None:
    """A document in the set, copied unless it is there already; None if the store has none that its name fits."""
    if target.exists() and (kept := _kept(target)).sha256 == storage.sha256_of(name):
        return kept
    try:
        with default_storage.open(name) as source:
            kept = _write(target, source.chunks())
    except FileNotFoundError:
        return None
    if kept.sha256 != storage.sha256_of(name):
        target.unlink()
        return None
    return kept


def _write(target: Path, chunks: Iterable[bytes]) -> Kept:
    """A file as a whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part, sha256, size = target.with_name(f"{target.name}.part"), hashlib.sha256(), 0
    with part.open("wb") as file:
        for chunk in chunks:
            file.write(chunk)
            sha256.update(chunk)
            size += len(chunk)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)
    return Kept(sha256.hexdigest(), size)


def _put_back(name: str, path: Path) -> None:
    with path.open("rb") as content:
        if (stored := default_storage.save(name, File(content))) != name:
            raise SetRefused(f"Die Ablage nennt {name} anders: {stored}.")


def _kept(path: Path) -> Kept:
    with path.open("rb") as file:
        return Kept(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)
