"""What robots and other systems read: the sitemap, robots.txt, and the pages' own description of themselves."""

import json
import re
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from institutions.models import Provider
from policy.models import Faq, GuidePage, InterpretationPage, NoticePage, PolicyPage, Topic
from tests.conftest import signed_in
from tests.factories import (
    InstrumentFactory,
    LabServiceFactory,
    ProviderFactory,
    QualificationFactory,
    TestingServiceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

BASE = "http://127.0.0.1:8000"


def locations(response):
    tree = ElementTree.fromstring(response.content)  # noqa: S314 - what we have written ourselves
    return [one.text for one in tree.iter() if one.tag.endswith("loc")]


def notice(title="测试通知", **fields):
    index = Page.objects.get(url_path__endswith="/notices/")
    return index.add_child(instance=NoticePage(title=title, slug=fields.pop("slug", "n1"), **fields))


# --- the sitemap


def test_the_index_names_the_files_of_every_kind(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(22):
        response = client.get("/sitemap.xml")
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=3600"
    assert locations(response) == [
        f"http://testserver/sitemap-{one}.xml"
        for one in ("pages", "lists", "instruments", "testing", "labs", "providers")
    ]


def test_the_files_name_what_is_public_and_nothing_else(client):
    provider = ProviderFactory(approved=True)
    shown = [
        InstrumentFactory(approved=True, provider=provider),
        TestingServiceFactory(approved=True, provider=provider),
        LabServiceFactory(approved=True, provider=provider),
    ]
    for factory in (InstrumentFactory, TestingServiceFactory, LabServiceFactory):
        for state in ("draft", "pending", "withdrawn"):
            factory(state=state, provider=provider)
    ProviderFactory(pending=True)
    for section, record in zip(
        ("instruments", "testing", "labs", "providers"), [*shown, provider], strict=True
    ):
        response = client.get(f"/sitemap-{section}.xml")
        assert locations(response) == [f"http://testserver{record.get_absolute_url()}"], section
        assert (
            f"<lastmod>{timezone.localtime(record.last_published_at):%Y-%m-%d}" in response.content.decode()
        )


def test_the_file_of_pages_leaves_out_drafts_and_what_is_behind_a_login(client):
    notice("公开", slug="open")
    notice("草稿", slug="draft", live=False)
    hidden = notice("内部", slug="inside")
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    found = locations(client.get("/sitemap-pages.xml"))
    assert "http://testserver/notices/open/" in found
    assert not {f"http://testserver/notices/{slug}/" for slug in ("draft", "inside")} & set(found)
    assert "http://testserver/" in found
    assert "http://testserver/policy/faq/" in found


def test_a_long_file_goes_on_in_a_second_and_ends_there(client, monkeypatch):
    monkeypatch.setattr("home.machines.sitemaps.InstrumentSitemap.limit", 2)
    provider = ProviderFactory(approved=True)
    records = [InstrumentFactory(approved=True, provider=provider) for _ in range(3)]
    assert "http://testserver/sitemap-instruments.xml?p=2" in locations(client.get("/sitemap.xml"))
    assert locations(client.get("/sitemap-instruments.xml?p=2")) == [
        f"http://testserver{records[2].get_absolute_url()}"
    ]
    for page in ("3", "0", "x", "9" * 5000, "%00"):
        assert client.get(f"/sitemap-instruments.xml?p={page}").status_code == 404, page
    assert client.get("/sitemap-accounts.xml").status_code == 404


def test_a_file_costs_the_same_number_of_queries_for_any_number_of_records(client, django_assert_num_queries):
    provider = ProviderFactory(approved=True)
    for _ in range(3):
        InstrumentFactory(approved=True, provider=provider)
    with django_assert_num_queries(2):
        client.get("/sitemap-instruments.xml")


def test_robots_are_told_what_to_leave_alone_and_where_the_sitemap_is(client):
    response = client.get("/robots.txt")
    lines = response.content.decode().splitlines()
    assert response["Content-Type"].startswith("text/plain")
    assert f"Sitemap: {BASE}/sitemap.xml" in lines
    for path in ("/admin/", "/accounts/", "/centre/", "/search/", "/catalogue/*/export/", "/catalogue/*?"):
        assert f"Disallow: {path}" in lines
    assert "Allow: /catalogue/*?page=" in lines


# --- the pages' own descriptions


def head(client, address):
    return client.get(address).content.decode().partition("</head>")[0]


def graph(page):
    """The structured data of a page by type; a page has one block of it."""
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert len(blocks) == 1
    content = json.loads(blocks[0])
    assert content["@context"] == "https://schema.org"
    return {one["@type"]: one for one in content["@graph"]}


def meta(page, name):
    found = re.findall(rf'<meta (?:name|property)="{name}" content="([^"]*)">', page)
    assert len(found) <= 1, name
    return found[0] if found else None


def canonical(page):
    found = re.findall(r'<link rel="canonical" href="([^"]*)">', page)
    assert len(found) <= 1
    return found[0] if found else None


def test_an_instrument_describes_itself(client):
    instrument = InstrumentFactory(approved=True, name_en="GC-MS")
    page = head(client, f"{instrument.get_absolute_url()}?utm_source=x")
    address = f"{BASE}{instrument.get_absolute_url()}"
    assert canonical(page) == address
    assert meta(page, "og:url") == address
    assert meta(page, "og:title") == "气相色谱质谱联用仪 7890B-5977A"
    assert meta(page, "description").startswith("气相色谱质谱联用仪 7890B-5977A，")
    assert meta(page, "og:description") == meta(page, "description")
    assert meta(page, "og:image").startswith(f"{BASE}/media/images/")
    assert meta(page, "robots") is None
    data = graph(page)
    product = data["Product"]
    assert (product["name"], product["alternateName"], product["model"]) == (
        "气相色谱质谱联用仪",
        "GC-MS",
        "7890B-5977A",
    )
    assert product["image"] == meta(page, "og:image")
    assert (product["offers"]["price"], product["offers"]["priceCurrency"]) == ("300.00", "CNY")
    assert product["offers"]["priceSpecification"]["unitText"] == "样品"
    assert product["offers"]["businessFunction"].endswith("#LeaseOut")
    assert product["offers"]["offeredBy"]["name"] == str(instrument.provider)
    assert [step["name"] for step in data["BreadcrumbList"]["itemListElement"]] == [
        "首页",
        "仪器共享",
        "气相色谱质谱联用仪",
    ]


@pytest.mark.parametrize(
    ("price", "specification"),
    [
        ({"price_kind": "fixed"}, {"price": "200.00"}),
        ({"price_kind": "range", "price_max_amount": 500}, {"minPrice": "200.00", "maxPrice": "500.00"}),
    ],
)
def test_a_service_says_its_price(client, price, specification):
    service = TestingServiceFactory(approved=True, **price)
    data = graph(head(client, service.get_absolute_url()))["Service"]
    common = {"@type": "UnitPriceSpecification", "priceCurrency": "CNY", "unitText": "样品"}
    assert data["offers"]["priceSpecification"] == {**common, **specification}
    assert data["provider"]["url"] == f"{BASE}{service.provider.get_absolute_url()}"


def test_a_service_by_agreement_offers_no_price(client):
    service = LabServiceFactory(approved=True)
    data = graph(head(client, service.get_absolute_url()))["Service"]
    assert "offers" not in data
    assert data["areaServed"] == {"@type": "AdministrativeArea", "name": "陕西省"}


def test_a_provider_describes_itself_without_its_people(client):
    provider = ProviderFactory(approved=True, website="https://lab.example.com/")
    qualification = QualificationFactory(approved=True, provider=provider)
    page = head(client, provider.get_absolute_url())
    data = graph(page)["ResearchOrganization"]
    assert data["name"] == str(provider)
    assert data["sameAs"] == "https://lab.example.com/"
    assert data["address"] == {
        "@type": "PostalAddress",
        "addressCountry": "CN",
        "addressRegion": "陕西省",
        "addressLocality": "西安市雁塔区",
        "streetAddress": "科技路 1 号",
    }
    assert data["parentOrganization"]["name"] == provider.host_name
    assert [one["certificationIdentification"] for one in data["hasCertification"]] == [
        qualification.certificate_number
    ]
    for private in ("赵敏", "029", "test@example.com", provider.host_code):
        assert private not in page


def test_a_website_that_is_no_web_address_is_not_named(client):
    provider = ProviderFactory(approved=True)
    Provider.objects.filter(pk=provider.pk).update(website="javascript:alert(1)")
    assert "javascript" not in head(client, provider.get_absolute_url())


@pytest.mark.parametrize("name", ["</script><script>alert(1)</script>", "<!--<script>", "\u2028'\"&"])
def test_a_hostile_name_stays_data(client, name):
    instrument = InstrumentFactory(approved=True, name=f"仪器{name}仪")
    page = head(client, instrument.get_absolute_url())
    assert graph(page)["Product"]["name"] == instrument.name
    assert "<script>" not in page
    assert "<!--" not in page
    assert "\u2028" not in re.findall(r"ld\+json.>(.*?)</script>", page)[0]


def test_the_home_page_stands_for_the_site_and_its_search(client):
    page = head(client, "/")
    data = graph(page)
    assert canonical(page) == f"{BASE}/"
    assert data["WebSite"]["potentialAction"]["target"]["urlTemplate"] == f"{BASE}/search/?q={{q}}"
    assert data["GovernmentService"]["areaServed"]["name"] == "陕西省"


def test_a_notice_is_news(client):
    page = notice("征集通知", issuer="省科技厅", issued_on="2026-03-01", summary="征集机构。")
    page.save_revision().publish()
    found = head(client, "/notices/n1/")
    data = graph(found)["NewsArticle"]
    assert (data["headline"], data["datePublished"]) == ("征集通知", "2026-03-01")
    assert data["publisher"] == {"@type": "GovernmentOrganization", "name": "省科技厅"}
    assert (meta(found, "og:type"), meta(found, "description")) == ("article", "征集机构。")
    assert canonical(found) == f"{BASE}/notices/n1/"
    assert meta(found, "article:published_time") == "2026-03-01"


def test_a_policy_document_has_its_number_and_says_whether_it_is_in_force(client):
    index = Page.objects.get(url_path__endswith="/policy/")
    index.add_child(
        instance=PolicyPage(title="办法", slug="rules", document_number="陕科〔2026〕1号", status="repealed")
    )
    data = graph(head(client, "/policy/rules/"))["Legislation"]
    assert (data["legislationIdentifier"], data["legislationLegalForce"]) == ("陕科〔2026〕1号", "NotInForce")


def test_an_interpretation_names_its_policy_only_while_that_is_published(client):
    index = Page.objects.get(url_path__endswith="/policy/")
    policy = index.add_child(instance=PolicyPage(title="办法", slug="rules"))
    column = Page.objects.get(url_path__endswith="/policy/interpretation/")
    column.add_child(instance=InterpretationPage(title="解读", slug="said", policy=policy))
    address = "/policy/interpretation/said/"
    assert graph(head(client, address))["Article"]["about"]["url"] == f"{BASE}/policy/rules/"
    policy.unpublish()
    assert "about" not in graph(head(client, address))["Article"]


def test_a_guide_with_a_flow_is_a_way_to_do_something(client):
    column = Page.objects.get(url_path__endswith="/policy/guides/")
    step = {"actor": "provider", "title": "注册账户", "text": "选择接券机构", "duration": ""}
    column.add_child(
        instance=GuidePage(title="纳入", slug="join", flow=json.dumps([{"type": "step", "value": step}]))
    )
    data = graph(head(client, "/policy/guides/join/"))["HowTo"]
    assert data["step"] == [{"@type": "HowToStep", "position": 1, "name": "注册账户", "text": "选择接券机构"}]


def test_questions_come_with_their_answers_as_text(client):
    Faq.objects.all().delete()
    topic = Topic.objects.create(name="测试主题", slug="test-topic")
    Faq.objects.create(question="可以吗？", answer="<p>可以，见 <b>办法</b>。</p>", topic=topic)
    Faq.objects.create(question="草稿？", answer="<p>否</p>", topic=topic, live=False)
    data = graph(head(client, "/policy/faq/"))["FAQPage"]
    assert [(one["name"], one["acceptedAnswer"]["text"]) for one in data["mainEntity"]] == [
        ("可以吗？", "可以，见 办法。")
    ]


def test_a_list_keeps_its_page_and_loses_what_nobody_asked_for(client):
    provider = ProviderFactory(approved=True)
    for _ in range(21):
        InstrumentFactory(approved=True, provider=provider)
    address = "/catalogue/instruments/"
    assert canonical(head(client, f"{address}?utm_source=x&city=nowhere&q=")) == f"{BASE}{address}"
    assert canonical(head(client, f"{address}?page=2&from=wechat")) == f"{BASE}{address}?page=2"
    assert canonical(head(client, f"{address}?page=99")) == f"{BASE}{address}?page=2"
    assert canonical(head(client, f"{address}?page=abc")) == f"{BASE}{address}"


@pytest.mark.parametrize(
    "address",
    [
        "/catalogue/instruments/?q=色谱",
        "/catalogue/instruments/?city=6101",
        "/catalogue/providers/?type=institute",
        "/policy/?status=repealed",
        "/notices/?year=2026",
        "/policy/faq/?q=x",
        "/search/?q=色谱",
        "/search/",
        "/accounts/login/",
        "/nowhere/",
    ],
)
def test_searches_narrowed_lists_and_what_is_not_public_are_not_to_be_kept(client, address):
    page = head(client, address)
    assert meta(page, "robots") == "noindex"
    assert canonical(page) is None
    assert "ld+json" not in page


def test_what_belongs_to_somebody_is_not_described():
    instrument = InstrumentFactory(approved=True)
    owner = signed_in(instrument.provider.account)
    for address in ("/centre/", instrument.get_centre_url()):
        page = head(owner, address)
        assert meta(page, "robots") == "noindex"
        assert canonical(page) is None
        assert "og:" not in page
        assert "ld+json" not in page
