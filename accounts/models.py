"""Accounts: one person's or institution's access, of a kind that never changes; and its inbox."""

from collections.abc import Collection
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.exceptions import AccountError, require
from accounts.validators import normalise_login_name, validate_login_name, validate_mobile


class AccountKind(models.TextChoices):
    """Who an account belongs to, chosen at registration and fixed for life (manual, section 三)."""

    PROVIDER = "provider", _("接券机构（协作网单位）")
    CONSUMER = "consumer", _("创新券使用机构（企业）")
    STAFF = "staff", _("管理人员")


EXTERNAL_KINDS = frozenset({AccountKind.PROVIDER, AccountKind.CONSUMER})


class AccountManager(UserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)

    def create_superuser(self, username: str, *args: Any, **fields: Any) -> "User":
        return super().create_superuser(username, *args, **{**fields, "kind": AccountKind.STAFF})


class User(AbstractUser):  # type: ignore[django-manager-missing]  # SiteImage's is untyped Wagtail
    """An account. ``kind`` decides where it may go and is guarded by a trigger in the database too.

    External accounts hold no permission whatsoever: whatever group or flag they are given by
    mistake, ``has_perm`` answers no, so the Wagtail admin stays closed to them.
    """

    username = models.CharField(
        _("登录名"),
        max_length=30,
        unique=True,
        validators=[validate_login_name],
        error_messages={"unique": _("这个登录名已被使用，请换一个。")},
    )
    email = models.EmailField(
        _("电子邮箱"), unique=True, error_messages={"unique": _("这个邮箱已注册过，可直接登录或找回密码。")}
    )
    mobile = models.CharField(
        _("手机号码"),
        max_length=11,
        unique=True,
        null=True,
        blank=True,
        validators=[validate_mobile],
        error_messages={"unique": _("这个手机号码已注册过，可直接登录或找回密码。")},
    )
    contact_name = models.CharField(_("联系人"), max_length=30)
    sms_notices = models.BooleanField(
        _("用短信通知审核和兑付结果"),
        default=True,
        db_default=True,
        help_text=_("十分钟内有几项结果的，只发一条短信；站内信和邮件不受影响。"),
    )
    kind = models.CharField(_("账户类型"), max_length=10, choices=AccountKind)

    objects: ClassVar[AccountManager] = AccountManager()

    _stored_kind: str | None = None

    REQUIRED_FIELDS = ["email", "contact_name"]

    class Meta:
        verbose_name = _("账户")
        verbose_name_plural = _("账户")
        constraints = [
            models.CheckConstraint(
                name="account_kind_known", condition=Q(kind__in=[kind.value for kind in AccountKind])
            ),
            models.CheckConstraint(
                name="account_external_has_no_staff_flags",
                condition=Q(kind="staff") | Q(is_staff=False, is_superuser=False),
            ),
            models.UniqueConstraint(
                Lower("email"), name="account_email_ci", violation_error_message=_("这个邮箱已注册过。")
            ),
            models.UniqueConstraint(
                Lower("username"),
                name="account_username_ci",
                violation_error_message=_("这个登录名已被使用。"),
            ),
        ]

    def __str__(self) -> str:
        return self.username

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        account = super().from_db(*args, **kwargs)
        account._stored_kind = account.__dict__.get("kind")
        return account

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the account, its identifiers as sign-in looks them up.

        Raises AccountError where the kind would change; a trigger refuses what goes round this method.
        """
        kind = self.__dict__.get("kind", self._stored_kind)
        require(
            self._stored_kind in {None, kind},
            AccountError(_("账户类型在注册时选定，不能更改。要换身份，请删除账户后重新注册。")),
        )
        self._normalise()
        super().save(*args, **kwargs)
        self._stored_kind = kind

    def clean(self) -> None:
        super().clean()
        self._normalise()

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        # Once normalised, the fields' own uniqueness has already answered, at the field.
        super().validate_constraints({*(exclude or ()), "username", "email"})

    def _normalise(self) -> None:
        self.username = normalise_login_name(self.username)
        self.email = self.email.lower()
        self.mobile = self.mobile or None

    def get_full_name(self) -> str:
        return self.contact_name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()

    @property
    def is_external(self) -> bool:
        return self.kind in EXTERNAL_KINDS

    @property
    def is_provider(self) -> bool:
        return self.kind == AccountKind.PROVIDER

    @property
    def is_consumer(self) -> bool:
        return self.kind == AccountKind.CONSUMER

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.kind == AccountKind.STAFF and super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        return self.kind == AccountKind.STAFF and super().has_module_perms(app_label)


class Message(models.Model):
    """One message 站内信 in an account's inbox. Written by services, read by its recipient only."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("收信人"), on_delete=models.CASCADE, related_name="inbox"
    )
    subject = models.CharField(_("标题"), max_length=120)
    body = models.TextField(_("内容"), blank=True)
    link = models.CharField(_("链接"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("时间"), auto_now_add=True)
    read_at = models.DateTimeField(_("已读时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("站内信")
        verbose_name_plural = _("站内信")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="message_inbox"),
            models.Index(fields=["recipient"], name="message_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return self.subject


class PublicVersion(models.Model):
    """The one row that accounts/public_version.py keeps on a site without Redis."""

    value = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.value
