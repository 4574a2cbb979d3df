"""How a visitor wants to see the site: the type size, and the language of the public pages. Kept in cookies."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

YEAR_SECONDS = 365 * 24 * 3600


@method_decorator(csrf_exempt, name="dispatch")  # nothing but a cookie of the visitor's own changes
class PreferenceView(View):
    """Remembers one choice, and leads back to the page it was made on."""

    cookie = ""
    choices: frozenset[str] = frozenset()

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        target = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(
            target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        response = HttpResponseRedirect(target if safe else "/")
        chosen = request.POST.get(self.cookie)
        if chosen in self.choices:
            response.set_cookie(
                self.cookie,
                chosen,
                max_age=YEAR_SECONDS,
                httponly=True,
                samesite="Lax",
                secure=request.is_secure(),
            )
        return response


class SizePreferenceView(PreferenceView):
    """关怀版 (large) or 标准版 (normal)."""

    cookie = "size"
    choices = frozenset({"normal", "large"})


class LanguagePreferenceView(PreferenceView):
    """Chinese or English, for the public pages (``voucher_site.language``)."""

    cookie = "site_language"
    choices = frozenset({"zh-hans", "en"})
