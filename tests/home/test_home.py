"""The home page: what its sections read live, what editors arrange, what it costs."""

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
from django.test.utils import CaptureQueriesContext
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.models import GroupPagePermission, Page, PageViewRestriction, Site

from home.blocks import GuideBlock, HomeBody
from home.demo.front import arrange_home
from home.models import HomePage
from home.selectors import catalogue_figures, class_choices
from policy.models import (
    InterpretationIndexPage,
    InterpretationPage,
    NoticeIndexPage,
    NoticePage,
    PolicyIndexPage,
    PolicyPage,
)
from tests.factories import (
    CapabilityFactory,
    InstrumentFactory,
    LabServiceFactory,
    ProviderFactory,
    TestingServiceFactory,
    UserFactory,
    editor,
)
from workflow import services

pytestmark = pytest.mark.django_db

STEPS = [{"title": "注册账户", "text": "选择账户类型"}]


def add_notice(title, **fields):
    return NoticeIndexPage.objects.get().add_child(instance=NoticePage(title=title, **fields))


def arrange(*blocks):
    """The home page of these blocks and no others, published."""
    home = HomePage.objects.get()
    home.body = [(kind, value) for kind, value in blocks]
    home.save_revision().publish()
    return home


def front(client):
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def main_of(page):
    return page[page.index("<main") : page.index("</main>")]


def headings(page):
    return re.findall(r"<h2[^>]*>([^<]*)</h2>", main_of(page))


# The site as it is installed


def test_the_site_opens_with_home_notices_and_policies(client):
    site = Site.objects.get(is_default_site=True)
    home = HomePage.objects.get()
    assert site.root_page_id == home.pk
    assert [page.slug for page in home.get_children()] == ["notices", "policy"]
    assert Page.find_problems() == ([], [], [], [], [])
    assert client.get("/notices/").status_code == 200
    assert client.get("/policy/").status_code == 200
    assert not Page.objects.filter(title__startswith="Welcome").exists()


def test_home_answers_while_the_catalogue_is_empty(client):
    page = front(client)
    assert headings(page) == [
        "三类服务",
        "平台数据",
        "通知公告",
        "创新券政策",
        "按分类查找仪器",
        "怎样使用平台",
    ]
    assert "还没有通知公告。" in page
    assert "还没有政策文件。" in page
    assert page.count('class="card class-entry"') == 15
    assert page.count("<h1") == 1


def test_the_installed_arrangement_is_one_that_editors_can_save():
    body = HomePage.objects.get().body
    HomeBody().clean(body)
    assert [block.block_type for block in body] == [
        "hero",
        "services",
        "figures",
        "articles",
        "classes",
        "fields",
        "instruments",
        "newest_services",
        "guides",
    ]


def test_the_demonstration_is_arranged_once_and_as_an_editor_could(client):
    user = editor()
    arrange_home(editor=user)
    home = HomePage.objects.get()
    HomeBody().clean(home.body)
    assert headings(front(client))[-3:] == ["怎样使用平台", "联系我们", "友情链接"]
    home.body = []
    home.save_revision().publish()
    arrange_home(editor=user)
    assert len(HomePage.objects.get().body) == 0


# Figures and newest


def test_figures_count_only_what_is_public():
    provider = ProviderFactory(approved=True)
    InstrumentFactory(approved=True, provider=provider)
    InstrumentFactory(approved=True, provider=provider, accepts_vouchers=False, instrument_class_id="030100")
    InstrumentFactory(pending=True, provider=provider)
    TestingServiceFactory(approved=True, provider=provider)
    TestingServiceFactory(returned=True, provider=provider)
    LabServiceFactory(approved=True, provider=provider)
    CapabilityFactory(approved=True, provider=provider)
    hidden = InstrumentFactory(approved=True)
    TestingServiceFactory(approved=True, provider=hidden.provider)
    services.withdraw(record=hidden.provider, actor=hidden.provider.account)

    figures = catalogue_figures()

    assert (figures.instruments, figures.accepting_vouchers) == (2, 1)
    assert (figures.providers, figures.cities) == (1, 1)
    assert (figures.testing, figures.labs, figures.capabilities) == (1, 1, 1)
    counts = {entry.code: entry.count for entry in figures.classes}
    assert (counts["010000"], counts["030000"], counts["020000"], len(counts)) == (1, 1, 0, 15)
    filled = [(entry.code, entry.name, entry.count) for entry in figures.fields if entry.count]
    assert filled == [("010000", "材料", 1)]


