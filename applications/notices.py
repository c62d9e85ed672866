"""Letters of a case: a preview as often as one likes, the letter itself once."""

import hashlib
import io
import secrets
import zipfile

import pikepdf
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction

from applications import file_names, letter_data, letter_wordings, text_blocks, typesetting
from applications.letter_data import Frame, Passage
from applications.letter_kinds import CORRECTED, DECIDING, ISSUED, ONE_PER_CASE, LetterKind, template
from applications.models import Application, DateFacts, Entry, Letterhead, Notice, StoredFile, TextBlock
from applications.models.stored_file import Purpose, Scan
from applications.typesetting import LetterRefused
from ikz import clock

# Without 0, O, 1 and I, which people confuse when they read a code aloud.
CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
DRAFT_CODE = "ENTWURF"
# what is said of the notice → the fact that the dates are counted from
DATE_FACTS = {"posted_on": "posted_on", "retrieved_on": "retrieved_on", "waiver_on": "waived_on"}
NO_LETTERHEAD = "Für heute ist kein Briefkopf eingerichtet. Bitte wenden Sie sich an die Rolle Stammdaten."


def preview(application, kind, *, by, texts=None, recipient=None, refers_to=None, **facts) -> bytes:
    """The PDF as issue() would make it with the same arguments, marked ENTWURF. Raises LetterRefused."""
    frame = _frame(application, by, recipient, refers_to, code=DRAFT_CODE, is_draft=True)
    chosen = _chosen(application, kind, texts or {})
    data = letter_data.build(application, kind, frame, [passage for passage, _version in chosen], **facts)
    return typesetting.typeset(template(kind), data)


@transaction.atomic
def issue(application, kind, *, by, texts=None, recipient=None, refers_to=None, **facts) -> Notice:
    """Make the letter and keep it. Nothing is written when it is refused (LetterRefused).

    `texts` maps keys of text blocks to edited words; "" takes a block as it stands, None leaves it out. `recipient` are address lines other than
    the lead's, `refers_to` the letter that this one corrects or replaces, `facts` what the kind needs (letter_data).
    """
    application = Application.objects.locked(application.pk)  # a colleague's step may have come first
    refers_to = refers_to and Notice.objects.get(pk=refers_to.pk)
    _refuse_second(application, kind, refers_to)
    frame = _frame(application, by, recipient, refers_to, code=_new_code(), is_draft=False)
    chosen = _chosen(application, kind, texts or {})
    data = letter_data.build(application, kind, frame, [passage for passage, _version in chosen], **facts)
    pdf = typesetting.typeset(template(kind), data)
    notice = Notice.objects.create(
        application=application,
        kind=kind,
        subject=data["subject"][:300],
        file_number=application.file_number,
        code=frame.code,
        recipient=data["recipient"],
        dated_on=frame.dated_on,
        file=_stored(application, data["kind"], frame.code, pdf, by),
        data=data,
        refers_to=refers_to,
        issued_by=by,
        issued_at=clock.now(),
    )
    notice.text_versions.set(version for _passage, version in chosen)
    _enter(notice, ISSUED, by)
    return notice


def _frame(application, by, recipient, refers_to, *, code, is_draft) -> Frame:
    dated_on = clock.today()
    letterhead = Letterhead.objects.on(dated_on)
    if letterhead is None:
        raise LetterRefused(NO_LETTERHEAD)
    clerk = str(application.clerk or by)
    return Frame(letterhead, dated_on, code, clerk, is_draft, recipient, refers_to)


def _chosen(application, kind, texts) -> list[tuple[Passage, object]]:
    """The standard blocks of the kind and those that are named, in their order, with the versions they come from."""
    blocks = letter_wordings.fitting(TextBlock.objects.usable(kind), application)
    if unknown := set(texts) - {block.key for block in blocks}:
        raise LetterRefused(f"Diesen Textbaustein gibt es für dieses Schreiben nicht: {', '.join(sorted(unknown))}.")
    chosen = []
    for block in blocks:
        if (text := texts.get(block.key, "" if block.is_standard else None)) is None:
            continue
        text = text or block.version.text
        if complaint := text_blocks.complaint(text):
            raise LetterRefused(f"Textbaustein „{block.title}“: {complaint}")
        chosen.append((Passage(block.title, block.heading, block.place, text), block.version))
    if not chosen:
        raise LetterRefused("Für dieses Schreiben sind keine Textbausteine eingerichtet. Bitte legen Sie sie an.")
    return chosen


def _refuse_second(application, kind, refers_to) -> None:
    if refers_to and (refers_to.application_id != application.pk or refers_to.is_voided):
        raise LetterRefused("Bitte wählen Sie ein gültiges Schreiben desselben Falls, auf das sich dieses bezieht.")
    if kind == LetterKind.CORRECTING and refers_to is None:
        raise LetterRefused("Bitte wählen Sie das Schreiben, das berichtigt wird.")
    if kind not in ONE_PER_CASE:
        return
    holding = Notice.objects.filter(application=application, kind=kind).holding().first()
    if holding and holding != refers_to:
        raise LetterRefused(
            f"{holding} gibt es schon. Einen Fehler beheben Sie mit einem Schreiben, das es berichtigt oder ersetzt."
        )


