"""A provider's own system keeps its records by their internal numbers: the rules of the pages, in JSON."""

import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from catalogue.models import (
    AttributeDefinition,
    Capability,
    Instrument,
    InstrumentClass,
    LabService,
    Qualification,
    TestingService,
)
from files.models import PrivateFile, SiteImage
from tests.api.conftest import INSTRUMENT, System, photo
from tests.factories import (
    InstrumentFactory,
    ProviderFactory,
    QualificationFactory,
    png_bytes,
    reviewer,
)
from workflow import services
from workflow.models import AuditEntry, ReviewTaskState
from workflow.statuses import SubmissionStatus

pytestmark = pytest.mark.django_db


def errors_of(response, status=400):
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    return response.json()["errors"]


def trail(record):
    return list(AuditEntry.objects.of(record).order_by("pk").values_list("action", "reason"))


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
        "YQ-1", {**INSTRUMENT, "district": "王益区", "price_amount": "贵", "contact_phone": "1", "city": "6101"}
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
    body = {**INSTRUMENT, "city": "西安市", "price_unit": "小时", "source": "购置", "purchased_on": "2021年6月30日"}
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


def test_photos_are_added_once_and_taken_away(system):
    system.put("YQ-1", INSTRUMENT)
    response = system.add_photos("YQ-1", "navy", "red")
    assert response.status_code == 201
    first, second = response.json()["photos"]
    assert (first["title"], second["title"], first["width"]) == ("navy", "red", 80)
    again = system.add_photos("YQ-1", "red")
    assert (again.status_code, again.json()["version"]) == (200, response.json()["version"])
    url = system.url("YQ-1", more=f"photos/{first['id']}/")
    response = system.client.delete(url)
    assert [one["id"] for one in response.json()["photos"]] == [second["id"]]
    assert system.client.delete(url).status_code == 404
    instrument = Instrument.objects.get()
    assert [one.image_id for one in instrument.photos.all()] == [second["id"]]
    assert [action for action, _reason in trail(instrument)] == ["create", "save", "save"]


def test_a_photo_that_is_none_is_refused_with_its_sentence(system):
    system.put("YQ-1", INSTRUMENT)
    url = system.url("YQ-1", more="photos/")
    script = SimpleUploadedFile("p.png", b"<script>alert(1)</script>", "image/png")
    (sentence,) = errors_of(system.client.post(url, {"photos": script}))["photos"]
    assert sentence.startswith("“p.png”的内容是网页（HTML 或 XML）。")
    (sentence,) = errors_of(system.client.post(url, {"other": photo()}))["photos"]
    assert sentence == "请以 multipart/form-data 上传文件，字段名是 photos。"
    many = [photo(f"{index}.png", f"#0000{index:02d}") for index in range(9)]
    assert "最多上传 8 张照片" in errors_of(system.client.post(url, {"photos": many}))["photos"][0]
    assert system.client.post(url, "{}", "application/json").status_code == 415
    assert not Instrument.objects.get().photos.exists()


def test_submitting_needs_everything_and_tells_what_is_missing_by_field(system):
    system.put("YQ-1", {**INSTRUMENT, "model": None, "category": ""})
    assert system.get("YQ-1").json()["problems"] == {
        "model": ["请填写“规格型号”。"],
        "category": ["请选择“仪器分类”。"],
        "photos": ["请至少上传一张仪器照片。"],
    }
    response = system.act("YQ-1", "submit")
    assert errors_of(response, 422) == system.get("YQ-1").json()["problems"]
    assert response.json()["detail"] == "还不能提交：有 3 处要补充，见 errors。"
    assert Instrument.objects.get().status == SubmissionStatus.DRAFT


