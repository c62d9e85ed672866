"""Each file of the table meets its outcome; the hostile ones within bounds of time and memory."""

import io
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String

from applications import pdf_check, pdf_check_child
from applications.pdf_check import CHOOSABLE, MIB, Limits, PdfFacts, Refused, check
from tests.applications import pdf_samples as samples
from tests.applications.pdf_mutations import MUTATIONS, mutated

ROOT = Path(__file__).resolve().parents[2]


def link_to(address):
    return samples.with_annotation(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String(address)))


ACCEPTED = {
    "plain": (samples.plain, {"pages": 1}),
    "three pages": (lambda: samples.plain(3), {"pages": 3}),
    "2000 pages": (lambda: samples.many_pages(2000), {"pages": 2000}),
    "PDF/A": (lambda: samples.claiming(samples.PDFA_2A), {"pages": 1, "pdfa": "2A"}),
    "PDF/A and PDF/UA": (
        lambda: samples.claiming(samples.PDFA_2A + samples.PDFUA_1, tagged=True),
        {"pages": 1, "pdfa": "2A"},
    ),
    "false PDF/A claim": (
        lambda: samples.claiming("<pdfaid:part>4</pdfaid:part>"),
        {"pages": 1, "pdfa": "4"},
    ),
    "nonsense as a claim": (lambda: samples.claiming("<pdfaid:part><b>x</b></pdfaid:part>"), {"pages": 1}),
    "opens at the first page": (samples.opening_at_first_page, {"pages": 2}),
    "opens at a page by an action": (samples.opening_by_action, {"pages": 2}),
    "link to the web": (
        lambda: samples.with_annotation(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://example.org"))),
        {"pages": 1},
    ),
    "link to an address": (lambda: link_to("mailto:rathaus@example.org"), {"pages": 1}),
    "link that speaks of scripts": (lambda: link_to("https://example.org/javascript:1?file:x"), {"pages": 1}),
    "link without a scheme": (lambda: link_to("anlage.html"), {"pages": 1}),
    "base for links": (
        lambda: samples.with_catalogue(URI=Dictionary(Base=String("https://example.org/"))),
        {"pages": 1},
    ),
    "base that is none": (lambda: samples.with_catalogue(URI=Dictionary()), {"pages": 1}),
    "wrong count": (samples.with_wrong_count, {"pages": 3}),
    "fonts named like actions": (samples.with_fonts_named_like_actions, {"pages": 1}),
    "empty name trees": (samples.with_empty_name_trees, {"pages": 1}),
    "white space after the end": (lambda: samples.plain() + b"\r\n\0 ", {"pages": 1}),
}

REFUSED = {
    "0 bytes": (lambda: b"", "empty"),
    "one byte too many": (lambda: samples.plain().ljust(MIB + 1), "too_large"),
    "text": (lambda: b"Beschluss der Gemeindevertretung", "not_a_pdf"),
    "JPEG": (lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(99), "not_a_pdf"),
    "PNG": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(99), "not_a_pdf"),
    "DOCX": (samples.word_document, "not_a_pdf"),
    "ZIP": (samples.zipped, "not_a_pdf"),
    "header at 500": (lambda: b"x" * 500 + samples.plain(), "leading_data"),
    "header at 2000": (lambda: b"x" * 2000 + samples.plain(), "not_a_pdf"),
    "header and HTML": (lambda: b"%PDF-<html><script>alert(1)</script></html>", "truncated"),
    "header, HTML and end": (lambda: b"%PDF-1.7\n<html></html>\n%%EOF", "damaged"),
    "cut in half": (lambda: samples.plain()[:300], "truncated"),
    "last 100 bytes cut": (lambda: samples.plain()[:-100], "truncated"),
    "cut within its second version": (
        lambda: samples.plain() + samples.plain()[:300],
        "truncated",
    ),
    "middle missing": (lambda: samples.plain()[:100] + samples.plain()[250:], "damaged"),
    "ZIP appended": (lambda: samples.plain() + samples.zipped(), "trailing_data"),
    "encrypted by user": (lambda: samples.encrypted(user="u"), "encrypted"),
    "encrypted by owner only": (samples.encrypted, "encrypted"),
    "JavaScript in OpenAction": (lambda: samples.with_catalogue(OpenAction=samples.javascript()), "active_content"),
    "JavaScript in Names": (samples.javascript_in_names, "active_content"),
    "JavaScript in an object stream": (samples.javascript_in_object_stream, "active_content"),
    "JavaScript behind escaped names": (samples.javascript_behind_escaped_names, "active_content"),
    "script without a type": (lambda: samples.with_catalogue(OpenAction=Dictionary(JS=String("x"))), "active_content"),
    "Launch in an annotation": (
        lambda: samples.with_annotation(Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String("cmd.exe"))),
        "active_content",
    ),
    "Launch with its name apart": (samples.launch_with_its_name_apart, "active_content"),
    "SubmitForm": (lambda: samples.with_catalogue(OpenAction=Dictionary(S=Name.SubmitForm)), "active_content"),
    "GoToR": (lambda: samples.with_catalogue(OpenAction=Dictionary(S=Name.GoToR)), "active_content"),
    "link that runs a script": (lambda: link_to("javascript:app.alert(1)"), "active_content"),
    "script behind white space and case": (lambda: link_to(" Java\tScript\n:app.alert(1)"), "active_content"),
    "link in UTF-16": (lambda: link_to("javascript:→"), "active_content"),
    "other script": (lambda: link_to("vbscript:x"), "active_content"),
    "script in a link that stands apart": (samples.script_in_a_link_that_stands_apart, "active_content"),
    "base that makes scripts of links": (
        lambda: samples.with_catalogue(URI=Dictionary(Base=String("javascript:"))),
        "active_content",
    ),
    "link to a file": (lambda: link_to("file:///C:/Akten/Plan.pdf"), "file_links"),
    "link to a share": (lambda: link_to("FILE://server/share/plan.pdf"), "file_links"),
    "external stream": (samples.external_stream, "active_content"),
    "Rendition": (lambda: samples.with_catalogue(OpenAction=Dictionary(S=Name.Rendition)), "multimedia"),
    "RichMedia": (lambda: samples.with_annotation(Subtype=Name.RichMedia), "multimedia"),
    "rich media settings": (lambda: samples.with_annotation(RichMediaContent=Dictionary()), "multimedia"),
    "additional actions": (
        lambda: samples.with_catalogue(AA=Dictionary(WC=Dictionary(S=Name.Named, N=Name.Print))),
        "additional_actions",
    ),
    "embedded file": (samples.embedded_file, "embedded_files"),
    "attached by an annotation": (lambda: samples.with_annotation(Subtype=Name.FileAttachment), "embedded_files"),
    "named embedded files": (
        lambda: samples.with_catalogue(Names=Dictionary(EmbeddedFiles=Dictionary(Names=Array([String("a")])))),
        "embedded_files",
    ),
    "XFA": (lambda: samples.with_catalogue(AcroForm=Dictionary(Fields=Array(), XFA=String("x"))), "xfa"),
    "no pages": (samples.without_pages, "no_pages"),
    "2001 pages": (lambda: samples.many_pages(2001), "too_many_pages"),
    "deflated twice": (samples.twice_deflated_bomb, "too_complex"),
    "an image of 10,000 megapixels": (samples.huge_image, "too_complex"),
}

