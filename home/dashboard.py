"""What an account finds when it enters the application centre, read live."""

from dataclasses import dataclass, field

from django.db.models import Count
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Message, User
from catalogue.models import Instrument
from institutions.models import Provider
from workflow.statuses import SubmissionStatus

NEWEST_MESSAGES = 5


@dataclass(frozen=True)
class Todo:
    """One thing the account can do next. The first of a list is the one to begin with."""

    title: str
    text: str
    url: str
    label: str


@dataclass(frozen=True)
class Tally:
    """How many instruments are in a state, and where they are listed."""

    label: str
    count: int
    url: str
    icon: str


@dataclass(frozen=True)
class Dashboard:
    messages: list[Message]
    todos: list[Todo] = field(default_factory=list)
    provider: Provider | None = None
    tallies: list[Tally] = field(default_factory=list)
    needs_institution: bool = False

    @property
    def status_label(self) -> str:
        """The state of the institution, in the manual's words."""
        return self.provider.status_label if self.provider else _("未填写")


def dashboard_of(account: User) -> Dashboard:
    newest = list(Message.objects.filter(recipient=account)[:NEWEST_MESSAGES])
    if not account.is_provider:
        return Dashboard(messages=newest)
    provider = Provider.objects.visible_to(account).first()
    counts = _instrument_counts(account)
    if provider is None or _is_blank(provider):
        return Dashboard(
            messages=newest,
            todos=[_first_todo()],
            provider=None,
            tallies=_tallies(counts),
            needs_institution=True,
        )
    return Dashboard(
        messages=newest, todos=_todos(provider, counts), provider=provider, tallies=_tallies(counts)
    )


def _is_blank(provider: Provider) -> bool:
    """A draft that was saved with neither name: as good as none."""
    return provider.status == SubmissionStatus.DRAFT and not (provider.host_name or provider.name)


def _instrument_counts(account: User) -> dict[str, int]:
    found = Instrument.objects.visible_to(account).order_by().values_list("status").annotate(Count("pk"))
    return dict(found)


def _tallies(counts: dict[str, int]) -> list[Tally]:
    address = reverse("instruments:list")
    icons = {
        SubmissionStatus.APPROVED: "circle-check",
        SubmissionStatus.PENDING: "clock",
        SubmissionStatus.RETURNED: "undo-2",
        SubmissionStatus.DRAFT: "pencil",
    }
    return [
        Tally(str(status.label), counts.get(status, 0), f"{address}?status={status}", icon)
        for status, icon in icons.items()
    ]


def _todos(provider: Provider, counts: dict[str, int]) -> list[Todo]:
    """What is left to do, the most pressing first; never empty."""
    instruments = reverse("instruments:list")
    todos = []
    if (institution := _institution_todo(provider)) is not None:
        todos.append(institution)
    if returned := counts.get(SubmissionStatus.RETURNED):
        todos.append(
            Todo(
                _("有 %d 台仪器被退回") % returned,
                _("请按审核意见修改后重新提交。"),
                f"{instruments}?status={SubmissionStatus.RETURNED}",
                _("查看退回的仪器"),
            )
        )
    if drafts := counts.get(SubmissionStatus.DRAFT):
        todos.append(
            Todo(
                _("有 %d 台仪器还没有提交") % drafts,
                _("填写完整后点击“完成”提交审核。"),
                f"{instruments}?status={SubmissionStatus.DRAFT}",
                _("继续填写"),
            )
        )
    if not counts:
        todos.append(
            Todo(
                _("录入第一台仪器"),
                _("仪器和机构都通过审核后，公众就能搜索到。"),
                reverse("instruments:create"),
                _("新增仪器"),
            )
        )
    return todos or [
        Todo(
            _("暂时没有要办的事"),
            _("可以继续录入仪器。审核结果会通过站内信和邮件告诉您。"),
            reverse("instruments:create"),
            _("新增仪器"),
        )
    ]


def _first_todo() -> Todo:
    return Todo(
        _("尚未填写机构信息"),
        _("分两步填写依托单位和检测机构，通过审核后成为接券机构，仪器才能公开。"),
        reverse("institutions:step", kwargs={"step": "host"}),
        _("填写机构信息"),
    )


def _institution_todo(provider: Provider) -> Todo | None:
    address = reverse("institutions:overview")
    match provider.status:
        case SubmissionStatus.DRAFT:
            return Todo(
                _("机构信息还没有提交"),
                _("填写完整后点击“完成”提交审核；审核通过前，仪器不会公开。"),
                address,
                _("继续填写"),
            )
        case SubmissionStatus.RETURNED:
            return Todo(
                _("机构信息被退回"),
                _("退回原因：%s") % provider.return_reason,
                address,
                _("修改机构信息"),
            )
        case SubmissionStatus.PENDING if provider.due_on:
            return Todo(
                _("机构信息正在审核"),
                _("预计 %s前完成。等待期间可以先录入仪器。") % date_format(provider.due_on, "n月j日"),
                address,
                _("查看机构信息"),
            )
    return None