def _new_code() -> str:
    drawn = "".join(secrets.choice(CODE_LETTERS) for _ in range(12))
    return f"{drawn[:4]}-{drawn[4:8]}-{drawn[8:]}"


def _stored(application, letter, code, pdf, by) -> StoredFile:
    name = file_names.clean(f"{application.file_number} {letter} {code}.pdf")
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        pages = len(opened.pages)
    return StoredFile.objects.create(
        application=application,
        purpose=Purpose.LETTER,
        file=ContentFile(pdf, name="schreiben.pdf"),
        original_name=name,
        sha256=hashlib.sha256(pdf).hexdigest(),
        size=len(pdf),
        pages=pages,
        pdfa="2A",
        scan=Scan.CLEAN,
        scan_detail="von dieser Anwendung hergestellt",
        scanned_at=clock.now(),
        uploaded_by=by,
    )


def _enter(notice, step, by, *, reason="", **data) -> None:
    """The checksum of the letter becomes part of the chain of evidence; the state stays as it is."""
    application = notice.application
    Entry.objects.append(
        application,
        step=step,
        source=application.state,
        target=application.state,
        by=by,
        reason=reason,
        data={"letter": notice.kind, "code": notice.code, "sha256": notice.file.sha256, **data},
    )


@transaction.atomic
def record_dispatch(notice, **days) -> Notice:
    """Write down `delivery`, `posted_on`, `retrieved_on` or `waiver_on`; each once. Raises ValidationError."""
    notice = _held(notice)
    for name, value in days.items():
        setattr(notice, name, value)
    notice.full_clean()
    notice.save()
    _count_dates_from(notice)
    return notice


@transaction.atomic
def correct_dispatch(notice, *, by, reason, **days) -> Notice:
    """Other days than were written down by mistake; the history keeps both and the reason. Raises ValidationError."""
    notice = _held(notice)
    if refusal := why_days_stay(notice):
        raise ValidationError(refusal)
    changes = {name: [getattr(notice, name), value] for name, value in days.items()}
    notice.correct(**days)
    _count_dates_from(notice)
    _enter(notice, CORRECTED, by, reason=reason, days=changes)
    return notice


def why_days_stay(notice) -> str | None:
    """The sentence of why what was written down of the dispatch can no longer be corrected, or None."""
    if notice.kind in DECIDING and notice.application.paid_at:
        return "Auf diesen Bescheid ist schon ausgezahlt. Sein Versand bleibt, wie er festgehalten ist."
    return None


def _count_dates_from(notice) -> None:
    """The dates of a case are counted from the newest letter that decides on it, and from no older one."""
    if notice == notice.application.deciding_notice:
        days = {fact: getattr(notice, name) for name, fact in DATE_FACTS.items()}
        DateFacts.objects.note(notice.application, **days)


@transaction.atomic
def void(notice, *, by, reason) -> Notice:
    """Say that a letter does not hold (it was never sent). It stays, and another one may be made. Raises ValidationError."""
    notice = _held(notice)
    notice.voided_by, notice.voided_at, notice.voided_reason = by, clock.now(), reason
    notice.full_clean()
    notice.save()
    return notice


def _held(notice) -> Notice:
    """The letter as it is now; its case is locked until the transaction ends."""
    application = Application.objects.locked(notice.application_id)
    notice = Notice.objects.select_related("file").get(pk=notice.pk)
    notice.application = application
    return notice


def content(notice) -> bytes:
    """The letter as it was made. Raises LetterRefused when it is not that any more."""
    with notice.file.file.open("rb") as stored:
        pdf = stored.read()
    if hashlib.sha256(pdf).hexdigest() != notice.file.sha256:
        raise LetterRefused(f"{notice} stimmt nicht mehr mit seiner Prüfsumme überein und wird nicht ausgegeben.")
    return pdf


def as_zip(notices, target) -> None:
    """Write the letters into the binary file `target`, one at a time; a queryset is not read as a whole."""
    with zipfile.ZipFile(target, "w") as archive:  # a PDF is compressed already
        for notice in notices:
            archive.writestr(notice.file.original_name, content(notice))


def as_print_pdf(notices, target) -> None:
    """One PDF for the printer, written into `target`: each letter begins on the front of a sheet.

    For paper only: what makes the single letters accessible and PDF/A belongs to them and is left behind.
    """
    with pikepdf.new() as printed:
        for notice in notices:
            with pikepdf.open(io.BytesIO(content(notice))) as letter:
                printed.pages.extend(letter.pages)
            if len(printed.pages) % 2:
                printed.add_blank_page(page_size=A4)
        printed.save(target)


A4 = (595, 842)  # points
