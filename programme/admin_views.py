"""Sets of parameters in the Wagtail admin: listed, made as a copy of the current one, changed until they take force."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import messages
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.log_actions import log
from wagtail.snippets.views.snippets import CreateView, EditView, IndexView, InspectView, SnippetViewSet

from accounts.models import User
from accounts.money import format_yuan
from programme import services
from programme.models import ProgrammeParameters
from workflow.admin_snippets import MinuteColumn, WithoutChooser
from workflow.differences import change_text, changes_text
from workflow.forms import MoneyField

# A set that takes force within so short a time can hardly be put right before.
SOON = datetime.timedelta(days=1)
ANSWERS = frozenset({"csrfmiddlewaretoken", "confirmed", "revise"})
LIST = "wagtailsnippets_programme_programmeparameters:list"

GROUPS: Mapping[Any, tuple[str | tuple[str, ...], ...]] = {
    gettext_lazy("资金与申领"): (
        ("yearly_pool_amount", "consumer_ceiling_amount"),
        ("first_ceiling_amount", "reapply_used_percent"),
        ("low_use_percent", "whole_yuan_only"),
    ),
    gettext_lazy("补助比例"): (("instrument_share_percent", "testing_share_percent", "lab_share_percent"),),
    gettext_lazy("有效期"): (("validity", "validity_days", "valid_to"),),
    gettext_lazy("兑付"): (
        ("redeem_within_days", "payee"),
        ("publicity_days", "spot_check_percent"),
    ),
    gettext_lazy("下单与机构"): (("direct_orders", "min_instrument_amount"),),
    gettext_lazy("运行补助"): (("subsidy_base", "subsidy_ceiling_amount"), ("subsidy_bands",)),
    gettext_lazy("审核期限"): (("institution_review_days", "resource_review_days", "voucher_review_days"),),
}


class ParametersForm(WagtailAdminModelForm):
    class Meta:
        field_classes: ClassVar[dict[str, Any]] = {
            field.name: MoneyField
            for field in ProgrammeParameters._meta.concrete_fields
            if field.name.endswith("_amount")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_from"].required = False
        self.fields["effective_from"].help_text = _(
            "留空即立即生效。生效以后不能再修改或删除，需要调整的新增一套。"
        )

    def clean_effective_from(self) -> Any:
        moment = self.cleaned_data["effective_from"]
        if moment is not None and moment < timezone.now():
            raise forms.ValidationError(_("生效时间不能早于现在。需要立即生效的，请把生效时间留空。"))
        return moment


class StateColumn(Column):
    LABELS: ClassVar[dict[str, Any]] = {
        "future": gettext_lazy("未生效"),
        "current": gettext_lazy("生效中"),
        "past": gettext_lazy("已失效"),
    }

    def get_value(self, instance: Any) -> str:
        return str(self.LABELS[instance.state])


class ParametersIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet[ProgrammeParameters]:
        now = timezone.now()
        current = ProgrammeParameters.objects.by(now).values_list("pk", flat=True).first()
        state = Case(
            When(effective_from__gt=now, then=Value("future")),
            When(pk=current, then=Value("current")),
            default=Value("past"),
        )
        return ProgrammeParameters.objects.select_related("made_by").annotate(state=state)

    @cached_property
    def columns(self) -> list[Any]:
        """Without boxes to tick: nothing is done to many at once."""
        return super().columns[1:]

    def get_edit_url(self, instance: Any) -> str | None:
        return None if instance.has_taken_force else super().get_edit_url(instance)

    def get_delete_url(self, instance: Any) -> str | None:
        return None if instance.has_taken_force else super().get_delete_url(instance)


class SavedByServiceMixin(WagtailAdminTemplateMixin):
    """Saved by our service; a set that takes force at once or soon only after the differences were shown and confirmed."""

    form: ParametersForm

    def form_valid(self, form: ParametersForm) -> HttpResponse:
        parameters, current = form.instance, ProgrammeParameters.objects.by(timezone.now()).first()
        moment, posted = parameters.effective_from, self.request.POST
        if (
            current is None
            or (moment is not None and moment > timezone.now() + SOON)
            or posted.get("confirmed") == str(current.pk)
        ):
            return super().form_valid(form)
        self.form = form
        if "revise" in posted:
            return self.render_to_response(self.get_context_data())
        kept = [(name, value) for name in posted for value in posted.getlist(name) if name not in ANSWERS]
        context = {
            "parameters": parameters,
            "current": current,
            "changes": [
                change_text(ProgrammeParameters, name, pair)
                for name, pair in services.changes_since(current, parameters).items()
            ],
            "kept": kept,
            "header_title": _("确认项目参数"),
            "breadcrumbs_items": [
                *self.breadcrumbs_items,
                {"url": reverse(LIST), "label": _("项目参数")},
                {"url": "", "label": _("确认项目参数")},
            ],
            "header_icon": self.header_icon,
        }
        return TemplateResponse(self.request, "programme/admin/confirm_parameters.html", context)

    def save_instance(self) -> ProgrammeParameters:
        parameters = self.form.save(commit=False)
        action = "wagtail.create" if parameters.pk is None else "wagtail.edit"
        services.save_parameters(parameters=parameters, actor=cast(User, self.request.user))
        log(instance=parameters, action=action, user=self.request.user, content_changed=True)
        return parameters


class ParametersCreateView(SavedByServiceMixin, CreateView):
    def get_initial_form_instance(self) -> ProgrammeParameters:
        """Like the set in force, so that only what shall change need be typed."""
        current = ProgrammeParameters.objects.by(timezone.now()).first()
        return current.copied() if current else ProgrammeParameters()


class ParametersEditView(SavedByServiceMixin, EditView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.user_has_permission("change") and self.object.has_taken_force:
            messages.error(request, _("这套参数已经生效，不能修改或删除。需要调整的，请新增一套参数。"))
            return redirect(LIST)
        return super().dispatch(request, *args, **kwargs)


class ParametersInspectView(InspectView):
    """The set to read, with what it changed."""

    @cached_property
    def previous(self) -> ProgrammeParameters | None:
        return services.previous_of(self.object)

    def get_field_label(self, field_name: str, field: Any) -> Any:
        if field_name == "changes":
            return _("与上一套参数相比")
        return super().get_field_label(field_name, field)

    def get_changes_display_value(self) -> str:
        if self.previous is None:
            return _("这是第一套参数。")
        changes = services.changes_since(self.previous, self.object)
        return changes_text(ProgrammeParameters, changes) or _("没有变化")

    def get_made_by_display_value(self) -> str:
        return self.object.made_by.get_full_name() if self.object.made_by else _("平台自带")

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = super().get_field_display_value(field_name, field)
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if isinstance(value, Decimal):
            return format_yuan(value)
        if isinstance(value, datetime.datetime):  # Wagtail shows it in UTC
            return date_format(timezone.localtime(value), "Y-m-d H:i")
        return "—" if value is None else value

    def get_edit_url(self) -> str | None:
        return None if self.object.has_taken_force else super().get_edit_url()

    def get_delete_url(self) -> str | None:
        return None if self.object.has_taken_force else super().get_delete_url()


class ParametersViewSet(WithoutChooser, SnippetViewSet):
    model = ProgrammeParameters
    icon = "cogs"
    menu_label = gettext_lazy("项目参数")
    menu_name = "programme_parameters"
    menu_order = 25
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = [
        "effective_from",
        "changes",
        "reason",
        "made_by",
        "made_at",
        *(name for rows in GROUPS.values() for row in rows for name in row),
    ]
    index_view_class = ParametersIndexView
    add_view_class = ParametersCreateView
    edit_view_class = ParametersEditView
    inspect_view_class = ParametersInspectView
    list_display = [
        "__str__",
        StateColumn("state", label=gettext_lazy("状态")),
        "reason",
        Column(
            "made_by",
            label=gettext_lazy("制定人"),
            accessor=lambda one: one.made_by.get_full_name() if one.made_by else _("平台自带"),
        ),
        MinuteColumn("made_at", label=gettext_lazy("制定时间"), sort_key="made_at"),
    ]
    list_per_page = 50
    edit_handler = ObjectList(
        [
            FieldPanel("effective_from", widget=AdminDateTimeInput),
            FieldPanel("reason"),
            *(
                MultiFieldPanel(
                    [FieldRowPanel([FieldPanel(name) for name in row]) for row in rows], heading=title
                )
                for title, rows in GROUPS.items()
            ),
        ],
        base_form_class=ParametersForm,
    )
