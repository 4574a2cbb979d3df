"""The home page: what editors arrange, and the fields it had before."""

import importlib
import json
import re
from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import RequestFactory
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.models import GroupPagePermission

from home.blocks import GuideBlock, HomeBody
from home.models import HomePage
from policy.models import (
    NoticeIndexPage,
    PolicyIndexPage,
)
from tests.factories import (
    UserFactory,
    editor,
)
from tests.home.front import STEPS, arrange, front, headings, main_of

pytestmark = pytest.mark.django_db


# What editors do


def test_sections_stand_in_the_order_and_with_the_words_of_the_editor(client):
    arrange(
        (
            "links",
            {"title": "兄弟单位", "links": [{"label": "科技厅", "url": "https://kjt.example.gov.cn/"}]},
        ),
        ("guides", {"guides": [{"icon": "ticket", "title": "我要用券", "steps": STEPS}]}),
        ("hero", {"title": "一张券，用遍全省仪器"}),
    )
    page = front(client)
    assert headings(page) == ["兄弟单位", "怎样使用平台"]
    page = main_of(page)
    assert page.index("兄弟单位") < page.index("我要用券") < page.index("一张券，用遍全省仪器")
    assert '<a href="https://kjt.example.gov.cn/">科技厅</a>' in page


def test_a_hidden_section_keeps_its_words_and_is_not_shown(client):
    home = arrange(("contact", {"hidden": True, "phone": "029-88880000"}), ("hero", {"hidden": True}))
    page = front(client)
    assert "029-88880000" not in page
    assert HomePage.objects.get(pk=home.pk).body[0].value["phone"] == "029-88880000"
    # a page without its first screen still has one main heading
    assert page.count("<h1") == 1
    assert '<h1 class="visually-hidden">陕西省科技创新券服务平台</h1>' in page


def test_what_editors_write_is_escaped_and_shown(client):
    arrange(
        ("hero", {"title": "秦创原<script>alert(1)</script>", "terms": "质谱 A&B"}),
        ("contact", {"phone": "029-88880000"}),
    )
    page = front(client)
    assert "秦创原&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert 'href="/search/?q=A%26B"' in page
    assert "029-88880000" in page


def test_the_search_box_of_the_first_screen_searches_everything(client):
    page = main_of(front(client))
    assert '<form class="search search--large" role="search" action="/search/">' in page
    assert 'name="q"' in page


def test_a_banner_vanishes_when_its_last_day_has_passed(client):
    arrange(("banner", {"tone": "wait", "text": "<p>平台<b>维护</b></p>", "until": date(2026, 11, 30)}))
    with time_machine.travel("2026-11-30T23:30:00+08:00", tick=False):
        page = front(client)
    assert '<div class="notice notice--wait">' in page
    assert "平台<b>维护</b>" in page
    with time_machine.travel("2026-12-01T00:10:00+08:00", tick=False):
        assert "平台" not in main_of(front(client)).replace("服务平台", "")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "//evil.example", "/\\evil.example", "data:text/html,x"]
)
def test_a_button_or_link_leads_nowhere_dangerous(address):
    links = HomeBody().child_blocks["links"].child_blocks["links"].child_block
    for block in (GuideBlock().child_blocks["link_url"], links.child_blocks["url"]):
        with pytest.raises(ValidationError):
            block.clean(address)


@pytest.mark.parametrize("address", ["/accounts/signup/", "https://kjt.example.gov.cn/x?y=1", ""])
def test_a_guide_button_leads_to_pages_of_the_site_and_the_web(address):
    assert GuideBlock().child_blocks["link_url"].clean(address) == address


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        ("contact", {}, "请至少填写电话、邮箱、地址和时间中的一项。"),
        ("instruments", {"number": 13}, "确保该值小于或等于12。"),
        ("instruments", {"category": "xx"}, "选择一个有效的选项"),
        ("links", {"links": [{"label": "坏", "url": "javascript:1"}]}, "请填写以 / 开头的站内地址"),
    ],
)
def test_what_a_section_cannot_take_is_refused_with_the_cure(kind, value, sentence):
    body = HomeBody()
    with pytest.raises(StreamBlockValidationError) as refused:
        body.clean(body.normalize([(kind, value)]))
    assert sentence in json.dumps(refused.value.as_json_data(), ensure_ascii=False)


