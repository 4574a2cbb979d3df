"""Warnings for tests, of a kind of the tests' own."""

from typing import Any

from supervision.kinds import declare_kind
from supervision.models import Alert
from supervision.services import warn
from supervision.statuses import Severity
from tests.factories import ProviderFactory

CODE = declare_kind("tests.split_orders", "拆分订单", "请核对两份订单的日期和内容。").code


def a_warning(**values: Any) -> Alert:
    if "record" not in values:
        values["record"] = ProviderFactory(name="分析测试中心", host_name="关中理工大学")
    given = {
        "code": CODE,
        "severity": Severity.SERIOUS,
        "title": "同一天内的两份订单疑似拆分",
        "detail": "两份订单相隔 3 分钟，内容相同。",
        "institutions": [values["record"], "秦岭精密机械有限公司"],
    }
    return warn(**given | values)
