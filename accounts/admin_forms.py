"""Forms of accounts in the Wagtail admin."""

from typing import Any, ClassVar

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm, UserEditForm, UserForm

from accounts import services
from accounts.fields import LoginNameField, MobileField
from accounts.models import AccountKind, User

FIELD_CLASSES = {"username": LoginNameField, "mobile": MobileField}
FIELDS = ["username", "email", "contact_name", "mobile", "is_superuser", "groups"]


class AccountFormMixin:
    """Wagtail's forms, with the fields our accounts have."""

    first_name = None
    last_name = None
    email = None  # the model's own, which knows when it is taken

    fields: dict[str, forms.Field]

    error_messages: ClassVar[dict[str, Any]] = {
        **UserForm.error_messages,
        "duplicate_username": _("这个登录名已被使用，请换一个。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].help_text = _("2–30 个字，以汉字或字母开头，可含数字、点、横线和下划线。")
        self.fields["contact_name"].label = _("姓名")


class StaffUserCreationForm(AccountFormMixin, UserCreationForm):
    """A new account in the admin is always a staff account."""

    class Meta(UserCreationForm.Meta):
        fields = FIELDS
        field_classes = FIELD_CLASSES

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.kind = AccountKind.STAFF


class StaffUserEditForm(AccountFormMixin, UserEditForm):
    """A staff account. Of an external account only whether it may sign in can be changed here."""

    class Meta(UserEditForm.Meta):
        fields = [*FIELDS, "is_active"]
        field_classes = FIELD_CLASSES

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_external:
            for name in ("groups", "is_superuser"):
                del self.fields[name]
            for name in self.fields.keys() - {"is_active"}:
                self.fields[name].disabled = True

    @property
    def password_enabled(self) -> bool:
        return not self.instance.is_external

    def save(self, commit: bool = True) -> User:
        """A changed e-mail address replaces the old one for signing in and for password resets too."""
        email = self.cleaned_data["email"]
        with transaction.atomic():
            if "email" in self.changed_data:
                services.change_email(account=self.instance, email=email)
            account: User = super().save(commit)
        return account


class StaffProfileForm(forms.ModelForm):
    """What staff change of their own account on Wagtail's account page."""

    class Meta:
        model = User
        fields = ["contact_name", "mobile"]
        field_classes = {"mobile": MobileField}
        labels = {"contact_name": _("姓名")}
