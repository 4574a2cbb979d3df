"""上传发票, 上传合同 and reports of an order. What is replaced or taken away stays with the record of its file."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AccountKind
from files.models import PrivateFile
from orders.forms.documents import (
    DocumentForm,
    InvoiceFileForm,
    InvoiceForm,
    problems_of,
    read_values,
    signed_reading,
)
from orders.invoices.reading import InvoiceReading, read_invoice
from orders.models import DocumentKind, Invoice, OrderDocument
from orders.services import documents as services
from orders.views.base import TOO_OFTEN, ActView, OneOrder, SureForm, within_rate
from workflow.statuses import Action

# Fields of the second step that were typed before a file came.
TYPED = tuple(name for name in InvoiceForm.Meta.fields if name != "file")


class PaperView(OneOrder, ActView):
    """Something done with the papers of an order; the kind of paper says whether it is possible."""

    action = Action.UPLOAD

    @property
    def kind(self) -> DocumentKind | None:
        """None is an invoice."""
        raise NotImplementedError  # each subclass has its own

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_possible = services.may_upload(self.deal, self.kind, self.party)
        return super().get_context_data(**kwargs) | {"is_possible": is_possible}


class OneInvoice(PaperView):
    """Of the consumer alone: the provider has no such pages."""

    kinds = frozenset({AccountKind.CONSUMER})
    kind = None

    @cached_property
    def invoice(self) -> Invoice | None:
        """The one in use that the address names."""
        number = self.kwargs.get("invoice")
        return get_object_or_404(self.deal.invoices, pk=number, removed_at=None) if number else None


class InvoiceView(OneInvoice):
    """上传发票 in two steps on one page: the file is stored and read, then what was read is confirmed, or typed.

    A file that comes with the second step is read in its turn, so that the fields are always those of the file.
    """

    title = gettext_lazy("上传发票")
    done = gettext_lazy("发票已上传。")
    button = gettext_lazy("确认并提交")
    form_class = InvoiceForm
    template_name = "orders/documents/invoice.html"

    def get_form(self, form_class: Any = None) -> Any:
        self.invoice  # noqa: B018 - a 404 where the address names none
        data, files = self.request.POST or None, self.request.FILES or None
        if "number" in self.request.POST:
            return InvoiceForm(data, files, owner=self.actor, order=self.deal, replaces=self.invoice)
        return InvoiceFileForm(data, files, owner=self.actor)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not services.may_upload(self.deal, None, self.party):  # nothing is stored, nor read
            return self.render_to_response(self.get_context_data(form=InvoiceFileForm(owner=self.actor)))
        if request.FILES and not within_rate(request, "invoice"):
            messages.error(request, TOO_OFTEN)
            return redirect(request.path)
        form = self.get_form()
        is_valid = form.is_valid()
        file = form.cleaned_data.get("file")
        if file is not None and (request.FILES or isinstance(form, InvoiceFileForm)):
            return self.second_step(file)
        return self.form_valid(form) if is_valid else self.form_invalid(form)

    def second_step(self, file: PrivateFile) -> HttpResponse:
        """For a file that has just come. What was typed stays where nothing was read."""
        by_hand = "by_hand" in self.request.POST
        reading = None if by_hand else _read(file)
        found = read_values(reading)
        form = InvoiceForm(
            initial={
                **{name: self.request.POST.get(name, "") for name in TYPED if name in self.request.POST},
                **found,
                "reading": signed_reading(file, reading),
            },
            owner=self.actor,
            order=self.deal,
            replaces=self.invoice,
        )
        return self.render_to_response(
            self.get_context_data(
                form=form,
                file=file,
                reading=reading,
                by_hand=by_hand,
                problems=list(problems_of(self.deal, found).values()),
            )
        )

    def perform(self, form: InvoiceForm) -> None:
        invoice: Invoice = form.save(commit=False)
        invoice.source = form.cleaned_data["source"]
        services.upload_invoice(order=self.deal, invoice=invoice, actor=self.actor, replaces=self.invoice)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        is_second_step = isinstance(form, InvoiceForm)
        file = context.get("file") or (form["file"].current if is_second_step else None)
        token = form.fields["file"].sign(file) if file else ""
        return context | {"is_second_step": is_second_step, "file": file, "token": token}


class ReplaceInvoiceView(InvoiceView):
    title = gettext_lazy("替换发票")
    text = gettext_lazy("新发票代替原来的发票；原来的发票留在记录里，号码可以再次使用。")
    done = gettext_lazy("发票已替换。")


class RemoveInvoiceView(OneInvoice):
    title = gettext_lazy("移除发票")
    done = gettext_lazy("发票已移除。")
    button = gettext_lazy("移除发票")
    is_danger = True

    def perform(self, form: Any) -> None:
        assert self.invoice is not None  # noqa: S101 - the address names one
        services.remove_invoice(invoice=self.invoice, actor=self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = _("移除发票 %s 后，它不再算在本订单内，号码可以再次使用。") % self.invoice
        return super().get_context_data(**kwargs) | {"text": text}


class DocumentView(PaperView):
    """A contract or a report, beside what there is."""

    button = gettext_lazy("上传")
    done = gettext_lazy("文件已上传。")
    form_class: type[forms.Form] = DocumentForm
    label: ClassVar[Any] = gettext_lazy("文件")

    @cached_property
    def document(self) -> OrderDocument | None:
        """The one in use, of one's own side, that the address names."""
        number = self.kwargs.get("document")
        own = self.deal.documents.filter(party=self.party, removed_at=None)
        return get_object_or_404(own, pk=number) if number else None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "owner": self.actor, "label": self.label}

    def perform(self, form: Any) -> None:
        kind = self.kind
        assert kind is not None  # noqa: S101 - not an invoice
        services.upload_document(
            order=self.deal,
            kind=kind,
            file=form.cleaned_data["file"],
            actor=self.actor,
            replaces=self.document,
        )


