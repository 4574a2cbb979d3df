"""When an instrument can be used: weekly hours, times it is closed, and the feed of a provider's calendar."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Instrument
from institutions.models import Provider


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("周一")
    TUESDAY = 1, _("周二")
    WEDNESDAY = 2, _("周三")
    THURSDAY = 3, _("周四")
    FRIDAY = 4, _("周五")
    SATURDAY = 5, _("周六")
    SUNDAY = 6, _("周日")


class OpeningHours(models.Model):
    """One stretch of a weekday on which an instrument takes bookings by the hour. One that has none takes them by date."""

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(_("星期"), choices=Weekday)
    opens = models.TimeField(_("开始"))
    closes = models.TimeField(_("结束"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("开放时间")
        verbose_name_plural = _("开放时间")
        ordering = ["weekday", "opens"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="opening_hours_in_order", condition=Q(closes__gt=F("opens"))),
            models.UniqueConstraint(fields=["instrument", "weekday", "opens"], name="opening_hours_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class Closure(models.Model):
    """A time at which the instrument takes no booking: maintenance, the institution's own use."""

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="closures")
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))
    reason = models.CharField(_("原因"), max_length=100)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("停用时间")
        verbose_name_plural = _("停用时间")
        ordering = ["starts_at"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="closure_in_order", condition=Q(ends_at__gt=F("starts_at")))
        ]

    def __str__(self) -> str:
        return self.reason


class CalendarFeed(models.Model):
    """The address under which a calendar programme reads a provider's bookings. Who has the key reads them: it can be renewed."""

    provider = models.OneToOneField(Provider, on_delete=models.CASCADE, related_name="calendar_feed")
    # SHA-256 of the key, which is shown once
    key_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("生成时间"), auto_now=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("日历订阅")
        verbose_name_plural = _("日历订阅")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.provider)
