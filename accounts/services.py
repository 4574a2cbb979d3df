"""Business actions of accounts."""

from functools import partial

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, router, transaction
from django.db.models import ProtectedError, RestrictedError
from django.db.models.deletion import Collector
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import AccountError, require
from accounts.models import Message, User
from accounts.tasks import send_mail_task, send_sms_task

# Seconds in which an account is sent no second text message.
SMS_QUIET = 10 * 60


def notify(
    *, recipient: User, subject: str, body: str, link: str = "", email: bool = True, text: str = ""
) -> Message:
    """Put a message into the account's inbox, and mail it once the transaction has committed.

    ``link`` is a path of this site; the mail carries it as a full address. ``text`` says the same to a telephone, where a gateway is
    plugged in: it must hold nothing that somebody outside has written, as the number may be a stranger's.
    """
    message = Message.objects.create(recipient=recipient, subject=subject[:120], body=body, link=link)
    if email and recipient.email:
        mail = f"{body}\n\n{settings.WAGTAILADMIN_BASE_URL}{link}" if link else body
        _mail_on_commit(subject=subject, body=mail, address=recipient.email)
    if text and recipient.sms_notices and recipient.mobile and settings.SMS_GATEWAY:
        transaction.on_commit(partial(_text, recipient.pk, recipient.mobile, text))
    return message


def _text(account: int, mobile: str, text: str) -> None:
    """Unless the telephone has only just been told to look: whoever approves forty instruments sends one message."""
    if cache.add(f"sms:{account}", 1, SMS_QUIET):
        send_sms_task.enqueue(
            mobile=mobile,
            text=_("%s。详情请登录平台查看站内信。") % text,
        )


def _mail_on_commit(*, subject: str, body: str, address: str) -> None:
    transaction.on_commit(
        lambda: send_mail_task.enqueue(
            subject=f"【{settings.SITE_NAME}】{subject}", body=body, recipients=[address]
        )
    )


def read_message(*, message: Message, actor: User) -> Message:
    """Mark the message as read the first time its recipient opens it."""
    if message.recipient_id == actor.pk and message.read_at is None:
        message.read_at = timezone.now()
        message.save(update_fields=["read_at"])
    return message


def read_all_messages(*, actor: User) -> int:
    """Mark every message of the account as read; how many were not."""
    return Message.objects.filter(recipient=actor, read_at=None).update(read_at=timezone.now())


def update_contact(*, actor: User, contact_name: str, mobile: str, sms_notices: bool | None = None) -> User:
    """Change the contact person and mobile number of one's own account, and whether it is sent text messages.

    Raises AccountError where another account has the number.
    """
    actor.contact_name = contact_name
    actor.mobile = mobile
    if sms_notices is not None:
        actor.sms_notices = sms_notices
    try:
        with transaction.atomic():
            actor.save(update_fields=["contact_name", "mobile", "sms_notices"])
    except IntegrityError as error:
        raise AccountError(_("这个手机号码已被另一个账户使用，请换一个号码。")) from error
    return actor


def change_email(*, account: User, email: str) -> EmailAddress:
    """Give the account another e-mail address, from now on its only one, and tell the old address.

    The old address can neither sign in nor reset the password any more. Returns the new address, not
    yet verified. Raises AccountError where another account has it.
    """
    before = User.objects.values_list("email", flat=True).get(pk=account.pk)
    account.email = email
    try:
        with transaction.atomic():
            account.save(update_fields=["email"])
            EmailAddress.objects.filter(user=account).delete()
            address = EmailAddress.objects.create(user=account, email=account.email, primary=True)
    except IntegrityError as error:
        account.email = before
        raise AccountError(_("这个邮箱已被另一个账户使用，请换一个邮箱。")) from error
    if before:
        _mail_on_commit(
            subject=_("您的账户邮箱已更改"),
            body=_(
                "账户“%(name)s”的电子邮箱已改为 %(email)s，本邮箱不再用于登录和找回密码。"
                "如果不是您本人操作，请立即联系运营部门。"
            )
            % {"name": account.username, "email": account.email},
            address=before,
        )
    return address


def may_delete_account(account: User) -> bool:
    """Whether nothing hangs on the account that has to be kept."""
    collector = Collector(using=router.db_for_write(User), origin=account)
    try:
        collector.collect([account])
    except (ProtectedError, RestrictedError):
        return False
    return True


def delete_account(*, actor: User) -> None:
    """Delete one's own account, which alone allows registering anew as the other kind.

    Raises AccountError for staff, and where the account has institution data, files or decisions
    (product rule: only an account with nothing to keep).
    """
    require(actor.is_external, AccountError(_("管理人员账户不能自行删除，请联系系统管理员停用。")))
    try:
        with transaction.atomic():
            actor.delete()
    except (ProtectedError, RestrictedError, IntegrityError) as error:
        raise AccountError(
            _("账户名下已有机构信息、上传的文件或办理记录，不能删除。如需停用账户，请联系运营部门。")
        ) from error
