"""What letters start with: a letterhead without a signatory, and the delivered text blocks, from fixtures/.

Both are the ministry's own from then on; what is there is never overwritten. Without the name of a signatory no letter
is issued, so that none goes out with a name that somebody made up.
"""

from datetime import date

from django.db import transaction

from applications.base_data import records
from applications.models import Letterhead, TextBlock, TextBlockVersion
from ikz.german import counted

FILE = "text_blocks.json"


@transaction.atomic
def load():
    """Load what is missing. Returns sentences that say what is new."""
    data = records(FILE)
    sentences = []
    if not Letterhead.objects.exists():
        record = data["letterhead"]
        letterhead = Letterhead(**{**record, "valid_from": date.fromisoformat(record["valid_from"])})
        letterhead.save()
        sentences.append(f"Briefkopf „{letterhead}“ angelegt. Bitte tragen Sie die unterzeichnende Person ein.")
    known = set(TextBlock.objects.values_list("key", flat=True))
    new = [record for record in data["blocks"] if record["key"] not in known]
    texts = [record.pop("text") for record in new]
    blocks = TextBlock.objects.bulk_create(TextBlock(**record) for record in new)
    TextBlockVersion.objects.bulk_create(
        TextBlockVersion(block=block, number=1, text=text) for block, text in zip(blocks, texts, strict=True)
    )
    if new:
        sentences.append(f"{counted(len(new), 'Textbaustein', 'Textbausteine')} neu angelegt.")
    return sentences