def test_the_way_of_a_record_through_review(system):
    system.put("YQ-1", INSTRUMENT)
    system.add_photos("YQ-1", "navy")
    body = system.act("YQ-1", "submit").json()
    assert (body["status"], body["status_label"], body["problems"]) == ("pending", "待审核", {})
    assert system.act("YQ-1", "submit").status_code == 409

    # what would change waits until it is withdrawn; what would not is in order
    assert system.put("YQ-1", INSTRUMENT).status_code == 200
    response = system.patch("YQ-1", {"price_amount": 350})
    assert response.status_code == 409
    assert "这条记录是“待审核”状态，修改前要先撤回" in response.json()["detail"]
    assert system.add_photos("YQ-1", "red").status_code == 409
    instrument = Instrument.objects.get()
    assert (instrument.status, instrument.price_amount) == (SubmissionStatus.PENDING, Decimal("300.00"))

    services.return_for_changes(
        record=instrument,
        actor=reviewer(),
        reason="请核对。",
        notes={"instrument_class": "分类不对。", "model": "照铭牌填写。"},
    )
    body = system.get("YQ-1").json()
    assert (body["status"], body["return_reason"]) == ("returned", "请核对。")
    assert body["return_notes"] == {"category": "分类不对。", "model": "照铭牌填写。"}

    assert system.patch("YQ-1", {"model": "JSM-7900"}).status_code == 200
    assert system.act("YQ-1", "submit").status_code == 200
    services.approve(record=instrument, actor=reviewer())
    body = system.get("YQ-1").json()
    assert (body["status"], body["is_public"], body["return_notes"]) == ("approved", True, {})
    assert system.client.get(f"/api/v1/instruments/{instrument.pk}/").status_code == 200

    response = system.patch("YQ-1", {"price_amount": 350}, query="?withdraw=true")
    assert (response.status_code, response.json()["status"]) == (200, "draft")
    instrument = Instrument.objects.get()
    assert (instrument.live, instrument.price_amount) == (False, Decimal("350.00"))
    assert system.client.get(f"/api/v1/instruments/{instrument.pk}/").status_code == 404
    assert [action for action, reason in trail(instrument) if reason == "API：实验室系统"] == [
        "create",
        "save",
        "submit",
        "save",
        "submit",
        "withdraw",
        "save",
    ]


def test_withdrawing_takes_it_from_the_public_and_can_be_done_once(system):
    instrument = InstrumentFactory(provider=system.account.provider, approved=True, internal_number="YQ-1")
    assert system.act("YQ-1", "withdraw").json()["status"] == "draft"
    assert system.act("YQ-1", "withdraw").status_code == 409
    instrument.refresh_from_db()
    assert not instrument.live


def test_withdrawing_first_is_undone_by_a_body_that_is_refused(system):
    InstrumentFactory(provider=system.account.provider, approved=True, internal_number="YQ-1")
    response = system.patch("YQ-1", {"price_amount": "贵"}, query="?withdraw=true")
    assert response.status_code == 400
    instrument = Instrument.objects.get()
    assert (instrument.status, instrument.live) == (SubmissionStatus.APPROVED, True)


def test_only_a_draft_that_was_never_submitted_is_deleted(system):
    InstrumentFactory(provider=system.account.provider, withdrawn=True, internal_number="YQ-1")
    response = system.send("DELETE", "YQ-1")
    assert response.status_code == 409
    assert "只有从未提交过的草稿可以删除" in response.json()["detail"]
    assert Instrument.objects.count() == 1


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


def test_the_list_says_how_each_stands(system, django_assert_max_num_queries):
    provider = system.account.provider
    AttributeDefinition.objects.create(
        instrument_class_id="010000", name="参数", kind="text", is_required=True
    )
    for _ in range(3):
        InstrumentFactory(provider=provider)
    InstrumentFactory(provider=provider, internal_number="")
    returned = InstrumentFactory(provider=provider, attributes={"1": "x"})
    system.get()
    with django_assert_max_num_queries(6):
        body = system.get().json()
    assert len(body["results"]) == 5
    assert body["results"][0]["id"] == returned.pk
    assert body["results"][1]["url"] is None
    assert "attributes" in body["results"][1]["problems"]
    assert system.get(query="?status=approved").json()["results"] == []
    assert len(system.get(query=f"?q={returned.internal_number[-3:]}").json()["results"]) == 1
    tomorrow = (timezone.localdate() + datetime.timedelta(days=1)).isoformat()
    assert system.get(query=f"?updated_since={tomorrow}").json()["results"] == []
    first = system.get(query="?limit=2").json()
    assert [len(first["results"]), len(system.client.get(first["next"]).json()["results"])] == [2, 2]
    assert errors_of(system.get(query="?status=x&limit=x"))
    with django_assert_max_num_queries(9):
        system.get(returned.internal_number)


