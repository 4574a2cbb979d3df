"""Sections that are read live: editors choose what and how many, the records come by themselves."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.forms import CheckboxSelectMultiple
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BooleanBlock, CharBlock, ChoiceBlock, ListBlock, MultipleChoiceBlock, StructBlock

from catalogue.models import LabService, TestingService
from home.blocks.base import READ_LIVE, TitledBlock, number_block
from home.selectors import (
    ARTICLE_SOURCES,
    class_choices,
    most_booked_instruments,
    newest_articles,
    newest_instruments,
    newest_services,
    policy_columns,
)

Context = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """A kind of thing that is counted and listed: how it is called, drawn, counted and found."""

    label: str | Promise
    unit: str | Promise
    icon: str
    url: str | Promise
    query: str = ""
    sentence: str | Promise = ""


INSTRUMENTS_URL = reverse_lazy("catalogue:instrument_list")
PROVIDERS_URL = reverse_lazy("catalogue:provider_list")

# By the names of the fields of ``selectors.Figures``.
KINDS: dict[str, Kind] = {
    "instruments": Kind(
        _("仪器共享"), _("台（套）"), "microscope", INSTRUMENTS_URL,
        sentence=_("高校、院所和企业开放的大型科学仪器，送样测试或预约上机"),
    ),
    "testing": Kind(
        _("检测服务"), _("项"), "clipboard-check", reverse_lazy("catalogue:testing_list"),
        sentence=_("按标准出具检测报告，材料、食品、环境等领域齐全"),
    ),
    "labs": Kind(
        _("实验服务"), _("项"), "flask-round", reverse_lazy("catalogue:lab_list"),
        sentence=_("委托实验、工艺开发与合作研发，由专业实验室完成"),
    ),
    "accepting_vouchers": Kind(
        _("可用创新券"), _("台（套）"), "ticket-check", INSTRUMENTS_URL, query="?vouchers=1"
    ),
    "capabilities": Kind(_("检测能力"), _("项"), "badge-check", reverse_lazy("catalogue:capability_list")),
    "providers": Kind(_("接券机构"), _("家"), "building-2", PROVIDERS_URL),
    "cities": Kind(_("覆盖城市"), _("个"), "map-pin", PROVIDERS_URL),
}  # fmt: skip
THREE_SERVICES = ("instruments", "testing", "labs")
DEFAULT_FIGURES = ["accepting_vouchers", "capabilities", "providers", "cities"]


class ServicesBlock(TitledBlock):
    """The three kinds of service that vouchers pay for, with how many there are of each."""

    default_title = _("三类服务")

    instruments = CharBlock(label=_("仪器共享的说明"), max_length=60, required=False)
    testing = CharBlock(label=_("检测服务的说明"), max_length=60, required=False)
    labs = CharBlock(label=_("实验服务的说明"), max_length=60, required=False)

    class Meta:
        icon = "grip"
        label = _("三类服务入口")
        group = READ_LIVE
        template = "home/blocks/services.html"

    def get_context(self, value: Any, parent_context: Context | None = None) -> Context:
        context = super().get_context(value, parent_context)
        figures = context["live"].figures
        context["entries"] = [(KINDS[name], getattr(figures, name), value[name]) for name in THREE_SERVICES]
        return context


class FiguresBlock(TitledBlock):
    """Counts of what is public."""

    default_title = _("平台数据")

    shown = MultipleChoiceBlock(
        label=_("显示哪些数字"),
        choices=[(name, kind.label) for name, kind in KINDS.items()],
        default=DEFAULT_FIGURES,
        widget=CheckboxSelectMultiple,
    )

    class Meta:
        icon = "order"
        label = _("平台数据")
        group = READ_LIVE
        template = "home/blocks/figures.html"

    def get_context(self, value: Any, parent_context: Context | None = None) -> Context:
        context = super().get_context(value, parent_context)
        figures = context["live"].figures
        context["tiles"] = [
            (kind, getattr(figures, name)) for name, kind in KINDS.items() if name in value["shown"]
        ]
        return context


class EntriesBlock(TitledBlock):
    """Classes or fields as entry points."""

    kind: ClassVar[str]
    entries: ClassVar[str]

    number = number_block(default=15, low=4, high=30)
    only_filled = BooleanBlock(label=_("不显示还没有内容的"), required=False)

    def get_context(self, value: Any, parent_context: Context | None = None) -> Context:
        context = super().get_context(value, parent_context)
        entries = getattr(context["live"].figures, self.entries)
        if value["only_filled"]:
            entries = [entry for entry in entries if entry.count]
        return {**context, "kind": KINDS[self.kind], "entries": entries[: value["number"]]}


class ClassesBlock(EntriesBlock):
    default_title = _("按分类查找仪器")
    kind, entries = "instruments", "classes"

    class Meta:
        icon = "folder-open-inverse"
        label = _("仪器分类入口")
        group = READ_LIVE
        template = "home/blocks/classes.html"


class FieldsBlock(EntriesBlock):
    default_title = _("按领域查找检测服务")
    kind, entries = "testing", "fields"

    only_filled = BooleanBlock(label=_("不显示还没有内容的"), required=False, default=True)

    class Meta:
        icon = "folder-open-inverse"
        label = _("检测领域入口")
        group = READ_LIVE
        template = "home/blocks/fields.html"


class ClassChoiceBlock(ChoiceBlock):
    """A top-level class of instruments. A stored choice is taken as it is: Wagtail would look it up among all choices
    whenever the page is read, a query each time."""

    def to_python(self, value: Any) -> Any:
        return value

    def normalize(self, value: Any) -> Any:
        return value


class NewestInstrumentsBlock(TitledBlock):
    """The instruments that became public last, all or those of one class."""

    default_title = _("最新仪器")

    number = number_block(default=8, low=2, high=12)
    category = ClassChoiceBlock(
        label=_("仪器分类"), choices=class_choices, required=False, help_text=_("不选则为全部分类。")
    )
    vouchers = BooleanBlock(label=_("只显示可用创新券的"), required=False)

    class Meta:
        icon = "pick"
        label = _("最新仪器")
        group = READ_LIVE
        template = "home/blocks/instruments.html"

    def get_context(self, value: Any, parent_context: Context | None = None) -> Context:
        category, vouchers = value["category"] or "", value["vouchers"]
        asked = (("category", category), ("vouchers", "1" if vouchers else ""))
        return {
            **super().get_context(value, parent_context),
            "instruments": newest_instruments(value["number"], category=category, vouchers=vouchers),
            "more": "".join(f"&{name}={wanted}" for name, wanted in asked if wanted),
        }


class MostBookedInstrumentsBlock(TitledBlock):
    """What consumers asked for most often within the last year; shown once there is any booking."""

    default_title = _("预约最多的仪器")

    number = number_block(default=4, low=2, high=12)

    class Meta:
        icon = "pick"
        label = _("预约最多的仪器")
        group = READ_LIVE
        template = "home/blocks/booked.html"

    def get_context(self, value: Any, parent_context: Context | None = None) -> Context:
        return {
            **super().get_context(value, parent_context),
            "instruments": most_booked_instruments(value["number"]),
        }


class NewestServicesBlock(TitledBlock):
    """The services that became public last: of both kinds side by side, or of one."""

    kinds = MultipleChoiceBlock(
        label=_("服务类别"),
        choices=[(name, KINDS[name].label) for name in ("testing", "labs")],
        default=["testing", "labs"],
        widget=CheckboxSelectMultiple,
    )
    number = number_block(default=5, low=2, high=10)

    class Meta:
        icon = "pick"
        label = _("最新服务")
        group = READ_LIVE
        template = "home/blocks/newest_services.html"

    def get_context(self, value: Any, parent_context: Context | None = None) -> Context:
        models = {
            "testing": (TestingService, _("最新检测服务")),
            "labs": (LabService, _("最新实验服务")),
        }
        columns = [
            (title, KINDS[name], newest_services(model, value["number"]))
            for name, (model, title) in models.items()
            if name in value["kinds"]
        ]
        return {
            **super().get_context(value, parent_context),
            "columns": [column for column in columns if column[2]],
        }


class ArticlesBlock(TitledBlock):
    """Notices, policy documents and interpretations in columns, and the way to the rest of the policy column."""

    columns = ListBlock(
        StructBlock(
            [
                (
                    "source",
                    ChoiceBlock(
                        label=_("栏目"),
                        choices=[(name, source.label) for name, source in ARTICLE_SOURCES.items()],
                        default="notices",
                    ),
                ),
                (
                    "title",
                    CharBlock(
                        label=_("标题"), max_length=20, required=False, help_text=_("不填则用栏目名称。")
                    ),
                ),
            ]
        ),
        label=_("并排的栏目"),
        min_num=1,
        max_num=3,
    )
    number = number_block(default=6, low=2, high=12)
    links = BooleanBlock(
        label=_("显示其他栏目的入口"),
        required=False,
        default=True,
        help_text=_("政策解读、办事指南、常见问题和下载中心中没有并排列出的。"),
    )

    class Meta:
        icon = "doc-full"
        label = _("通知与政策")
        group = READ_LIVE
        template = "home/blocks/articles.html"

    def get_context(self, value: Any, parent_context: Context | None = None) -> Context:
        context = super().get_context(value, parent_context)
        pages = policy_columns()
        sources = [(ARTICLE_SOURCES[column["source"]], column["title"]) for column in value["columns"]]
        listed = [source.index for source, _title in sources]
        context["columns"] = [
            (source, title, pages[source.index], newest_articles(source, value["number"]))
            for source, title in sources
            if source.index in pages
        ]
        context["others"] = (
            [page for index, page in pages.items() if index not in listed] if value["links"] else []
        )
        return context
