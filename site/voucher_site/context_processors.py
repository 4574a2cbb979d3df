"""What every page needs to know."""

from django.conf import settings
from django.http import HttpRequest

from accounts.selectors import unread_count


def site(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    return {
        "province_name": settings.PROVINCE_NAME,
        "site_name": settings.SITE_NAME,
        "large_type": request.COOKIES.get("size") == "large",
        # a callable: pages that do not show the number do not pay for the query
        "unread_messages": lambda: unread_count(user),
    }
