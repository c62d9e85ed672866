"""Who owes what: participants × documents, for the case page of the ministry and the portal alike."""

from dataclasses import dataclass

from ikz.german import day, euros


@dataclass(frozen=True)
class Cell:
    """One document of one participant. `tone` is done, wait, stop or open; `kind` names the record behind it."""

    kind: str
    tone: str
    text: str
    detail: str = ""


WRONG_ORGAN = "falsches Organ"
COLUMNS = ("Beschluss", "Unterschrift", "Ausgaben bisher")


@dataclass(frozen=True)
class Row:
    participant: object
    is_lead: bool
    cells: tuple[Cell, ...]

    @property
    def labelled_cells(self) -> list[tuple[str, Cell]]:
        """Each with its column: on a phone every row is a block of its own."""
        return list(zip(COLUMNS, self.cells, strict=True))


def rows(application, *, with_amounts=True) -> list[Row]:
    """`with_amounts`: for whom it is to know what each spends."""
    return [
        Row(
            each,
            each.municipality == application.lead,
            (
                _resolution(each, application),
                _signature(each, application),
                _expenditure(each, application, with_amounts),
            ),
        )
        for each in application.participants
    ]


def _resolution(participant, application) -> Cell:
    resolution = participant.resolution_or_none
    if resolution is None:
        return Cell("resolution", "wait", "fehlt", participant.municipality.organs.resolves)
    tone, text = _verdict_on(resolution, application)
    detail = resolution.organ if text == WRONG_ORGAN else _when(resolution.resolved_on)
    return Cell("resolution", tone, text, detail)


def _verdict_on(resolution, application) -> tuple[str, str]:
    """In the order of the rule, so that nothing is green that the rule misses."""
    file = resolution.file
    refused = {"infected", "pending"} if application.accepts_unscanned_files else {"infected", "pending", "unscanned"}
    verdicts = [
        (not resolution.is_positive, "stop", "abgelehnt"),
        (not resolution.is_of_competent_organ, "stop", WRONG_ORGAN),
        (resolution.resolved_on is None, "wait", "Datum fehlt"),
        (file is None, "wait", "PDF fehlt"),
        (file and file.scan in refused, "stop", file and file.get_scan_display()),
    ]
    return next(((tone, text) for applies, tone, text in verdicts if applies), ("done", "liegt vor"))


def _signature(participant, application) -> Cell:
    if not application.variant.requires_agreement:
        return Cell("signature", "open", "nicht nötig")
    signature = application.agreement.signature_of(participant) if application.agreement else None
    if signature is None:
        return Cell("signature", "wait", "fehlt")
    if not (signature.signatory_1.strip() and signature.signatory_2.strip()):
        return Cell("signature", "stop", "eine von zweien fehlt", _when(signature.signed_on))
    resolution = participant.resolution_or_none
    if resolution and resolution.resolved_on and signature.signed_on < resolution.resolved_on:
        return Cell("signature", "stop", "vor dem Beschluss", _when(signature.signed_on))
    return Cell("signature", "done", "liegt vor", _when(signature.signed_on))


def _expenditure(participant, application, with_amounts) -> Cell:
    if application.variant.min_saving_percent is None:
        return Cell("expenditure", "open", "nicht nötig")
    spent = participant.before(application.variant)
    if spent is None:
        return Cell("expenditure", "wait", "fehlen")
    return Cell("expenditure", "done", "liegen vor", euros(spent) if with_amounts else "")


def _when(date) -> str:
    return day(date) if date else "ohne Datum"
