"""PDF files as they come: honest ones, sloppy ones, broken ones and those made to do harm. Built in code, never stored.

The small ones are written through pikepdf, those that no library would write are written byte by byte.
"""

import functools
import io
import os
import zipfile
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests import clamd

MIB = 1024 * 1024
PDFA = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">{claims}
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""
PDFA_2A = "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>"
PDFUA_1 = "<pdfuaid:part>1</pdfuaid:part>"


def document(pages=1):
    pdf = pikepdf.new()
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=(595, 842))
        page.Contents = pdf.make_stream(b"BT /F1 12 Tf 72 720 Td (Beschluss der Gemeindevertretung) Tj ET\n" * 20)
    return pdf


def unlike_others(size, number):
    """A sound PDF of about this size; no two are alike."""
    pdf = document()
    pdf.Root.PieceInfo = pdf.make_stream(os.urandom(size), Number=number)
    return saved(pdf)


def saved(pdf, **options):
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def plain(pages=1):
    return saved(document(pages))


def claiming(claims, *, tagged=False):
    pdf = document()
    pdf.Root.Metadata = pdf.make_stream(PDFA.format(claims=claims).encode(), Type=Name.Metadata, Subtype=Name.XML)
    if tagged:
        pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        pdf.Root.MarkInfo = Dictionary(Marked=True)
        pdf.Root.Lang = String("de-DE")
    return saved(pdf)


def with_catalogue(**entries):
    pdf = document()
    for key, value in entries.items():
        pdf.Root[f"/{key}"] = value
    return saved(pdf)


def with_annotation(**entries):
    pdf = document()
    annotation = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 99, 99]), **entries)
    pdf.pages[0].Annots = Array([annotation])
    return saved(pdf)


def opening_at_first_page():
    pdf = document(2)
    pdf.Root.OpenAction = Array([pdf.pages[0].obj, Name.Fit])
    return saved(pdf)


def opening_by_action():
    pdf = document(2)
    pdf.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([pdf.pages[1].obj, Name.Fit]))
    return saved(pdf)


def with_fonts_named_like_actions():
    pdf = document()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.pages[0].Resources = Dictionary(Font=Dictionary(AA=font, JS=font, EF=Dictionary()))
    return saved(pdf)


def with_empty_name_trees():
    return with_catalogue(Names=Dictionary(JavaScript=Dictionary(Names=Array()), EmbeddedFiles=Dictionary()))


def with_wrong_count():
    return saved(document(3)).replace(b"/Count 3", b"/Count 7")


def javascript():
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def javascript_in_names():
    return with_catalogue(Names=Dictionary(JavaScript=Dictionary(Names=Array([String("a"), javascript()]))))


def javascript_in_object_stream():
    pdf = document()
    pdf.Root.OpenAction = pdf.make_indirect(javascript())
    return saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def javascript_behind_escaped_names():
    action = b"/OpenAction << /S /J#61vaScr#69pt /#4aS (app.alert(1)) >>"
    return by_hand({1: CATALOGUE.replace(b" >>", b" " + action + b" >>"), 2: PAGES, 3: PAGE})


def script_in_a_link_that_stands_apart():
    pdf = document()
    action = Dictionary(S=Name.URI, URI=pdf.make_indirect(String("javascript:app.alert(1)")))
    link = Dictionary(Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=pdf.make_indirect(action))
    pdf.pages[0].Annots = Array([link])
    return saved(pdf)


def launch_with_its_name_apart():
    page = PAGE.replace(b" >>", b" /Annots [<< /Subtype /Link /Rect [0 0 9 9] /A << /S 4 0 R /F (cmd.exe) >> >>] >>")
    return by_hand({1: CATALOGUE, 2: PAGES, 3: page, 4: b"/Launch"})


def embedded_file():
    pdf = document()
    pdf.attachments["geheim.exe"] = b"MZ"
    return saved(pdf)


def encrypted(user="", owner="o"):
    return saved(document(), encryption=pikepdf.Encryption(user=user, owner=owner))


def zipped(name="datei.pdf"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, b"Beschluss")
    return out.getvalue()


def word_document():
    return zipped("word/document.xml")


def by_hand(objects, *, trailer=b"/Root 1 0 R", streams=None):
    """A file from numbered objects, with a cross-reference table that is right."""
    out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 00000 f \n"
    out += b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(out)


CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"


def stream(entries, data):
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


