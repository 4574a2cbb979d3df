"""One claim as staff judge it: papers beside data, checks, trail, and the decision."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.exceptions import DomainError
from accounts.models import User
from accounts.money import NOTHING, format_yuan
from files.models import PrivateFile
from institutions import permissions as institution_permissions
from institutions.models import Consumer, Provider
from orders.admin_inspect import trail
from orders.admin_ledgers import DealRowView
from orders.models import Evaluation
from programme.models import Payee
from redemptions.admin_queue import LEDGER, case_url, due_on, neighbours, next_after, queue_url, wait_of
from redemptions.checks import Check, check_from
from redemptions.forms_admin import DECISIONS, DecisionForm, decisions_for
from redemptions.models import Redemption
from redemptions.permissions import may_check, may_decide
from redemptions.services import review
from redemptions.services.accounts import account_shown, same_account
from redemptions.statuses import IN_REVIEW, RedemptionStatus
from workflow.admin_ledgers import minute
from workflow.statuses import Action

# Where a check's evidence leads, by what it is, for who has the permission.
PAGES: dict[str, tuple[Any, str]] = {
    "order": ("orders_order_modeladmin_inspect", "orders.view_order"),
    "invoice": ("orders_invoice_modeladmin_inspect", "orders.view_invoice"),
    "voucher": ("vouchers_voucher_modeladmin_inspect", "vouchers.view_voucher"),
    "consumer": (Consumer, "institutions.view_consumer"),
    "provider": (Provider, "institutions.view_provider"),
}


@dataclass(frozen=True)
class Paper:
    """One paper, in its tab. ``key`` is what its reason is stored under."""

    key: str
    label: str
    file: PrivateFile
    facts: Sequence[tuple[str, str]]
    reason: str
    field: Any = None

    @property
    def is_page(self) -> bool:
        return self.file.content_type == "application/pdf"


@dataclass(frozen=True)
class CheckLine:
    check: Check
    links: Sequence[tuple[str, str]]
    field: Any = None


class CaseView(DealRowView):
    """Reads with GET, decides with POST: the next case of the queue follows."""

    page_title = gettext_lazy("兑付申请")
    instance: Any

    def __init__(self, model_admin: Any, instance_pk: str) -> None:
        super().__init__(model_admin, instance_pk)
        rows = Redemption.objects.select_related(
            "order", "consumer__account", "provider__account", "parameters", "checked_by", "decided_by"
        )
        self.instance = rows.get(pk=self.instance.pk)

    def get_meta_title(self) -> str:
        return f"{self.page_title} {self.instance}"

    def get_fields_dict(self) -> list[dict[str, Any]]:
        return []

    @cached_property
    def decisions(self) -> list[Action]:
        return decisions_for(self.instance, self.request.user)

    @cached_property
    def checks(self) -> list[Check]:
        return [check_from(stored) for stored in self.instance.checks]

    @cached_property
    def invoices(self) -> list[Any]:
        return list(self.instance.order.invoices.filter(removed_at=None).select_related("file"))

    @cached_property
    def documents(self) -> list[Any]:
        rows = self.instance.order.documents.filter(removed_at=None)
        return sorted(rows.select_related("file", "uploaded_by"), key=lambda one: (one.kind, one.pk))

    def form(self, data: Any = None) -> DecisionForm:
        keys = [f"invoice-{one.pk}" for one in self.invoices]
        keys += [f"document-{one.pk}" for one in self.documents]
        return DecisionForm(
            data, redemption=self.instance, decisions=self.decisions, checks=self.checks, papers=keys
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.decisions:
            messages.error(request, self.closed())
            return redirect(case_url(self.instance))
        form = self.form(request.POST)
        if not form.is_valid():
            return self.answer(form)
        decision = form.cleaned_data["decision"]
        if decision == Action.REFUSE_CLAIM and not form.cleaned_data["confirmed"]:
            if not form.cleaned_data["reason"].strip():
                form.add_error("reason", _("请填写不予兑付的原因，用券机构会看到。"))
                return self.answer(form)
            return self.answer(form, status=200, is_asked=True)
        try:
            self.decide(decision, form)
        except DomainError as error:
            # what the checks found anew is to be answered on the page that comes back
            self.instance.refresh_from_db(fields=["checks", "checks_at"])
            self.__dict__.pop("checks", None)
            again = self.form(request.POST)
            again.is_valid()
            again.add_error(None, str(error))
            return self.answer(again)
        messages.success(request, f"{self.instance.number}：{DECISIONS[decision]}。")
        following = next_after(self.instance, cast(User, request.user))
        if decision == Action.RENEW_ACCOUNT:
            return redirect(case_url(self.instance))
        return redirect(case_url(following) if following else queue_url())

    def decide(self, decision: Action, form: DecisionForm) -> None:
        values, options = form.cleaned_data, {"redemption": self.instance, "actor": self.request.user}
        if decision == Action.CHECK_CLAIM:
            review.check_claim(**options, comment=values["comment"], answers=form.answers)
        elif decision == Action.APPROVE_CLAIM:
            granted = {"amount": values["amount"], "reason": values["reason"]}
            review.approve_claim(**options, **granted, answers=form.answers, seen_account=values["account"])
        elif decision == Action.RETURN_CLAIM:
            review.return_claim(**options, reason=values["reason"], document_reasons=form.document_reasons)
        elif decision == Action.REFUSE_CLAIM:
            review.refuse_claim(**options, reason=values["reason"])
        else:
            review.renew_account(**options, seen_account=values["account"])

    def answer(self, form: DecisionForm, *, status: int = 422, **extra: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, **extra), status=status)

    def closed(self) -> str:
        """Why there is nothing for the user to decide, in a sentence."""
        claim, user = self.instance, self.request.user
        if claim.checked_by_id == user.pk and claim.status == RedemptionStatus.CHECKED:
            return _("这份申请是您初审的，须由另一位审核人员复审。")
        if claim.status not in IN_REVIEW:
            return _("这份申请现在是“%s”，没有待您办理的审核。") % claim.get_status_display()
        if claim.status == RedemptionStatus.SUBMITTED:
            return _("这份申请等待初审，您没有初审权限。")
        return _("这份申请等待复审，您没有复审权限。")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        claim, user = self.instance, self.request.user
        form = kwargs.pop("form", None) or self.form()
        shares = list(claim.shares.select_related("voucher"))
        return super().get_context_data(
            form=form,
            decisions=[(action.value, DECISIONS[action]) for action in self.decisions],
            closed="" if self.decisions else self.closed(),
            is_cut=claim.amount < claim.claimed_amount,
            papers=list(self.papers(form)),
            check_lines=list(self.check_lines(form)),
            may_recheck=claim.status in IN_REVIEW and (may_check(user) or may_decide(user)),
            items=claim.order.items.all(),
            shares=shares,
            shared_amount=sum((share.amount for share in shares), NOTHING),
            evaluation=Evaluation.objects.filter(order=claim.order_id).select_related("hidden_by").first(),
            events=trail(claim),
            wait=wait_of(claim),
            due_on=due_on(claim),
            way=neighbours(claim, user),
            queue_url=queue_url(),
            account_url=self.account_url(),
            account_now=self.account_now(),
            consumer_url=_address("consumer", claim.consumer_id, user),
            provider_url=_address("provider", claim.provider_id, user),
            order_url=_address("order", claim.order_id, user),
            **kwargs,
        )

    def account_now(self) -> dict[str, Any] | None:
        """What approving or renewing would freeze; nothing where that is what is frozen already."""
        shown = account_shown(self.instance)
        if self.instance.payee_name and shown and same_account(self.instance, shown):
            return None
        return shown

    def account_url(self) -> str:
        """Where those who pay ask for the whole number, which is kept on record."""
        user = self.request.user
        may_read = user.has_perm("institutions.view_consumer") and self.instance.payee == Payee.CONSUMER
        if not (may_read and institution_permissions.may_view_bank_account(user)):
            return ""
        return reverse("bank_account", args=[self.instance.consumer_id])

    def papers(self, form: DecisionForm) -> Any:
        for one in self.invoices:
            facts = [
                (_("发票号码"), one.number),
                (_("开票日期"), str(one.issued_on)),
                (_("销售方"), f"{one.seller_name} {one.seller_code}"),
                (_("购买方"), f"{one.buyer_name} {one.buyer_code}"),
                (_("价税合计"), _("%s 元") % format_yuan(one.amount)),
            ]
            yield self.paper(f"invoice-{one.pk}", _("发票 %s") % one.number[-8:], one.file, facts, form)
        counted: Counter[str] = Counter()
        for one in self.documents:
            counted[one.kind] += 1
            facts = [
                (_("上传方"), f"{one.get_party_display()} {one.uploaded_by.get_full_name()}"),
                (_("上传时间"), minute(one.uploaded_at)),
            ]
            label = f"{one.get_kind_display()} {counted[one.kind]}"
            yield self.paper(f"document-{one.pk}", label, one.file, facts, form)

    def paper(self, key: str, label: str, file: PrivateFile, facts: Any, form: DecisionForm) -> Paper:
        field = form[f"paper-{key}"] if f"paper-{key}" in form.fields else None
        return Paper(key, label, file, facts, self.instance.document_reasons.get(key, ""), field)

    def check_lines(self, form: DecisionForm) -> Any:
        user = self.request.user
        orders = [pk for check in self.checks for kind, pk, _name in check.links if kind == "order"]
        claims = dict(Redemption.objects.filter(order__in=orders).values_list("order", "pk"))
        for check in self.checks:
            links = []
            for kind, pk, name in check.links:
                claim = claims.get(pk) if kind == "order" else None
                url = reverse(f"{LEDGER}_inspect", args=[claim]) if claim else _address(kind, pk, user)
                links.append((url, name))
            field = form[f"answer-{check.key}"] if f"answer-{check.key}" in form.fields else None
            yield CheckLine(check, links, field)


def _address(kind: str, pk: int, user: Any) -> str:
    """Of a record's page in the admin; empty where the user may not see it."""
    page, permission = PAGES.get(kind, ("", ""))
    if not page or not user.has_perm(permission):
        return ""
    if isinstance(page, str):
        return reverse(page, args=[pk])
    return str(page(pk=pk).get_review_url())
