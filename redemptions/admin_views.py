"""Running the automatic checks anew, in the Wagtail admin."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views import View

from accounts.exceptions import DomainError
from redemptions.admin_queue import case_url
from redemptions.models import Redemption
from redemptions.permissions import may_check, may_decide
from redemptions.services.checking import recheck_claim


class RecheckView(View):
    """重新核查: back to the page, with what was found now."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (may_check(request.user) or may_decide(request.user)):
            raise PermissionDenied
        claim = get_object_or_404(Redemption, pk=pk)
        try:
            found = recheck_claim(redemption=claim, actor=request.user)  # type: ignore[arg-type]  # staff have signed in
        except DomainError as error:
            messages.error(request, str(error))
        else:
            failed = sum(check.is_open for check in found)
            messages.success(
                request,
                _("已重新核查：%(count)d 项，其中 %(failed)d 项未通过或未能核查。")
                % {"count": len(found), "failed": failed},
            )
        return redirect(f"{case_url(claim)}#checks")
