"""What tests of the ledger ask of it."""

from decimal import Decimal

import pytest

from programme.selectors import current_parameters
from tests.consumer_factories import ConsumerFactory
from tests.factories import reviewer
from tests.voucher_factories import REASON
from vouchers import services
from vouchers.exceptions import VoucherError
from vouchers.models import LedgerEntry, Pool, Voucher
from vouchers.statuses import PARTS
from workflow.models import AuditEntry


def parts(voucher):
    voucher.refresh_from_db()
    return {
        part: str(getattr(voucher, f"{part}_amount")) for part in PARTS if getattr(voucher, f"{part}_amount")
    }


def available():
    return str(Pool.objects.get().available_amount)


def everything():
    return [list(model.objects.order_by("pk").values()) for model in (Pool, Voucher, LedgerEntry, AuditEntry)]


def refused(action, **arguments):
    """The sentence, after seeing that nothing has changed."""
    before = everything()
    with pytest.raises(VoucherError) as caught:
        action(**arguments)
    assert everything() == before
    return str(caught.value)


def grant(amount="1000", **options):
    options = {
        "consumer": options.pop("consumer", None) or ConsumerFactory(approved=True),
        "actor": options.pop("actor", None) or reviewer(),
        "parameters": options.pop("parameters", None) or current_parameters(),
        "reason": REASON,
        **options,
    }
    return services.grant_voucher(amount=Decimal(amount), **options)


AMOUNTS = [
    ("0", "金额不能为 0，请填写大于 0 的金额。"),
    ("-1", "金额不能是负数，请填写大于 0 的金额。"),
    ("0.001", "金额 0.001 精确到了分以下，请保留两位小数。"),
    ("NaN", "金额不是有效的数字，请重新填写。"),
    ("Infinity", "金额不是有效的数字，请重新填写。"),
    ("1E+30", "金额过大，请核对单位是否为元。"),
]
