"""Looks into one PDF, alone in a process that may die of it: `python -I pdf_check_child.py TASK < file`.

TASK is JSON with the limits and the names of the reasons that refuse. The answer on stdout is JSON too: the facts, or
the reason and what was found. No Django here, so that the process starts fast; and nothing of the file leaves it but
numbers and short, clean words.
"""

import json
import os
import re
import resource
import sys
import zlib
from collections.abc import Iterator

import pikepdf

BLOCK = 1 << 20
ANSWER_BYTES = 4096
ACTIONS = {
    "/JavaScript": "active_content",
    "/Launch": "active_content",
    "/SubmitForm": "active_content",
    "/ImportData": "active_content",
    "/GoToE": "active_content",
    "/GoToR": "active_content",
    "/Rendition": "multimedia",
    "/RichMediaExecute": "multimedia",
    "/Movie": "multimedia",
    "/Sound": "multimedia",
}
ANNOTATIONS = {
    "/FileAttachment": "embedded_files",
    "/RichMedia": "multimedia",
    "/3D": "multimedia",
    "/Movie": "multimedia",
    "/Sound": "multimedia",
    "/Screen": "multimedia",
}


KEYS = ("/URI", "/JS", "/JavaScript", "/AA", "/XFA", "/EmbeddedFiles", "/EF", "/RichMedia", "/RichMediaContent")
TELLING = re.compile(rb"(?:" + "|".join(sorted({*KEYS, *ACTIONS, *ANNOTATIONS})).encode() + rb")(?![A-Za-z0-9])")


# What a link must not lead to, by the scheme of its address.
SCHEMES = {"javascript": "active_content", "vbscript": "active_content", "file": "file_links"}
UNSEEN = re.compile(r"[\x00-\x20]")  # browsers leave these out of a scheme


class Found(Exception):
    """A reason against the file. A final one refuses whatever the settings say, as nothing can be said after it."""

    def __init__(self, reason: str, detail: str = "", *, final: bool = False):
        self.reason, self.detail, self.final = reason, detail, final
        super().__init__(reason, detail)


