"""Who may do what to a catalogue record, beyond what holds for every submission. Predicates only."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from catalogue.models import AttributeDefinition, ProviderRecord
from institutions.models import Provider
from workflow.permissions import may_edit


def may_delete(user: User, record: ProviderRecord) -> bool:
    """A draft that was never submitted is its owner's to throw away; what a reviewer has seen stays."""
    return may_edit(user, record) and record.submitted_at is None


def may_duplicate(user: User, record: ProviderRecord) -> bool:
    """An own record can be copied in whatever state it is."""
    return record.owner.pk == user.pk


def may_define(user: User, definition: AttributeDefinition) -> bool:
    """Staff with the permission shape what is asked of records; a definition that is not stored yet is an addition."""
    return user.has_perm(f"catalogue.{'add' if definition.pk is None else 'change'}_attributedefinition")


def may_see_contacts(user: User | AnonymousUser, provider: Provider, *, asked: bool = False) -> bool:
    """Telephone numbers in full are for staff and the provider itself, and for a consumer that has asked to see them."""
    if not isinstance(user, User):
        return False
    if may_ask_for_contacts(user):
        return asked
    return not user.is_provider or provider.account_id == user.pk


def may_ask_for_contacts(user: User | AnonymousUser) -> bool:
    """Consumers, who may need the service; of each record by itself."""
    return isinstance(user, User) and user.is_consumer
