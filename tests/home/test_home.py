"""The home page: what it reads live, what editors change, what it costs."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import GroupPagePermission, Page, Site

from home.blocks import GuideBlock
from home.models import HomePage
from home.selectors import catalogue_figures
from policy.models import NoticeIndexPage, NoticePage, PolicyIndexPage
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


def add_notice(title, **fields):
    return NoticeIndexPage.objects.get().add_child(instance=NoticePage(title=title, **fields))


def test_the_site_opens_with_home_notices_and_policies(client):
    site = Site.objects.get(is_default_site=True)
    home = HomePage.objects.get()
    assert site.root_page_id == home.pk
    assert [page.slug for page in home.get_children()] == ["notices", "policy"]
    assert Page.find_problems() == ([], [], [], [], [])
    assert client.get("/").status_code == 200
    assert client.get("/notices/").status_code == 200
    assert client.get("/policy/").status_code == 200
    assert not Page.objects.filter(title__startswith="Welcome").exists()


def test_home_answers_while_the_catalogue_is_empty(client):
    page = client.get("/").content.decode()
    assert "还没有通知公告。" in page
    assert "最新仪器" not in page
    assert page.count('class="card class-entry"') == 15


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

    assert (figures.instruments, figures.accepting_vouchers, figures.providers) == (2, 1, 1)
    assert (figures.testing, figures.labs, figures.capabilities) == (1, 1, 1)
    counts = {entry.code: entry.count for entry in figures.classes}
    assert (counts["010000"], counts["030000"], counts["020000"], len(counts)) == (1, 1, 0, 15)
    assert [(entry.code, entry.name, entry.count) for entry in figures.fields] == [("010000", "材料", 1)]


def test_newest_instruments_link_to_their_pages(client):
    instrument = InstrumentFactory(approved=True, name="太赫兹时域光谱仪")
    page = client.get("/").content.decode()
    assert "太赫兹时域光谱仪" in page
    assert f'href="{instrument.get_absolute_url()}"' in page
    assert 'href="/catalogue/instruments/?category=010000"' in page


def test_newest_services_of_both_kinds_link_to_their_pages(client):
    testing = TestingServiceFactory(approved=True, name="螺栓拉伸检测")
    lab = LabServiceFactory(approved=True, name="合金工艺开发", provider=testing.provider)
    LabServiceFactory(pending=True, name="还没有通过的服务", provider=testing.provider)
    page = client.get("/").content.decode()
    for service in (testing, lab):
        assert f'<a href="{service.get_absolute_url()}">{service.name}</a>' in page
    assert "<b>200</b> 元/样品" in page
    assert "价格面议" in page
    assert "还没有通过的服务" not in page
    assert 'href="/catalogue/testing/?category=010000"' in page


def test_newest_notices_stand_pinned_first_and_drafts_stay_hidden(client):
    add_notice("普通通知", issued_on="2026-05-01")
    add_notice("置顶通知", issued_on="2025-01-01", pinned=True)
    add_notice("未发布的草稿", live=False)
    page = client.get("/").content.decode()
    assert page.index("置顶通知") < page.index("普通通知")
    assert "未发布的草稿" not in page


def test_what_editors_write_is_escaped_and_shown(client):
    home = HomePage.objects.get()
    home.hero_title = "秦创原<script>alert(1)</script>"
    home.search_terms = "质谱 A&B"
    home.contact_phone = "029-88880000"
    home.save_revision().publish()
    page = client.get("/").content.decode()
    assert "秦创原&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert 'href="/catalogue/instruments/?q=A%26B"' in page
    assert "029-88880000" in page


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "//evil.example", "/\\evil.example", "data:text/html,x"]
)
def test_a_guide_button_leads_nowhere_dangerous(address):
    with pytest.raises(ValidationError):
        GuideBlock().child_blocks["link_url"].clean(address)


@pytest.mark.parametrize("address", ["/accounts/signup/", "https://kjt.example.gov.cn/x?y=1", ""])
def test_a_guide_button_leads_to_pages_of_the_site_and_the_web(address):
    assert GuideBlock().child_blocks["link_url"].clean(address) == address


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
    assert queries() == few <= 20

    client.force_login(UserFactory(consumer=True))
    assert queries() <= 20


def test_editors_open_edit_and_publish_the_site_pages(client):
    client.force_login(editor())
    home = HomePage.objects.get()
    response = client.get(f"/admin/pages/{home.pk}/edit/")
    assert response.status_code == 200
    assert "主标题" in response.content.decode()
    index = NoticeIndexPage.objects.get()
    response = client.post(
        f"/admin/pages/add/policy/noticepage/{index.pk}/",
        {
            "title": "编辑发布的通知",
            "slug": "bianji",
            "issuer": "",
            "issued_on": "2026-11-01",
            "summary": "",
            "body-count": "1",
            "attachments-count": "0",
            "body-0-deleted": "",
            "body-0-order": "0",
            "body-0-type": "heading",
            "body-0-id": "",
            "body-0-value": "一、对象",
            "search_description": "",
            "seo_title": "",
            "comments-TOTAL_FORMS": "0",
            "comments-INITIAL_FORMS": "0",
            "comments-MIN_NUM_FORMS": "0",
            "comments-MAX_NUM_FORMS": "0",
            "action-publish": "1",
        },
    )
    assert response.status_code == 302
    notice = NoticePage.objects.get(slug="bianji")
    assert notice.live
    assert notice.body[0].value == "一、对象"
    assert "<h2>一、对象</h2>" in client.get("/notices/bianji/").content.decode()


def test_reviewers_and_external_accounts_have_no_say_over_pages(client):
    home = HomePage.objects.get()
    client.force_login(UserFactory())
    assert client.get(f"/admin/pages/{home.pk}/edit/").status_code in {302, 403, 404}
    assert not GroupPagePermission.objects.exclude(group__name__in=["编辑", "责任编辑"]).exists()


def test_index_pages_exist_once():
    assert not NoticeIndexPage.can_create_at(HomePage.objects.get())
    assert not PolicyIndexPage.can_create_at(HomePage.objects.get())
