"""Tokens 接口令牌 of a provider's account: making one, and ending it. They are Wagtail's (docs/adr/0006-api-tokens.md)."""

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from wagtail.models import APIToken

from accounts.exceptions import require
from accounts.models import User
from catalogue.exceptions import CatalogueError
from institutions.models import Provider
from workflow.audit import record_step
from workflow.statuses import Action

MOST_TOKENS = 10
# Ended ones stay in sight for a while; the audit trail keeps all.
ENDED_SHOWN = 20


def tokens_of(account: User) -> QuerySet[APIToken]:
    """The account's tokens: those in force first, then those ended last."""
    return APIToken.objects.filter(user=account).order_by(F("revoked_at").desc(nulls_first=True), "-pk")


def issue_token(*, actor: User, name: str) -> tuple[APIToken, str]:
    """A new token, with its text, which is known now and never again.

    Raises CatalogueError for an account without institution, one with as many tokens as it may have, and for a name
    that another token in force has: the audit trail tells by it which system wrote.
    """
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        require(
            actor.is_provider and Provider.objects.visible_to(actor).exists(),
            CatalogueError(_("请先填写并保存机构信息，再新建接口令牌。")),
        )
        live = APIToken.objects.filter(user=actor, revoked_at=None)
        require(
            live.count() < MOST_TOKENS,
            CatalogueError(_("最多同时使用 %d 个令牌，请先停用不再使用的。") % MOST_TOKENS),
        )
        require(
            not live.filter(name=name).exists(),
            CatalogueError(_("已有一个叫“%s”的令牌，请换一个名称。") % name),
        )
        token, text = APIToken.create_token(user=actor, name=name)
        record_step(record=token, actor=actor, action=Action.CREATE, reason=_("新建接口令牌"))
    return token, text


def revoke_token(*, token: APIToken, actor: User) -> APIToken:
    """End the token: from now on it opens nothing. Raises CatalogueError if it is not the actor's, or ended already."""
    with transaction.atomic():
        token = APIToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
        require(token.user_id == actor.pk, CatalogueError(_("只能停用本账户的令牌。")))
        require(token.revoked_at is None, CatalogueError(_("这个令牌已经停用。")))
        token.revoke()
        record_step(record=token, actor=actor, action=Action.DELETE, reason=_("停用接口令牌"))
    return token
