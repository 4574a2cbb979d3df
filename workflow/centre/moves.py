"""What an owner does with a whole submission, each asked before it is done: 完成 and 撤回并修改信息."""

import datetime
from typing import Any, ClassVar, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from accounts.exceptions import DomainError
from workflow import services
from workflow.centre.flow import SubmissionFlow
from workflow.differences import review_rows
from workflow.exceptions import IncompleteError


class ConfirmedView(SubmissionFlow, TemplateView):
    """Something that is asked before it is done: 确定 posts with ``confirmed``, 取消 leads back.

    The dialog on the page that led here asks already where there is JavaScript.
    """

    template_name = "workflow/centre/confirm.html"
    http_method_names = ["post", "options"]
    title: ClassVar[str | Promise]
    is_danger: ClassVar[bool] = False

    def get_text(self) -> str:
        raise NotImplementedError

    def get_cancel_url(self) -> str:
        return self.record.get_centre_url()

    def perform(self) -> HttpResponse:
        """Do it. A DomainError becomes a message on the record's page."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.record.pk is None:
            raise Http404
        if "confirmed" not in request.POST:
            return self.render_to_response(self.get_context_data())
        try:
            return self.perform()
        except DomainError as error:
            messages.error(request, str(error))
            return redirect(self.record.get_centre_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title=self.title,
            text=self.get_text(),
            is_danger=self.is_danger,
            cancel_url=self.get_cancel_url(),
            **kwargs,
        )


class SubmitView(ConfirmedView):
    """完成, once everything is there: show the record, ask, hand it in."""

    http_method_names = ["get", "head", "post", "options"]
    title = gettext_lazy("提交审核")

    def get_text(self) -> str:
        return _(
            "确定把“%(title)s”提交审核吗？提交后请等待运营部门在线审核，一般 %(days)d 个工作日内完成。"
            "审核期间如需修改，可以撤回。"
        ) % {"title": self.record, "days": self.record.review_target_days()}

    def get_cancel_url(self) -> str:
        return self.address("step", step=self.steps[-1].slug)

    def get_success_url(self) -> str:
        return self.record.get_centre_url()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.record.is_editable:
            return redirect(self.record.get_centre_url())
        if self.record.submission_problems():
            return redirect(self.last_step_checked)
        return self.render_to_response(
            self.get_context_data(sections=review_rows(self.record, None), warnings=self.warnings())
        )

    def warnings(self) -> list[str]:
        """What looks wrong in any step: 下一步 and 完成 lead past the pages that would show it."""
        forms = [step.form(instance=self.record, owner=self.actor) for step in self.steps]
        return [sentence for form in forms for sentence in form.warnings().values()]

    def perform(self) -> HttpResponse:
        record = self.record
        if record.is_editable and self.request.POST.get("version") != str(record.version):
            messages.warning(self.request, _("内容在您确认之前又有修改，请核对后再点击“确定”。"))
            return redirect(self.address("submit"))
        try:
            record = services.submit(record=record, actor=self.actor)
        except IncompleteError:
            return redirect(self.last_step_checked)
        messages.success(
            self.request,
            _("“%(title)s”已提交，请等待审核，预计 %(day)s 前完成。结果会通过站内信和邮件告诉您。")
            % {"title": record, "day": date_format(cast(datetime.date, record.due_on), "Y-m-d")},
        )
        return redirect(self.get_success_url())


class WithdrawView(ConfirmedView):
    """撤回并修改信息: back to draft after a warning, and on to the first step."""

    title = gettext_lazy("撤回并修改信息")
    is_danger = True

    def get_text(self) -> str:
        return self.withdraw_text()

    def perform(self) -> HttpResponse:
        services.withdraw(record=self.record, actor=self.actor)
        messages.success(
            self.request, _("已撤回，现在可以修改。改好后请在最后一步点击“完成”，重新提交审核。")
        )
        return redirect(self.address("step", step=self.steps[0].slug))
