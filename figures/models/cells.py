"""The summary that pages read instead of orders. docs/adr/0019-figures.md has the why.

``Cell`` is the sum of what all rows of ``ConsumerYear`` hold; only ``figures.refreshing`` writes any of them.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from figures.measures import Dimension, Measure
from institutions.models import Consumer


class Progress(models.Model):
    """The one row that says up to when the audit trail has been counted, and that refreshes lock: none runs beside another."""

    ONE = 1

    seen_until = models.DateTimeField(null=True)
    refreshed_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("统计进度")
        verbose_name_plural = _("统计进度")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.refreshed_at)


class ConsumerYear(models.Model):
    """What one consumer adds to the cells of one calendar year: ``{"measure|dimension|value": [count, fen]}``."""

    consumer = models.ForeignKey(Consumer, on_delete=models.CASCADE, related_name="figures")
    year = models.PositiveSmallIntegerField()
    added = models.JSONField(default=dict)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("用券机构的统计")
        verbose_name_plural = _("用券机构的统计")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["consumer", "year"], name="figures_consumer_year_once")
        ]

    def __str__(self) -> str:
        return f"{self.consumer_id} {self.year}"


class Cell(models.Model):
    """One number of one year: of ``measure``, where ``dimension`` has ``value``. Amount in yuan.

    ``institutions`` are the consumers it comes from, by which small cells are known.
    """

    year = models.PositiveSmallIntegerField()
    measure = models.CharField(max_length=12, choices=Measure)
    dimension = models.CharField(max_length=10, choices=Dimension)
    value = models.CharField(max_length=30, blank=True)
    count = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    institutions = models.PositiveIntegerField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("统计数")
        verbose_name_plural = _("统计数")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["dimension", "year", "measure", "value"], name="figures_cell_once"
            )
        ]
        indexes = [
            # the first of providers and instruments
            models.Index(fields=["dimension", "year", "measure", "-count"], name="figures_cell_first")
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.measure} {self.dimension} {self.value}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError("cells are sums: refresh_figures writes them")