HOSTILE = {
    "2 GiB in a page": (samples.page_stream_bomb, "too_complex"),
    "table of contents of 2 GiB": (samples.xref_stream_bomb, "damaged"),
    "object stream of 1 GiB": (samples.object_stream_bomb, "damaged"),
    "rare filter": (samples.run_length_bomb, "too_complex"),
    "page tree 5,000 deep": (samples.deep_page_tree, "damaged"),
    "page loop": (samples.page_loop, "damaged"),
    "array 100,000 deep": (samples.deep_array, "too_complex"),
    "too many objects": (samples.many_objects, "too_complex"),
}


# In a process of their own, as all files of people: whatever each reason is first told of, and what asks much of a reader.
TO_A_CHILD = {each: name for name, (_make, each) in reversed(REFUSED.items())}.values()
TO_A_CHILD = {*TO_A_CHILD, "deflated twice", "an image of 10,000 megapixels", "plain", "2000 pages", "PDF/A"}


def looked_at_here(copy, task, _wall_seconds):
    """What the child answers. To start one costs more than to look at such a file."""
    copy.seek(0)
    try:
        return pdf_check_child.examine(copy, task)
    except pdf_check_child.Found as found:
        return {"reason": found.reason, "detail": found.detail}


@pytest.fixture
def few_children(monkeypatch, request):
    if request.node.callspec.params.get("name") not in TO_A_CHILD:
        monkeypatch.setattr(pdf_check, "_run_child", looked_at_here)


