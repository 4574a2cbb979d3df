"""One record of a provider: to read, to fill in, to submit, to withdraw, to copy and to throw away."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from accounts.centre import ProviderRequiredMixin
from catalogue import permissions, services
from catalogue.attributes.steps import with_attributes_step
from catalogue.centre.kinds import RecordKind
from catalogue.models import ProviderRecord
from workflow.centre import (
    ConfirmedView,
    RecordView,
    Step,
    StepView,
    SubmissionFlow,
    SubmitView,
    WithdrawView,
)


class RecordFlow(ProviderRequiredMixin, SubmissionFlow):
    """What the views of a record share. The address gives the kind: ``as_view(kind=INSTRUMENTS)``."""

    kind: RecordKind = None  # type: ignore[assignment]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)  # type: ignore[misc]
        self.namespace = self.menu_key = self.kind.key
        self.base_steps = self.kind.steps

    @cached_property
    def steps(self) -> Sequence[Step]:
        return with_attributes_step(self.base_steps, cast(ProviderRecord, self.record))

    def get_record(self) -> ProviderRecord:
        records: Any = self.kind.model._default_manager
        place = self.kind.model.category_field
        return get_object_or_404(
            records.visible_to(self.actor)
            .select_related("provider__account", *([place] if place else []))
            .prefetch_related(*self.kind.prefetched),
            pk=self.kwargs["pk"],
        )

    def problem_address(self, name: str) -> str:
        return reverse("institutions:overview") if name == "provider" else super().problem_address(name)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kind=self.kind, **kwargs)


class RecordDetailView(RecordFlow, RecordView):
    def get_template_names(self) -> list[str]:
        return [f"catalogue/centre/{self.kind.key}_detail.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = cast(ProviderRecord, self.record)
        is_shown = record.is_public and record.provider.is_public
        return super().get_context_data(
            public_url=self.public_page_of(record) if is_shown else "",
            duplicate_url=self.address("duplicate"),
            delete_url=self.address("delete") if permissions.may_delete(self.actor, record) else "",
            **kwargs,
        )

    def public_page_of(self, record: Any) -> str:
        """Its own public page, or its provider's where it has none."""
        page = record if hasattr(record, "get_absolute_url") else record.provider
        return page.get_absolute_url()


class RecordStepView(RecordFlow, StepView):
    @property
    def extra_required(self) -> Sequence[str]:  # type: ignore[override]
        return self.kind.required_children

    def store(self, record: Any, version: int) -> None:
        services.save_record(record=record, actor=self.actor, version=version)


class RecordCreateView(RecordStepView):
    """新增: the first step of a record that its first save stores."""

    @cached_property
    def step(self) -> Step:
        return self.base_steps[0]

    def get_record(self) -> ProviderRecord:
        return services.new_record(model=self.kind.model, account=self.actor)

    def step_address(self, step: Step) -> str:
        return super().step_address(step) if self.record.pk else self.kind.create_url


class RecordSubmitView(RecordFlow, SubmitView):
    def get_success_url(self) -> str:
        return self.kind.list_url


class RecordWithdrawView(RecordFlow, WithdrawView):
    pass


class RecordDuplicateView(RecordFlow, View):
    """复制: a new draft like this one, opened at its first step."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        twin = services.duplicate_record(record=cast(ProviderRecord, self.record), actor=self.actor)
        messages.success(
            request,
            _("已复制为一份新的草稿。请修改与“%s”不同的内容，再保存或提交；单位内部编号和扫描件没有复制。")
            % (str(self.record) or self.kind.unnamed),
        )
        return redirect(reverse(f"{self.namespace}:step", args=[twin.pk, self.base_steps[0].slug]))


class RecordDeleteView(RecordFlow, ConfirmedView):
    """删除: only a draft that was never submitted."""

    title = gettext_lazy("删除草稿")
    is_danger = True

    def get_text(self) -> str:
        return _("确定删除“%s”吗？已填写的内容和上传的文件会一并删除，不能恢复。") % (
            str(self.record) or self.kind.unnamed
        )

    def perform(self) -> HttpResponse:
        services.delete_draft(record=cast(ProviderRecord, self.record), actor=self.actor)
        messages.success(self.request, _("草稿已删除。"))
        return redirect(self.kind.list_url)
