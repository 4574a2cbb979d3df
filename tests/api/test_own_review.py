"""Photos, submission, review and withdrawal through the API, and the list that tells how each record stands."""

import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from catalogue.models import (
    AttributeDefinition,
    Instrument,
)
from files.models import SiteImage
from tests.api.conftest import INSTRUMENT, System, photo
from tests.api.helpers import errors_of, trail
from tests.factories import (
    InstrumentFactory,
    ProviderFactory,
    reviewer,
)
from workflow import services
from workflow.exceptions import StaleFormError
from workflow.models import ReviewTaskState
from workflow.statuses import SubmissionStatus

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


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


def test_withdrawing_first_is_undone_where_a_photo_cannot_be_saved(system, monkeypatch):
    InstrumentFactory(provider=system.account.provider, approved=True, internal_number="YQ-1")

    def refuse(**_arguments):
        raise StaleFormError

    monkeypatch.setattr("catalogue.services.save_record", refuse)
    response = system.add_photos("YQ-1", "red", query="?withdraw=true")
    assert response.status_code == 409
    instrument = Instrument.objects.get()
    assert (instrument.status, instrument.live) == (SubmissionStatus.APPROVED, True)


def test_only_a_draft_that_was_never_submitted_is_deleted(system):
    InstrumentFactory(provider=system.account.provider, withdrawn=True, internal_number="YQ-1")
    response = system.send("DELETE", "YQ-1")
    assert response.status_code == 409
    assert "只有从未提交过的草稿可以删除" in response.json()["detail"]
    assert Instrument.objects.count() == 1


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
    with django_assert_max_num_queries(7):
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


def test_the_same_forty_arrive_through_the_api(client, settings):
    """Forty instruments, three of them faulty at first, end where those of the pages and of the import do."""
    settings.API_RATES = {
        **settings.API_RATES,
        "write": 1000,
    }  # a system in no hurry would wait as it is told
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
