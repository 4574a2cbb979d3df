"""A column for numbers that are stored encrypted and shown masked."""

from typing import TYPE_CHECKING, Any

from cryptography.fernet import InvalidToken
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from encrypted_fields.fields import EncryptedFieldMixin

from accounts.masking import Masked

if TYPE_CHECKING:
    Text = models.TextField[Masked | str, Masked | str]
else:
    Text = models.TextField

FERNET_PREFIX = "gAAAAA"  # version byte and the high bytes of the time, base64; no account number begins so


class MaskedAttribute(DeferredAttribute):
    """Whatever is assigned is masked from then on."""

    field: "MaskedNumberField"

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = self.field.to_python(value)


class MaskedNumberField(EncryptedFieldMixin, Text):
    """Text under the keys of ``SALT_KEY``; in Python ``Masked``, or the empty string.

    What leaves the model as text (revisions, fixtures) is encrypted too. The library's own ``to_python`` takes what it
    cannot decrypt for the text itself, and its ``clean`` keeps a mark on the field that other threads see: neither is
    used here. Raises ImproperlyConfigured for a value that no key opens.
    """

    descriptor_class = MaskedAttribute

    def from_db_value(self, value: Any, *args: Any) -> Any:
        return self.to_python(value)

    def to_python(self, value: Any) -> Any:
        """What was typed, or what ``value_to_string`` wrote."""
        if not isinstance(value, str):
            return value or ""
        if not value.startswith(FERNET_PREFIX):
            return Masked(value) if value else ""
        try:
            return Masked(self.f.decrypt(value.encode()).decode())
        except InvalidToken as error:
            raise ImproperlyConfigured(
                "No key of FIELD_ENCRYPTION_KEYS, with SECRET_KEY or its fallbacks, opens a stored number; "
                "see docs/operations.md."
            ) from error

    def clean(self, value: Any, model_instance: Any) -> Any:
        return models.TextField.clean(self, value, model_instance)

    def get_prep_value(self, value: Any) -> str:
        value = self.to_python(value)
        return self.f.encrypt(value.reveal().encode()).decode() if value else ""

    def value_to_string(self, obj: Any) -> str:
        return self.get_prep_value(self.value_from_object(obj))
