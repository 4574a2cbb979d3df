"""What every page of the application centre 应用中心 shares: who may enter, and the menu."""

from typing import Any, ClassVar, cast

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountKind, User

# (key, label, url name, icon, kinds); a kind sees only what works for it
MENU: tuple[tuple[str, Any, str, str, frozenset[str]], ...] = (
    ("dashboard", _("应用中心首页"), "centre:dashboard", "house", frozenset({"provider", "consumer"})),
    (
        "institution",
        _("机构信息"),
        "institutions:overview",
        "building-2",
        frozenset({"provider", "consumer"}),
    ),
    ("instruments", _("仪器管理"), "instruments:list", "microscope", frozenset({"provider"})),
    ("qualifications", _("检测资质管理"), "qualifications:list", "badge-check", frozenset({"provider"})),
    ("capabilities", _("检测能力管理"), "capabilities:list", "list-checks", frozenset({"provider"})),
    ("testing", _("检测服务管理"), "testing:list", "test-tube", frozenset({"provider"})),
    ("labs", _("实验服务管理"), "labs:list", "flask-conical", frozenset({"provider"})),
    ("bookings", _("预约管理"), "bookings:list", "calendar-clock", frozenset({"provider", "consumer"})),
    ("orders", _("订单管理"), "orders:list", "clipboard-list", frozenset({"provider", "consumer"})),
    ("figures", _("年度服务情况"), "provider_years:list", "chart-column", frozenset({"provider"})),
    ("vouchers", _("创新券"), "vouchers:list", "ticket", frozenset({"consumer"})),
    ("redemptions", _("兑付"), "redemptions:list", "banknote", frozenset({"consumer"})),
    ("inbox", _("站内信"), "accounts:inbox", "mail", frozenset({"provider", "consumer"})),
    ("account", _("账户设置"), "accounts:account", "user", frozenset({"provider", "consumer"})),
)


class CentreMixin(LoginRequiredMixin):
    """A page for external accounts. Staff belong in the admin; other kinds than ``kinds`` get a 404."""

    kinds: ClassVar[frozenset[str]] = frozenset({AccountKind.PROVIDER, AccountKind.CONSUMER})
    menu_key: str = ""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if user.is_authenticated:
            if user.kind == AccountKind.STAFF:
                return redirect("wagtailadmin_home")
            if user.kind not in self.kinds:
                raise Http404
        response = cast(HttpResponse, super().dispatch(request, *args, **kwargs))
        add_never_cache_headers(response)  # after signing out, the browser's way back shows nothing
        return response

    @property
    def actor(self) -> User:
        return cast(User, self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(  # type: ignore[misc]
            centre_menu=centre_menu(self.actor, self.menu_key), **kwargs
        )


class ProviderRequiredMixin(CentreMixin):
    kinds = frozenset({AccountKind.PROVIDER})


class ConsumerRequiredMixin(CentreMixin):
    kinds = frozenset({AccountKind.CONSUMER})


def centre_menu(user: User, active: str = "") -> list[dict[str, Any]]:
    """The side menu for the account's kind."""
    return [
        {"label": label, "url": reverse(url_name), "icon": icon, "active": key == active}
        for key, label, url_name, icon, kinds in MENU
        if user.kind in kinds
    ]
