"""Guides: the list by audience, and the flow as it is drawn."""

import datetime
import re

import pytest
from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.models import PageViewRestriction

from policy.models import GuideIndexPage, GuidePage

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


def add_guide(title, *steps, **fields):
    flow = [("step", dict(zip(("actor", "title", "text", "duration"), step, strict=True))) for step in steps]
    return GuideIndexPage.objects.get().add_child(instance=GuidePage(title=title, flow=flow, **fields))


STEPS = (
    ("consumer", "预约", "写清样品", ""),
    ("provider", "接受预约", "", "1 个工作日"),
    ("provider", "提供服务", "", ""),
    ("office", "核对", "", ""),
    ("consumer", "评价", "", ""),
)


def test_guides_are_listed_by_audience_in_the_order_of_the_tree(client):
    add_guide("六项准备", audience="everyone")
    add_guide("用券机构入库", *STEPS, audience="consumer", summary="三步填写")
    add_guide("申领", audience="consumer")
    add_guide("接券机构入库", audience="provider")
    response = client.get("/policy/guides/")
    assert [
        (str(group["audience"].label), [guide.title for guide in group["guides"]])
        for group in response.context["groups"]
    ] == [("接券机构", ["接券机构入库"]), ("用券机构", ["用券机构入库", "申领"]), ("所有用户", ["六项准备"])]
    page = response.content.decode()
    assert page.count("共 5 步") == 1
    assert "三步填写" in page
    assert 'id="consumer"' in page


def test_drafts_and_private_guides_are_not_listed(client):
    add_guide("草稿", live=False)
    private = add_guide("内部")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    response = client.get("/policy/guides/")
    assert response.context["groups"] == []
    assert "还没有办事指南" in response.content.decode()


def test_a_flow_has_a_lane_for_each_actor_and_a_turn_after_each_step():
    guide = GuidePage(title="预约", flow=[])
    guide.flow = [
        ("step", {"actor": actor, "title": title, "text": text, "duration": duration})
        for actor, title, text, duration in STEPS
    ]
    drawn = guide.drawn_flow
    assert drawn.lanes == [("provider", "接券机构"), ("consumer", "用券机构"), ("office", "管理部门")]
    assert [(step.lane, step.turn) for step in drawn.steps] == [
        (2, "left1"),
        (1, "down"),
        (1, "right2"),
        (3, "left1"),
        (2, "end"),
    ]


def test_actors_without_a_step_get_no_lane():
    guide = GuidePage(title="入库")
    guide.flow = [
        ("step", {"actor": actor, "title": actor, "text": "", "duration": ""})
        for actor in ("consumer", "office")
    ]
    assert guide.drawn_flow.lanes == [("consumer", "用券机构"), ("office", "管理部门")]
    assert [(step.lane, step.turn) for step in guide.drawn_flow.steps] == [(1, "right1"), (2, "end")]


def test_a_step_of_an_actor_unknown_today_is_still_drawn():
    guide = GuidePage(title="入库")
    guide.flow = [("step", {"actor": "bank", "title": "付款", "text": "", "duration": ""})]
    assert [(step.lane, step.label, step.turn) for step in guide.drawn_flow.steps] == [(1, "", "end")]


def test_a_guide_is_an_ordered_list_of_who_does_what_and_how_long_it_takes(client):
    guide = add_guide(
        "预约与下单",
        *STEPS,
        audience="consumer",
        reviewed_on=datetime.date(2026, 3, 2),
        summary="先预约，再下单",
    )
    page = client.get(guide.url).content.decode()
    steps = re.search(r'<ol class="flow__steps">(.*?)</ol>', page, re.DOTALL).group(1)
    assert re.findall(r'flow__number">(\d)<', steps) == ["1", "2", "3", "4", "5"]
    assert re.findall(r'flow__actor">(.*?)<', steps) == [
        "用券机构",
        "接券机构",
        "接券机构",
        "管理部门",
        "用券机构",
    ]
    assert re.findall(r'flow__title">(.*?)<', steps) == ["预约", "接受预约", "提供服务", "核对", "评价"]
    assert "时限" in steps
    assert "1 个工作日" in steps
    assert 'class="flow flow--3"' in page
    assert "适用对象：用券机构" in page
    assert "2026-03-02" in page
    assert "先预约，再下单" in page
    assert "style=" not in page


def test_words_of_a_flow_are_escaped(client):
    guide = add_guide("入库", ("provider", "<script>x", "<b>y", "<i>z"))
    page = client.get(guide.url).content.decode()
    assert "&lt;script&gt;x" in page
    assert "<script>x" not in page
    assert "<b>y" not in page


def test_a_guide_without_a_flow_has_no_drawing(client):
    assert "办理流程" not in client.get(add_guide("六项准备").url).content.decode()


def test_a_guide_offers_its_files_and_the_other_guides_of_its_audience(client):
    document = get_document_model().objects.create(
        title="说明表", file=ContentFile(b"PK", name="form.xlsx"), file_size=2048
    )
    guide = add_guide("申领", audience="consumer", attachments=[("document", document)])
    add_guide("兑付", audience="consumer")
    add_guide("入库", audience="provider")
    add_guide("草稿", audience="consumer", live=False)
    response = client.get(guide.url)
    assert [other.title for other in response.context["others"]] == ["兑付"]
    page = response.content.decode()
    assert document.url in page
    assert "Excel 表格，2.0" in page
    assert [item["label"] for item in response.context["breadcrumbs"]] == ["创新券政策", "办事指南", "申领"]


def test_list_and_guide_stay_cheap_with_twenty(client, django_assert_max_num_queries):
    guide = add_guide("零", *STEPS)
    for number in range(19):
        add_guide(f"指南 {number}", *STEPS)
    client.get("/policy/guides/")
    with django_assert_max_num_queries(10):
        assert client.get("/policy/guides/").status_code == 200
    with django_assert_max_num_queries(12):
        assert client.get(guide.url).status_code == 200
