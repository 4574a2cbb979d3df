"""Forms of institutions: the steps of providers and of consumers, and the fields they share with other apps."""

from institutions.forms.consumers import BasicsForm, ContactsForm, FinanceForm
from institutions.forms.fields import DistrictField, IdentityCodeField, PhoneField, WebsiteField
from institutions.forms.providers import HostForm, TestingBodyForm

__all__ = [
    "BasicsForm",
    "ContactsForm",
    "DistrictField",
    "FinanceForm",
    "HostForm",
    "IdentityCodeField",
    "PhoneField",
    "TestingBodyForm",
    "WebsiteField",
]
