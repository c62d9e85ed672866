"""The documents of generated cases: rows without content, and the resolutions and agreements that name them."""

import hashlib

from applications.models import Agreement, Resolution, Signature, StoredFile
from applications.models.stored_file import Purpose, Scan
from applications.states import COLLECTING, State

DOCUMENTS = 6


def create_documents(cases, participants):
    """A resolution of each participant, the agreement, and others up to the usual number; by case."""
    found = {case.pk: [] for case in cases}
    rows = []
    for case in cases:
        brought = participants[case.cooperation_id]
        purposes = [Purpose.RESOLUTION] * len(brought) + [Purpose.AGREEMENT]
        for position in range(DOCUMENTS):
            purpose = purposes[position] if position < len(purposes) else Purpose.OTHER
            rows.append(_document(case, position, purpose, brought[position % len(brought)]))
    for each in StoredFile.objects.bulk_create(rows):
        found[each.application_id].append(each)
    return found


def _document(case, position, purpose, participant):
    digest = hashlib.sha256(f"{case.file_number} {position}".encode()).hexdigest()
    return StoredFile(
        application=case,
        participant=None if purpose == Purpose.AGREEMENT else participant,
        purpose=purpose,
        file=f"{digest[:2]}/{digest}.pdf",
        original_name=f"{Purpose(purpose).label} {position}.pdf",
        sha256=digest,
        size=1_000_000,
        pages=4,
        scan=Scan.CLEAN,
        scanned_at=case.handed_in_at,
        uploaded_by=case.clerk,
        uploaded_at=case.handed_in_at,
    )


def create_contracts(cases, participants, files):
    """Resolutions but of every second draft, agreements of what has come so far."""
    signed = [case for case in cases if case.state not in COLLECTING]
    Resolution.objects.bulk_create(
        Resolution(
            participant=each,
            organ=each.municipality.organs.resolves,
            resolved_on=case.received_on,
            votes_for=20,
            votes_against=3,
            file=file,
        )
        for case in cases
        if case.state != State.DRAFTED or case.pk % 2
        for each, file in zip(participants[case.cooperation_id], files[case.pk], strict=False)
    )
    agreements = Agreement.objects.bulk_create(
        Agreement(
            cooperation=case.cooperation,
            file=files[case.pk][len(participants[case.cooperation_id])],
            starts_on=case.received_on,
            is_unlimited=True,
            termination_terms_confirmed=True,
            approval_authority="Regierungspräsidium",
            approved_on=case.received_on,
            approval_file_number="21.2",
            published_in="Staatsanzeiger",
            published_on=case.received_on,
        )
        for case in signed
    )
    Signature.objects.bulk_create(
        Signature(
            agreement=agreement,
            participant=each,
            signatory_1="Anna Arndt, Bürgermeisterin",
            signatory_2="Bernd Bauer, Erster Beigeordneter",
            signed_on=case.received_on,
        )
        for case, agreement in zip(signed, agreements, strict=True)
        for each in participants[case.cooperation_id]
    )
