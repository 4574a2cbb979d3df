"""A provider's year 年度服务情况: what it delivered, the basis of the running subsidy 运行补助."""

from typing import Any, ClassVar, Self

from django.contrib.admin import display
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.money import format_yuan
from figures.statuses import YearStatus
from figures.year_figures import YearFigures
from institutions.models import Provider
from programme.models import ProgrammeParameters
from workflow.setup import AUDITORS, MANAGERS, PAYERS, REVIEWERS


class ProviderYearQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """An external account sees those of its own institution only."""
        return self.filter(provider__account_id=user.pk)

    def locked(self, pk: int) -> Any:
        return self.select_for_update(of=("self",)).select_related("provider__account").get(pk=pk)


class ProviderYear(models.Model):
    """The figures of one provider and calendar year, opened by staff, confirmed or disputed by the provider.

    ``figures`` is what ``YearFigures`` holds, subsidy included, computed under ``parameters``. Confirmed, neither changes unless staff
    open the year again. ``answer`` is to the dispute or, without one, why it was opened again.
    ``subsidy_amount`` (yuan) and ``served_amount`` repeat two of them for lists.
    """

    provider = models.ForeignKey(
        Provider, verbose_name=_("接券机构"), on_delete=models.PROTECT, related_name="years"
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    status = models.CharField(
        _("状态"), max_length=10, choices=YearStatus, default=YearStatus.OPEN, editable=False
    )
    figures = models.JSONField(_("服务情况"))
    parameters = models.ForeignKey(
        ProgrammeParameters, verbose_name=_("项目参数"), on_delete=models.PROTECT, related_name="+"
    )
    served_amount = models.DecimalField(_("服务金额（元）"), max_digits=16, decimal_places=2)
    subsidy_amount = models.DecimalField(_("运行补助（元）"), max_digits=14, decimal_places=2)
    computed_at = models.DateTimeField(_("统计时间"))
    opened_at = models.DateTimeField(_("开放核对时间"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    dispute = models.TextField(_("异议"), max_length=1000, blank=True)
    answer = models.TextField(_("管理部门的说明"), max_length=1000, blank=True)

    objects = ProviderYearQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    staff_permissions: ClassVar[dict[str, tuple[str, ...]]] = {
        MANAGERS: ("view", "settle"),
        REVIEWERS: ("view",),
        PAYERS: ("view",),
        AUDITORS: ("view",),
    }

    class Meta:
        verbose_name = _("年度服务情况")
        verbose_name_plural = _("年度服务情况")
        ordering = ["-year", "pk"]
        default_permissions = ("view",)
        permissions = [("settle_provideryear", "开放核对和答复年度服务情况")]
        constraints = [
            models.UniqueConstraint(fields=["provider", "year"], name="provider_year_once"),
            models.CheckConstraint(
                name="provider_year_status_known",
                condition=Q(status__in=[status.value for status in YearStatus]),
            ),
            models.CheckConstraint(
                name="provider_year_confirmed_when",
                condition=Q(status=YearStatus.CONFIRMED.value, confirmed_at__isnull=False)
                | ~Q(status=YearStatus.CONFIRMED.value) & Q(confirmed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(provider)s %(year)d 年度服务情况") % {"provider": self.provider, "year": self.year}

    @property
    def owner(self) -> User:
        return self.provider.account

    @property
    def content(self) -> YearFigures:
        return YearFigures.from_json(self.figures)

    @property
    @display(description=_("运行补助（元）"))
    def subsidy_text(self) -> str:
        return format_yuan(self.subsidy_amount)

    def get_centre_url(self) -> str:
        return reverse("provider_years:year", args=[self.year])
