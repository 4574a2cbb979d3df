"""A kind of warning of the tests' own, and one warning of it."""

import pytest

from supervision import kinds
from supervision.models import Alert
from tests.supervision.warnings import CODE, a_warning


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_KINDS", dict(kinds._KINDS))
    kinds.declare_kind(CODE, "拆分订单", "请核对两份订单的日期和内容。")


@pytest.fixture
def alert(db: None) -> Alert:
    return a_warning()
