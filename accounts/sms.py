"""Text messages 短信 through a gateway that is plugged in: ``SMS_GATEWAY`` names a class of any module.

It is made without arguments and sends with ``send(mobile, text)``, raising whatever says that it could not. Without one no text
messages are sent: inbox and mail have everything.
"""

from functools import cache
from typing import Protocol

import requests
from django.conf import settings
from django.utils.module_loading import import_string


class Gateway(Protocol):
    def send(self, mobile: str, text: str) -> None:
        """Hand one message over, to an eleven-digit number of the mainland."""


class HttpGateway:
    """Posts {"mobile": …, "text": …} to ``SMS_URL`` with ``SMS_TOKEN`` as its bearer; any answer but 2xx is a failure.

    For a gateway of one's own that speaks to the carrier; it adds the signature 【…】 and whatever a template needs.
    """

    def send(self, mobile: str, text: str) -> None:
        response = requests.post(
            settings.SMS_URL,
            json={"mobile": mobile, "text": text},
            headers={"Authorization": f"Bearer {settings.SMS_TOKEN}"},
            timeout=10,  # seconds
            allow_redirects=False,
        )
        if not 200 <= response.status_code < 300:
            raise requests.HTTPError(f"the gateway answered {response.status_code}")


@cache
def _made(path: str) -> Gateway:
    made: Gateway = import_string(path)()
    return made


def gateway() -> Gateway | None:
    """The gateway of this site, if it has one. Raises ImportError where its name is wrong."""
    return _made(settings.SMS_GATEWAY) if settings.SMS_GATEWAY else None
