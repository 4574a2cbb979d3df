"""Dates of validity, who invoiced whom, and whether the two are strangers to each other."""

import ipaddress
import unicodedata
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from institutions.codes import organisation_part
from institutions.models import Consumer, Provider
from redemptions.amounts import covers, served_on
from redemptions.checks.base import Case, Finding
from redemptions.models import SignIn

SIGN_IN_DAYS = 90
# An address from which so many accounts sign in is a network many share: a park, an operator.
SHARED_BY = 10
# Where anybody can have a mailbox, so that the domain says nothing; example.* are nobody's (RFC 2606).
PUBLIC_MAIL = frozenset(
    {
        "126.com", "139.com", "163.com", "189.cn", "aliyun.com", "foxmail.com", "gmail.com", "hotmail.com",
        "icloud.com", "live.com", "outlook.com", "qq.com", "sina.cn", "sina.com", "sohu.com", "vip.163.com",
        "vip.qq.com", "vip.sina.com", "yahoo.com", "yeah.net", "example.com", "example.org", "example.net",
    }
)  # fmt: skip


def dates(case: Case) -> Finding:
    """Every voucher that pays covers the day of the service, and every invoice lies in the validity of one that does."""
    vouchers = [share.voucher for share in case.shares]
    if not vouchers:
        return Finding(None, _("这份申请现在不占用创新券。"))
    day = served_on(case.order)
    terms = "；".join(
        _("%(number)s：%(start)s 至 %(end)s")
        % {"number": one.number, "start": one.valid_from, "end": one.valid_until}
        for one in vouchers
    )
    late = [voucher for voucher in vouchers if not covers(voucher, day)]
    outside = [
        invoice
        for invoice in case.invoices
        if not any(covers(voucher, invoice.issued_on) for voucher in vouchers)
    ]
    problems = []
    if late:
        problems.append(_("服务完成日期 %s 不在有效期内。") % day)
    problems += [
        _("发票 %(number)s 的开票日期 %(day)s 不在有效期内。") % {"number": one.number, "day": one.issued_on}
        for one in outside
    ]
    days = "、".join(str(invoice.issued_on) for invoice in case.invoices)
    text = _("服务完成日期 %(day)s，开票日期 %(days)s；创新券有效期 %(terms)s。") % {
        "day": day,
        "days": days,
        "terms": terms,
    }
    return Finding(not problems, "".join([*problems, text]), [*late, *outside])


def not_suspended(case: Case) -> Finding:
    """Neither has lost its right since: a claim that was submitted before goes on all the same, unless somebody looks."""
    consumer, provider = case.order.consumer, case.order.provider
    said = []
    if consumer.ban is not None:
        said.append(_("用券机构的用券资格已暂停。%s") % consumer.ban.facts)
    if provider.suspension is not None:
        said.append(_("接券机构已被暂停：%s") % provider.suspension.reason)
    return Finding(not said, "".join(said) or _("用券机构和接券机构现在都没有被暂停。"))


def parties(case: Case) -> Finding:
    """The provider's host has invoiced the consumer: both by code and by name."""
    consumer, provider = case.order.consumer, case.order.provider
    problems, wrong = [], []
    for invoice in case.invoices:
        said = [
            *_differs(
                _("销售方"),
                (invoice.seller_name, invoice.seller_code),
                (provider.host_name, provider.host_code),
            ),
            *_differs(_("购买方"), (invoice.buyer_name, invoice.buyer_code), (consumer.name, consumer.code)),
        ]
        if said:
            wrong.append(invoice)
            problems.append(
                _("发票 %(number)s 的%(what)s。") % {"number": invoice.number, "what": "，".join(said)}
            )
    if problems:
        return Finding(False, "".join(problems), wrong)
    return Finding(
        True,
        _("%(count)d 张发票的销售方都是“%(seller)s”，购买方都是“%(buyer)s”，名称和代码一致。")
        % {"count": len(case.invoices), "seller": provider.host_name, "buyer": consumer.name},
    )


def _differs(side: str, on_invoice: tuple[str, str], registered: tuple[str, str]) -> Iterator[str]:
    if plain(on_invoice[0]) != plain(registered[0]):
        yield _("%(side)s名称“%(one)s”与登记的“%(other)s”不一致") % {
            "side": side,
            "one": on_invoice[0],
            "other": registered[0],
        }
    if organisation_part(on_invoice[1]) != organisation_part(registered[1]):
        yield _("%(side)s代码 %(one)s 与登记的 %(other)s 不一致") % {
            "side": side,
            "one": on_invoice[1],
            "other": registered[1],
        }


