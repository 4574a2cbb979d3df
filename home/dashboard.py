"""What an account finds when it enters the application centre, read live."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Message, User
from accounts.money import format_yuan
from catalogue.centre.kinds import INSTRUMENTS, KINDS, QUALIFICATIONS, RecordKind
from catalogue.models import EXPIRING_DAYS, Qualification, Validity, validity_condition
from home.todos import Todo, account_todos, claim_todos, deal_todos, year_todos
from institutions.models import Consumer, Provider
from vouchers.eligibility import standing_of
from vouchers.models import Voucher
from vouchers.models.applications import VoucherApplication
from vouchers.selectors import vouchers_page
from workflow.models import Submission
from workflow.statuses import WITHDRAWABLE, SubmissionStatus

NEWEST_MESSAGES = 5
# In the order in which they are shown.
TALLIED = (
    SubmissionStatus.APPROVED,
    SubmissionStatus.PENDING,
    SubmissionStatus.RETURNED,
    SubmissionStatus.DRAFT,
)


@dataclass(frozen=True)
class Tally:
    """How many records of a kind are in a state, and where they are listed."""

    label: str
    count: int
    url: str


@dataclass(frozen=True)
class KindTally:
    """One kind of record, counted by state."""

    kind: RecordKind
    tallies: list[Tally]


@dataclass(frozen=True)
class VoucherFigures:
    """What a consumer has left of its vouchers, in yuan."""

    usable_amount: Decimal
    reserved_amount: Decimal


@dataclass(frozen=True)
class Dashboard:
    messages: list[Message]
    todos: list[Todo] = field(default_factory=list)
    provider: Provider | None = None
    consumer: Consumer | None = None
    vouchers: VoucherFigures | None = None
    kinds: list[KindTally] = field(default_factory=list)
    needs_institution: bool = False

    @property
    def institution(self) -> Provider | Consumer | None:
        return self.provider or self.consumer

    @property
    def status_label(self) -> str:
        """The state of the institution, in the manual's words."""
        return self.institution.status_label if self.institution else _("未填写")


def dashboard_of(account: User) -> Dashboard:
    newest = list(Message.objects.filter(recipient=account)[:NEWEST_MESSAGES])
    if not account.is_provider:
        return _of_consumer(account, newest)
    provider = Provider.objects.visible_to(account).first()
    counts = {kind.key: _counts(kind, account) for kind in KINDS}
    kinds = [_tallied(kind, counts[kind.key]) for kind in KINDS]
    if provider is None or _is_blank(provider):
        return Dashboard(messages=newest, todos=[_first_todo()], kinds=kinds, needs_institution=True)
    return Dashboard(messages=newest, todos=_todos(account, provider, counts), provider=provider, kinds=kinds)


def _of_consumer(account: User, newest: list[Message]) -> Dashboard:
    consumer = Consumer.objects.visible_to(account).first()
    if consumer is None or _is_blank(consumer):
        return Dashboard(messages=newest, todos=[_first_consumer_todo()], needs_institution=True)
    page = vouchers_page(consumer)
    return Dashboard(
        messages=newest,
        todos=[
            *_consumer_todos(consumer),
            *claim_todos(account),
            *deal_todos(account),
            *_voucher_todos(consumer, page),
        ],
        consumer=consumer,
        vouchers=VoucherFigures(page["usable_amount"], page["reserved_amount"]) if page["vouchers"] else None,
    )


def _is_blank(institution: Submission) -> bool:
    """A draft that was saved without any name: as good as none."""
    return institution.status == SubmissionStatus.DRAFT and not (
        institution.institution_name or str(institution)
    )


def _counts(kind: RecordKind, account: User) -> dict[str, int]:
    records = kind.model._default_manager.visible_to(account)
    return dict(records.order_by().values_list("status").annotate(Count("pk")))


def _tallied(kind: RecordKind, counts: dict[str, int]) -> KindTally:
    return KindTally(
        kind,
        [
            Tally(str(status.label), counts.get(status, 0), _list_of(kind, status=status))
            for status in TALLIED
        ],
    )


