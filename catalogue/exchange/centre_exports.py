"""导出 and 国家平台导出 in the application centre."""

from typing import Any

from django.db.models import Count
from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from catalogue.centre.lists import own_records
from catalogue.exchange.centre import SubjectMixin
from catalogue.exchange.exporting import export_sheet
from catalogue.exchange.nrii import nrii_sheets
from catalogue.exchange.sheets import SubjectSheet
from catalogue.models import Instrument
from files.spreadsheets import spreadsheet_response
from workflow.statuses import SubmissionStatus


class RecordExportView(SubjectMixin, View):
    """导出: the list as filtered, in the columns of the import template."""

    http_method_names = ["get", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        layout = SubjectSheet(self.subject, self.provider)
        records = own_records(self.kind, self.actor, request.GET)
        return spreadsheet_response(name=self.subject.title, sheets=[export_sheet(layout, records)])


class NriiMixin(SubjectMixin):
    subject_slug = "instruments"


class NriiView(NriiMixin, TemplateView):
    """国家平台导出: which instruments."""

    template_name = "catalogue/exchange/nrii.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = Instrument.objects.filter(provider=self.provider)
        counts = dict(own.order_by().values_list("status").annotate(Count("pk")))
        choices = [
            {"value": status.value, "label": status.label, "count": counts.get(status, 0)}
            for status in (
                SubmissionStatus.APPROVED,
                SubmissionStatus.PENDING,
                SubmissionStatus.DRAFT,
                SubmissionStatus.RETURNED,
            )
        ]
        everything = {"value": "", "label": _("全部"), "count": sum(counts.values())}
        return super().get_context_data(choices=[*choices, everything], **kwargs)


class NriiDownloadView(NriiMixin, View):
    """The workbook: of approved instruments, unless another state or ``status=`` (all) is asked for."""

    http_method_names = ["get", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        instruments = Instrument.objects.filter(provider=self.provider)
        status = request.GET.get("status", SubmissionStatus.APPROVED)
        if status in SubmissionStatus.values:
            instruments = instruments.filter(status=status)
        return spreadsheet_response(name=_("国家平台仪器"), sheets=nrii_sheets(instruments))
