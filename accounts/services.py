"""Business actions of accounts."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Message, User
from accounts.tasks import send_mail_task


def notify(*, recipient: User, subject: str, body: str, link: str = "", email: bool = True) -> Message:
    """Put a message into the account's inbox, and mail it once the transaction has committed.

    ``link`` is a path of this site; the mail carries it as a full address.
    """
    message = Message.objects.create(recipient=recipient, subject=subject[:120], body=body, link=link)
    if email and recipient.email:
        text = f"{body}\n\n{settings.WAGTAILADMIN_BASE_URL}{link}" if link else body
        transaction.on_commit(
            lambda: send_mail_task.enqueue(
                subject=f"【{settings.SITE_NAME}】{subject}", body=text, recipients=[recipient.email]
            )
        )
    return message


def read_message(*, message: Message, actor: User) -> Message:
    """Mark the message as read the first time its recipient opens it."""
    if message.recipient_id == actor.pk and message.read_at is None:
        message.read_at = timezone.now()
        message.save(update_fields=["read_at"])
    return message