def limit(memory_bytes: int, cpu_seconds: int) -> None:
    """Both limits are hard: the kernel ends the process, whatever it is busy with."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (ANSWER_BYTES, ANSWER_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def examine(file, task: dict) -> dict:
    """The facts about a PDF; raises Found at the first reason that refuses.

    An exception that is not expected here ends the child, which says the same as `damaged`.
    """

    def objection(reason: str, detail: str = "", *, final: bool = False) -> None:
        if final or reason in task["refuse"]:
            raise Found(reason, detail, final=final)

    try:
        with pikepdf.open(
            file,
            access_mode=pikepdf.AccessMode.mmap,  # twice as fast as calling back into Python for every read
            suppress_warnings=True,
            attempt_recovery="damaged" not in task["refuse"],
        ) as pdf:
            return _facts(pdf, task, objection)
    except pikepdf.PasswordError:
        raise Found("encrypted", "password", final=True) from None
    except MemoryError:
        raise Found("too_complex", "memory", final=True) from None
    except (pikepdf.PdfError, pikepdf.DataDecodingError) as error:
        raise Found("damaged", type(error).__name__, final=True) from error


def _facts(pdf: pikepdf.Pdf, task: dict, objection) -> dict:
    if pdf.is_encrypted:
        objection("encrypted", "permissions")
    pages = len(pdf.pages)
    if pages == 0:
        objection("no_pages", final=True)
    if pages > task["max_pages"]:
        objection("too_many_pages", str(pages))
    objects = list(pdf.objects)
    if len(objects) > task["max_objects"]:
        objection("too_complex", "objects", final=True)
    _look_for_active_content([pdf.trailer, *objects], objection)
    _inflate(objects, task, objection)
    if any("limits error" in str(warning) for warning in pdf.get_warnings()):
        objection("too_complex", "nesting", final=True)  # qpdf reads an array of 100,000 levels as nothing at all
    return {"pages": pages, "pdfa": _claimed_standard(pdf)}


def _look_for_active_content(objects: list, objection) -> None:
    """Every object, used or not. A look at its text first: a tagged report has 100,000 of them, and few are worth more.

    qpdf writes names in one way only, so that /J#61vaScript reads /JavaScript here.
    """
    for top in objects:
        if reason := _lonely_name(top):
            objection(reason, _text(top))
        if not isinstance(top, (pikepdf.Dictionary, pikepdf.Stream, pikepdf.Array)):
            continue
        is_stream = isinstance(top, pikepdf.Stream)
        if not is_stream and not TELLING.search(top.unparse(resolved=True)):
            continue
        for item in _dictionaries(top):
            for reason, detail in _suspicions(item):
                objection(reason, detail)


def _lonely_name(top) -> str | None:
    """An action may refer to its own name, `/S 9 0 R`, so that the two stand apart. Nobody honest writes that."""
    name = _text(top) if isinstance(top, pikepdf.Name) else ""
    return ACTIONS.get(name) or ANNOTATIONS.get(name)


def _dictionaries(top: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """An object and what is written directly inside it: actions often stand in the catalogue itself."""
    stack = [top]
    while stack:
        item = stack.pop()
        if isinstance(item, pikepdf.Array):
            children = list(item)
        else:
            yield item
            children = [item.get(key) for key in item.keys()]  # noqa: SIM118 - a stream iterates over nothing
        stack += [
            child
            for child in children
            if isinstance(child, (pikepdf.Dictionary, pikepdf.Array)) and not child.is_indirect
        ]


def _suspicions(item: pikepdf.Object) -> Iterator[tuple[str, str]]:
    """What a viewer would run, open or unpack.

    A key counts by what it holds: a font may well be called /AA or /JS in the resources of a page.
    """
    keys = set(item.keys())
    if "/S" in keys and (reason := ACTIONS.get(_text(item.get("/S")))):
        yield reason, _text(item.get("/S"))
    if "/Subtype" in keys and "/Rect" in keys and (reason := ANNOTATIONS.get(_text(item.get("/Subtype")))):
        yield reason, _text(item.get("/Subtype"))
    if "/JS" in keys and isinstance(item.get("/JS"), (pikepdf.String, pikepdf.Stream)):
        yield "active_content", "/JS"
    if "/JavaScript" in keys and _filled(item.get("/JavaScript")):
        yield "active_content", "/JavaScript"
    if "/AA" in keys and _has_actions(item.get("/AA")):
        yield "additional_actions", "/AA"
    if "/XFA" in keys:
        yield "xfa", "/XFA"
    if "/EmbeddedFiles" in keys and _filled(item.get("/EmbeddedFiles")):
        yield "embedded_files", "/EmbeddedFiles"
    if "/EF" in keys and _filled(item.get("/EF")):
        yield "embedded_files", "/EF"
    if "/RichMedia" in keys or "/RichMediaContent" in keys:
        yield "multimedia", "/RichMedia"
    if "/URI" in keys and (reason := _reason_against_link(item.get("/URI"))):
        yield reason, "/URI"
    if "/F" in keys and isinstance(item, pikepdf.Stream):
        yield "active_content", "external stream"


def _reason_against_link(value) -> str | None:
    """Of an address, or of the catalogue's base for addresses that leave theirs out."""
    if isinstance(value, pikepdf.Dictionary):
        value = value.get("/Base")
    scheme, colon, _rest = UNSEEN.sub("", _text(value)).lower().partition(":")
    return SCHEMES.get(scheme) if colon else None


def _text(value) -> str:
    return str(value) if isinstance(value, (pikepdf.Name, pikepdf.String)) else ""


def _filled(value) -> bool:
    """Producers leave empty name trees behind; those hold nothing."""
    if not isinstance(value, pikepdf.Dictionary):
        return value is not None
    return any(
        not isinstance(value.get(key), pikepdf.Array) or len(value.get(key)) > 0
        for key in value.keys()  # noqa: SIM118 - the same word for dictionaries and streams
    )