def test_the_first_screen_stands_once():
    body = HomeBody()
    with pytest.raises(StreamBlockValidationError):
        body.clean(body.normalize([("hero", {}), ("hero", {})]))


def test_editors_preview_what_they_have_not_published(client):
    home = arrange(("hero", {"title": "今天的首页"}))
    home.body = [("hero", {"title": "明天的首页"}), ("figures", {}), ("classes", {})]
    home.save_revision()
    user = editor()
    draft = home.get_latest_revision_as_object()
    request = RequestFactory().get("/")
    request.user = user
    page = draft.make_preview_request(request, "").render().content.decode()
    assert "明天的首页" in page
    assert page.count('class="card class-entry"') == 15
    assert "今天的首页" in front(client)


def test_editors_open_the_page_with_every_section_named_in_chinese(client):
    client.force_login(editor())
    response = client.get(f"/admin/pages/{HomePage.objects.get().pk}/edit/")
    assert response.status_code == 200
    for block in HomeBody().child_blocks.values():
        assert re.search(r"[\u4e00-\u9fff]", str(block.label)), block.name
        assert re.search(r"[\u4e00-\u9fff]", str(block.meta.group)), block.name


def test_reviewers_and_external_accounts_have_no_say_over_pages(client):
    home = HomePage.objects.get()
    client.force_login(UserFactory())
    assert client.get(f"/admin/pages/{home.pk}/edit/").status_code in {302, 403, 404}
    assert not GroupPagePermission.objects.exclude(group__name__in=["编辑", "责任编辑"]).exists()


def test_index_pages_exist_once():
    assert not NoticeIndexPage.can_create_at(HomePage.objects.get())
    assert not PolicyIndexPage.can_create_at(HomePage.objects.get())


# The fields it had before


def test_former_fields_become_sections_that_can_be_saved():
    sections = importlib.import_module("home.migrations.0006_home_sections").sections
    guide = {"type": "guide", "id": "1", "value": {"icon": "ticket", "title": "我", "steps": []}}
    guide["value"]["steps"] = [{"type": "item", "id": "2", "value": {"title": "注册", "text": ""}}]
    body = HomeBody()
    value = body.to_python(
        sections(
            {
                "hero_title": "我省的券",
                "hero_lead": "找仪器",
                "search_terms": "质谱 电镜",
                "guides": json.dumps([guide] * 5),
                "contact_email": "a@example.com",
            }
        )
    )
    body.clean(value)
    kinds = [block.block_type for block in value]
    assert kinds[-3:] == ["guides", "guides", "contact"]
    assert (value[0].value["title"], value[0].value["terms"]) == ("我省的券", "质谱 电镜")
    assert [len(block.value["guides"]) for block in value if block.block_type == "guides"] == [4, 1]
    assert value[-1].value["email"] == "a@example.com"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_words_of_an_existing_site_and_of_its_drafts_are_moved():
    newest = [node for node in MigrationExecutor(connection).loader.graph.leaf_nodes() if node[0] == "home"]
    executor = MigrationExecutor(connection)
    executor.migrate([("home", "0004_policy_column")])
    try:
        apps = executor.loader.project_state([("home", "0004_policy_column")]).apps
        page = apps.get_model("home.HomePage").objects.get()
        page.hero_title, page.contact_phone = "老首页", "029-1"
        page.save()
        ContentType = apps.get_model("contenttypes.ContentType")
        revision = apps.get_model("wagtailcore.Revision").objects.create(
            content_type=ContentType.objects.get(app_label="home", model="homepage"),
            base_content_type=ContentType.objects.get(app_label="wagtailcore", model="page"),
            object_id=str(page.pk),
            content={"pk": page.pk, "hero_title": "草稿里的首页", "guides": "[]"},
            created_at="2026-11-01T00:00:00+08:00",
        )
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(newest)
    body = HomePage.objects.get().body
    assert body[0].value["title"] == "老首页"
    assert body[-1].value["phone"] == "029-1"
    apps = executor.loader.project_state(newest).apps
    content = apps.get_model("wagtailcore.Revision").objects.get(pk=revision.pk).content
    assert json.loads(content["body"])[0]["value"]["title"] == "草稿里的首页"
