"""Filters of the review queue."""

import django_filters
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from workflow.models import ReviewTaskState
from workflow.querysets import ReviewTaskStateQuerySet
from workflow.setup import submission_models


def record_type_choices() -> list[tuple[int, str]]:
    """Content types of the moderated models, by their Chinese names."""
    types = ContentType.objects.get_for_models(*submission_models())
    return [(content_type.pk, str(model._meta.verbose_name)) for model, content_type in types.items()]


def city_choices() -> list[tuple[str, str]]:
    """The cities that occur in the queue. The layers above know them all; the queue need not."""
    names = ReviewTaskState.objects.exclude(city_name="").order_by("city_name")
    return [(name, name) for name in names.values_list("city_name", flat=True).distinct()]


class ReviewQueueFilterSet(WagtailFilterSet):
    """Type, city, urgency, and whether the record waits or has been decided."""

    record_type = django_filters.ChoiceFilter(label=_("类型"), choices=record_type_choices)
    city_name = django_filters.ChoiceFilter(label=_("城市"), choices=city_choices)
    due = django_filters.ChoiceFilter(
        label=_("期限"),
        method="filter_due",
        choices=[("overdue", _("已逾期")), ("today", _("今日到期")), ("later", _("未到期"))],
    )
    resubmitted = django_filters.ChoiceFilter(
        label=_("提交次数"), choices=[("True", _("曾通过，修改后再次提交")), ("False", _("首次审核"))]
    )
    state = django_filters.ChoiceFilter(
        label=_("处理状态"),
        method="filter_state",
        choices=[("decided", _("已处理"))],
        empty_label=_("待审核"),
    )

    class Meta:
        model = ReviewTaskState
        fields: list[str] = []

    def filter_due(self, queryset: ReviewTaskStateQuerySet, name: str, value: str) -> ReviewTaskStateQuerySet:
        today = timezone.localdate()
        lookup = {"overdue": "due_on__lt", "today": "due_on", "later": "due_on__gt"}[value]
        return queryset.filter(**{lookup: today})

    def filter_state(
        self, queryset: ReviewTaskStateQuerySet, name: str, value: str
    ) -> ReviewTaskStateQuerySet:
        return queryset.decided()
