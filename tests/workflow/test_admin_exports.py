"""Exports of the listings in the admin: Chinese headings, as filtered, row by row."""

import datetime
from io import BytesIO
from urllib.parse import unquote

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from tests.conftest import signed_in
from tests.factories import (
    CapabilityFactory,
    InstrumentFactory,
    LabServiceFactory,
    ProviderFactory,
    QualificationFactory,
    TestingServiceFactory,
    auditor,
    editor,
    reviewer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]
SNIPPETS = {
    "/admin/snippets/catalogue/instrument/": InstrumentFactory,
    "/admin/snippets/catalogue/qualification/": QualificationFactory,
    "/admin/snippets/catalogue/capability/": CapabilityFactory,
    "/admin/snippets/catalogue/testingservice/": TestingServiceFactory,
    "/admin/snippets/catalogue/labservice/": LabServiceFactory,
    "/admin/snippets/institutions/provider/": ProviderFactory,
}


def exported(address: str, user=None) -> list[dict[str, object]]:
    response = signed_in(user or reviewer()).get(address)
    assert response.status_code == 200
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    headings, *rows = load_workbook(BytesIO(b"".join(response.streaming_content))).active.iter_rows(
        values_only=True
    )
    assert all(max(heading) >= "一" for heading in headings)  # a Chinese character in each
    return [dict(zip(headings, row, strict=True)) for row in rows]


@pytest.mark.parametrize("address", SNIPPETS)
def test_every_listing_is_exported_with_chinese_headings(address):
    SNIPPETS[address](approved=True)

    [row, *others] = exported(f"{address}?export=xlsx&status=approved", auditor())

    assert (row["状态"], len(others)) == ("已通过", 0)
    assert row["审核时间"].date() == timezone.localdate()


def test_an_instrument_as_staff_export_it():
    provider = ProviderFactory(approved=True, name="秦岭测试中心")
    InstrumentFactory(provider=provider, pending=True, name="=1+1", condition="normal")

    [row] = exported("/admin/snippets/catalogue/instrument/?export=xlsx")

    assert (row["接券机构"], row["仪器名称"], row["仪器分类"]) == ("秦岭测试中心", "=1+1", "质谱仪器")
    assert (row["原值（元）"], row["安放城市"], row["运行状态"]) == (860000, "西安市", "正常")
    assert (row["可使用创新券"], row["状态"]) == ("是", "待审核")
    assert row["启用日期"] == datetime.datetime(2019, 5, 20)  # noqa: DTZ001 - a cell has no zone
    assert {"仪器照片", "专业参数"}.isdisjoint(row)


def test_scans_are_not_exported():
    QualificationFactory(pending=True)

    [row] = exported("/admin/snippets/catalogue/qualification/?export=xlsx")

    assert "证书扫描件" not in row


def test_the_export_is_filtered_as_the_listing():
    InstrumentFactory(approved=True, name="A")
    InstrumentFactory(pending=True, name="B")

    rows = exported("/admin/snippets/catalogue/instrument/?export=xlsx&status=pending&q=B")

    assert [row["仪器名称"] for row in rows] == ["B"]


def test_the_review_queue_is_exported_as_filtered():
    InstrumentFactory(pending=True, name="质谱仪")
    InstrumentFactory(approved=True, name="显微镜")
    staff = reviewer()

    waiting = exported("/admin/review/?export=xlsx", staff)
    decided = exported("/admin/review/?export=xlsx&state=decided&q=显微镜", staff)

    assert [(row["名称"], row["类型"], row["状态"]) for row in waiting] == [("质谱仪", "仪器", "首次提交")]
    assert [(row["名称"], row["状态"]) for row in decided] == [("显微镜", "已通过")]


def test_who_may_not_see_a_listing_exports_nothing():
    for address in ("/admin/review/", "/admin/snippets/catalogue/instrument/"):
        assert signed_in(editor()).get(f"{address}?export=xlsx").status_code == 302


def test_only_workbooks_are_offered():
    client = signed_in(reviewer())

    page = client.get("/admin/snippets/catalogue/instrument/").content.decode()

    assert ("export=xlsx" in page, "export=csv" in page) == (True, False)
    assert "export=xlsx" in client.get("/admin/review/").content.decode()
    assert client.get("/admin/review/?export=csv")["Content-Type"].startswith("text/html")


def test_the_file_is_named_in_chinese():
    response = signed_in(reviewer()).get("/admin/review/?export=xlsx")

    assert unquote(response["Content-Disposition"]).endswith(f"审核任务-{timezone.localdate():%Y%m%d}.xlsx")


@pytest.mark.parametrize("address", ["/admin/snippets/catalogue/instrument/", "/admin/review/"])
def test_the_number_of_queries_does_not_grow_with_the_rows(address, django_assert_max_num_queries):
    for _number in range(6):
        InstrumentFactory(pending=True)
    client = signed_in(reviewer())
    client.get(address)  # fills what is cached for longer

    with django_assert_max_num_queries(16):
        response = client.get(f"{address}?export=xlsx")
        b"".join(response.streaming_content)
