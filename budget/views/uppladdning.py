"""What the pages that read a file have in common: no more of it is stored than may be, and it is checked before use.

A page takes a file in two steps: it shows row by row what the file would change, and what was shown travels signed to
the step that does it. The guard must stand before anything reads the body; so such a view is exempt from the early
CSRF check and hands over to one that is not.
"""

from __future__ import annotations

from django import forms
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from budget.scb.lasning import HOGSTA_STORLEK

GILTIG = 60 * 60  # seconds from preview to saving


class Storleksvakt(FileUploadHandler):
    """Throws away what comes after the limit, so that no more than that is ever stored.

    DATA_UPLOAD_MAX_MEMORY_SIZE does not count files. The rest is still read past, so that the page with the message
    reaches the browser; StopUpload would do that too, but line by line, which takes eight seconds for 40 MB.
    """

    for_stor = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if start + len(raw_data) <= HOGSTA_STORLEK:
            return raw_data
        self.for_stor = True
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def satt_vakt(request: HttpRequest) -> Storleksvakt:
    """Put the guard first among those who read the request's body."""
    vakt = Storleksvakt(request)
    request.upload_handlers.insert(0, vakt)
    return vakt


def vagrad(form: forms.BaseForm, vakt: Storleksvakt, for_stor: str) -> int:
    """The status to answer with: 413, saying *for_stor*, for a `fil` too large, 422 for a faulty form, else 0."""
    giltig = form.is_valid()
    if vakt.for_stor:
        form.errors.pop("fil", None)
        form.add_error("fil", for_stor)
        return 413
    return 0 if giltig else 422