def test_qualifications_with_their_scan(system):
    body = {
        "kind": "CMA 检验检测机构资质认定",
        "name": "检验检测机构资质认定证书",
        "certificate_number": "230021340567",
        "issuer": "陕西省市场监督管理局",
        "scope": "金属材料",
        "valid_from": "2023-05-01",
        "valid_to": "2099-05-01",
    }
    of = {"of": "qualifications"}
    response = system.put("ZZ-1", body | {"valid_to": "2027-05-01"}, **of)
    assert response.status_code == 201
    assert response.json()["problems"] == {"scan": ["请上传“证书扫描件”。"]}
    url = system.url("ZZ-1", of="qualifications", more="scan/")
    for status, version in ((201, 2), (200, 2)):
        scan = SimpleUploadedFile("证书.png", png_bytes("teal"), "image/png")
        response = system.client.post(url, {"scan": scan})
        assert (response.status_code, response.json()["version"]) == (status, version)
    assert response.json()["scan"]["name"] == "证书.png"
    qualification = Qualification.objects.get()
    assert (qualification.kind, qualification.scan.owner) == ("cma", system.account)
    assert system.put("ZZ-1", body, **of).status_code in {200, 400}
    bad = SimpleUploadedFile("证书.png", b"GIF89a", "image/png")
    assert errors_of(system.client.post(url, {"scan": bad}))["scan"]
    assert Qualification.objects.get().scan == qualification.scan
    assert PrivateFile.objects.filter(pk=qualification.scan_id).exists()


def test_capabilities_name_a_qualification_of_ones_own(system):
    own = QualificationFactory(provider=system.account.provider, internal_number="ZZ-1")
    QualificationFactory(internal_number="ZZ-2")
    body = {
        "category": "010100",
        "object_name": "金属材料",
        "parameter": "抗拉强度",
        "standard_number": "GB/T 228.1-2021",
        "standard_name": "拉伸试验",
        "qualification": "ZZ-1",
    }
    of = {"of": "capabilities"}
    assert system.put("NL-1", body, **of).status_code == 201
    assert Capability.objects.get().qualification == own
    assert system.get("NL-1", **of).json()["qualification"] == {
        "id": own.pk,
        "internal_number": "ZZ-1",
        "name": own.name,
    }
    assert system.put("NL-1", system.get("NL-1", **of).json(), **of).json()["version"] == 1
    assert system.patch("NL-1", {"qualification": own.certificate_number}, **of).json()["version"] == 1
    assert errors_of(system.patch("NL-1", {"qualification": "ZZ-2"}, **of)) == {
        "qualification": ["本机构没有这个编号的检测资质，请填写它的内部编号或证书编号。"]
    }
    assert system.act("NL-1", "submit", **of).json()["status"] == "pending"


