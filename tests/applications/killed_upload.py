"""An upload that gets stuck: `python -m tests.applications.killed_upload CASE writing|written`. The test kills it."""

import importlib
import sys
import time

import django
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction


def stuck():
    sys.stdout.write("stuck\n")
    sys.stdout.flush()
    time.sleep(60)


class HalfSent(SimpleUploadedFile):
    def chunks(self, chunk_size=None):
        yield self.read(100)
        stuck()


def main(case, where):
    django.setup()
    # Models can be imported only now.
    models, uploads, factories = (
        importlib.import_module(name) for name in ("applications.models", "applications.uploads", "tests.factories")
    )
    application = models.Application.objects.get(pk=case)
    upload = SimpleUploadedFile("beschluss.pdf", factories.PDF)
    checked = uploads.check(upload)
    if where == "writing":
        upload = HalfSent("beschluss.pdf", factories.PDF)
    with transaction.atomic():
        facts = {"participant": None, "purpose": "other", "by": application.clerk}
        uploads.store(upload, checked, application=application, **facts)
        stuck()


if __name__ == "__main__":
    main(*sys.argv[1:])
