"""What every page needs to know."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext

from accounts.selectors import unread_count
from voucher_site.language import ENGLISH, has_languages


def site(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    province = gettext(settings.PROVINCE_NAME)
    english = get_language() == ENGLISH
    return {
        "province_name": province,
        "site_name": settings.SITE_NAME,
        "site_title": gettext("%(province)s科技创新券服务平台") % {"province": province},
        "english": english,
        "has_languages": has_languages(request.path),
        # for the element that holds what is Chinese in either language: <h1{{ in_chinese }}>{{ record.name }}</h1>
        "in_chinese": mark_safe(' lang="zh-Hans"') if english else "",
        "large_type": request.COOKIES.get("size") == "large",
        # whose accounts may sign in here too
        "network_name": settings.OIDC_NAME if settings.OIDC_URL else "",
        # a callable: pages that do not show the number do not pay for the query
        "unread_messages": lambda: unread_count(user),
    }
