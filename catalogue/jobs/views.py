"""批量任务 in the application centre: what was asked for, how far it is, what came of it."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from accounts.centre import ProviderRequiredMixin
from accounts.paging import clamped_page
from catalogue.exchange.import_forms import ConfirmForm
from catalogue.exchange.subjects import SUBJECTS
from catalogue.jobs import services
from catalogue.jobs.workers import worker_of
from catalogue.models import Job, JobKind, JobState

PAGE_SIZE = 20
TONES = {
    JobState.CHECKING: "wait",
    JobState.READY: "info",
    JobState.RUNNING: "wait",
    JobState.DONE: "good",
    JobState.FAILED: "bad",
    JobState.CANCELLED: "neutral",
}


class JobMixin(ProviderRequiredMixin):
    """One job of the own institution; another's is a 404."""

    kwargs: dict[str, Any]

    def get_queryset(self) -> QuerySet[Job]:
        return Job.objects.visible_to(self.actor)

    @cached_property
    def job(self) -> Job:
        job: Job = get_object_or_404(
            self.get_queryset().select_related("provider", "file", "refused_file"), pk=self.kwargs["pk"]
        )
        self.menu_key = job.subject
        return job


class JobListView(ProviderRequiredMixin, TemplateView):
    template_name = "catalogue/exchange/job_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        jobs = Job.objects.visible_to(self.actor).defer("report", "options")
        page = clamped_page(jobs, self.request.GET.get("page"), PAGE_SIZE)
        for job in page:
            job.tone = TONES[JobState(job.state)]
            job.done_count = job.created_count + job.updated_count
            job.subject_title = SUBJECTS[job.subject].title
        return super().get_context_data(page_obj=page, **kwargs)


class JobDetailView(JobMixin, TemplateView):
    """Progress while it works, then what to confirm, then the result.

    htmx asks again every two seconds while it works, and gets the progress alone.
    """

    def get_template_names(self) -> list[str]:
        if self.request.htmx:  # type: ignore[attr-defined]
            return ["catalogue/exchange/job_progress.html"]
        return [worker_of(self.job).template_name]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = self.render_to_response(self.get_context_data(**kwargs))
        if request.htmx and not self.is_moving:  # type: ignore[attr-defined]
            response["HX-Refresh"] = "true"
        return response

    @property
    def is_moving(self) -> bool:
        return self.job.is_working and not services.may_resume(self.job)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        job, subject = self.job, SUBJECTS[self.job.subject]
        return super().get_context_data(
            job=job,
            tone=TONES[JobState(job.state)],
            subject=subject.slug,
            subject_title=subject.title,
            list_url=subject.list_url,
            left_out=subject.left_out,
            is_moving=self.is_moving,
            may_resume=services.may_resume(job),
            form=kwargs.pop("form", None) or ConfirmForm(),
            **kwargs,
        )


class JobConfirmView(JobDetailView):
    """确认导入."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        options: dict[str, Any] = {}
        if self.job.kind == JobKind.IMPORT and self.job.state == JobState.READY:
            form = ConfirmForm(request.POST)
            if not form.is_valid():
                return self.render_to_response(self.get_context_data(form=form))
            options = form.job_options
        services.confirm_job(job=self.job, actor=self.actor, options=options)
        return redirect("batches:detail", pk=self.job.pk)


class JobCancelView(JobMixin, View):
    """取消: what is done stays done."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        services.cancel_job(job=self.job, actor=self.actor)
        messages.success(request, _("已取消。取消之前已处理的记录仍然保留。"))
        return redirect("batches:detail", pk=self.job.pk)


class JobResumeView(JobMixin, View):
    """继续处理, where the server was restarted half-way."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        services.resume_job(job=self.job, actor=self.actor)
        return redirect("batches:detail", pk=self.job.pk)


class RefusedFileView(JobMixin, View):
    """The workbook of refused rows, through the view that serves private files."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        file = self.job.refused_file
        if file is None:
            messages.info(request, _("这个任务没有未导入的行，或文件已超过保存期限。"))
            return redirect("batches:detail", pk=self.job.pk)
        return redirect(f"{file.get_absolute_url()}?download")