def _has_actions(value) -> bool:
    if not isinstance(value, pikepdf.Dictionary):
        return False
    return any(isinstance(value.get(key), pikepdf.Dictionary) and "/S" in value.get(key) for key in value.keys())  # noqa: SIM118


def _inflate(objects: list, task: dict, objection) -> None:
    """Measure what the streams unpack to without ever holding it."""
    total = 0
    for item in objects:
        if not isinstance(item, pikepdf.Stream):
            continue
        is_image = _text(item.get("/Subtype")) == "/Image"
        if is_image and _pixels(item) > task["max_pixels"]:
            objection("too_complex", "pixels", final=True)
        size = _inflated_size(item, task["max_image_bytes" if is_image else "max_stream_bytes"])
        total += size
        if total > task["max_inflated_bytes"]:
            objection("too_complex", "inflated", final=True)


def _pixels(image: pikepdf.Stream) -> int:
    return _whole(image.get("/Width")) * _whole(image.get("/Height"))


def _whole(value) -> int:
    return value if isinstance(value, int) else 0


def _inflated_size(stream: pikepdf.Stream, most: int) -> int:
    filters = _filters(stream)
    if len(filters) > 2 or filters.count("/FlateDecode") > 1:
        raise Found("too_complex", "filters", final=True)
    raw = stream.read_raw_bytes()
    if filters[:1] == ["/FlateDecode"]:
        size = _flate_size(raw, most)
    elif set(filters) & {"/FlateDecode", "/LZWDecode", "/RunLengthDecode"}:
        size = _decoded_size(stream, raw)
    else:
        size = len(raw)
    if size > most:
        raise Found("too_complex", "stream", final=True)
    return size


def _filters(stream: pikepdf.Stream) -> list[str]:
    value = stream.get("/Filter")
    names = list(value) if isinstance(value, pikepdf.Array) else [value]
    short = {"/Fl": "/FlateDecode", "/LZW": "/LZWDecode", "/RL": "/RunLengthDecode"}
    return [short.get(_text(name), _text(name)) for name in names if name is not None]


def _flate_size(raw: bytes, most: int) -> int:
    """Counts past a wrong checksum: viewers show such a stream too."""
    decoder, size = zlib.decompressobj(), 0
    while raw and not decoder.eof and size <= most:
        try:
            size += len(decoder.decompress(raw, BLOCK))
        except zlib.error:
            return size
        raw = decoder.unconsumed_tail
    return size


def _decoded_size(stream: pikepdf.Stream, raw: bytes) -> int:
    """Rare filters are unpacked by qpdf as a whole; the limit on memory holds whatever that becomes."""
    try:
        return len(stream.read_bytes(pikepdf.StreamDecodeLevel.specialized))
    except (pikepdf.PdfError, pikepdf.DataDecodingError) as error:
        if "bad_alloc" in str(error):
            raise MemoryError from error
        return len(raw)


def _claimed_standard(pdf: pikepdf.Pdf) -> str:
    """The version of PDF/A that the file says it is; nobody has checked it."""
    xmp = _metadata(pdf)
    part, level = _claim(xmp, "pdfaid:part", r"[1-4]"), _claim(xmp, "pdfaid:conformance", r"[ABUEFabuef]")
    return part + level.upper() if part else ""


def _metadata(pdf: pikepdf.Pdf) -> str:
    stream = pdf.Root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        return ""
    try:
        return stream.read_bytes()[:BLOCK].decode("utf-8", "replace")
    except (pikepdf.PdfError, pikepdf.DataDecodingError):
        return ""


def _claim(xmp: str, name: str, value: str) -> str:
    """An XMP property is written as an attribute or as an element."""
    found = re.search(rf"""{name}\s*=\s*["']({value})["']|<{name}>\s*({value})\s*</{name}>""", xmp)
    return (found[1] or found[2]) if found else ""


def main() -> None:
    task = json.loads(sys.argv[1])
    limit(task["memory_bytes"], task["cpu_seconds"])
    try:
        with os.fdopen(0, "rb", closefd=False) as file:
            answer = examine(file, task)
    except Found as found:
        answer = {"reason": found.reason, "detail": found.detail}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
