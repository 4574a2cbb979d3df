"""Registration, sign-in and account forms."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.socialaccount import forms as allauth_social_forms
from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from accounts.fields import LoginNameField, MobileField
from accounts.models import EXTERNAL_KINDS, AccountKind, User
from accounts.validators import normalise_identifier, validate_login_name, validate_mobile

PASSWORD_HELP = _("至少 8 个字符，不能全是数字，不要太常见，也不要和登录名、邮箱太相似。")
NO_PASSWORD = _("请填写密码。")
NO_CONTACT_NAME = _("请填写联系人姓名。")
NO_MOBILE = _("请填写手机号码。")
WRONG_LOGIN = _("这不是登录名、邮箱或手机号码，请核对后重新输入。")
WRONG_EMAIL = _("请填写正确的电子邮箱，如 name@example.com。")


class LoginForm(allauth_forms.LoginForm):
    """Sign-in by any of the three identifiers, with the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login = self.fields["login"]
        login.label = _("登录名、邮箱或手机号码")
        login.validators.append(MaxLengthValidator(254, WRONG_LOGIN))
        login.widget.attrs = {"autocomplete": "username", "maxlength": "254", "autofocus": True}
        login.error_messages["required"] = _("请填写登录名、邮箱或手机号码。")
        self.fields["password"].help_text = ""
        self.fields["password"].error_messages["required"] = NO_PASSWORD

    def clean_login(self) -> str:
        return normalise_identifier(self.cleaned_data["login"])

    def user_credentials(self) -> dict[str, str]:
        # Once, as a name: the backend tries that as an address too. Passed as both, the password of a
        # registered address is checked twice, and the time it takes tells who is registered.
        return {"username": self.cleaned_data["login"], "password": self.cleaned_data["password"]}


class RegistrationForm(forms.Form):
    """What is asked of every new account. Says plainly which identifier is taken, and by which way out."""

    field_order = ("kind", "username", "contact_name", "email", "mobile", "password1", "password2")

    kind = forms.ChoiceField(
        label=_("机构类型"),
        choices=[(kind.value, kind.label) for kind in AccountKind if kind in EXTERNAL_KINDS],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("请选择机构类型。"),
            "invalid_choice": _("请在接券机构和创新券使用机构中选择一种。"),
        },
    )
    username = LoginNameField(
        label=_("登录名"),
        validators=[validate_login_name],
        help_text=_("建议使用机构名称的简称中文或拼音，2–30 个字，注册后不能更改。"),
        error_messages={"required": _("请填写登录名。")},
    )
    contact_name = forms.CharField(
        label=_("联系人"),
        max_length=30,
        error_messages={"required": NO_CONTACT_NAME, "max_length": _("联系人不超过 30 个字。")},
    )
    mobile = MobileField(
        label=_("手机号码"),
        validators=[validate_mobile],
        error_messages={"required": NO_MOBILE},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts = {
            "username": (_("登录名"), _("请填写登录名。")),
            "email": (_("电子邮箱"), _("请填写电子邮箱。")),
            "password1": (_("密码"), _("请设置密码。")),
            "password2": (_("确认密码"), _("请再输入一次密码。")),
        }
        for name in texts.keys() & self.fields.keys():
            self.fields[name].label, self.fields[name].error_messages["required"] = texts[name]
        self.fields["email"].help_text = _("用于接收审核结果和找回密码。")
        self.fields["email"].error_messages["invalid"] = WRONG_EMAIL
        self.fields["contact_name"].widget.attrs["autocomplete"] = "name"

    def clean_mobile(self) -> str:
        mobile: str = self.cleaned_data["mobile"]
        if User.objects.filter(mobile=mobile).exists():
            raise forms.ValidationError(
                User._meta.get_field("mobile").error_messages["unique"], code="unique"
            )
        return mobile


class SignupForm(RegistrationForm, allauth_forms.SignupForm):
    """Registration (manual, section 三)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = PASSWORD_HELP


class NetworkSignupForm(RegistrationForm, allauth_social_forms.SignupForm):
    """The first sign-in with an account of 协作网: the kind is chosen, and what the network told is put right."""


class NewPasswordMixin:
    """allauth's forms for a new password, explained in our words."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("新密码")
        self.fields["password1"].help_text = PASSWORD_HELP
        self.fields["password2"].label = _("确认新密码")
        for field in self.fields.values():
            field.error_messages["required"] = NO_PASSWORD


class ChangePasswordForm(NewPasswordMixin, allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""


class SetPasswordForm(NewPasswordMixin, allauth_forms.SetPasswordForm):
    pass


class ResetPasswordKeyForm(NewPasswordMixin, allauth_forms.ResetPasswordKeyForm):
    pass


class ContactForm(forms.ModelForm):
    """The contact person and mobile number of one's own account, and whether it is sent text messages, if any are."""

    class Meta:
        model = User
        fields = ["contact_name", "mobile", "sms_notices"]
        field_classes = {"mobile": MobileField}
        error_messages = {
            "contact_name": {"required": NO_CONTACT_NAME},
            "mobile": {"required": NO_MOBILE, "unique": _("这个手机号码已被另一个账户使用，请换一个号码。")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mobile"].required = True
        self.fields["mobile"].help_text = _("也可用于登录。")
        if not settings.SMS_GATEWAY:
            del self.fields["sms_notices"]


class PasswordConfirmForm(allauth_forms.ReauthenticateForm):
    """Asks for the account's own password; wrong ones count towards the lock-out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("当前密码")
        self.fields["password"].help_text = ""
        self.fields["password"].error_messages["required"] = NO_PASSWORD


class EmailForm(PasswordConfirmForm):
    """Another e-mail address for the account, confirmed by its password."""

    email = forms.EmailField(
        label=_("新的电子邮箱"),
        max_length=254,
        error_messages={"required": _("请填写新的邮箱。"), "invalid": WRONG_EMAIL},
    )
    field_order = ("email", "password")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if email == self.user.email:
            raise forms.ValidationError(_("这就是现在的邮箱，请填写新的邮箱。"), code="same")
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_("这个邮箱已被另一个账户使用，请换一个邮箱。"), code="unique")
        return email
