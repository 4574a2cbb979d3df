"""Pages of accounts: registration, the inbox, account settings, and the gate before the admin."""

import re
from typing import Any, cast

from allauth.account import signals
from allauth.account import views as allauth_views
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.views import ConnectionsView, LoginCancelledView
from allauth.socialaccount.views import SignupView as NetworkSignup
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Page, Paginator
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import DetailView, FormView, ListView, TemplateView, UpdateView, View
from wagtail.admin.views.account import AccountView as WagtailAccountView
from wagtail.admin.views.account import NameEmailSettingsPanel, NotificationsSettingsPanel

from accounts import services
from accounts.admin_forms import StaffProfileForm
from accounts.centre import CentreMixin
from accounts.devices import device_of
from accounts.exceptions import AccountError
from accounts.forms import ContactForm, EmailForm, PasswordConfirmForm
from accounts.models import Message, User
from accounts.network import set_password_first
from accounts.paging import clamped_page
from accounts.selectors import unread_count
from accounts.two_factor import end_sessions

# Where allauth keeps who is signing up with an account of the network.
PENDING = "socialaccount_sociallogin"
DIGITS = re.compile(r"[0-9]{1,18}", re.ASCII)


class SignupView(allauth_views.SignupView):
    """Registration. Ends on a page of its own, not signed in (manual, section 三)."""

    def form_valid(self, form: Any) -> HttpResponseBase:
        try:
            with transaction.atomic():
                account, _response = form.try_save(self.request)
        except IntegrityError:
            form.full_clean()  # somebody was quicker with the same name: now the form knows, and says so
            if form.is_valid():
                raise
            return self.form_invalid(form)
        signals.user_signed_up.send(sender=User, request=self.request, user=account)
        EmailAddress.objects.get(user=account).send_confirmation(self.request, signup=True)
        return redirect("account_signup_done")


class NetworkSignupView(NetworkSignup):
    """The first sign-in with an account of 协作网."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        limited: HttpResponse | None = ratelimit.consume_or_429(request, action="signup")
        return limited or super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponseBase:
        pending = self.sociallogin.serialize()
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except IntegrityError:
            self.request.session[PENDING] = pending  # as if it had not been tried: see SignupView
            form.full_clean()
            if not form.is_valid():
                return self.form_invalid(form)
            account = self.sociallogin.account
            if not SocialAccount.objects.filter(provider=account.provider, uid=account.uid).exists():
                raise
            del self.request.session[PENDING]
            messages.info(self.request, _("这个账户刚刚已经登记过，请直接登录。"))
            return redirect("account_login")


class NetworkOnlyMixin:
    """A page that is there only where accounts of 协作网 sign in."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.OIDC_URL:
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # of the view it is mixed into
        return response


class NetworkView(NetworkOnlyMixin, CentreMixin, ConnectionsView):
    """Linking one's account of 协作网 to this one, and undoing it."""

    template_name = "socialaccount/connections.html"
    menu_key = "account"

    def form_invalid(self, form: Any) -> HttpResponseBase:
        if form.has_error("account", "invalid_choice") or form.has_error("account", "required"):
            messages.info(self.request, _("绑定已有变化，请看下面现在的情况。"))
            return redirect("socialaccount_connections")
        return super().form_invalid(form)


class NetworkCancelledView(NetworkOnlyMixin, LoginCancelledView):
    """Back from the network by 取消."""


class SignupDoneView(TemplateView):
    template_name = "account/signup_done.html"


