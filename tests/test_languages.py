"""The public pages in English; everything else in Chinese."""

import json
import re
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.db import connection, models
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches, get_resolver
from django.utils.translation import get_language
from wagtail.fields import StreamField
from wagtail.models import Locale

from catalogue.models import (
    AttributeDefinition,
    Capability,
    Instrument,
    LabService,
    Qualification,
    TestingService,
)
from files.models import SiteImage
from home.models import HomePage
from institutions.models import Provider
from policy.models import (
    DownloadsPage,
    FaqIndexPage,
    GuideIndexPage,
    InterpretationIndexPage,
    NoticeIndexPage,
    PolicyIndexPage,
)
from tests.factories import (
    InstrumentFactory,
    TestingServiceFactory,
    editor,
)
from tests.policy.articles import add_notice, add_policy, text, topic
from tests.site_content import add_articles, add_records
from voucher_site.language import LanguageMiddleware, has_languages

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

# Characters, and the wide punctuation between them.
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
# Robots keep no cookie: what only they read is not shown to anybody in English.
FOR_MACHINES = re.compile(r'<meta [^>]*>|<script type="application/ld\+json">.*?</script>', re.DOTALL)
SWITCH = '<button type="submit" formaction="/preferences/language/"'
LISTS = ("instruments", "testing", "labs", "capabilities", "providers")


@pytest.fixture
def english() -> Client:
    """The browser of somebody who has chosen English."""
    client = Client()
    client.cookies["site_language"] = "en"
    return client


