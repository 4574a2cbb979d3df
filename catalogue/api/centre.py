"""接口令牌 under 账户设置: tokens for the provider's own system."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.models import APIToken

from accounts.centre import ProviderRequiredMixin
from catalogue.api.tokens import ENDED_SHOWN, MOST_TOKENS, issue_token, revoke_token, tokens_of
from catalogue.exceptions import CatalogueError
from institutions.models import Provider


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("令牌名称"),
        max_length=40,
        help_text=gettext_lazy("写明给哪个系统用，如“实验室管理系统”。办理记录里会注明是哪个令牌写入的。"),
        error_messages={
            "required": gettext_lazy("请填写令牌名称，写明给哪个系统用。"),
            "null_characters_not_allowed": gettext_lazy("含有看不见的空字符，请删除后重新输入。"),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class TokenListView(ProviderRequiredMixin, FormView):
    """The account's tokens, and making one. A new one is shown once, on the page that answers the form."""

    template_name = "catalogue/api/tokens.html"
    form_class = TokenForm
    menu_key = "account"

    def form_valid(self, form: TokenForm) -> HttpResponse:
        try:
            token, text = issue_token(actor=self.actor, name=form.cleaned_data["name"])
        except CatalogueError as error:
            form.add_error("name", str(error))
            return self.form_invalid(form)
        return self.render_to_response(
            self.get_context_data(form=TokenForm(), new_token=token, new_text=text)
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tokens = list(tokens_of(self.actor)[: MOST_TOKENS + ENDED_SHOWN])
        return super().get_context_data(
            live=[token for token in tokens if token.revoked_at is None],
            ended=[token for token in tokens if token.revoked_at is not None],
            most=MOST_TOKENS,
            has_institution=Provider.objects.visible_to(self.actor).exists(),
            api_url=self.request.build_absolute_uri("/api/v1/"),
            docs_url=reverse("api:docs"),
            **kwargs,
        )


class TokenRevokeView(ProviderRequiredMixin, TemplateView):
    """停用, asked before it is done."""

    template_name = "catalogue/api/token_revoke.html"
    menu_key = "account"

    @cached_property
    def token(self) -> APIToken:
        return get_object_or_404(tokens_of(self.actor), pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.token.revoked_at is not None:
            return redirect("api_tokens:list")
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            revoke_token(token=self.token, actor=self.actor)
        except CatalogueError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("令牌“%s”已停用，用它的系统不能再访问接口。") % self.token.name)
        return redirect("api_tokens:list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(token=self.token, **kwargs)