@pytest.mark.parametrize(("slug", "model"), [("testing-services", TestingService), ("lab-services", LabService)])
def test_services_name_their_instruments(system, slug, model, django_assert_max_num_queries):
    provider = system.account.provider
    used = [InstrumentFactory(provider=provider, internal_number=number) for number in ("YQ-1", "YQ-2")]
    InstrumentFactory(internal_number="YQ-3")
    body = {
        "name": "金属材料力学性能检测",
        "category": "010100",
        "content": "拉伸",
        "deliverables": "报告",
        "turnaround_days": 5,
        "price_kind": "range",
        "price_amount": 200,
        "price_max_amount": "500",
        "price_unit": "样品",
        "contact_name": "周强",
        "contact_phone": "029-88885678",
        "instruments": ["YQ-1", "YQ-2"],
    }
    of = {"of": slug}
    response = system.put("FW-1", body, **of)
    assert response.status_code == 201, response.content.decode()
    assert set(model.objects.get().instruments.all()) == set(used)
    read = system.get("FW-1", **of).json()
    assert {one["internal_number"] for one in read["instruments"]} == {"YQ-1", "YQ-2"}
    assert system.put("FW-1", read, **of).json()["version"] == 1
    assert errors_of(system.patch("FW-1", {"instruments": ["YQ-1", "YQ-3"]}, **of)) == {
        "instruments": ["本机构没有内部编号为“YQ-3”的仪器，请核对编号或先建立仪器。"]
    }
    assert errors_of(system.patch("FW-1", {"price_max_amount": 100}, **of)) == {
        "price_max_amount": ["最高价格不能低于价格，请核对。"]
    }
    assert system.patch("FW-1", {"instruments": ["YQ-2"]}, **of).status_code == 200
    assert list(model.objects.get().instruments.all()) == [used[1]]
    assert system.act("FW-1", "submit", **of).json()["status"] == "pending"
    for number in ("FW-2", "FW-3"):
        system.put(number, body, **of)
    with django_assert_max_num_queries(6):
        assert len(system.get(**of).json()["results"]) == 3


def test_the_same_forty_arrive_through_the_api(client, settings):
    """Forty instruments, three of them faulty at first, end where those of the pages and of the import do."""
    settings.API_RATES = {**settings.API_RATES, "write": 1000}  # a system in no hurry would wait as it is told
    system = System(ProviderFactory(approved=True).account)
    bodies = {
        f"YQ-{index:03d}": {**INSTRUMENT, "name": f"太赫兹波谱仪{index}号", "location": f"{index} 号楼"}
        for index in range(40)
    }
    faulty = {
        "YQ-007": ({"category": "没有"}, "category"),
        "YQ-019": ({"original_value_amount": "约 26 万"}, "original_value_amount"),
        "YQ-033": ({"district": "王益区"}, "district"),
    }
    for number, body in bodies.items():
        wrong, field = faulty.get(number, ({}, None))
        response = system.put(number, {**body, **wrong})
        if field:
            assert set(errors_of(response)) == {field}
        else:
            assert response.status_code == 201
    assert Instrument.objects.count() == 37
    for number in faulty:
        assert system.put(number, bodies[number]).status_code == 201
    for number, body in bodies.items():
        assert system.put(number, body).status_code == 200
        assert system.add_photos(number, "navy").status_code == 201
        assert system.act(number, "submit").status_code == 200
    assert set(Instrument.objects.values_list("status", "version")) == {(SubmissionStatus.PENDING, 3)}

    decider = reviewer()
    result = services.decide_many(
        task_states=ReviewTaskState.objects.for_reviewer(decider).waiting().select_related("record_type"),
        actor=decider,
        approving=True,
    )
    assert (result.done, result.refused) == (40, [])
    everything = {one.pk for one in Instrument.objects.public()}
    assert len(everything) == 40
    found, url = set(), "/api/v1/instruments/?limit=15&q=太赫兹"
    while url:
        body = client.get(url).json()
        found |= {one["id"] for one in body["results"]}
        url = body["next"]
    assert found == everything
    assert "40" in client.get("/catalogue/instruments/?q=太赫兹").content.decode()
    assert {one["status"] for one in system.get(query="?limit=100").json()["results"]} == {"approved"}
    pictures = [one.photos.get().image_id for one in Instrument.objects.all()]
    assert len(set(pictures)) == 40
    assert set(pictures) <= set(SiteImage.objects.values_list("pk", flat=True))
