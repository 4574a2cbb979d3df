"""What a reviewer weighs of an application for a voucher, beside what it says."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.money import format_yuan
from institutions.models import Consumer
from vouchers.eligibility import Standing, standing_of
from vouchers.models.applications import INSTITUTION_FIELDS, VoucherApplication, institution_texts
from workflow.models import Evidence
from workflow.statuses import SubmissionStatus


def evidence_for(application: VoucherApplication) -> list[Evidence]:
    """What a reviewer weighs, beside what the application says. Empty once it is decided."""
    if application.status != SubmissionStatus.PENDING or application.applied_amount is None:
        return []
    consumer = application.consumer
    standing = standing_of(consumer, besides=application)
    amount = application.applied_amount
    against = standing.amount_reasons(amount)
    banned = [Evidence(_("用券资格没有暂停"), standing.ban_reason, False)] if standing.ban else []
    return [
        *banned,
        Evidence(_("机构信息已通过审核，且提交后没有变化"), *_institution_finding(application, consumer)),
        Evidence(
            _("申请额度在本年度可申请的范围内"),
            _(
                "申请 %(amount)s 元，最多可批 %(left)s 元（上限 %(ceiling)s 元，本年度已获批 %(granted)s 元）。"
            )
            % {
                "amount": format_yuan(amount),
                "left": format_yuan(min(standing.left_amount, amount)),
                "ceiling": format_yuan(standing.ceiling_amount),
                "granted": format_yuan(standing.this_year.kept_amount),
            }
            + "".join(against),
            not against,
        ),
        Evidence(_("以往创新券的使用情况"), *_use_finding(standing)),
        Evidence(_("资金池足够"), *_pool_finding(standing, amount)),
        Evidence(_("营业收入与机构信息一致"), *_revenue_finding(application, consumer)),
        Evidence(_("财务报表的份数和年度"), *_statement_finding(application)),
    ]


Finding = tuple[str, bool | None]


def _institution_finding(application: VoucherApplication, consumer: Consumer) -> Finding:
    if consumer.status != SubmissionStatus.APPROVED:
        return _("机构信息目前是“%s”状态，通过审核之前不能发放创新券。") % consumer.status_label, False
    now = institution_texts(consumer)
    changed = [
        str(label)
        for name, label in INSTITUTION_FIELDS.items()
        if application.institution.get(name) != now[name]
    ]
    if changed:
        return _("提交后修改过：%s，请核对。") % _("、").join(changed), None
    if application.institution.get("revision") != consumer.approved_revision_id:
        # another account number may end like the old one
        return _("提交后重新审核过，内容看起来相同，请核对银行账号。"), None
    return _("已通过审核，与提交时相同。"), True


def _use_finding(standing: Standing) -> Finding:
    if against := standing.use_reasons:
        return "".join(against), False
    if not standing.has_had_vouchers:
        return _("首次申请。"), True
    uses = {
        _("%d 年到期的获批 %s 元，使用 %s%%"): (standing.today.year - 1, standing.ended_last_year),
        _("%d 年度获批 %s 元，使用 %s%%"): (standing.today.year, standing.this_year),
    }
    said = [
        sentence % (year, format_yuan(use.granted_amount), use.percent_text)
        for sentence, (year, use) in uses.items()
        if use.granted_amount
    ]
    return (_("；").join(said) + _("。")) if said else _("上一年没有到期、本年度没有获批的创新券。"), True


def _pool_finding(standing: Standing, amount: Decimal) -> Finding:
    if standing.pool is None:
        return standing.pool_reason, False
    available = standing.pool.available_amount
    return (
        _("%(pool)s还可发放 %(available)s 元，共 %(amount)s 元。")
        % {
            "pool": standing.pool,
            "available": format_yuan(available),
            "amount": format_yuan(standing.pool.amount),
        },
        available >= amount,
    )


def _revenue_finding(application: VoucherApplication, consumer: Consumer) -> Finding:
    if application.last_year_revenue_amount == consumer.revenue_amount:
        return _("都是 %s。") % application.get_last_year_revenue_amount_display(), True
    return (
        _("申请填写 %(here)s，机构信息是 %(there)s，请对照财务报表核对。")
        % {
            "here": application.get_last_year_revenue_amount_display(),
            "there": consumer.get_revenue_amount_display(),
        },
        None,
    )


def _statement_finding(application: VoucherApplication) -> Finding:
    submitted = timezone.localdate(application.submitted_at)
    years = [
        year
        for year, file_id in (
            (application.statement_year, application.statement_id),
            (application.earlier_statement_year, application.earlier_statement_id),
        )
        if file_id and year
    ]
    needed = 2 if application.needs_two_statements(submitted) else 1
    newest = max(years, default=0)
    finding = _("注册日期 %(founded)s，须提交 %(needed)d 年；已提交 %(years)s 年度。") % {
        "founded": application.consumer.registered_on,
        "needed": needed,
        "years": _("、").join(str(year) for year in years),
    }
    are_recent = newest >= submitted.year - 1 and newest - min(years, default=0) < needed
    return finding, True if len(years) >= needed and are_recent else None
