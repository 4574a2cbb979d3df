"""A provider's own system keeps its records by their internal numbers: the rules of the pages, in JSON."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from catalogue.models import (
    AttributeDefinition,
    Instrument,
    InstrumentClass,
)
from tests.api.conftest import INSTRUMENT
from tests.api.helpers import errors_of, trail
from tests.factories import (
    InstrumentFactory,
)
from workflow.models import AuditEntry
from workflow.statuses import SubmissionStatus

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


def test_an_unknown_number_is_created_and_a_known_one_brought_up_to_date(system):
    response = system.put("YQ-1", INSTRUMENT)
    assert response.status_code == 201
    instrument = Instrument.objects.get()
    assert (instrument.provider.account, instrument.status) == (system.account, SubmissionStatus.DRAFT)
    assert instrument.original_value_amount == Decimal("2680000.00")
    assert instrument.purchased_on == datetime.date(2021, 6, 30)
    assert (instrument.instrument_class_id, instrument.city) == ("010100", "6101")
    assert response["ETag"] == '"1"'

    response = system.put("YQ-1", {**INSTRUMENT, "price_amount": "350"})
    assert (response.status_code, response["ETag"]) == (200, '"2"')
    instrument.refresh_from_db()
    assert instrument.price_amount == Decimal("350.00")
    assert trail(instrument) == [("create", "API：实验室系统"), ("save", "API：实验室系统")]
    entry = AuditEntry.objects.of(instrument).first()
    assert (entry.actor, entry.changes) == (system.account, {"price_amount": ["300.00", "350.00"]})


def test_the_same_content_again_changes_nothing(system):
    first = system.put("YQ-1", INSTRUMENT)
    again = system.put("YQ-1", {**INSTRUMENT, "price_amount": "３００", "district": " 雁塔区 "})
    assert (first.status_code, again.status_code) == (201, 200)
    instrument = Instrument.objects.get()
    assert instrument.version == 1
    assert trail(instrument) == [("create", "API：实验室系统")]


def test_what_is_read_can_be_sent_back(system):
    definition = AttributeDefinition.objects.create(
        instrument_class_id="010000", name="质量范围", unit="amu", kind="range"
    )
    system.put("YQ-1", {**INSTRUMENT, "attributes": {"质量范围": "1.6~1050"}})
    system.add_photos("YQ-1", "navy")
    body = system.get("YQ-1").json()
    assert body["attributes"] == [
        {
            "id": definition.pk,
            "name": "质量范围",
            "unit": "amu",
            "kind": "range",
            "value": ["1.6", "1050"],
            "display": "1.6–1050 amu",
        }
    ]
    assert {name: body[name] for name in INSTRUMENT if name not in {"category", "city"}} == {
        name: value for name, value in INSTRUMENT.items() if name not in {"category", "city"}
    }
    assert body["category"]["path"] == ["分析仪器", "电子光学仪器"]
    response = system.put("YQ-1", body)
    assert (response.status_code, response.json()["version"]) == (200, body["version"])


def test_put_is_the_whole_record_and_patch_a_part_of_it(system):
    system.put("YQ-1", {**INSTRUMENT, "accepts_vouchers": False})
    assert system.patch("YQ-1", {"functions": "新的功能"}).status_code == 200
    instrument = Instrument.objects.get()
    assert (instrument.functions, instrument.model, instrument.accepts_vouchers) == (
        "新的功能",
        "JSM-7900F",
        False,
    )
    system.add_photos("YQ-1", "navy")
    assert system.put("YQ-1", {"name": "电镜"}).status_code == 200
    instrument.refresh_from_db()
    assert (instrument.name, instrument.model, instrument.price_amount) == ("电镜", "", None)
    assert instrument.accepts_vouchers is True
    assert instrument.photos.count() == 1
    assert system.patch("YQ-2", {"name": "电镜"}).status_code == 404


def test_a_part_is_judged_with_what_is_stored(system):
    system.put("YQ-1", INSTRUMENT)
    assert errors_of(system.patch("YQ-1", {"city": "6102"})) == {
        "district": ["所选区县不属于安放城市，请重新选择。"]
    }
    assert system.patch("YQ-1", {"city": "铜川市", "district": "王益区"}).status_code == 200
    assert Instrument.objects.get().city == "6102"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("category", "888888", "仪器分类代码“888888”不存在，请从列表中选择。"),
        ("category", "010000", "仪器分类代码“010000”不存在，请从列表中选择。"),
        ("category", "没有的仪器", "仪器分类代码“没有的仪器”不存在，请从列表中选择。"),
        ("original_value_amount", "很贵", "请填写数字金额，单位元，如 120000 或 120,000.00。"),
        ("original_value_amount", -5, "原值应大于 0 元。"),
        ("original_value_amount", 10**19, "金额太大，请核对单位是否为元。"),
        ("original_value_amount", 1e300, "金额太大，请核对单位是否为元。"),
        ("original_value_amount", [1], "请填写文字或数字。"),
        ("purchased_on", "去年", "日期格式不对，应如 2021-06-30。"),
        ("purchased_on", "2999-01-01", "启用日期不能晚于今天。"),
        ("purchased_on", "0021-06-30", "启用日期早于 1950 年，请核对年份。"),
        ("district", "王益区", "所选区县不属于安放城市，请重新选择。"),
        ("source", "stolen", "“stolen”不在可选范围内，请从列表中选择。"),
        ("model", "x" * 101, "最多 100 个字，现在有 101 个，请删减。"),
        ("functions", "长" * 501, "最多 500 个字，现在有 501 个，请删减。"),
        ("name", "a\x00b", "含有看不见的空字符，请删除后重新输入。"),
        ("name", {"zh": "电镜"}, "请填写文字或数字。"),
        ("name", True, "请填写文字或数字。"),
        ("accepts_vouchers", "也许", "请填写 true 或 false。"),
        ("contact_phone", "12345", "请填写手机号码，或固定电话（如 029-88881234，分机用 -801）。"),
        ("internal_number", "YQ-2", "与地址里的编号不一致。要更换编号，请在网页上修改，或新建一条记录。"),
        ("colour", "red", "没有这个字段，请核对接口文档里的名称。"),
        ("attributes", "0.8", "请填写一个对象：键是专业参数的名称或编号。"),
    ],
)
def test_what_is_malformed_is_named_in_the_words_of_the_pages_and_nothing_is_stored(
    system, field, value, sentence
):
    assert errors_of(system.put("YQ-1", {**INSTRUMENT, field: value})) == {field: [sentence]}
    assert not Instrument.objects.exists()
    assert system.put("YQ-1", INSTRUMENT).status_code == 201
    before = Instrument.objects.values().get()
    assert errors_of(system.patch("YQ-1", {field: value})) == {field: [sentence]}
    assert Instrument.objects.values().get() == before


def test_everything_that_is_wrong_is_said_at_once(system):
    response = system.put(
        "YQ-1",
        {**INSTRUMENT, "district": "王益区", "price_amount": "贵", "contact_phone": "1", "city": "6101"},
    )
    assert set(errors_of(response)) == {"district", "price_amount", "contact_phone"}
    assert response.json()["detail"] == "有 3 处填写不正确，见 errors。"


def test_codes_may_be_names_and_names_codes(system):
    InstrumentClass.objects.create(code="010101", name="扫描电镜", parent_id="010100")
    for given, code in (
        ("扫描电镜", "010101"),
        ("电子光学仪器", "010100"),
        ("分析仪器/质谱仪器", "010200"),
        (10200, "010200"),
        ({"code": "010300", "name": "忽略"}, "010300"),
    ):
        assert system.put("YQ-1", {**INSTRUMENT, "category": given}).status_code in {200, 201}
        assert Instrument.objects.get().instrument_class_id == code
    body = {
        **INSTRUMENT,
        "city": "西安市",
        "price_unit": "小时",
        "source": "购置",
        "purchased_on": "2021年6月30日",
    }
    assert system.put("YQ-1", body).status_code == 200
    instrument = Instrument.objects.get()
    assert (instrument.city, instrument.price_unit, instrument.source) == ("6101", "hour", "purchased")
    assert errors_of(system.patch("YQ-1", {"category": "其他"}))["category"][0].startswith(
        "叫“其他”的不止一个，请改填代码："
    )


def test_attributes_go_by_name_or_number_and_keep_what_is_not_asked_for(system):
    resolution = AttributeDefinition.objects.create(
        instrument_class_id="010100", name="分辨率", unit="nm", kind="number", is_required=True
    )
    other = AttributeDefinition.objects.create(instrument_class_id="010200", name="质量数", kind="number")
    retired = AttributeDefinition.objects.create(
        instrument_class_id="010000", name="旧参数", kind="text", retired_at=timezone.now()
    )
    assert system.put("YQ-1", {**INSTRUMENT, "attributes": {"分辨率": 0.8}}).status_code == 201
    instrument = Instrument.objects.get()
    assert instrument.attributes == {resolution.key: "0.8"}
    Instrument.objects.update(attributes={resolution.key: "0.8", retired.key: "甲"})
    assert system.patch("YQ-1", {"attributes": {resolution.key: "0.6 nm"}}).status_code == 200
    instrument.refresh_from_db()
    assert instrument.attributes == {resolution.key: "0.6", retired.key: "甲"}
    response = system.patch("YQ-1", {"attributes": {"分辨率": "很高", "质量数": 1, "x": 2}})
    assert errors_of(response) == {
        "attributes": {
            "分辨率": ["“分辨率（nm）”请填写数字，如 0.8。"],
            "质量数": ["这一分类没有这个专业参数，名称和编号见分类的接口。"],
            "x": ["这一分类没有这个专业参数，名称和编号见分类的接口。"],
        }
    }
    assert system.patch("YQ-1", {"category": "010200", "attributes": {"质量数": 1050}}).status_code == 200
    instrument.refresh_from_db()
    assert instrument.attributes == {resolution.key: "0.6", retired.key: "甲", other.key: "1050"}
    system.put("YQ-1", INSTRUMENT)
    instrument.refresh_from_db()
    assert instrument.attributes == {retired.key: "甲", other.key: "1050"}
    assert errors_of(system.act("YQ-1", "submit"), 422)["attributes"] == {
        "分辨率": [resolution.missing_sentence]
    }


@pytest.mark.parametrize(
    "number", ["A/B", "测试 仪器#1?", "A/submit", "100%", "a/photos/7", "..a", "x;y=1&z", "很长" * 20]
)
def test_a_number_may_have_any_characters(system, number):
    response = system.put(number, INSTRUMENT)
    assert response.status_code == 201, response.content.decode()
    instrument = Instrument.objects.get()
    assert instrument.internal_number == number.replace(" ", "")
    assert system.client.get(response.json()["url"]).json()["id"] == instrument.pk
    assert system.get(number).json()["internal_number"] == instrument.internal_number
    assert errors_of(system.act(number, "submit"), 422) == {"photos": ["请至少上传一张仪器照片。"]}
    assert system.send("DELETE", number).status_code == 204
    assert not Instrument.objects.exists()


def test_a_number_is_the_same_in_full_width(system):
    system.put("YQ-1", INSTRUMENT)
    assert system.put("ＹＱ－１", INSTRUMENT).status_code == 200
    assert Instrument.objects.count() == 1


@pytest.mark.parametrize("number", ["\0", "长" * 41, "　"])
def test_a_number_that_cannot_be_is_not_found_and_not_made(system, number):
    assert system.get(number).status_code == 404
    response = system.put(number, INSTRUMENT)
    assert response.status_code in {400, 404}
    assert not Instrument.objects.exists()


def test_anothers_numbers_are_a_world_of_their_own(system):
    theirs = InstrumentFactory(approved=True, internal_number="YQ-1")
    before = Instrument.objects.values().get()
    for method in ("GET", "PATCH", "DELETE"):
        response = system.send(method, "YQ-1", {"name": "改"})
        assert response.status_code == 404
        assert response.json()["detail"] == "本机构没有内部编号为“YQ-1”的仪器。"
    for action in ("submit", "withdraw"):
        assert system.act("YQ-1", action).status_code == 404
    assert system.add_photos("YQ-1", "red").status_code == 404
    assert system.get().json() == {"next": None, "results": []}
    assert Instrument.objects.values().get() == before
    assert system.put("YQ-1", INSTRUMENT).status_code == 201
    assert Instrument.objects.exclude(pk=theirs.pk).get().provider.account == system.account
    assert system.put("YQ-9", {**INSTRUMENT, "id": theirs.pk}).json()["id"] != theirs.pk


def test_a_version_seen_before_is_not_overwritten(system):
    etag = system.put("YQ-1", INSTRUMENT)["ETag"]
    system.patch("YQ-1", {"model": "B"})
    response = system.patch("YQ-1", {"model": "C"}, If_Match=etag)
    assert response.status_code == 412
    assert response.json()["detail"] == "这条记录已不是您读取时的版本，请重新读取后再修改。"
    assert Instrument.objects.get().model == "B"
    assert system.patch("YQ-1", {"model": "C"}, If_Match='"2"').status_code == 200
    assert system.put("YQ-1", INSTRUMENT, If_None_Match="*").status_code == 412
    assert system.put("YQ-2", INSTRUMENT, If_Match='"1"').status_code == 412
    assert system.put("YQ-2", INSTRUMENT, If_None_Match="*").status_code == 201


def test_an_account_without_institution_is_told_to_fill_it_in(system):
    system.account.provider.delete()
    response = system.put("YQ-1", INSTRUMENT)
    assert response.status_code == 409
    assert "请先填写并保存机构信息" in response.json()["detail"]
    assert system.get().json()["results"] == []
