"""The home page: what its sections read live, and what it costs."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction, Site

from home.blocks import HomeBody
from home.demo.front import arrange_home
from home.models import HomePage
from home.selectors import catalogue_figures, class_choices
from policy.models import (
    InterpretationIndexPage,
    InterpretationPage,
    NoticeIndexPage,
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
from tests.home.front import add_notice, arrange, front, headings, main_of
from workflow import services

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


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
        "booked",
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
    assert queries() == few <= 16

    client.force_login(UserFactory(consumer=True))
    assert queries() <= 19


def test_a_section_that_is_not_there_asks_nothing(client):
    arrange(("hero", {}))
    client.get("/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/")
    asked = " ".join(query["sql"] for query in captured)
    for table in ("catalogue_", "institutions_", "policy_"):
        assert table not in asked
