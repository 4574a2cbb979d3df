"""What an account can do next; of bookings, orders and years, what waits for it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from accounts.models import User
from figures.models import ProviderYear
from figures.statuses import YearStatus
from orders.statuses import BookingStatus, OrderStatus, Party
from orders.waiting import waiting_for
from redemptions.statuses import RedemptionStatus
from redemptions.waiting import lacks_account
from redemptions.waiting import waiting_for as claims_waiting_for


@dataclass(frozen=True)
class Todo:
    """One thing the account can do next. The first of a list is the one to begin with."""

    title: str
    text: str
    url: str
    label: str


# What a side has to do about bookings and orders in a state: how many there are, what it is about, what the button says.
DEAL_TODOS: dict[tuple[BookingStatus | OrderStatus, Party], tuple[Any, Any, Any]] = {
    (BookingStatus.WAITING, Party.PROVIDER): (
        gettext_lazy("有 %d 条预约等待答复"),
        gettext_lazy("请在两个工作日内回复、接受或拒绝。"),
        gettext_lazy("处理预约"),
    ),
    (BookingStatus.REPLIED, Party.CONSUMER): (
        gettext_lazy("有 %d 条预约，机构已回复"),
        gettext_lazy("请查看回复，继续沟通。"),
        gettext_lazy("查看回复"),
    ),
    (BookingStatus.ACCEPTED, Party.CONSUMER): (
        gettext_lazy("有 %d 条预约已被接受"),
        gettext_lazy("请核对单价、数量和交付日期，确认并下单。"),
        gettext_lazy("去下单"),
    ),
    (OrderStatus.PLACED, Party.PROVIDER): (
        gettext_lazy("有 %d 份订单等待接单"),
        gettext_lazy("订单与预约有差异，或是补录的订单，请核对后接单或说明原因拒绝。"),
        gettext_lazy("处理订单"),
    ),
    (OrderStatus.CONSUMER_CANCELS, Party.PROVIDER): (
        gettext_lazy("有 %d 份订单，对方提议取消"),
        gettext_lazy("请答复是否同意。"),
        gettext_lazy("答复"),
    ),
    (OrderStatus.PROVIDER_CANCELS, Party.CONSUMER): (
        gettext_lazy("有 %d 份订单，对方提议取消"),
        gettext_lazy("请答复是否同意。"),
        gettext_lazy("答复"),
    ),
    (OrderStatus.DELIVERED, Party.CONSUMER): (
        gettext_lazy("有 %d 份订单等待您确认完成"),
        gettext_lazy("请核对服务结果，确认完成或提出异议。"),
        gettext_lazy("确认完成"),
    ),
    (OrderStatus.DISPUTED, Party.PROVIDER): (
        gettext_lazy("有 %d 份订单被提出异议"),
        gettext_lazy("请与用券机构联系，处理好以后再次点击“完成”。"),
        gettext_lazy("查看异议"),
    ),
}


def year_todos(account: User) -> list[Todo]:
    """Years whose figures a provider has been asked to check."""
    waiting = ProviderYear.objects.visible_to(account).filter(status=YearStatus.OPEN)
    return [
        Todo(
            gettext("请核对 %d 年度服务情况") % one.year,
            gettext("运行补助按此计算，请确认，有出入的提出异议。"),
            one.get_centre_url(),
            gettext("去核对"),
        )
        for one in waiting
    ]


def deal_todos(account: User) -> list[Todo]:
    """What bookings and orders wait for this account."""
    party = Party.PROVIDER if account.is_provider else Party.CONSUMER
    todos = []
    for waiting in waiting_for(account):
        title, text, label = DEAL_TODOS[waiting.status, party]
        lists = "bookings:list" if isinstance(waiting.status, BookingStatus) else "orders:list"
        url = f"{reverse(lists)}?{urlencode({'status': waiting.status.value})}"
        todos.append(Todo(title % waiting.count, str(text), url, str(label)))
    return todos


def account_todos(account: User) -> list[Todo]:
    """Where the programme pays providers: the account to pay to."""
    if not lacks_account(account):
        return []
    text = gettext_lazy("本项目的兑付款付给接券机构，请填写依托单位的对公账户。")
    title, label = gettext_lazy("还没有填写收款账户"), gettext_lazy("填写收款账户")
    return [Todo(str(title), str(text), reverse("redemptions:account"), str(label))]


def claim_todos(account: User) -> list[Todo]:
    """What claims on vouchers wait for this account."""
    waiting = claims_waiting_for(account)
    claims = reverse("redemptions:list")
    found = [
        (
            waiting.failed,
            gettext_lazy("有 %d 笔兑付款没有付成"),
            gettext_lazy("请核对并更正机构信息里的对公账户，审核通过后重新拨付。"),
            reverse("institutions:overview"),
            gettext_lazy("更正账户"),
        ),
        (
            waiting.returned,
            gettext_lazy("有 %d 份兑付申请被退回"),
            gettext_lazy("请按审核意见补正材料，再重新提交。"),
            f"{claims}?status={RedemptionStatus.RETURNED}",
            gettext_lazy("补正材料"),
        ),
        (
            waiting.unclaimed,
            gettext_lazy("有 %d 份已完成的订单还没有申请兑付"),
            gettext_lazy("评价并备齐发票、合同和报告以后，提交申请使用创新券。"),
            claims,
            gettext_lazy("申请兑付"),
        ),
    ]
    return [
        Todo(title % count, str(text), url, str(label)) for count, title, text, url, label in found if count
    ]
