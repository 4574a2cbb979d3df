"""What a provider does with the records it keeps, whatever their kind."""

import copy
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations

from accounts.exceptions import require
from accounts.models import User
from catalogue import permissions
from catalogue.exceptions import CatalogueError, NumberTakenError
from catalogue.models import (
    Capability,
    Instrument,
    LabService,
    ProviderRecord,
    Qualification,
    TestingService,
)
from files.models import PrivateFile
from institutions.models import Provider
from workflow import services as workflow
from workflow.audit import record_step
from workflow.models import Submission
from workflow.statuses import Action

R = TypeVar("R", bound=ProviderRecord)

CONTACT = ("contact_name", "contact_phone", "contact_email")
# What a record most likely shares with the one entered before it.
CARRIED_OVER: dict[type[ProviderRecord], tuple[str, ...]] = {
    Instrument: ("city", "district", "location", "service_hours", "user_notice", *CONTACT),
    Qualification: (),
    Capability: ("field", "qualification"),
    TestingService: ("field", "user_notice", *CONTACT),
    LabService: ("field", "user_notice", *CONTACT),
}


def new_record(*, model: type[R], account: User) -> R:
    """A record not stored yet, with what most likely holds for this one as well.

    That is what the last one had; of the first, an instrument's place and a service's contact are the institution's.
    Raises CatalogueError while the account has no institution that it could belong to.
    """
    provider = Provider.objects.visible_to(account).select_related("account").first()
    if provider is None:
        raise CatalogueError(
            _("请先填写并保存机构信息，再录入%(type)s。") % {"type": model._meta.verbose_name}
        )
    record = model(provider=provider, **_first_values(model, provider))
    if (names := CARRIED_OVER[model]) and (last := _last_of(model, provider)):
        for name in names:
            setattr(record, name, getattr(last, name))
    return record


def _first_values(model: type[ProviderRecord], provider: Provider) -> dict[str, Any]:
    if issubclass(model, Instrument):
        return {"city": provider.city, "district": provider.district, "location": provider.address[:100]}
    if issubclass(model, TestingService | LabService):
        return {
            "contact_name": provider.contact_name[:20],
            "contact_phone": provider.contact_phone,
            "contact_email": provider.contact_email[:50],
        }
    return {}


def _last_of(model: type[R], provider: Provider) -> R | None:
    records: QuerySet[R] = model._default_manager.filter(Q(provider=provider)).order_by("-pk")
    # an imported instrument has neither contact nor hours to hand on
    return (
        records.exclude(contact_name="").first() if "contact_name" in CARRIED_OVER[model] else records.first()
    )


def save_record(*, record: R, actor: User, version: int, reason: str = "") -> R:
    """Store what has been given so far, children held by the record (photos, instruments) with it.

    ``version`` is the one the record was read at; a new record has none. Raises NumberTakenError if its internal number
    was taken meanwhile, and as ``workflow.services.save_draft`` does.
    """
    try:
        with transaction.atomic():
            if record.pk is None:
                return workflow.create_draft(record=record, actor=actor, reason=reason)
            return workflow.save_draft(record=record, actor=actor, version=version, reason=reason)
    except IntegrityError as error:
        if _number_is_taken(record):
            raise NumberTakenError(type(record), record.internal_number) from error
        raise


def _number_is_taken(record: ProviderRecord) -> bool:
    same = Q(provider=record.provider_id, internal_number=record.internal_number)
    twins = type(record)._default_manager.filter(same).exclude(pk=record.pk)
    return bool(record.internal_number) and twins.exists()


def duplicate_record(*, record: R, actor: User) -> R:
    """复制: a new draft with all that is in the record, for the second of several alike.

    It has neither the internal number, which is the provider's to give, nor a scan, which shows one certificate only;
    photos are the same images. Any state of an own record can be copied. Raises CatalogueError if it is not the actor's own.
    """
    require(permissions.may_duplicate(actor, record), CatalogueError(_("只能复制本机构的记录。")))
    model = type(record)
    children = {
        relation.name: [type(child)(**_content(child)) for child in getattr(record, relation.name).all()]
        for relation in get_all_child_relations(model)
    }
    others = {
        field.name: list(getattr(record, field.name).all()) for field in get_all_child_m2m_relations(model)
    }
    twin = model(**_content(record), **children, **others)
    return workflow.create_draft(record=twin, actor=actor, reason=_("复制自“%s”") % _title(record))


def _content(row: models.Model) -> dict[str, Any]:
    """What a copy of the row begins with: neither its key and bookkeeping, nor its own number, nor a private file."""
    bookkeeping = {field.name for field in Submission._meta.concrete_fields} | {"internal_number"}
    return {
        field.attname: copy.deepcopy(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if not (
            field.primary_key
            or field.name in bookkeeping
            or isinstance(field, ParentalKey)
            or field.related_model is PrivateFile
        )
    }


def delete_draft(*, record: ProviderRecord, actor: User, reason: str = "") -> None:
    """Throw away a draft that was never submitted.

    Raises CatalogueError if it was: a record that has been reviewed is withdrawn, not deleted. So is one on which others
    rest, which may have been approved with it.
    """
    with transaction.atomic():
        record = type(record)._default_manager.locked(record.pk)
        require(
            permissions.may_delete(actor, record),
            CatalogueError(
                _("只有从未提交过的草稿可以删除。提交过的%(type)s不想公开时，请撤回。")
                % {"type": record._meta.verbose_name}
            ),
        )
        if users := _users_of(record):
            raise CatalogueError(
                _("“%(title)s”还用于%(users)s，请先在那里改选，再删除。")
                % {"title": _title(record), "users": "、".join(f"“{_title(user)}”" for user in users)}
            )
        record_step(record=record, actor=actor, action=Action.DELETE, reason=reason)
        record.delete()


def _users_of(record: ProviderRecord, most: int = 3) -> list[ProviderRecord]:
    """Some of the records that refer to this one."""
    if isinstance(record, Qualification):
        return list(record.capabilities.all()[:most])
    if isinstance(record, Instrument):
        services = (
            model._default_manager.filter(instruments=record) for model in (TestingService, LabService)
        )
        return [service for found in services for service in found[:most]]
    return []


def _title(record: ProviderRecord) -> str:
    return str(record) or _("未命名%(type)s") % {"type": record._meta.verbose_name}
