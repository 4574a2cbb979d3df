"""Remembers from where institutions sign in, for as long as the checks ask."""

import hashlib
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts.adapter import client_address
from accounts.models import User
from redemptions.checks.parties import SIGN_IN_DAYS
from redemptions.models import SignIn


def remember_sign_in(sender: Any, request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    """Of staff nothing is kept."""
    address = client_address(request) if request and user.is_external else ""
    if not address:
        return
    now = timezone.now()
    agent = request.headers.get("User-Agent", "") if request else ""
    device = hashlib.sha256(agent.encode()).hexdigest()[:16] if agent else ""
    SignIn.objects.update_or_create(account=user, address=address, device=device, defaults={"last_at": now})


def forget_sign_ins() -> int:
    """What is older than any check asks for; how many there were."""
    oldest = timezone.now() - timedelta(days=SIGN_IN_DAYS)
    return SignIn.objects.filter(last_at__lt=oldest).delete()[0]
