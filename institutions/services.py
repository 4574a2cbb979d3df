"""What a provider does with its own information."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.models import User
from institutions import permissions
from institutions.exceptions import InstitutionError
from institutions.models import Provider
from workflow import services as workflow
from workflow.exceptions import StaleFormError


def provider_of(account: User) -> Provider:
    """The account's institution, or a new one that is not stored before its first save.

    A new one has the account's own contact to begin with.
    """
    return Provider.objects.select_related("account").filter(account=account).first() or Provider(
        account=account,
        contact_name=account.contact_name,
        contact_phone=account.mobile or "",
        contact_email=account.email,
    )


def save_provider(*, provider: Provider, actor: User, version: int) -> Provider:
    """Store what has been typed so far; the first save makes the institution.

    Raises InstitutionError if the actor may not keep it, and as ``workflow.services.save_draft`` does.
    """
    require(
        permissions.may_keep_provider(actor, provider),
        InstitutionError(_("只有接券机构账户可以填写本机构的信息。")),
    )
    if provider.pk is not None:
        return workflow.save_draft(record=provider, actor=actor, version=version)
    try:
        with transaction.atomic():
            return workflow.create_draft(record=provider, actor=actor)
    except IntegrityError as error:
        # the account's other tab was first: one institution per account
        raise StaleFormError from error