def _list_of(kind: RecordKind, **query: str) -> str:
    return f"{kind.list_url}?{urlencode(query)}"


def _todos(account: User, provider: Provider, counts: dict[str, dict[str, int]]) -> list[Todo]:
    """What is left to do, the most pressing first; never empty."""
    todos = []
    institution = _institution_todo(
        provider,
        before_approval=_("填写完整后点击“完成”提交审核；审核通过前，仪器不会公开。"),
        while_pending=_("等待期间可以先录入仪器。"),
    )
    if institution is not None:
        todos.append(institution)
    todos += [*account_todos(account), *deal_todos(account), *year_todos(account)]
    for kind in KINDS:
        if returned := counts[kind.key].get(SubmissionStatus.RETURNED):
            todos.append(
                Todo(
                    _("有 %(count)d %(counter)s%(noun)s被退回") % _words(kind, returned),
                    _("请按审核意见修改后重新提交。"),
                    _list_of(kind, status=SubmissionStatus.RETURNED),
                    _("查看退回的%s") % kind.noun,
                )
            )
    todos += _expiry_todos(provider)
    for kind in KINDS:
        if drafts := counts[kind.key].get(SubmissionStatus.DRAFT):
            todos.append(
                Todo(
                    _("有 %(count)d %(counter)s%(noun)s还没有提交") % _words(kind, drafts),
                    _("填写完整后点击“完成”提交审核。"),
                    _list_of(kind, status=SubmissionStatus.DRAFT),
                    _("继续填写"),
                )
            )
    if not any(counts.values()):
        todos.append(
            Todo(
                _("录入第一台仪器"),
                _("仪器和机构都通过审核后，公众就能搜索到。没有仪器的，可以先录入检测资质和检测服务。"),
                INSTRUMENTS.create_url,
                str(INSTRUMENTS.new_label),
            )
        )
    return todos or [
        Todo(
            _("暂时没有要办的事"),
            _("可以继续录入仪器、资质、能力和服务。审核结果会通过站内信和邮件告诉您。"),
            INSTRUMENTS.create_url,
            str(INSTRUMENTS.new_label),
        )
    ]


def _words(kind: RecordKind, count: int) -> dict[str, object]:
    return {"count": count, "counter": kind.counter, "noun": kind.noun}


def _expiry_todos(provider: Provider) -> list[Todo]:
    """Qualifications handed in whose term has ended, or ends soon. One being rewritten is among the drafts already."""
    counted = Qualification.objects.filter(provider=provider, status__in=WITHDRAWABLE).aggregate(
        **{
            state: Count("pk", filter=validity_condition(state))
            for state in (Validity.EXPIRED, Validity.EXPIRING)
        }
    )
    titles = {
        Validity.EXPIRED: _("有 %d 项检测资质已过期"),
        Validity.EXPIRING: _("有 %d 项检测资质即将到期"),
    }
    texts = {
        Validity.EXPIRED: _("前台已标明过期。换证后请撤回修改，填写新的有效期并上传新的扫描件。"),
        Validity.EXPIRING: _("%d 天内到期，请及时换证；换证后请更新有效期和扫描件。") % EXPIRING_DAYS,
    }
    return [
        Todo(
            title % counted[state],
            texts[state],
            _list_of(QUALIFICATIONS, validity=state),
            _("查看资质"),
        )
        for state, title in titles.items()
        if counted[state]
    ]


def _first_todo() -> Todo:
    return Todo(
        _("尚未填写机构信息"),
        _("分两步填写依托单位和检测机构，通过审核后成为接券机构，仪器才能公开。"),
        reverse("institutions:step", kwargs={"step": "host"}),
        _("填写机构信息"),
    )


def _first_consumer_todo() -> Todo:
    return Todo(
        _("尚未填写机构信息"),
        _("分三步填写基本信息、财务信息和联系人信息，通过审核后可以申请创新券。"),
        reverse("institutions:step", kwargs={"step": "basics"}),
        _("填写机构信息"),
    )


