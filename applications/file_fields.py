"""Form fields for files: one, or several. What is more than a form takes is refused, never left out in silence."""

from django import forms
from django.conf import settings

from applications.uploads import MOST_AT_ONCE, TOO_MANY

MEGABYTE = 1024 * 1024
ONE_ONLY = "Hier ist nur eine Datei möglich, gesendet haben Sie {number}. Es wurde keine gespeichert. Bitte wählen Sie die eine aus."
TOO_LARGE_TOGETHER = (
    "Die Dateien sind zusammen größer als {most} MB. Es wurde keine gespeichert. Bitte senden Sie sie einzeln oder in "
    "mehreren Teilen."
)


def most_megabytes() -> int:
    """Of a document; and of all that one form brings, because a proxy bounds the whole request (docs/deploy/nginx.conf)."""
    return settings.IKZ_MAX_UPLOAD_BYTES // MEGABYTE


def limits(most_files=1) -> dict:
    """What upload.js asks before it sends anything."""
    return {"data-max-bytes": settings.IKZ_MAX_UPLOAD_BYTES, "data-max-files": most_files}


class _AllThatCame:
    """A mixin for a widget of one file, which would hand on the last of several."""

    def value_from_datadict(self, data, files, name):
        given = files.getlist(name)
        return given if len(given) > 1 else super().value_from_datadict(data, files, name)


class OneFileInput(_AllThatCame, forms.FileInput):
    pass


class ClearableOneFileInput(_AllThatCame, forms.ClearableFileInput):
    pass


class OneFile(forms.FileField):
    widget = OneFileInput

    def clean(self, data, initial=None):
        if isinstance(data, list):
            raise forms.ValidationError(ONE_ONLY.format(number=len(data)))
        return super().clean(data, initial)


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True


class SeveralFiles(forms.FileField):
    """Several at once; each is refused or taken with its name. `judged` raises ValidationError for one of them."""

    widget = SeveralFilesInput

    def __init__(self, *args, judged, **kwargs):
        super().__init__(*args, **kwargs)
        self.judged = judged

    def clean(self, data, initial=None):
        given = data if isinstance(data, list) else [data]
        self._refuse_too_much([each for each in given if each])
        taken, errors = [], []
        for upload in given:
            try:
                taken.append(self.judged(super().clean(upload, initial)))
            except forms.ValidationError as error:
                errors += [f"{upload.name}: {message}" if upload else message for message in error.messages]
        if errors:
            raise forms.ValidationError(errors)
        return taken

    def _refuse_too_much(self, given):
        if len(given) > MOST_AT_ONCE:
            raise forms.ValidationError(TOO_MANY.format(number=len(given), most=MOST_AT_ONCE))
        if len(given) > 1 and sum(each.size for each in given) > settings.IKZ_MAX_UPLOAD_BYTES:
            raise forms.ValidationError(TOO_LARGE_TOGETHER.format(most=most_megabytes()))
