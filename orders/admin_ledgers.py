"""What the ledgers of bookings, orders, invoices and evaluations share: fast at 200,000 rows, exported row by row."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.templatetags.admin_list import result_headers
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.paginator import InvalidPage
from django.db import models
from django.db.models import Q, QuerySet, Value
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail_modeladmin.helpers import ButtonHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView

from accounts.models import User
from accounts.money import format_yuan
from files.spreadsheets import Sheet, spreadsheet_response
from institutions.models import Consumer, Provider
from orders.differences import shown_quantity
from orders.statistics import years_of
from orders.statuses import ServiceKind
from workflow.admin_ledgers import LedgerIndexView, ReadOnlyPermissionHelper, RowView

CHUNK = 500
TERMS = 5
# What may be a part of a number: shorter ones have no trigram, and are in every other.
CODE = re.compile(r"[0-9A-Za-z-]{3,}")


class ViewPermissionHelper(ReadOnlyPermissionHelper):
    """Read by who has the permission to view. modeladmin asks the database, on every page of the admin, which others there are."""

    def user_has_any_permissions(self, user: Any) -> bool:
        return bool(user.has_perm(f"{self.opts.app_label}.view_{self.opts.model_name}"))


class PathFilter(SimpleListFilter):
    """By a column of the row, or of its order; what is not on offer narrows nothing."""

    choices_on_offer: ClassVar[Sequence[tuple[str, Any]]] = ()
    column: ClassVar[str]
    of_deal: ClassVar[bool] = True

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        self.path = (model_admin.deal_path if self.of_deal else "") + self.column
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(self.choices_on_offer)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(self.condition(value)) if value in dict(self.lookup_choices) else queryset

    def condition(self, value: str | None) -> Q:
        return Q(**{self.path: value})


class KindFilter(PathFilter):
    title = gettext_lazy("服务类型")
    parameter_name = column = "kind"
    choices_on_offer = ServiceKind.choices


class DirectFilter(PathFilter):
    title = gettext_lazy("下单方式")
    parameter_name = "direct"
    column = "is_direct"
    choices_on_offer = (("1", gettext_lazy("补录")), ("0", gettext_lazy("预约下单")))


class MadeYearFilter(PathFilter):
    """Only the first row is asked when it was made: the list of the years there are would read the whole table."""

    title = gettext_lazy("年度")
    parameter_name = "year"
    of_deal = False

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        self.column = model_admin.made_column  # type: ignore[misc]  # modeladmin makes an instance of the class
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(year), str(year)) for year in years_of(model_admin.model, self.column)]

    def condition(self, value: str | None) -> Q:
        return Q(**{f"{self.path}__year": value})


class DealIndexView(LedgerIndexView):
    """Counts once, finds by number and by the names of both institutions, and exports one workbook, row by row."""

    FORMATS = (LedgerIndexView.FORMAT_XLSX,)
    counts_once = True  # of a narrowed list it is not told of how many: modeladmin/includes/result_count.html
    export_buttons_template_name = "orders/admin/export_button.html"

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        for word in search_term.replace("\0", "").split()[:TERMS]:
            queryset = queryset.filter(self.model_admin.found_by(word))
        return queryset

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[str]:
        """Equal ones in the direction of the column, so that one index serves both."""
        first, *others = super().get_ordering(request, queryset)
        pk = self.opts.pk.name
        return [first, pk if others == [f"-{pk}"] and not first.startswith("-") else f"-{pk}"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """As modeladmin's, which counts the same rows three times."""
        paginator = self.paginator_class(self.queryset, self.items_per_page)
        try:
            page = paginator.page(self.page_num or 1)
        except InvalidPage:
            page = paginator.page(1)
        records = self.records(page.object_list)
        is_narrowed = bool(self.query) or any(spec.used_parameters for spec in self.filter_specs)
        return super(IndexView, self).get_context_data(
            # whether there may be any without the filters
            all_count=paginator.count or is_narrowed,
            result_count=paginator.count,
            paginator=paginator,
            page_obj=page,
            elided_page_range=paginator.get_elided_page_range(page.number),
            object_list=records,
            result_headers=list(result_headers(self)),
            rows=[row_of(self, record) for record in records],
            user_can_create=False,
            show_search=True,
            **kwargs,
        )

    def records(self, page: QuerySet[Any]) -> list[Any]:
        """The rows of a page, whose keys are looked for without institutions: joined to 200,000 rows and then sorted, they take long."""
        rows = self.apply_select_related(self.model._default_manager.filter(pk__in=page.values("pk")))
        rows = self.model_admin.with_columns(rows)
        return list(rows.order_by(*page.query.order_by))

    def as_spreadsheet(self, queryset: QuerySet[Any], spreadsheet_format: str) -> HttpResponseBase:
        name = str(self.opts.verbose_name)
        headings = [self.heading(column) for column in self.list_export]
        return spreadsheet_response(name=name, sheets=[Sheet(name, headings, self._rows(queryset))])

    def heading(self, column: str) -> str:
        if column.startswith("get_"):
            column = column.removeprefix("get_").removesuffix("_display")
        return str(label_for_field(column, self.model, self.model_admin))

    def _rows(self, queryset: QuerySet[Any]) -> Iterator[list[Any]]:
        for record in queryset.iterator(CHUNK):
            yield [lookup_field(column, record, self.model_admin)[2] for column in self.list_export]


