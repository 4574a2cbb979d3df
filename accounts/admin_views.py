"""Accounts in the Wagtail admin: staff are kept there, external accounts looked up and deactivated."""

from typing import Any, cast

import django_filters
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin.ui.tables import Column
from wagtail.users.views import users
from wagtail.users.views.bulk_actions import (
    AssignRoleBulkAction,
    DeleteBulkAction,
    SetActiveStateBulkAction,
)

from accounts.admin_forms import StaffUserCreationForm, StaffUserEditForm
from accounts.models import EXTERNAL_KINDS, AccountKind, User
from accounts.services import may_delete_account
from accounts.two_factor import may_reset_two_factor, reset_two_factor


class AccountFilterSet(users.UserFilterSet):
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("账户类型"),
        choices=[(kind.value, kind.label) for kind in AccountKind if kind in EXTERNAL_KINDS],
        empty_label=AccountKind.STAFF.label,
        widget=forms.RadioSelect,
    )

    class Meta(users.UserFilterSet.Meta):
        fields = ["kind"]


class AccountIndexView(users.IndexView):
    """Staff, unless a kind is asked for: there may be 50,000 external accounts."""

    def get_edit_url(self, instance: User) -> str | None:
        url: str | None = super().get_edit_url(instance)
        return url if may_touch(self.request.user, instance) else None

    def get_base_queryset(self) -> Any:
        accounts = super().get_base_queryset()
        if self.request.GET.get("kind"):
            return accounts
        return accounts.filter(kind=AccountKind.STAFF)

    @cached_property
    def columns(self) -> list[Any]:
        columns = super().columns
        kind = Column("kind", label=_("账户类型"), accessor="get_kind_display", width="15%")
        for column in columns:
            if column.name == "name":
                column.sort_key = "contact_name"
        return [*columns[:3], kind, *columns[3:]]

    @cached_property
    def search_fields(self) -> list[str]:
        return ["username", "contact_name", "email", "mobile"]


def may_touch(actor: Any, account: User) -> bool:
    """Whoever keeps accounts without being a superuser neither makes, changes nor locks out one. Roles it gives, to itself too."""
    return bool(actor.is_superuser or not account.is_superuser)


class SuperusersMakeSuperusers:
    """Wagtail would let whoever may change accounts make a superuser of anybody."""

    request: HttpRequest

    def get_form(self, *args: Any, **kwargs: Any) -> forms.ModelForm:
        form: forms.ModelForm = super().get_form(*args, **kwargs)  # type: ignore[misc]  # of the view beside it
        if "is_superuser" in form.fields and not cast(User, self.request.user).is_superuser:
            form.fields["is_superuser"].disabled = True
        return form


class AccountCreateView(SuperusersMakeSuperusers, users.CreateView):
    pass


class AccountEditView(SuperusersMakeSuperusers, users.EditView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_touch(request.user, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class AccountDeleteView(users.DeleteView):
    """Deletes only what nothing hangs on; the trail must go on naming who acted."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_touch(request.user, self.object):
            raise PermissionDenied
        if self.user_has_permission("delete") and not may_delete_account(self.object):
            messages.error(request, _("账户“%s”名下有办理记录，不能删除。请改为停用。") % self.object)
            return redirect("wagtailusers_users:edit", self.object.pk)
        return super().dispatch(request, *args, **kwargs)


class ResetTwoFactorView(View):
    """For somebody who has lost the telephone and the backup codes, and has shown who they are."""

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> HttpResponseBase:
        self.account = get_object_or_404(User, pk=pk)
        if not may_reset_two_factor(request.user, self.account):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        enabled = is_mfa_enabled(self.account)
        return render(
            request, "accounts/admin/reset_two_factor.html", {"account": self.account, "enabled": enabled}
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        if reset_two_factor(account=self.account, actor=cast(User, request.user)):
            messages.success(request, _("已重置账户“%s”的两步验证，它的登录已全部退出。") % self.account)
        else:
            messages.info(request, _("账户“%s”没有启用两步验证。") % self.account)
        return redirect("wagtailusers_users:index")


class StaffUserViewSet(users.UserViewSet):
    menu_label = gettext_lazy("账户")
    filterset_class = AccountFilterSet
    index_view_class = AccountIndexView
    add_view_class = AccountCreateView
    edit_view_class = AccountEditView
    # what is posted there is written over the account that was to be copied, past all of the above
    copy_view_enabled = False
    delete_view_class = AccountDeleteView

    def get_form_class(self, for_update: bool = False) -> Any:
        return StaffUserEditForm if for_update else StaffUserCreationForm


class StaffListing:
    """“All” of a bulk action means all staff: what the listing shows before any filter."""

    def get_all_objects_in_listing_query(self, parent_id: Any) -> Any:
        listed = User.objects.filter(kind=AccountKind.STAFF).values_list("pk", flat=True)
        return listed.filter(pk__in=super().get_all_objects_in_listing_query(parent_id))  # type: ignore[misc]


class AssignRoleToStaff(StaffListing, AssignRoleBulkAction):
    """External accounts hold no role."""

    def check_perm(self, obj: User) -> bool:
        return (
            obj.kind == AccountKind.STAFF
            and may_touch(self.request.user, obj)
            and bool(super().check_perm(obj))
        )


class DeleteUnused(StaffListing, DeleteBulkAction):
    def check_perm(self, obj: User) -> bool:
        return bool(super().check_perm(obj)) and may_delete_account(obj)


class SetActiveState(StaffListing, SetActiveStateBulkAction):
    def check_perm(self, obj: User) -> bool:
        return may_touch(self.request.user, obj) and bool(super().check_perm(obj))
