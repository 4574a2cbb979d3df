"""Background tasks of accounts."""

import logging

from django.core.mail import send_mail
from django_tasks import task

from accounts.masking import Masked
from accounts.sms import gateway

logger = logging.getLogger(__name__)


@task()
def send_mail_task(subject: str, body: str, recipients: list[str]) -> None:
    """Send one plain-text mail. A mail server that is down is logged; the inbox has the message anyway."""
    try:
        send_mail(" ".join(subject.split()), body, None, recipients)
    except OSError:
        logger.exception("mail not sent", extra={"subject": subject})
        raise


@task()
def send_sms_task(mobile: str, text: str) -> None:
    """Send one text message. A gateway that is down is logged; inbox and mail have the message anyway."""
    used = gateway()
    if used is None:
        return
    try:
        used.send(mobile, text)
    except Exception:
        logger.exception("text message not sent", extra={"mobile": str(Masked(mobile))})
        raise