def reason(content, **options):
    with pytest.raises(Refused) as refused:
        check(io.BytesIO(content), **options)
    return refused.value.reason


@pytest.mark.usefixtures("few_children")
@pytest.mark.parametrize("name", REFUSED)
def test_file_is_refused(name):
    make, expected = REFUSED[name]

    assert reason(make(), limits=Limits(max_bytes=MIB)) == expected


@pytest.mark.usefixtures("few_children")
@pytest.mark.parametrize("name", ACCEPTED)
def test_file_is_accepted(name):
    make, facts = ACCEPTED[name]
    content = make()

    found = check(io.BytesIO(content))

    assert found == PdfFacts(size=len(content), sha256=found.sha256, **facts)


MEASURE = """
import json, resource, sys, time
from applications import pdf_check
start = time.monotonic()
try:
    outcome = pdf_check.check(sys.argv[1]).pages
except pdf_check.Refused as refused:
    outcome = refused.reason
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(json.dumps([outcome, time.monotonic() - start, peak, "django" in sys.modules or "pikepdf" in sys.modules]))
"""


def measured(content, folder):
    """What the check says of a file, its seconds, the peak of its child in MiB, and what it need not load."""
    path = folder / "document.pdf"
    path.write_bytes(content)
    done = subprocess.run([sys.executable, "-c", MEASURE, path], cwd=ROOT, capture_output=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_costs_little(name, tmp_path):
    make, expected = HOSTILE[name]

    outcome, seconds, peak_of_child, heavy = measured(make(), tmp_path)

    assert outcome == expected
    assert seconds < 25
    assert peak_of_child < 1024
    assert not heavy


def test_large_tagged_report_is_no_bomb(tmp_path):
    outcome, seconds, peak_of_child, _heavy = measured(samples.wide_structure(), tmp_path)

    assert outcome == 1
    assert seconds < 25
    assert peak_of_child < 1024


def test_size_at_the_limit_is_accepted_and_one_byte_more_is_not():
    content = samples.plain()

    assert reason(content, limits=Limits(max_bytes=len(content) - 1)) == "too_large"
    assert check(io.BytesIO(content), limits=Limits(max_bytes=len(content))).size == len(content)


def test_refusal_says_how_to_mend_the_file():
    with pytest.raises(Refused) as refused:
        check(io.BytesIO(samples.encrypted()))

    assert (
        refused.value.sentence
        == str(refused.value)
        == (
            "Das Dokument ist mit einem Passwort oder mit eingeschränkten Rechten geschützt. Bitte speichern Sie das "
            "Dokument ohne Kennwortschutz und laden Sie es erneut hoch."
        )
    )


def test_refusal_names_the_limit():
    with pytest.raises(Refused) as large:
        check(io.BytesIO(bytes(3 * MIB)), limits=Limits(max_bytes=5 * MIB // 2))
    with pytest.raises(Refused) as long:
        check(io.BytesIO(samples.plain(3)), limits=Limits(max_pages=2))

    assert large.value.sentence.startswith("Die Datei ist größer als 2,5 MB. ")
    assert long.value.sentence.startswith("Das Dokument hat mehr als 2 Seiten. ")


@pytest.mark.parametrize("name", pdf_check.REASONS)
def test_every_sentence_tells_what_to_do(name):
    sentence = pdf_check.REASONS[name]

    assert "Bitte" in sentence
    assert sentence.endswith(".")


@pytest.mark.usefixtures("few_children")
@pytest.mark.parametrize(
    ("make", "tolerated", "pages"),
    [
        (samples.embedded_file, "embedded_files", 1),
        (samples.encrypted, "encrypted", 1),
        (samples.javascript_in_names, "active_content", 1),
        (lambda: samples.plain(3)[:-5] + b"%%EOF" + samples.zipped(), "trailing_data", 3),
        (lambda: samples.many_pages(2001), "too_many_pages", 2001),
        (lambda: b"x" * 500 + samples.plain(), "leading_data", 1),
        (lambda: samples.plain().replace(b"startxref\n", b"startxref\n9"), "damaged", 1),
    ],
)
def test_reason_can_be_switched_off(make, tolerated, pages):
    content = make()

    assert reason(content) == tolerated
    assert check(io.BytesIO(content), refuse=CHOOSABLE - {tolerated}).pages == pages


@pytest.mark.usefixtures("few_children")
@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: b"", "empty"),
        (lambda: b"Beschluss", "not_a_pdf"),
        (samples.without_pages, "no_pages"),
        (lambda: samples.encrypted(user="u"), "encrypted"),
        (lambda: b"%PDF-1.7 nonsense %%EOF", "damaged"),
        (samples.huge_image, "too_complex"),
    ],
)
def test_reason_that_leaves_no_document_cannot_be_switched_off(make, expected):
    assert reason(make(), refuse=()) == expected


