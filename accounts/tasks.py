"""Background tasks of accounts."""

import logging

from django.core.mail import send_mail
from django_tasks import task

logger = logging.getLogger(__name__)


@task()
def send_mail_task(subject: str, body: str, recipients: list[str]) -> None:
    """Send one plain-text mail. A mail server that is down is logged; the inbox has the message anyway."""
    try:
        send_mail(" ".join(subject.split()), body, None, recipients)
    except OSError:
        logger.exception("mail not sent", extra={"subject": subject})
        raise