def relation(case: Case) -> Finding:
    """What a consumer and a provider that are strangers do not have in common."""
    consumer, provider = case.order.consumer, case.order.provider
    found = list(_in_common(consumer, provider))
    if found:
        return Finding(False, _("双方相同的登记信息：%s。") % "；".join(found), [consumer, provider])
    return Finding(True, _("组织机构代码、法定代表人、地址、电话、邮箱域名和联系人，双方都不相同。"))


def _in_common(consumer: Consumer, provider: Provider) -> Iterator[str]:
    code = organisation_part(consumer.code)
    if code and code == organisation_part(provider.host_code):
        yield _("组织机构代码 %s") % code
    shared_names = {
        _("法定代表人"): (consumer.legal_representative, provider.legal_representative),
        _("联系人"): (consumer.contact_name, provider.contact_name),
    }
    for label, (one, other) in shared_names.items():
        if plain(one) and plain(one) == plain(other):
            yield f"{label} {one}"
    if plain(consumer.address) and (consumer.city, consumer.district, plain(consumer.address)) == (
        provider.city,
        provider.district,
        plain(provider.address),
    ):
        yield _("地址 %s") % consumer.address
    phones = {
        digits(consumer.contact_phone),
        digits(consumer.contact_mobile),
        digits(consumer.account.mobile or ""),
    }
    same = phones & {digits(provider.contact_phone), digits(provider.account.mobile or "")} - {""}
    if same:
        yield _("电话 %s") % "、".join(sorted(same))
    domains = _domains(consumer.contact_email, consumer.account.email) & _domains(
        provider.contact_email, provider.account.email
    )
    if domains:
        yield _("邮箱域名 %s") % "、".join(sorted(domains))


def _domains(*addresses: str) -> set[str]:
    return {address.rpartition("@")[2].lower() for address in addresses if address} - PUBLIC_MAIL


def same_device(case: Case) -> Finding:
    """From one address or browser at it within 90 days. Networks that many share are not evidence, nor are those of the setting."""
    accounts = (case.order.consumer.account_id, case.order.provider.account_id)
    since = timezone.now() - timedelta(days=SIGN_IN_DAYS)
    seen: dict[int, set[tuple[str, str]]] = {account: set() for account in accounts}
    rows = SignIn.objects.filter(account__in=accounts, last_at__gte=since)
    for account, address, device in rows.values_list("account", "address", "device"):
        seen[account].add((address, device))
    mine, theirs = (seen[account] for account in accounts)
    if not (mine and theirs):
        return Finding(None, _("近 %d 天没有双方的登录来源可以比较。") % SIGN_IN_DAYS)
    common = {address for address, _device in mine} & {address for address, _device in theirs}
    users = SignIn.objects.filter(address__in=common, last_at__gte=since).order_by()
    counted = users.values_list("address").annotate(Count("account", distinct=True)) if common else ()
    crowded = {address for address, count in counted if count >= SHARED_BY}
    left = sorted(address for address in common - crowded if not is_shared(address))
    if not left:
        return Finding(
            True,
            _(
                "近 %(days)d 天双方没有从同一地址登录过（用券机构 %(mine)d 处，接券机构 %(theirs)d 处%(shared)s）。"
            )
            % {
                "days": SIGN_IN_DAYS,
                "mine": len(mine),
                "theirs": len(theirs),
                "shared": _("；多家共用的网络 %d 处不计") % len(common) if common else "",
            },
        )
    devices = {address for address, _device in mine & theirs}
    told = "、".join(_("%s（同一设备）") % one if one in devices else one for one in left)
    return Finding(
        False, _("近 %(days)d 天双方都从这些地址登录过：%(told)s。") % {"days": SIGN_IN_DAYS, "told": told}
    )


def is_shared(address: str) -> bool:
    """In one of SHARED_NETWORKS, such as the counter of the administration itself."""
    found = ipaddress.ip_address(address)
    return any(found in ipaddress.ip_network(network, strict=False) for network in settings.SHARED_NETWORKS)


def plain(text: str) -> str:
    """Without what two spellings of one name differ in: width, case, spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())