def test_cities_are_counted_once():
    for _number in range(2):
        ProviderFactory(approved=True)
    assert catalogue_figures().providers == 2
    assert catalogue_figures().cities == 1


def test_an_editor_chooses_which_figures_are_shown(client):
    InstrumentFactory(approved=True)
    arrange(("figures", {"shown": ["providers", "instruments"]}))
    page = main_of(front(client))
    assert page.count('class="card tile"') == 2
    assert re.findall(r"</svg>([^<]+)</span><span class=\"tile__value\">(\d+)<small>([^<]+)", page) == [
        ("仪器共享", "1", "台（套）"),
        ("接券机构", "1", "家"),
    ]
    assert "检测能力" not in page


def test_the_three_services_show_their_numbers_and_the_words_of_the_office(client):
    InstrumentFactory(approved=True)
    arrange(("services", {"instruments": "全省共享，一次预约"}))
    page = main_of(front(client))
    assert "全省共享，一次预约" in page
    assert "委托实验、工艺开发与合作研发，由专业实验室完成" in page
    found = re.findall(r'href="([^"]+)".*?<b>([^<]+)</b><span class="num">(\d+)', page)
    assert found == [
        ("/catalogue/instruments/", "仪器共享", "1"),
        ("/catalogue/testing/", "检测服务", "0"),
        ("/catalogue/labs/", "实验服务", "0"),
    ]


def test_entry_points_may_be_fewer_or_only_those_with_something(client):
    InstrumentFactory(approved=True)
    arrange(("classes", {"number": 4}))
    assert front(client).count('class="card class-entry"') == 4
    arrange(("classes", {"only_filled": True}))
    page = front(client)
    assert page.count('class="card class-entry"') == 1
    assert 'href="/catalogue/instruments/?category=010000"' in page


def test_newest_instruments_are_as_many_as_asked_and_the_newest_first(client):
    provider = ProviderFactory(approved=True)
    for number in range(4):
        InstrumentFactory(approved=True, provider=provider, name=f"第 {number} 台仪器")
    arrange(("instruments", {"number": 3, "title": "新入网仪器"}))
    page = front(client)
    assert headings(page) == ["新入网仪器"]
    assert re.findall(r"第 \d 台仪器", main_of(page)) == ["第 3 台仪器", "第 2 台仪器", "第 1 台仪器"]


def test_newest_instruments_of_one_class_that_take_vouchers(client):
    provider = ProviderFactory(approved=True)
    wanted = InstrumentFactory(
        approved=True, provider=provider, name="三坐标测量机", instrument_class_id="030100"
    )
    InstrumentFactory(approved=True, provider=provider, name="气相色谱仪", instrument_class_id="010500")
    InstrumentFactory(
        approved=True, provider=provider, name="测长仪", instrument_class_id="030100", accepts_vouchers=False
    )
    arrange(("instruments", {"category": "030000", "vouchers": True}))
    page = main_of(front(client))
    assert f'href="{wanted.get_absolute_url()}"' in page
    assert "气相色谱仪" not in page
    assert "测长仪" not in page
    assert 'href="/catalogue/instruments/?sort=newest&amp;category=030000&amp;vouchers=1"' in page
    assert class_choices()[0] == ("010000", "分析仪器")