class DealRowView(RowView):
    """One row: amounts, quantities and people as they are read, yes and no in words."""

    def get_field_display_value(self, field_name: str, field: models.Field[Any, Any] | None = None) -> Any:
        value = getattr(self.instance, field_name)
        if isinstance(value, User):
            return value.get_full_name()
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if isinstance(value, Decimal):
            return format_yuan(value) if field_name.endswith("amount") else shown_quantity(value)
        if isinstance(value, int) and field is not None and not field.is_relation:
            return str(value)
        return super().get_field_display_value(field_name, field)


class DealLedger(ModelAdmin):
    """``deal_path`` leads from a row to its booking or order, ``made_column`` is when it was made."""

    history_view_enabled = False  # it asks for no permission
    permission_helper_class = ViewPermissionHelper
    index_view_class = DealIndexView
    inspect_view_class = DealRowView
    inspect_view_enabled = True
    index_template_name = "orders/admin/ledger.html"
    list_per_page = 50
    index_view_extra_css: ClassVar[list[str]] = ["css/orders-admin.css"]
    search_fields = ("number",)
    deal_path: ClassVar[str] = ""
    made_column: ClassVar[str] = "created_at"

    def with_columns(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With what the columns print beyond the row itself, for the rows of one page."""
        return rows

    def found_by(self, word: str) -> Q:
        """By number and the names of both institutions.

        Their keys are looked up first: joined to 200,000 rows and then compared, or as a subquery beside others, a search takes
        ten times as long.
        """
        path = self.deal_path
        consumers = Consumer.objects.filter(name__icontains=word).values_list("pk", Value("consumer"))
        providers = Provider.objects.filter(Q(name__icontains=word) | Q(host_name__icontains=word))
        found = Q(pk__in=[])
        if CODE.fullmatch(word):
            found |= Q(**{f"{path}number__contains": word.upper()})
        keys: dict[str, list[int]] = {}
        for pk, side in consumers.order_by().union(
            providers.order_by().values_list("pk", Value("provider")), all=True
        ):
            keys.setdefault(side, []).append(pk)
        for side, of_side in keys.items():
            found |= Q(**{f"{path}{side}__in": of_side})
        return found


class DealButtons(ButtonHelper):
    """What staff may do with a row besides reading it."""

    def get_buttons_for_obj(self, obj: Any, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        buttons: list[dict[str, Any]] = super().get_buttons_for_obj(obj, *args, **kwargs)
        if action := self.action_for(obj):
            name, label = action
            classes = " ".join(["button", *(kwargs.get("classnames_add") or [])])
            url = reverse(name, args=[obj.pk])
            buttons.append({"url": url, "label": label, "classname": classes, "title": f"{label}：{obj}"})
        return buttons

    def action_for(self, obj: Any) -> tuple[str, str] | None:
        raise NotImplementedError  # each subclass has its own


def unbroken(text: Any) -> str:
    return format_html('<span class="w-whitespace-nowrap">{}</span>', text)


def marked(text: Any, is_direct: bool) -> str:
    """With 补录 beneath it, where it is."""
    mark = format_html('<br><span class="w-status w-status--label">{}</span>', _("补录")) if is_direct else ""
    return format_html("{}{}", unbroken(text), mark)


def row_of(view: DealIndexView, record: Any) -> str:
    """A row of the list as modeladmin prints it, whose templates, one for each cell, take 1 ms a row."""
    cells = [_shown(view.model_admin, column, record) for column in view.list_display]
    button = view.button_helper.get_primary_button(record)
    buttons = format_html_join(
        "",
        '<li><a href="{}" class="{}" title="{}">{}</a></li>',
        (
            (one["url"], one["classname"], one["title"], one["label"])
            for one in view.get_buttons_for_obj(record)
        ),
    )
    head = format_html(
        '<td class="field-{} title"><div class="title-wrapper"><a href="{}" title="{}">{}</a></div><ul class="actions">{}</ul></td>',
        view.list_display[0],
        button["url"],
        button["title"],
        cells[0],
        buttons,
    )
    others = format_html_join(
        "", '<td class="field-{} title">{}</td>', zip(view.list_display[1:], cells[1:], strict=True)
    )
    return format_html('<tr data-object-pk="{}">{}{}</tr>', record.pk, head, others)


def _shown(model_admin: ModelAdmin, column: str, record: Any) -> Any:
    of_ledger = getattr(model_admin, column, None)
    return of_ledger(record) if of_ledger else getattr(record, column)