def test_child_that_gets_no_time_is_ended_and_the_file_not_blamed():
    start = time.monotonic()

    assert reason(samples.plain(), limits=Limits(wall_seconds=0.01)) == "busy"
    assert time.monotonic() - start < 5


def test_child_that_computes_too_long_is_ended_by_the_kernel():
    assert reason(samples.wide_structure(), limits=Limits(cpu_seconds=1)) == "damaged"


def test_child_without_memory_is_no_crash_here():
    assert reason(samples.wide_structure(), limits=Limits(memory_bytes=60 * MIB)) in {"damaged", "too_complex"}


def test_file_object_is_rewound_whatever_the_outcome(tmp_path):
    good, bad = io.BytesIO(samples.plain()), io.BytesIO(b"Beschluss")
    good.read()

    check(good)
    with pytest.raises(Refused):
        check(bad)

    assert (good.tell(), bad.tell()) == (0, 0)


def test_check_works_in_threads_and_leaves_nothing_behind(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    contents = [samples.plain(pages) for pages in range(1, 9)]

    with ThreadPoolExecutor(8) as pool:
        facts = list(pool.map(lambda content: check(io.BytesIO(content)), contents))

    assert [fact.pages for fact in facts] == list(range(1, 9))
    assert list(tmp_path.iterdir()) == []


def test_too_many_checks_at_once_ask_for_patience(monkeypatch):
    monkeypatch.setattr(pdf_check.CHILDREN_AT_ONCE, "acquire", lambda timeout: False)

    assert reason(samples.plain()) == "busy"


VALID = [make() for make, _facts in list(ACCEPTED.values()) if make is not ACCEPTED["2000 pages"][0]]
VALID += [samples.javascript_in_object_stream()]


def known_or_refused(content):
    try:
        return check(io.BytesIO(content))
    except Refused as refused:
        return refused.reason


@given(valid=st.sampled_from(VALID), mutations=MUTATIONS)
@example(valid=VALID[0], mutations=[(0, 0, b"")])
@settings(max_examples=20, deadline=25_000, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
def test_mutated_file_is_either_known_or_refused(valid, mutations):
    content = mutated(valid, mutations)

    outcome = known_or_refused(content)

    assert outcome in pdf_check.REASONS or (outcome.size, outcome.pages > 0) == (len(content), True)