def test_newest_services_of_both_kinds_link_to_their_pages(client):
    testing = TestingServiceFactory(approved=True, name="螺栓拉伸检测")
    lab = LabServiceFactory(approved=True, name="合金工艺开发", provider=testing.provider)
    LabServiceFactory(pending=True, name="还没有通过的服务", provider=testing.provider)
    page = front(client)
    for service in (testing, lab):
        assert f'<a href="{service.get_absolute_url()}">{service.name}</a>' in page
    assert "<b>200</b> 元/样品" in page
    assert "价格面议" in page
    assert "还没有通过的服务" not in page
    assert 'href="/catalogue/testing/?category=010000"' in page

    arrange(("newest_services", {"kinds": ["labs"]}))
    page = front(client)
    assert "合金工艺开发" in page
    assert "螺栓拉伸检测" not in page


def test_live_sections_without_records_are_left_out(client):
    arrange(("instruments", {}), ("newest_services", {}), ("fields", {"only_filled": True}))
    page = main_of(front(client))
    assert "<section" not in page
    assert "<h2" not in page


# Notices and policies


def test_newest_notices_stand_pinned_first_and_drafts_stay_hidden(client):
    add_notice("普通通知", issued_on="2026-05-01")
    add_notice("置顶通知", issued_on="2025-01-01", pinned=True)
    add_notice("不再置顶的通知", issued_on="2024-01-01", pinned=True, pinned_until="2024-02-01")
    add_notice("未发布的草稿", live=False)
    page = front(client)
    assert page.index("置顶通知") < page.index("普通通知") < page.index("不再置顶的通知")
    assert page.count('<span class="badge badge--info">置顶</span>') == 1
    assert "未发布的草稿" not in page


def test_columns_of_articles_stand_as_the_editor_ordered_them(client):
    policy = PolicyIndexPage.objects.get().add_child(
        instance=PolicyPage(title="创新券管理办法", issued_on="2026-03-01")
    )
    InterpretationIndexPage.objects.get().add_child(
        instance=InterpretationPage(title="一图看懂管理办法", issued_on="2026-03-05", policy=policy)
    )
    sources = ["interpretations", "policies"]
    arrange(("articles", {"columns": [{"source": source, "title": ""} for source in sources], "number": 2}))
    page = front(client)
    assert headings(page) == ["政策解读", "创新券政策"]
    assert page.index("一图看懂管理办法") < page.index("创新券管理办法")
    # what is not listed has its button
    buttons = re.findall(r'<a class="btn" href="([^"]+)">', main_of(page))
    assert buttons == ["/notices/", "/policy/guides/", "/policy/faq/", "/policy/downloads/"]


def test_restricted_pages_are_never_listed(client):
    index = NoticeIndexPage.objects.get()
    shown = add_notice("公开的通知")
    secret = add_notice("内部通知")
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    page = front(client)
    assert shown.title in page
    assert secret.title not in page

    PageViewRestriction.objects.create(page=index, restriction_type="login")
    page = front(client)
    assert shown.title not in page
    assert "通知公告" not in headings(page)
    assert "创新券政策" in headings(page)


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


# What it costs


def test_home_costs_at_most_20_queries_however_much_there_is(client):
    def queries():
        client.get("/")  # renditions are made at the first sight of a photo
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/").status_code == 200
        return len(captured)

    provider = ProviderFactory(approved=True)
    InstrumentFactory(approved=True, provider=provider)
    TestingServiceFactory(approved=True, provider=provider)
    LabServiceFactory(approved=True, provider=provider)
    add_notice("通知一")
    few = queries()
    for number in range(4):
        InstrumentFactory(approved=True, provider=provider)
        TestingServiceFactory(approved=True, provider=provider)
        LabServiceFactory(approved=True, provider=provider)
        add_notice(f"通知 {number}")
    assert queries() == few <= 15

    client.force_login(UserFactory(consumer=True))
    assert queries() <= 18


def test_a_section_that_is_not_there_asks_nothing(client):
    arrange(("hero", {}))
    client.get("/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/")
    asked = " ".join(query["sql"] for query in captured)
    for table in ("catalogue_", "institutions_", "policy_"):
        assert table not in asked


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
