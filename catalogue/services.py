"""What a provider does with its instruments."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.models import User
from catalogue import permissions
from catalogue.exceptions import CatalogueError
from catalogue.models import Instrument
from institutions.models import Provider
from workflow import services as workflow
from workflow.audit import record_step
from workflow.statuses import Action

# What an instrument most likely shares with the one entered before it.
CARRIED_OVER = (
    "city",
    "district",
    "location",
    "service_hours",
    "user_notice",
    "contact_name",
    "contact_phone",
    "contact_email",
)


def new_instrument(*, account: User) -> Instrument:
    """An instrument not stored yet, with what most likely holds for this one as well.

    Its place is the institution's, or with the person in charge that of the one entered last. Raises
    CatalogueError while the account has no institution that it could belong to.
    """
    provider = Provider.objects.visible_to(account).select_related("account").first()
    if provider is None:
        raise CatalogueError(_("请先填写并保存机构信息，再录入仪器。"))
    instrument = Instrument(
        provider=provider, city=provider.city, district=provider.district, location=provider.address[:100]
    )
    if last := provider.instruments.exclude(contact_name="").order_by("-pk").first():
        for name in CARRIED_OVER:
            setattr(instrument, name, getattr(last, name))
    return instrument


def save_instrument(*, instrument: Instrument, actor: User, version: int) -> Instrument:
    """Store what has been typed so far; photos held by the instrument are stored with it.

    Raises CatalogueError if its internal number was taken meanwhile, and as
    ``workflow.services.save_draft`` does.
    """
    try:
        with transaction.atomic():
            if instrument.pk is None:
                return workflow.create_draft(record=instrument, actor=actor)
            return workflow.save_draft(record=instrument, actor=actor, version=version)
    except IntegrityError as error:
        raise CatalogueError(
            _("内部编号“%s”刚被本单位的另一台仪器使用，请核对后修改。") % instrument.internal_number
        ) from error


def delete_draft(*, instrument: Instrument, actor: User) -> None:
    """Throw away a draft that was never submitted.

    Raises CatalogueError if it was: a record that has been reviewed is withdrawn, not deleted.
    """
    with transaction.atomic():
        instrument = Instrument.objects.locked(instrument.pk)
        require(
            permissions.may_delete(actor, instrument),
            CatalogueError(_("只有从未提交过的草稿可以删除。提交过的仪器不想公开时，请撤回。")),
        )
        record_step(record=instrument, actor=actor, action=Action.DELETE)
        instrument.delete()
