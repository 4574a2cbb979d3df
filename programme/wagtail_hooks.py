"""Parameters of the programme in the Wagtail admin."""

from collections.abc import Sequence
from typing import cast

from django.contrib import messages
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from accounts.exceptions import DomainError
from accounts.models import User
from programme.admin_views import LIST, ParametersViewSet
from programme.models import ProgrammeParameters
from programme.services import drop_parameters

register_snippet(ParametersViewSet)


@hooks.register("before_delete_snippet")
def drop_by_service(request: HttpRequest, instances: Sequence[Model]) -> HttpResponse | None:
    """Alone or among others, sets are deleted by our service, which audits it, or not at all."""
    chosen = [one for one in instances if isinstance(one, ProgrammeParameters)]
    if not chosen or (request.method != "POST" and not any(one.has_taken_force for one in chosen)):
        return None
    try:
        with transaction.atomic():
            for parameters in chosen:
                drop_parameters(parameters=parameters, actor=cast(User, request.user))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已删除未生效的项目参数。"))
    return redirect(LIST)
