"""Contract, report and invoice of an order: the file, and what is on an invoice."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fields import LONGEST_INPUT
from files.forms import PrivateFileField, UploadFormMixin
from files.models import PrivateFile
from files.uploads import INVOICE_FORMATS, store_private_file
from institutions.codes import normalise_code
from orders.forms.fields import in_our_words
from orders.invoices.checks import (
    normalise_invoice_number,
    validate_invoice_code,
    validate_invoice_identity,
    validate_invoice_number,
)
from orders.invoices.reading import InvoiceReading, Source
from orders.models import Invoice, Order
from orders.services.documents import invoice_problems
from workflow.forms import DayField, MoneyField

# What a reading calls a field of the invoice, where it is not the same.
READ_AS = {"amount": "total_amount"}
READING_SALT = "orders.invoice-reading"


class InvoiceFileField(PrivateFileField):
    """An invoice as it was issued: the originals OFD and XML besides PDF and pictures."""

    accept = ".pdf,.ofd,.xml,.jpg,.jpeg,.png"

    def store(self, upload: UploadedFile) -> PrivateFile:
        assert self.owner is not None  # noqa: S101 - UploadFormMixin has set it
        return store_private_file(upload=upload, owner=self.owner, formats=INVOICE_FORMATS)


class DigitsField(forms.CharField):
    """Number or code of an invoice, however it is spaced."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return normalise_invoice_number(text) if len(text) <= LONGEST_INPUT else text

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No maxlength: a browser would cut what is typed with spaces."""
        return {"inputmode": "numeric", "autocomplete": "off"}


class CodeField(forms.CharField):
    """A taxpayer's code, in upper case and without spaces."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return normalise_code("".join(text.split())) if len(text) <= LONGEST_INPUT else text

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"autocomplete": "off"}


class DocumentForm(UploadFormMixin, forms.Form):
    file = PrivateFileField(
        label=gettext_lazy("文件"), help_text=gettext_lazy("PDF、JPG 或 PNG，不超过 10 MB。")
    )

    def __init__(self, *args: Any, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = label


class InvoiceFileForm(UploadFormMixin, forms.Form):
    """The first step: the file, to be read."""

    file = InvoiceFileField(
        label=gettext_lazy("发票文件"),
        help_text=gettext_lazy("PDF、OFD、XML 原件或照片（JPG、PNG），不超过 10 MB，一个文件只放一张发票。"),
    )


class InvoiceForm(UploadFormMixin, forms.ModelForm):
    """The second step: what is on the invoice, read or typed, checked against the order.

    ``reading`` is signed: what was read of which file. The invoice names its source only where nothing read was changed.
    """

    file = InvoiceFileField(label=gettext_lazy("发票文件"))
    reading = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Invoice
        fields = (
            "number",
            "code",
            "issued_on",
            "seller_name",
            "seller_code",
            "buyer_name",
            "buyer_code",
            "amount",
            "file",
        )
        field_classes = {
            "number": DigitsField,
            "code": DigitsField,
            "issued_on": DayField,
            "seller_code": CodeField,
            "buyer_code": CodeField,
            "amount": MoneyField,
        }
        help_texts = {
            "number": gettext_lazy("数电票 20 位；其他发票 8 位。"),
            "code": gettext_lazy("数电票没有发票代码，请留空；其他发票照票面填写 10 位或 12 位。"),
            "amount": gettext_lazy("含税金额，照票面“（小写）”一栏填写数字，单位元。"),
        }

    def __init__(self, *args: Any, order: Order, replaces: Invoice | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order, self.replaces = order, replaces
        provider, consumer = order.provider, order.consumer
        sides = {
            "seller_code": (provider.host_name, provider.host_code),
            "buyer_code": (consumer.name, consumer.code),
        }
        for field, (name, code) in sides.items():
            # a help text is drawn as it is
            self.fields[field].help_text = format_html(_("应为“{name}”（{code}）。"), name=name, code=code)
        in_our_words(self)

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        validate_invoice_number(number)
        return number

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        validate_invoice_code(code)
        return code

    def clean(self) -> dict[str, Any]:
        super().clean()
        values = self.cleaned_data
        for name, problem in problems_of(self.order, values).items():
            self.add_error(name, problem)
        if {"number", "code"} <= values.keys():
            try:
                validate_invoice_identity(values["number"], values["code"])
            except forms.ValidationError as error:
                self.add_error(None, error)
        if self._is_used():
            self.add_error(
                "number",
                _("发票 %s 已在本平台使用过，同一张发票不能重复使用。请核对发票号码。") % values["number"],
            )
        values["source"] = self._source()
        return values

    def _is_used(self) -> bool:
        """Said at its field as long as nobody is quicker; the service has the last word."""
        number, seller = self.cleaned_data.get("number"), self.cleaned_data.get("seller_code")
        used = Invoice.objects.filter(seller_code=seller, number=number, removed_at=None)
        if self.replaces is not None:
            used = used.exclude(pk=self.replaces.pk)
        return bool(number and seller) and used.exists()

    def _source(self) -> str:
        file = self.cleaned_data.get("file")
        try:
            pk, source, values = signing.loads(self.cleaned_data.get("reading", ""), salt=READING_SALT)
        except (signing.BadSignature, ValueError, TypeError):
            return ""
        if file is None or file.pk != pk or source not in Source.values:
            return ""
        kept = all(_text(self.cleaned_data.get(name, "")) == value for name, value in values.items())
        return str(source) if kept else ""


def problems_of(order: Order, values: Mapping[str, Any]) -> dict[str, str]:
    """What speaks against the fields there are; one that is missing is not wrong yet."""
    right = {
        "issued_on": timezone.localdate(),
        "amount": order.total_amount,
        "seller_code": order.provider.host_code,
        "buyer_code": order.consumer.code,
    }
    given = {name: value if values.get(name) is None else values[name] for name, value in right.items()}
    return invoice_problems(order, Invoice(**given))


def read_values(reading: InvoiceReading | None) -> dict[str, Any]:
    """What was read, by the fields of the form; what was not is left out."""
    if reading is None:
        return {}
    values = {
        name: getattr(reading, READ_AS.get(name, name)) for name in InvoiceForm.Meta.fields if name != "file"
    }
    return {name: value for name, value in values.items() if value not in ("", None)}


def signed_reading(file: PrivateFile, reading: InvoiceReading | None) -> str:
    values = read_values(reading)
    if reading is None or not values:
        return ""
    texts = {name: _text(value) for name, value in values.items()}
    return signing.dumps([file.pk, str(reading.source), texts], salt=READING_SALT)


def _text(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)