def page_of(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


@pytest.mark.parametrize(
    ("path", "two"),
    [
        ("/", True),
        ("/notices/", True),
        ("/policy/guides/apply/", True),
        ("/catalogue/instruments/", True),
        ("/search/", True),
        ("/publicity/", True),
        ("/search/suggest/", True),
        ("/noticesandmore/", False),
        ("/notices/feed/", False),
        ("/policy/feed/atom/", False),
        ("/catalogue/instruments/export/", False),
        ("/accounts/login/", False),
        ("/centre/", False),
        ("/admin/", False),
        ("/api/v1/instruments/", False),
        ("/preferences/language/", False),
        ("/sitemap.xml", False),
        ("/healthz", False),
    ],
)
def test_which_pages_have_two_languages(path, two):
    assert has_languages(path) is two


def test_a_visitor_reads_chinese_whatever_the_browser_prefers(client):
    response = client.get("/catalogue/instruments/", headers={"accept-language": "en-GB,en;q=0.9"})
    assert '<html lang="zh-Hans">' in response.content.decode()
    assert "仪器共享" in response.content.decode()
    assert response.headers["Content-Language"] == "zh-Hans"


def test_who_chooses_english_reads_english_until_choosing_chinese_again():
    visitor = Client(enforce_csrf_checks=True)
    assert SWITCH in page_of(visitor, "/catalogue/instruments/")
    response = visitor.post(
        "/preferences/language/", {"site_language": "en", "next": "/catalogue/instruments/?q=GC"}
    )
    assert (response.status_code, response["Location"]) == (302, "/catalogue/instruments/?q=GC")
    cookie = visitor.cookies["site_language"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 365 * 24 * 3600)

    response = visitor.get("/catalogue/instruments/")
    assert '<html lang="en">' in response.content.decode()
    assert "<h1>Instruments</h1>" in response.content.decode()
    assert response.headers["Content-Language"] == "en"
    assert "Cookie" in response.headers["Vary"]
    assert get_language() == "zh-hans"

    visitor.post("/preferences/language/", {"site_language": "zh-hans"})
    assert "<h1>仪器共享</h1>" in page_of(visitor, "/catalogue/instruments/")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_choosing_a_language_leads_to_no_other_site(client, target):
    response = client.post("/preferences/language/", {"site_language": "en", "next": target})
    assert response["Location"] == "/"


@pytest.mark.parametrize("language", ["", "fr", "en-gb", '"><script>', "x" * 10_000])
def test_an_unknown_language_is_neither_remembered_nor_spoken(client, language):
    client.post("/preferences/language/", {"site_language": language})
    assert "site_language" not in client.cookies
    client.cookies["site_language"] = language[:100] or "x"
    assert '<html lang="zh-Hans">' in page_of(client, "/catalogue/instruments/")


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"])
def test_forms_and_the_admin_stay_chinese(english, path):
    response = english.get(path)
    page = response.content.decode()
    assert "登录" in page
    assert SWITCH not in page
    assert "Content-Language" not in response.headers


def test_exports_and_the_api_stay_chinese(english):
    InstrumentFactory(approved=True)
    export = english.get("/catalogue/instruments/export/")
    assert quote("共享仪器") in export.headers["Content-Disposition"]
    (instrument,) = english.get("/api/v1/instruments/").json()["results"]
    assert instrument["city"]["name"] == "西安市"
    assert instrument["category"]["name"] == "质谱仪器"


def test_the_admin_offers_no_other_language(english):
    english.force_login(editor())
    page = page_of(english, "/admin/account/")
    assert '<html lang="zh-hans"' in page
    assert "preferred_language" not in page
    assert [locale.language_code for locale in Locale.objects.all()] == ["zh-hans"]


def test_what_loads_once_is_loaded_in_chinese():
    """The headings of exports are made while the addresses load: not while somebody's page is English."""
    loaded = {}

    def answer(request):
        loaded.update(language=get_language(), addresses="url_patterns" in vars(get_resolver()))
        raise LookupError

    request = RequestFactory().get("/")
    request.COOKIES["site_language"] = "en"
    clear_url_caches()
    with pytest.raises(LookupError):
        LanguageMiddleware(answer)(request)
    assert loaded == {"language": "en", "addresses": True}
    assert get_language() == "zh-hans"


def test_an_instrument_is_called_by_its_english_name_with_the_chinese_below(english, client):
    instrument = InstrumentFactory(
        approved=True, name="扫描电子显微镜", name_en="Scanning Electron Microscope"
    )
    path = instrument.get_absolute_url()
    page = page_of(english, path)
    assert "<title>Scanning Electron Microscope 7890B-5977A - " in page
    assert "<h1>Scanning Electron Microscope</h1>\n" in page
    assert '<p class="muted" lang="zh-Hans">扫描电子显微镜</p>' in page
    card = page_of(english, "/catalogue/instruments/?q=扫描电子")
    assert f'<a class="card__link" href="{path}">Scanning Electron Microscope</a>' in card
    assert '<p class="instrument__meta" lang="zh-Hans"><mark>扫描电子</mark>显微镜</p>' in card
    assert "<h1>扫描电子显微镜</h1>" in page_of(client, path)
    assert "lang=" not in page_of(client, "/catalogue/instruments/").split("<main")[1]


def test_an_instrument_without_an_english_name_keeps_its_own(english):
    instrument = InstrumentFactory(approved=True, name="扫描电子显微镜")
    Instrument.objects.filter(pk=instrument.pk).update(name_en="")
    assert '<h1 lang="zh-Hans">扫描电子显微镜</h1>' in page_of(english, instrument.get_absolute_url())
    card = page_of(english, "/catalogue/instruments/")
    assert f'href="{instrument.get_absolute_url()}" lang="zh-Hans">扫描电子显微镜</a>' in card


def test_cities_and_classes_are_called_by_their_english_names(english):
    InstrumentFactory(approved=True)
    page = page_of(english, "/catalogue/instruments/?city=6101&category=010200")
    for name in ("Xi&#x27;an", "Analytical instruments", "Mass spectrometers"):
        assert f'<span class="facet__label">{name}</span>' in page or f"</svg>{name}</span>" in page


@pytest.mark.parametrize(("days", "words"), [(1, "1 working day\n"), (5, "5 working days\n")])
def test_numbers_agree_with_their_nouns(english, days, words):
    service = TestingServiceFactory(approved=True, turnaround_days=days)
    assert words in page_of(english, service.get_absolute_url())


def test_names_cost_no_queries_of_their_own(english, django_assert_num_queries):
    instrument = InstrumentFactory(approved=True)
    service = TestingServiceFactory(approved=True, provider=instrument.provider, instruments=[instrument])
    for path in ("/catalogue/instruments/", instrument.get_absolute_url(), service.get_absolute_url()):
        client = Client()
        client.get(path)
        with CaptureQueriesContext(connection) as chinese:
            client.get(path)
        with django_assert_num_queries(len(chinese)):
            english.get(path)


def without_chinese(model):
    """What people wrote, in letters: the Chinese that is left on a page is then the site's own."""
    texts = [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and not field.primary_key
    ]
    streams = [field for field in model._meta.concrete_fields if isinstance(field, StreamField)]
    for row in model._base_manager.values("pk", *texts):
        latin = {name: CHINESE.sub("x", row[name]) for name in texts if CHINESE.search(row[name] or "")}
        model._base_manager.filter(pk=row["pk"]).update(**latin)
    for record in model._base_manager.all() if streams else []:
        for field in streams:
            raw = json.dumps(list(getattr(record, field.name).raw_data), ensure_ascii=False)
            model._base_manager.filter(pk=record.pk).update(
                **{field.name: field.to_python(CHINESE.sub("x", raw))}
            )


@pytest.fixture
def latin_site():
    """Something of every kind, in letters. Returns the pages to look at."""
    add_records()
    articles = add_articles()
    for model in (
        AttributeDefinition,
        Capability,
        HomePage,
        Instrument,
        LabService,
        Provider,
        Qualification,
        SiteImage,
        TestingService,
    ):
        without_chinese(model)
    for model in (
        NoticeIndexPage,
        PolicyIndexPage,
        InterpretationIndexPage,
        GuideIndexPage,
        FaqIndexPage,
        DownloadsPage,
    ):
        model.objects.update(introduction="Text")
    lists = [f"/catalogue/{name}/" for name in LISTS]
    return [
        "/",
        *lists,
        *(f"{path}?q=nothing-such" for path in lists),
        *(f"{path}?q=x&city=6101" for path in lists),
        "/catalogue/instruments/?q=x&category=010200&vouchers=1",
        "/catalogue/instruments/?price_min=a",
        "/catalogue/instruments/?price_min=1&price_max=900",
        "/catalogue/instruments/?price_min=1",
        "/catalogue/instruments/?price_max=900",
        "/catalogue/instruments/?q=nothing-such&city=6101",
        "/catalogue/testing/?category=010100",
        "/catalogue/providers/?type=institute",
        *(
            record.get_absolute_url()
            for model in (Instrument, Provider, TestingService, LabService)
            for record in model.objects.all()
        ),
        "/catalogue/nothing/",
        "/notices/?q=nothing-such",
        "/policy/?q=nothing-such",
        "/policy/faq/?q=nothing-such",
        *articles,
        "/search/",
        "/search/?q=x",
        "/search/?q=GC",
        "/search/?q=nothing-such",
        "/search/suggest/?q=GC",
    ]


def test_what_is_chinese_on_an_english_page_says_so(english):
    """Names, texts and headings that people wrote are read aloud in their own language. A title in the head is not read so."""
    instrument = add_records()
    Instrument.objects.update(name_en="", manufacturer="理学", contact_name="吴国庆", location="3 号楼")
    notice = add_notice("申领通知", issuer="省科技厅", summary="常年受理", body=text("见附件"))
    add_policy("办法", document_number="陕科〔2026〕1 号", topics=[topic("redeem")])
    paths = [
        instrument.get_absolute_url(),
        instrument.provider.get_absolute_url(),
        TestingService.objects.get().get_absolute_url(),
        LabService.objects.get().get_absolute_url(),
        notice.url,
        "/notices/",
        "/policy/",
        "/search/?q=GB",
        "/search/suggest/?q=GB",
        *(f"/catalogue/{name}/" for name in LISTS),
    ]
    left = {}
    for path in paths:
        soup = BeautifulSoup(page_of(english, path), "html.parser")
        soup.title and soup.title.decompose()
        for found in soup.find_all(string=re.compile(r"[\u3400-\u9fff]")):
            tongue = found.find_parent(attrs={"lang": True})
            if found.parent.name != "script" and (tongue is None or tongue["lang"] != "zh-Hans"):
                left.setdefault(path, set()).add(str(found))
    assert left == {}


def test_an_english_page_says_nothing_in_chinese(latin_site, english):
    """A failure names the page and the words: give them an English entry in locale/en, or see why they have none."""
    chinese = {}
    for path in latin_site:
        page = page_of(english, path, 404 if path == "/catalogue/nothing/" else 200)
        page = FOR_MACHINES.sub("", page.replace(">简体中文</button>", "", 1))
        left = {page[max(found.start() - 30, 0) : found.end() + 30] for found in CHINESE.finditer(page)}
        if left:
            chinese[path] = left
    assert chinese == {}
