"""What the search finds, in which order, and that it follows every decision at once."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from catalogue.models import Instrument, SearchDoc
from catalogue.search import CatalogueSearch, FacetCount, SearchQuery, highlight
from catalogue.search.checks import compare
from tests.factories import InstrumentFactory, ProviderFactory, reviewer
from workflow import services

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


def found(text="", **filters):
    page = CatalogueSearch().search(SearchQuery(text=text, **filters))
    return [Instrument.objects.get(pk=pk).name for pk in page.object_ids]


@pytest.fixture
def province():
    provider = ProviderFactory(approved=True, name="秦岭材料测试中心")

    def make(name, **fields):
        InstrumentFactory(approved=True, provider=provider, name=name, name_en="", **fields)

    make("气相色谱质谱联用仪", model="7890B-5977A GC-MS", manufacturer="安捷伦")
    make(
        "X射线衍射仪",
        model="D8 ADVANCE",
        manufacturer="布鲁克",
        instrument_class_id="010300",
        functions="物相分析",
    )
    make(
        "离子色谱仪",
        model="ICS-600",
        manufacturer="赛默飞",
        instrument_class_id="010500",
        city="6103",
        district="金台区",
    )
    make(
        "电子万能试验机",
        model="CMT5105",
        manufacturer="美特斯",
        instrument_class_id="020100",
        functions="拉伸、压缩，与气相色谱无关",
        accepts_vouchers=False,
        price_amount=Decimal("150.00"),
    )


QUERIES = {
    "色谱质谱": ["气相色谱质谱联用仪"],
    "离子色谱": ["离子色谱仪"],
    "衍射": ["X射线衍射仪"],
    "x射线": ["X射线衍射仪"],
    "Ｘ射线": ["X射线衍射仪"],
    "gc-ms": ["气相色谱质谱联用仪"],
    "GCMS": ["气相色谱质谱联用仪"],
    "gc ms": ["气相色谱质谱联用仪"],
    "7890": ["气相色谱质谱联用仪"],
    "890B": ["气相色谱质谱联用仪"],
    "５９７７": ["气相色谱质谱联用仪"],
    "qixiangsepu": ["气相色谱质谱联用仪"],
    "qxsp": ["气相色谱质谱联用仪"],
    "qi xiang se pu": ["气相色谱质谱联用仪"],
    "lizi": ["离子色谱仪"],
    "布鲁克": ["X射线衍射仪"],
    "衍": ["X射线衍射仪"],
    "秦岭材料 衍射": ["X射线衍射仪"],
    "力学性能": ["电子万能试验机"],
    "不存在的仪器": [],
    "": ["电子万能试验机", "离子色谱仪", "X射线衍射仪", "气相色谱质谱联用仪"],
}


def test_queries_people_type(province):
    assert {text: found(text) for text in QUERIES} == QUERIES


def test_name_matches_come_before_matches_in_the_text(province):
    # the testing machine is newest, and has 气相色谱 only in its functions
    assert found("色谱") == ["离子色谱仪", "气相色谱质谱联用仪", "电子万能试验机"]


def test_pinyin_of_the_middle_and_of_second_readings(province):
    assert set(found("sepu")) == {"离子色谱仪", "气相色谱质谱联用仪"}
    InstrumentFactory(approved=True, name="平行光管")
    assert found("pingxing") == ["平行光管"]
    assert found("pxgg") == ["平行光管"]


HOSTILE = [
    '"',
    "'",
    "a\x00b",
    "NEAR(色谱 质谱)",
    "色谱 OR 1=1",
    "tokens:色谱",
    "*",
    "^",
    "-",
    "()",
    "\\",
    "色谱'; DROP TABLE catalogue_searchdoc; --",
    "<script>",
    "😀",
    "μm",
    "𠮷野",
    "。，！",
    "色" * 10_000,
    "a " * 5_000,
    "_t色谱",
    ":* & |",
]


def test_hostile_queries_are_only_words(province):
    for text in HOSTILE:
        assert isinstance(found(text), list), text[:40]
    assert SearchDoc.objects.count() == 4


def test_a_query_without_anything_searchable_finds_nothing(province):
    assert found("。，！") == []


FILTERS = [
    ({"category": "010000"}, ["离子色谱仪", "X射线衍射仪", "气相色谱质谱联用仪"]),
    ({"category": "010300"}, ["X射线衍射仪"]),
    ({"category": "019900"}, []),
    ({"city": "6103"}, ["离子色谱仪"]),
    ({"vouchers": True, "city": "6101"}, ["X射线衍射仪", "气相色谱质谱联用仪"]),
    ({"price_max": Decimal(200)}, ["电子万能试验机"]),
    ({"price_min": Decimal(200), "text": "衍射"}, ["X射线衍射仪"]),
    ({"institution": 0}, []),
    ({"sort": "price"}, ["电子万能试验机", "离子色谱仪", "X射线衍射仪", "气相色谱质谱联用仪"]),
    ({"text": "色谱", "sort": "-price"}, ["离子色谱仪", "气相色谱质谱联用仪", "电子万能试验机"]),
    ({"text": "色谱", "sort": "newest"}, ["电子万能试验机", "离子色谱仪", "气相色谱质谱联用仪"]),
]


def test_filters_and_orders(province):
    assert [(filters, found(**filters)) for filters, _names in FILTERS] == FILTERS


@pytest.mark.parametrize("text", ["", "秦岭"])
def test_facets_count_the_hits(province, text):
    page = CatalogueSearch().search(SearchQuery(text=text))
    facets = {name: {count.value: count.count for count in counts} for name, counts in page.facets.items()}
    assert facets["category"]["010000"] == 3
    assert facets["category"]["010300"] == 1
    assert facets["category"]["020000"] == 1
    assert facets["city"] == {"6101": 3, "6103": 1}
    assert page.facets["vouchers"] == [FacetCount("1", 3)]
    assert page.total == 4


def test_pages_end_kindly(province):
    page = CatalogueSearch().search(SearchQuery(), page=2, per_page=3)
    assert (len(page.object_ids), page.total, page.num_pages) == (1, 4, 2)
    for number in (0, -1, 3, 10**9):
        assert CatalogueSearch().search(SearchQuery(text="色谱"), page=number, per_page=3).total == 3


def test_withdrawing_and_approving_shows_at_once(province):
    instrument = Instrument.objects.get(name="离子色谱仪")
    assert found("离子") == ["离子色谱仪"]
    services.withdraw(record=instrument, actor=instrument.owner)
    assert found("离子") == []
    assert len(found("")) == 3
    instrument = Instrument.objects.get(pk=instrument.pk)
    instrument.name = "阴离子色谱仪"
    services.save_draft(record=instrument, actor=instrument.owner, version=instrument.version)
    services.submit(record=instrument, actor=instrument.owner)
    assert found("阴离子") == []
    services.approve(record=instrument, actor=reviewer())
    assert found("阴离子") == ["阴离子色谱仪"]


def test_a_provider_that_withdraws_takes_its_instruments_along_and_brings_them_back(province):
    provider = Instrument.objects.first().provider
    services.withdraw(record=provider, actor=provider.account)
    assert found("色谱") == []
    assert SearchDoc.objects.count() == 0
    provider = services.submit(record=provider, actor=provider.account)
    services.approve(record=provider, actor=reviewer())
    assert len(found("色谱")) == 3
    assert not compare()


def test_rebuilding_and_comparing(province):
    SearchDoc.objects.first().delete()
    with pytest.raises(CommandError, match="differ"):
        call_command("rebuild_search", check=True)
    out = StringIO()
    call_command("rebuild_search", stdout=out)
    call_command("rebuild_search", check=True, stdout=out)
    assert out.getvalue() == "4 documents indexed\nindex and records agree\n"
    assert found("离子色谱") == ["离子色谱仪"]


def test_no_tokens_stay_behind(province):
    SearchDoc.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM catalogue_searchtokens")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("气相色谱质谱联用仪", "色谱", "气相<mark>色谱</mark>质谱联用仪"),
        ("GC-MS 联用", "gc-ms", "<mark>GC-MS</mark> 联用"),
        ("GC-MS 联用", "gcms", "<mark>GC-MS</mark> 联用"),
        ("Ｘ射线", "x射线", "<mark>Ｘ射线</mark>"),
        ("<b>色谱</b>", "色谱", "&lt;b&gt;<mark>色谱</mark>&lt;/b&gt;"),
        ("色谱", "<script>", "色谱"),
        ("气相色谱仪", "qxsp", "<mark>气相色谱</mark>仪"),
        ("气相色谱仪", "sepu", "气相<mark>色谱</mark>仪"),
        ("气相色谱仪", "", "气相色谱仪"),
    ],
)
def test_highlighting(text, query, marked):
    assert highlight(text, query) == marked
