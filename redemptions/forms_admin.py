"""The form by which staff decide on a claim."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from redemptions.checks import Check
from redemptions.models import Redemption
from redemptions.moves import allowed
from redemptions.services.accounts import account_digest, account_shown
from redemptions.services.checking import MOST_WORDS
from workflow.statuses import Action

# What the buttons say, in the order in which they stand.
DECISIONS: dict[Action, Any] = {
    Action.CHECK_CLAIM: _("初审通过"),
    Action.APPROVE_CLAIM: _("复审通过"),
    Action.RETURN_CLAIM: _("退回"),
    Action.REFUSE_CLAIM: _("不予兑付"),
    Action.RENEW_ACCOUNT: _("更正收款账户"),
}
# Of these somebody else than who has checked it decides.
OF_SECOND_PERSON = frozenset(
    {Action.APPROVE_CLAIM, Action.REFUSE_CLAIM, Action.RETURN_CLAIM, Action.RENEW_ACCOUNT}
)


def decisions_for(redemption: Redemption, user: User) -> list[Action]:
    """Those the user may take now; none of a second person by who was the first."""
    mine = allowed(redemption, user)
    if redemption.checked_by_id == user.pk:
        mine -= OF_SECOND_PERSON
    return [action for action in DECISIONS if action in mine]


def version_of(redemption: Redemption) -> str:
    """Of what is on the screen: another by now, and nothing is decided."""
    return f"{redemption.status} {redemption.submitted_at.isoformat()} {redemption.amount}"


class DecisionForm(forms.Form):
    """One of the decisions; ``answers`` to checks that did not pass, ``papers`` by what is wrong with each."""

    decision = forms.TypedChoiceField(
        coerce=Action,
        widget=forms.HiddenInput,
        error_messages={
            "required": _("请点击要作出的决定。"),
            "invalid_choice": _("现在不能作出这个决定，请刷新页面，查看最新进展。"),
        },
    )
    version = forms.CharField(widget=forms.HiddenInput, required=False)
    # digest of the account that the page shows
    account = forms.CharField(widget=forms.HiddenInput, required=False)
    # refusing is asked for once more
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)
    amount = forms.DecimalField(
        label=_("核定金额（元）"),
        required=False,
        max_digits=14,
        decimal_places=2,
        help_text=_("复审通过时填写。少于申请金额即为核减，须说明原因，差额立即退还创新券余额。"),
        error_messages={
            "invalid": _("核定金额请填数字，最多两位小数。"),
            "max_digits": _("核定金额过大。"),
            "max_decimal_places": _("核定金额最多两位小数。"),
            "max_whole_digits": _("核定金额过大。"),
        },
    )
    reason = forms.CharField(
        label=_("退回、核减或不予兑付的原因"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("用券机构会看到。退回时，也可以在每份材料旁写明问题。"),
        error_messages={"max_length": _("原因最多 500 字。")},
    )
    comment = forms.CharField(
        label=_("初审意见"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("供复审人员参考，用券机构看不到。"),
        error_messages={"max_length": _("初审意见最多 500 字。")},
    )

    def __init__(
        self,
        *args: Any,
        redemption: Redemption,
        decisions: Sequence[Action],
        checks: Sequence[Check],
        papers: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.redemption = redemption
        self.fields["decision"].choices = [(action.value, DECISIONS[action]) for action in decisions]  # type: ignore[attr-defined]  # a choice
        self.fields["version"].initial = version_of(redemption)
        shown = account_shown(redemption)
        self.fields["account"].initial = account_digest(shown) if shown else ""
        self.fields["amount"].initial = redemption.amount
        if Action.APPROVE_CLAIM not in decisions:
            del self.fields["amount"]
        if Action.CHECK_CLAIM not in decisions:
            del self.fields["comment"]
        if not {Action.RETURN_CLAIM, Action.APPROVE_CLAIM, Action.REFUSE_CLAIM} & set(decisions):
            del self.fields["reason"]
        self.asked = [check.key for check in checks if check.is_open] if _asks(decisions) else []
        for key in self.asked:
            self.fields[f"answer-{key}"] = _short(_("核实说明"))
        self.papers = list(papers) if Action.RETURN_CLAIM in decisions else []
        for key in self.papers:
            self.fields[f"paper-{key}"] = _short(_("这份材料的问题"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("version") != version_of(self.redemption):
            self.add_error(None, _("您打开页面以后，这份申请有了变化。请核对最新内容后再作决定。"))
        return cleaned

    def visible(self) -> list[forms.BoundField]:
        return [self[name] for name in ("comment", "amount", "reason") if name in self.fields]

    @property
    def answers(self) -> dict[str, str]:
        return {key: self.cleaned_data[f"answer-{key}"] for key in self.asked}

    @property
    def document_reasons(self) -> dict[str, str]:
        return {key: self.cleaned_data[f"paper-{key}"] for key in self.papers}


def _asks(decisions: Sequence[Action]) -> bool:
    return bool({Action.CHECK_CLAIM, Action.APPROVE_CLAIM} & set(decisions))


def _short(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=MOST_WORDS,
        error_messages={"max_length": _("最多 %d 字。") % MOST_WORDS},
    )
