"""导入模板下载 and 导入 in the application centre."""

import tempfile
from typing import Any

from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import FormView, View

from catalogue.exchange.centre import SubjectMixin
from catalogue.exchange.import_forms import UploadForm
from catalogue.exchange.importing import import_workbook
from catalogue.exchange.sheets import SubjectSheet
from catalogue.exchange.workbook import write_template
from files.spreadsheets import XLSX


class TemplateDownloadView(SubjectMixin, View):
    """导入模板下载: with the drop-downs as the tables are now."""

    http_method_names = ["get", "options"]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> FileResponse:
        layout = SubjectSheet(self.subject, self.provider)
        file = tempfile.TemporaryFile(prefix="template-")  # noqa: SIM115 - the response closes it
        write_template(file, layout)
        file.seek(0)
        return FileResponse(
            file,
            as_attachment=True,
            filename=_("%s导入模板.xlsx") % self.subject.title,
            content_type=XLSX,
        )


class ImportView(SubjectMixin, FormView):
    """导入: send the workbook. It is checked in the background, and nothing is imported before it is confirmed."""

    template_name = "catalogue/exchange/import.html"
    form_class = UploadForm

    def form_valid(self, form: UploadForm) -> HttpResponse:
        try:
            job = import_workbook(
                upload=form.cleaned_data["file"],
                subject=self.subject,
                provider=self.provider,
                actor=self.actor,
            )
        except ValidationError as error:
            form.add_error("file", error)
            return self.form_invalid(form)
        return redirect("batches:detail", pk=job.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(left_out=self.subject.left_out, **kwargs)

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        self.provider  # noqa: B018 - an account without an institution is told so now, not after the upload
        return super().get(request, *args, **kwargs)