class ContractView(DocumentView):
    """上传合同, by the consumer."""

    kinds = frozenset({AccountKind.CONSUMER})
    kind = DocumentKind.CONTRACT
    title = gettext_lazy("上传合同")
    text = gettext_lazy("请上传双方签章的合同。一份订单可以有几份合同，逐份上传；多页的请合成一个 PDF。")
    label = gettext_lazy("合同文件")


class ReportView(DocumentView):
    kind = DocumentKind.REPORT
    title = gettext_lazy("上传检测报告")
    text = gettext_lazy("双方都能上传，也都能看到。一份订单可以有几份报告，逐份上传；多页的请合成一个 PDF。")
    label = gettext_lazy("报告文件")


class OneDocument(DocumentView):
    @property
    def kind(self) -> DocumentKind:
        if self.document is None:
            raise Http404
        return DocumentKind(self.document.kind)


class ReplaceDocumentView(OneDocument):
    title = gettext_lazy("替换文件")
    done = gettext_lazy("文件已替换。")
    label = gettext_lazy("新文件")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = _("新文件代替“%s”；原来的文件留在记录里，不再算在本订单内。") % self.document
        return super().get_context_data(**kwargs) | {"text": text}


class RemoveDocumentView(OneDocument):
    title = gettext_lazy("移除文件")
    done = gettext_lazy("文件已移除。")
    button = gettext_lazy("移除文件")
    is_danger = True
    form_class = SureForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return ActView.get_form_kwargs(self)

    def perform(self, form: Any) -> None:
        assert self.document is not None  # noqa: S101 - the address names one
        services.remove_document(document=self.document, actor=self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = _("移除“%s”后，它不再算在本订单内。") % self.document
        return super().get_context_data(**kwargs) | {"text": text}


def _read(file: PrivateFile) -> InvoiceReading | None:
    """What the stored file says, or None. Outside any transaction: it may take seconds."""
    with file.file.open("rb") as stored:
        return read_invoice(stored.read(), file.extension)