def _consumer_todos(consumer: Consumer) -> list[Todo]:
    waiting = _institution_todo(
        consumer,
        before_approval=_("填写完整后点击“完成”提交审核；审核通过后才能申请创新券。"),
        while_pending=_("等待期间可以先查找需要的仪器和服务。"),
    )
    return [waiting] if waiting else []


def _voucher_todos(consumer: Consumer, page: dict[str, Any]) -> list[Todo]:
    """What to do about vouchers, the most pressing first; once the institution is approved, never empty."""
    standing = standing_of(consumer)
    own = page["open_application"]
    todos = [_application_todo(own, consumer)] if own else []
    if page["ending"]:
        todos.append(_ending_todo(page["ending"][-1]))
    if page["usable_amount"]:
        todos.append(
            Todo(
                _("使用创新券"),
                _("还有 %s 元可用。先查找需要的仪器和服务，看清价格、样品要求和服务周期。")
                % format_yuan(page["usable_amount"]),
                reverse("catalogue:instrument_list"),
                _("搜索仪器"),
            )
        )
    if todos or consumer.status != SubmissionStatus.APPROVED:
        return todos
    if standing.reasons:
        return [
            Todo(
                _("机构信息已通过审核，暂时不能申请创新券"),
                "".join(standing.reasons),
                reverse("vouchers:list"),
                _("查看创新券"),
            )
        ]
    return [
        Todo(
            _("机构信息已通过审核，可以申请创新券"),
            _("须主动申请，系统不会自动发放。填写额度和使用说明，上传财务报表，一般 %d 个工作日内审核完成。")
            % standing.parameters.voucher_review_days,
            reverse("vouchers:apply"),
            _("申请创新券"),
        )
    ]


def _application_todo(application: VoucherApplication, consumer: Consumer) -> Todo:
    url = application.get_centre_url()
    first = (
        _("请先完成机构信息，通过审核后才能办理。")
        if consumer.status in {SubmissionStatus.DRAFT, SubmissionStatus.RETURNED}
        else ""
    )
    match application.status:
        case SubmissionStatus.RETURNED:
            reason = _("退回原因：%s") % application.return_reason
            return Todo(_("创新券申请被退回"), first + reason, url, _("修改申请"))
        case SubmissionStatus.PENDING if application.due_on:
            due = _("预计 %s前完成。") % date_format(application.due_on, "n月j日")
            return Todo(_("创新券申请正在审核"), first or due, url, _("查看申请"))
    return Todo(_("创新券申请还没有提交"), first or _("填写完整后点击“完成”提交审核。"), url, _("继续填写"))


def _ending_todo(voucher: Voucher) -> Todo:
    return Todo(
        _("创新券 %s 即将到期") % voucher.number,
        _("有效期到 %(day)s，还有 %(balance)s 元没有使用，请尽快安排服务；用不完的可以退券。")
        % {"day": voucher.valid_until, "balance": format_yuan(voucher.balance_amount)},
        reverse("vouchers:voucher", args=[voucher.pk]),
        _("查看创新券"),
    )


def _institution_todo(institution: Submission, *, before_approval: str, while_pending: str) -> Todo | None:
    address = reverse("institutions:overview")
    match institution.status:
        case SubmissionStatus.DRAFT:
            return Todo(
                _("机构信息还没有提交"),
                before_approval,
                address,
                _("继续填写"),
            )
        case SubmissionStatus.RETURNED:
            return Todo(
                _("机构信息被退回"),
                _("退回原因：%s") % institution.return_reason,
                address,
                _("修改机构信息"),
            )
        case SubmissionStatus.PENDING if institution.due_on:
            return Todo(
                _("机构信息正在审核"),
                _("预计 %s前完成。") % date_format(institution.due_on, "n月j日") + while_pending,
                address,
                _("查看机构信息"),
            )
    return None