def deflated_zeros(size, before=b""):
    """One compressed block over and over, so that 2 GiB are made in no time; the checksum is right all the same."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(before) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(16 * MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    count = size // (16 * MIB)
    low, high = (checksum := zlib.adler32(before)) & 0xFFFF, checksum >> 16
    high = (high + count * 16 * MIB * low) % 65521
    return b"\x78\xda" + first + block * count + b"\x03\x00" + (high << 16 | low).to_bytes(4)


def page_stream_bomb(size=2048 * MIB):
    page = PAGE.replace(b" >>", b" /Contents 4 0 R >>")
    return by_hand({1: CATALOGUE, 2: PAGES, 3: page, 4: stream(b"/Filter /FlateDecode", deflated_zeros(size))})


def twice_deflated_bomb():
    data = zlib.compress(deflated_zeros(512 * MIB), 9)
    return by_hand({1: CATALOGUE, 2: PAGES, 3: PAGE, 4: stream(b"/Filter [/FlateDecode /FlateDecode]", data)})


def run_length_bomb():
    """Grows by 64 only, but qpdf unpacks it as a whole."""
    data = b"\x81\x00" * (12 * MIB)
    return by_hand({1: CATALOGUE, 2: PAGES, 3: PAGE, 4: stream(b"/Filter /RunLengthDecode", data)})


def huge_image():
    entries = b"/Subtype /Image /Width 100000 /Height 100000 /BitsPerComponent 1 /Filter /CCITTFaxDecode"
    return by_hand({1: CATALOGUE, 2: PAGES, 3: PAGE, 4: stream(entries, b"\x00")})


def xref_stream_bomb():
    """The table of contents itself unpacks to 2 GiB."""
    head = b"%PDF-1.7\n"
    body = b"1 0 obj\n" + stream(
        b"/Type /XRef /Size 500000000 /W [1 2 1] /Root 2 0 R /Filter /FlateDecode", deflated_zeros(2048 * MIB)
    )
    return head + body + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(head)


def object_stream_bomb(size=1024 * MIB):
    """A valid cross-reference stream points at objects that lie in a stream of 1 GB."""
    head = bytearray(b"%PDF-1.7\n")
    inside = b"1 0 2 36 3 82 ".ljust(20) + CATALOGUE.ljust(36) + PAGES.ljust(46) + PAGE
    packed = deflated_zeros(size, before=inside)
    place = len(head)
    head += b"4 0 obj\n%s\nendobj\n" % stream(b"/Type /ObjStm /N 3 /First 20 /Filter /FlateDecode", packed)
    start = len(head)
    rows = [(0, 0, 65535), (2, 4, 0), (2, 4, 1), (2, 4, 2), (1, place, 0), (1, start, 0)]
    table = b"".join(kind.to_bytes(1) + at.to_bytes(4) + more.to_bytes(2) for kind, at, more in rows)
    head += b"5 0 obj\n%s\nendobj\n" % stream(b"/Type /XRef /Size 6 /W [1 4 2] /Root 1 0 R", table)
    return bytes(head + b"startxref\n%d\n%%%%EOF\n" % start)


def deep_page_tree(depth=5000):
    objects = {1: CATALOGUE}
    for number in range(2, depth + 2):
        objects[number] = b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (number + 1)
    objects[depth + 2] = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 9 9] >>" % (depth + 1)
    return by_hand(objects)


def page_loop():
    return by_hand({1: CATALOGUE, 2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", 3: PAGES.replace(b"3 0", b"2 0")})


def deep_array(depth=100_000):
    return by_hand({1: CATALOGUE, 2: PAGES, 3: PAGE, 4: b"[" * depth + b"]" * depth})


def many_objects(count=200_001):
    return by_hand({1: CATALOGUE, 2: PAGES, 3: PAGE} | dict.fromkeys(range(4, count + 4), b"0"))


@functools.cache
def wide_structure(count=150_000):
    """As tagged reports are: very many small dictionaries. Honest, and near the limit."""
    element = b"<< /Type /StructElem /S /P /P 4 0 R /K [ << /Type /MCR /MCID 1 /Pg 3 0 R >> ] >>"
    return by_hand({1: CATALOGUE, 2: PAGES, 3: PAGE} | dict.fromkeys(range(4, count), element))


def without_pages():
    return by_hand({1: CATALOGUE, 2: b"<< /Type /Pages /Kids [] /Count 0 >>"})


def many_pages(count):
    kids = b" ".join(b"%d 0 R" % number for number in range(3, count + 3))
    tree = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)
    return by_hand({1: CATALOGUE, 2: tree} | dict.fromkeys(range(3, count + 3), PAGE))


def external_stream():
    return by_hand({1: CATALOGUE, 2: PAGES, 3: PAGE, 4: stream(b"/F (secret.txt)", b"")})


def infected():
    """A sound document that holds the test virus in a stream of its own."""
    return by_hand({1: CATALOGUE, 2: PAGES, 3: PAGE, 4: stream(b"", clamd.EICAR)})
