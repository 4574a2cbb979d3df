"""Redemptions of the invented consumers, all through the services, at times that have passed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.files.base import ContentFile

from accounts.models import User
from files.models import PrivateFile
from home.demo import people
from home.demo.dice import Dice
from home.demo.making import Maker
from orders.models import DocumentKind, Order
from orders.services.documents import upload_document
from redemptions.models import Redemption
from redemptions.services import review
from redemptions.services.checking import recheck_claim
from redemptions.services.claims import submit_claim


@dataclass(frozen=True)
class Claim:
    """What became of the claim on the order that was booked so many days ago: submitted, checked, approved, returned, refused.

    ``number`` is which of that consumer's completed orders, the oldest first.
    """

    login: str
    number: int
    days_ago: int
    state: str
    granted: str = ""
    comment: str = ""
    # with a contract that it has used before
    reuses: bool = False


CLAIMS = (
    Claim("consumer", 0, 104, "approved"),
    Claim("baoji", 0, 52, "approved"),
    Claim("yanjiuyuan", 0, 30, "approved", granted="100", comment="样品处理费不在支持范围，予以核减。"),
    Claim("consumer", 1, 61, "approved"),
    Claim("consumer", 2, 14, "approved"),
    Claim("baoji", 1, 13, "approved"),
    Claim("yulin", 0, 9, "checked"),
    Claim("consumer", 3, 6, "returned", comment="合同缺少盖章页，请补充后重新提交。"),
    Claim("baoji", 2, 2, "submitted", reuses=True),
)


class ClaimStory:
    def __init__(self, maker: Maker, accounts: dict[str, User]) -> None:
        self.maker = maker
        self.checker = accounts[people.REVIEWER.username]
        self.decider = accounts[people.SECOND_REVIEWER.username]

    def tell(self, case: Claim) -> Iterator[datetime]:
        dice = Dice(f"claim {case.login} {case.number}", self.maker.now)
        yield dice.moment(case.days_ago)
        completed = Order.objects.filter(consumer__account__username=case.login, status="completed")
        claimable = completed.exclude(invoices=None).order_by("completed_at")
        order = claimable[case.number]
        if case.reuses:
            self._use_again(claimable[0], order)
        claim = submit_claim(order=order, actor=order.consumer.account)
        if case.state == "submitted":
            return
        yield dice.moment(max(case.days_ago - 1, 1))
        yield from self._decide(case, claim, dice)

    def _use_again(self, earlier: Order, order: Order) -> None:
        """The contract of one order, put up for another: what the automatic checks are there for."""
        actor = order.consumer.account
        scan = earlier.documents.filter(kind=DocumentKind.CONTRACT).earliest("pk").file
        copy = PrivateFile.objects.create(
            owner=actor,
            file=ContentFile(scan.file.read(), name="scan.jpg"),
            name="合同扫描件.jpg",
            content_type=scan.content_type,
            extension=scan.extension,
            size_bytes=scan.size_bytes,
            sha256=scan.sha256,
        )
        upload_document(order=order, kind=DocumentKind.CONTRACT, file=copy, actor=actor)

    def _decide(self, case: Claim, claim: Redemption, dice: Dice) -> Iterator[datetime]:
        if case.state == "returned":
            contract = claim.order.documents.filter(kind="contract").latest("pk")
            reasons = {f"document-{contract.pk}": case.comment}
            review.return_claim(
                redemption=claim, actor=self.checker, reason=case.comment, document_reasons=reasons
            )
            return
        claim = review.check_claim(
            redemption=claim,
            actor=self.checker,
            comment="材料齐全，与订单一致。",
            answers=_answers(claim, self.checker),
        )
        if case.state == "checked":
            return
        yield dice.moment(max(case.days_ago - 3, 1))
        review.approve_claim(
            redemption=claim,
            actor=self.decider,
            amount=Decimal(case.granted) if case.granted else None,
            reason=case.comment,
            answers=_answers(claim, self.decider),
        )


def _answers(claim: Redemption, actor: User) -> dict[str, str]:
    """To what the checks find now: a scan submitted since may look like one of these, which nobody can foresee."""
    found = recheck_claim(redemption=claim, actor=actor)
    return {check.key: "已致电双方并核对原件，情况属实。" for check in found if check.is_open}
