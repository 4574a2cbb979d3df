"""Serving private files to those who may read them."""

import uuid

from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views import View

from accounts.adapter import client_address
from files.models import PrivateFile
from files.signals import private_file_served

# A file opened on its own must not become a page of ours, whatever its bytes turn out to mean.
_NOTHING = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
IMAGE_POLICY = f"sandbox; {_NOTHING}; img-src 'self'"
# No sandbox for PDF: browsers refuse to start their viewer, itself a sandbox, inside one.
PDF_POLICY = f"{_NOTHING}; object-src 'self'"


class PrivateFileView(LoginRequiredMixin, View):
    """A private file, shown in the browser; ``?download`` saves it. Not visible to the user: 404."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, uuid: uuid.UUID) -> HttpResponseBase:
        files = PrivateFile.objects.visible_to(request.user).select_related("owner")
        private = get_object_or_404(files, uuid=uuid)
        response: HttpResponseBase
        if settings.PRIVATE_ACCEL_PREFIX:
            response = HttpResponse()
            response["X-Accel-Redirect"] = f"{settings.PRIVATE_ACCEL_PREFIX.rstrip('/')}/{private.file.name}"
        else:
            try:
                response = FileResponse(private.file.open("rb"))
            except FileNotFoundError as error:
                raise Http404 from error
        # the type found in the content when it was stored, and no guessing by the browser
        response["Content-Type"] = private.content_type
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = IMAGE_POLICY if private.is_image else PDF_POLICY
        response["Cache-Control"] = "private, no-store"
        disposition = content_disposition_header("download" in request.GET, private.name)
        response["Content-Disposition"] = disposition or "inline"
        if request.method == "GET":  # Django answers HEAD by the same method
            private_file_served.send(
                sender=PrivateFile,
                file=private,
                user=request.user,
                ip_address=client_address(request),
                is_download="download" in request.GET,
            )
        return response