@method_decorator(never_cache, name="dispatch")
class SessionsView(LoginRequiredMixin, TemplateView):
    """Where the account is signed in; each but the present session can be ended, or all at once."""

    template_name = "account/sessions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sessions = UserSession.objects.purge_and_list(self.request.user)
        key = self.request.session.session_key
        sessions.sort(key=lambda one: (one.session_key != key, -one.created_at.timestamp()))
        rows = [(one, device_of(one.user_agent), one.session_key == key) for one in sessions]
        return super().get_context_data(rows=rows, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        others = UserSession.objects.filter(user_id=request.user.pk).exclude(
            session_key=request.session.session_key
        )
        asked = request.POST.get("session", "")
        if asked != "others":
            others = others.filter(pk=int(asked)) if DIGITS.fullmatch(asked) else others.none()
        if ended := end_sessions(others):
            messages.success(request, _("已退出 %d 处登录。") % ended)
        else:
            messages.info(request, _("没有可退出的登录，可能已经失效。"))
        return redirect("account_sessions")


class PasswordNeededMixin:
    """A page that asks for the account's password: an account of 协作网 that has none yet is led to set one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.has_usable_password():
            return set_password_first(request)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # of the view it is mixed into
        return response


class EmailView(PasswordNeededMixin, LoginRequiredMixin, FormView):
    """The account's one e-mail address: whether it is verified, and changing it."""

    template_name = "account/email.html"
    form_class = EmailForm
    success_url = reverse_lazy("account_email")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "action_send" not in request.POST:
            return super().post(request, *args, **kwargs)
        address = self.current_address()
        if address.verified:
            messages.info(request, _("邮箱 %s 已经验证过了。") % address.email)
        else:
            self.send_verification(address)
        return redirect("account_email")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form: EmailForm) -> HttpResponse:
        try:
            address = services.change_email(account=form.user, email=form.cleaned_data["email"])
        except AccountError as error:
            form.add_error("email", str(error))
            return self.form_invalid(form)
        messages.success(self.request, _("邮箱已改为 %s。") % address.email)
        self.send_verification(address)
        return super().form_valid(form)

    def current_address(self) -> EmailAddress:
        user = cast(User, self.request.user)
        address, _created = EmailAddress.objects.get_or_create(
            user=user, email=user.email, defaults={"primary": True}
        )
        return address

    def send_verification(self, address: EmailAddress) -> None:
        if ratelimit.consume(self.request, action="confirm_email", key=address.email):
            address.send_confirmation(self.request)
            messages.success(self.request, _("验证邮件已发到 %s，请查收。") % address.email)
        else:
            messages.warning(self.request, _("验证邮件刚刚发过，请先查收；没有收到的话，请 3 分钟后再试。"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(address=self.current_address(), **kwargs)


class AdminLoginView(View):
    """The gate before the admin: everybody who is not let in there is sent where they belong."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        target = self.get_target()
        if not user.is_authenticated:
            return redirect_to_login(target, resolve_url("account_login"))
        if user.is_external:
            list(messages.get_messages(request))  # Wagtail's own refusal, which speaks to staff
            messages.error(
                request,
                _("管理后台仅供管理人员使用。您的账户类型是“%s”，请使用应用中心。") % user.get_kind_display(),
            )
            return redirect("centre:dashboard")
        if not user.has_perm("wagtailadmin.access_admin"):
            return render(request, "accounts/no_admin_access.html", status=403)
        return HttpResponseRedirect(target)

    def get_target(self) -> str:
        """Where in the admin they were going; its front page if that is nowhere safe."""
        target = self.request.GET.get("next", "")
        home = reverse("wagtailadmin_home")
        safe = url_has_allowed_host_and_scheme(
            target, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )
        return target if safe and not target.startswith(self.request.path) else home


class StaffProfilePanel(NameEmailSettingsPanel):
    form_class = StaffProfileForm

    @property
    def title(self) -> str:
        return _("基本信息")


class StaffAccountView(WagtailAccountView):
    """Wagtail's own account page, with our name fields, and without mails that are never sent."""

    def post(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = super().post(request)
        UserSession.objects.create_from_request(request)  # saving gives the session another key
        return response

    def get_panels(self) -> list[Any]:
        return [
            StaffProfilePanel(panel.request, panel.user, panel.profile)
            if isinstance(panel, NameEmailSettingsPanel)
            else panel
            for panel in super().get_panels()
            if not isinstance(panel, NotificationsSettingsPanel)
        ]


class MessageQuerysetMixin(CentreMixin):
    """Somebody else's message is not found, whoever asks."""

    menu_key = "inbox"

    def get_queryset(self) -> QuerySet[Message]:
        return Message.objects.filter(recipient=self.actor)


class InboxView(MessageQuerysetMixin, ListView):
    template_name = "accounts/inbox.html"
    paginate_by = 20

    def paginate_queryset(self, queryset: Any, page_size: int) -> tuple[Paginator, Page, Any, bool]:
        page = clamped_page(queryset, self.request.GET.get("page"), page_size)
        return page.paginator, page, page.object_list, page.has_other_pages()

    def get_queryset(self) -> QuerySet[Message]:
        messages_ = super().get_queryset()
        return messages_.filter(read_at=None) if self.only_unread else messages_

    @property
    def only_unread(self) -> bool:
        return "unread" in self.request.GET

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        address = reverse("accounts:inbox")
        unread = unread_count(self.actor)
        tabs = [
            {"label": _("全部"), "url": address, "active": not self.only_unread, "count": None},
            {"label": _("未读"), "url": f"{address}?unread=1", "active": self.only_unread, "count": unread},
        ]
        return super().get_context_data(tabs=tabs, unread=unread, **kwargs)


class MessageView(MessageQuerysetMixin, DetailView):
    template_name = "accounts/message.html"
    context_object_name = "inbox_message"

    def get_object(self, queryset: QuerySet[Message] | None = None) -> Message:
        return services.read_message(message=super().get_object(queryset), actor=self.actor)


class ReadAllView(CentreMixin, View):
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        number = services.read_all_messages(actor=self.actor)
        messages.success(
            request, _("已把 %d 封站内信标为已读。") % number if number else _("没有未读的站内信。")
        )
        return redirect("accounts:inbox")


class AccountView(CentreMixin, TemplateView):
    template_name = "accounts/account.html"
    menu_key = "account"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        verified = EmailAddress.objects.filter(
            user=self.actor, email=self.actor.email, verified=True
        ).exists()
        return super().get_context_data(
            email_verified=verified, has_text_messages=bool(settings.SMS_GATEWAY), **kwargs
        )


class ContactView(CentreMixin, UpdateView):
    template_name = "accounts/contact_form.html"
    menu_key = "account"
    form_class = ContactForm
    context_object_name = "account"
    success_url = reverse_lazy("accounts:account")

    def get_object(self, queryset: QuerySet[User] | None = None) -> User:
        return User.objects.get(pk=self.actor.pk)  # a copy: what is refused must not show in the page's head

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            services.update_contact(actor=self.object, **form.cleaned_data)
        except AccountError as error:
            form.add_error("mobile", str(error))
            return self.form_invalid(form)
        messages.success(self.request, _("账户信息已保存。"))
        return HttpResponseRedirect(self.get_success_url())


class DeleteAccountView(PasswordNeededMixin, CentreMixin, FormView):
    """Deleting the account, after its password. Where that is impossible the page says why instead."""

    template_name = "accounts/delete.html"
    menu_key = "account"
    form_class = PasswordConfirmForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.actor}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_delete=services.may_delete_account(self.actor), **kwargs)

    def form_valid(self, form: PasswordConfirmForm) -> HttpResponse:
        services.delete_account(actor=self.actor)
        logout(self.request)
        messages.success(self.request, _("账户已删除。如需换一种身份，可以重新注册。"))
        return redirect("/")
