"""Attributes in the search: words, filters, counts; and the index following every change of a definition."""

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from catalogue.attributes import services
from catalogue.attributes.facets import read_facets
from catalogue.models import AttributeDefinition, Instrument, SearchDoc
from catalogue.search import AttributeFilter, CatalogueSearch, Kind, SearchQuery
from catalogue.search.checks import compare
from catalogue.search.indexing import rebuild
from tests.factories import (
    AttributeFactory,
    CapabilityFactory,
    InstrumentFactory,
    ProviderFactory,
    UserFactory,
)
from workflow.services import withdraw

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


@pytest.fixture
def admin():
    return UserFactory(admin=True)


@pytest.fixture
def defined():
    return {
        "resolution": AttributeFactory(name="分辨率", is_facet=True, is_searchable=True),
        "angle": AttributeFactory(name="2θ范围", unit="°", kind="range", is_facet=True, is_searchable=True),
        "gun": AttributeFactory(
            name="电子枪",
            unit="",
            kind="choice",
            choices="热场发射\n钨灯丝",
            is_facet=True,
            is_searchable=True,
        ),
        "cold": AttributeFactory(name="低温台", unit="", kind="boolean", is_facet=True, is_searchable=True),
        "secret": AttributeFactory(
            name="内部编码", unit="", kind="text", is_public=False, is_searchable=True
        ),
    }


@pytest.fixture
def microscopes(defined):
    """Two electron microscopes with values, and one without."""
    provider = ProviderFactory(approved=True)
    values = (
        {"resolution": "0.8", "angle": ["5", "90"], "gun": "热场发射", "cold": True, "secret": "绝密七号"},
        {"resolution": "3", "angle": ["-10", "4"], "gun": "钨灯丝", "cold": False},
        {},
    )
    return [
        InstrumentFactory(
            approved=True,
            provider=provider,
            name=f"扫描电镜{n}",
            instrument_class_id="010100",
            attributes={defined[name].key: value for name, value in given.items()},
        )
        for n, given in enumerate(values, start=1)
    ]


def search(text="", **filters):
    return CatalogueSearch().search(SearchQuery(text=text, **filters))


def names(text="", **filters):
    return sorted(Instrument.objects.get(pk=pk).name for pk in search(text, **filters).object_ids)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("分辨率 0.8 nm", ["扫描电镜1"]),
        ("分辨率", ["扫描电镜1", "扫描电镜2"]),
        ("热场", ["扫描电镜1"]),
        ("5–90", ["扫描电镜1"]),
        ("2θ范围", ["扫描电镜1", "扫描电镜2"]),
        ("低温台", ["扫描电镜1"]),
        ("绝密", []),
    ],
)
def test_searchable_values_are_found(microscopes, words, found):
    assert names(words) == found


@pytest.mark.parametrize(
    ("name", "asked", "found"),
    [
        ("resolution", {"low": Decimal("0.8"), "high": Decimal("0.8")}, ["扫描电镜1"]),
        ("resolution", {"high": Decimal(1)}, ["扫描电镜1"]),
        ("resolution", {"low": Decimal(1)}, ["扫描电镜2"]),
        ("resolution", {"low": Decimal("0.9"), "high": Decimal("2.9")}, []),
        ("angle", {"low": Decimal(4), "high": Decimal(5)}, ["扫描电镜1", "扫描电镜2"]),
        ("angle", {"low": Decimal(-20), "high": Decimal(-10)}, ["扫描电镜2"]),
        ("gun", {"values": ("热场发射",)}, ["扫描电镜1"]),
        ("gun", {"values": ("热场发射", "钨灯丝")}, ["扫描电镜1", "扫描电镜2"]),
        ("cold", {"values": ("0",)}, ["扫描电镜2"]),
        ("cold", {"values": ("是'; --",)}, []),
    ],
)
@pytest.mark.parametrize(
    "more", [{}, {"category": "010000"}, {"text": "电镜"}, {"sort": "price", "text": "电镜"}]
)
def test_filters_take_what_overlaps(microscopes, defined, name, asked, found, more):
    assert names(attributes=(AttributeFilter(defined[name].pk, **asked),), **more) == found


def test_several_filters_hold_together(microscopes, defined):
    both = (
        AttributeFilter(defined["gun"].pk, values=("热场发射",)),
        AttributeFilter(defined["resolution"].pk, high=Decimal(1)),
    )
    assert names(attributes=both) == ["扫描电镜1"]
    assert names(attributes=(*both, AttributeFilter(defined["angle"].pk, high=Decimal(4)))) == []


def test_options_are_counted_and_figures_have_their_extent(microscopes, defined, django_assert_num_queries):
    counted = tuple(defined[name].pk for name in ("resolution", "angle", "gun", "cold"))
    page = search(category="010100", counted=counted)
    assert {pk: (one.total, one.options, one.low, one.high) for pk, one in page.attributes.items()} == {
        defined["resolution"].pk: (2, {}, Decimal("0.8"), Decimal(3)),
        defined["angle"].pk: (2, {}, Decimal(-10), Decimal(90)),
        defined["gun"].pk: (2, {"热场发射": 1, "钨灯丝": 1}, None, None),
        defined["cold"].pk: (2, {"1": 1, "0": 1}, None, None),
    }
    with django_assert_num_queries(1):  # the version; the rest is cached
        again = search(category="010100", counted=counted)
    assert again.attributes == page.attributes
    assert search(category="010100").attributes == {}
    assert search("没有的东西", category="010100", counted=counted).attributes == {}


def test_the_index_follows_each_change_of_a_definition(
    microscopes, defined, admin, django_capture_on_commit_callbacks
):
    def change(**fields):
        definition = AttributeDefinition.objects.get(pk=defined["resolution"].pk)
        for name, value in fields.items():
            setattr(definition, name, value)
        with django_capture_on_commit_callbacks(execute=True):
            services.save_definition(definition=definition, actor=admin)
        assert not compare()

    numbers = dict(SearchDoc.objects.values_list("object_id", "pk"))
    change(name="极限分辨率", unit="纳米")
    assert names("极限分辨率 0.8 纳米") == ["扫描电镜1"]
    change(is_searchable=False)
    assert names("极限分辨率") == []
    change(is_facet=False)
    asked = (AttributeFilter(defined["resolution"].pk, high=Decimal(1)),)
    assert names(attributes=asked) == []
    change(is_facet=True)
    assert names(attributes=asked) == ["扫描电镜1"]
    with django_capture_on_commit_callbacks(execute=True):
        services.retire_definition(definition=defined["resolution"], actor=admin)
    assert names(attributes=asked) == []
    assert not compare()
    with django_capture_on_commit_callbacks(execute=True):
        services.restore_definition(definition=defined["resolution"], actor=admin)
    assert names(attributes=asked) == ["扫描电镜1"]
    assert dict(SearchDoc.objects.values_list("object_id", "pk")) == numbers
    # what is no matter of the index starts nothing but the word that lets the pages be cached again
    with django_capture_on_commit_callbacks(execute=True) as started:
        definition = AttributeDefinition.objects.get(pk=defined["gun"].pk)
        definition.choices = "钨灯丝\n场发射"
        definition.is_required = True
        services.save_definition(definition=definition, actor=admin)
    assert [one for one in started if one.__module__ != "accounts.public_version"] == []


def test_values_leave_with_their_documents_and_return(microscopes, defined):
    def stored():
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM catalogue_searchvalue")
            return cursor.fetchone()[0]

    assert stored() == 8
    assert not compare()
    withdraw(record=microscopes[0], actor=microscopes[0].owner)
    assert stored() == 4
    rebuild()
    assert stored() == 4
    assert not compare()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalogue_searchvalue WHERE attribute_id = %s", [defined["gun"].pk])
    assert compare().problems == ["3 values of attributes instead of 4"]
    SearchDoc.objects.all().delete()
    assert stored() == 0


def test_a_changed_value_makes_a_document_stale(microscopes, defined):
    Instrument.objects.filter(pk=microscopes[1].pk).update(attributes={defined["resolution"].key: "2.5"})
    assert compare().stale == {("instrument", microscopes[1].pk)}


def test_the_list_offers_links_and_ranges_of_the_chosen_class_only(client, microscopes, defined):
    url = reverse("catalogue:instrument_list")
    assert "电子枪" not in client.get(url).text
    page = client.get(url, {"category": "010100"})
    facets = {facet["title"]: facet["options"] for facet in page.context["facets"]}
    assert [(one["label"], one["count"]) for one in facets["电子枪"]] == [("热场发射", 1), ("钨灯丝", 1)]
    assert [(one["label"], one["count"]) for one in facets["低温台"]] == [("是", 1), ("否", 1)]
    assert [(one.title, one.hints, one.count) for one in page.context["ranges"]] == [
        ("分辨率（nm）", ("0.8", "3"), 2),
        ("2θ范围（°）", ("-10", "90"), 2),
    ]
    link = facets["电子枪"][0]["url"]
    narrowed = client.get(url + link)
    assert [record.name for record in narrowed.context["records"]] == ["扫描电镜1"]
    assert "电子枪：热场发射" in [chip["label"] for chip in narrowed.context["chips"]]


def test_a_range_narrows_the_list_and_is_kept_by_every_link(client, microscopes, defined):
    url = reverse("catalogue:instrument_list")
    low, high = f"a{defined['resolution'].pk}_min", f"a{defined['resolution'].pk}_max"
    page = client.get(
        url, {"category": "010100", low: "２ nm", high: "0.5", f"a{defined['gun'].pk}": "热场发射"}
    )
    assert [record.name for record in page.context["records"]] == ["扫描电镜1"]
    assert "分辨率：0.5–2 nm" in [chip["label"] for chip in page.context["chips"]]
    kept = {low: "2", high: "0.5"}
    assert kept.items() <= dict(page.context["search_hidden"]).items()
    text = page.text
    assert f'name="{low}" inputmode="decimal" maxlength="40" placeholder="0.8" value="2"' in text
    assert f'<input type="hidden" name="a{defined["gun"].pk}" value="热场发射">' in text
    open_ended = client.get(url, {"category": "010100", low: "1"})
    assert "分辨率：不小于 1 nm" in [chip["label"] for chip in open_ended.context["chips"]]


@pytest.mark.parametrize(
    "junk",
    [
        "a{0}_min=高",
        "a{0}_min=1e999",
        "a{0}=1",
        "a{1}=MALDI",
        "a999999999999=1",
        "a{1}=%00",
        "a{1}_min=1",
        "a=1",
    ],
)
def test_junk_is_left_out(client, microscopes, defined, junk):
    query = junk.format(defined["resolution"].pk, defined["gun"].pk)
    page = client.get(f"{reverse('catalogue:instrument_list')}?category=010100&{query}")
    assert page.status_code == 200
    assert len(page.context["records"]) == 3
    assert [chip["label"] for chip in page.context["chips"]] == ["电子光学仪器"]


def test_a_bound_that_is_no_number_is_said_so(client, microscopes, defined):
    page = client.get(
        reverse("catalogue:instrument_list"), {"category": "010100", f"a{defined['resolution'].pk}_min": "高"}
    )
    assert "请填写数字，如 0.8。" in page.text
    assert 'value="高"' in page.text
    assert '<details class="disclose facets-toggle" open>' in page.text


@given(
    st.dictionaries(
        st.sampled_from(["a1", "a1_min", "a1_max", "a2_min", "a2_max", "a3", "a3_min", "b"]),
        st.one_of(st.text(max_size=50), st.decimals().map(str), st.sampled_from(["EI", "-1e-3", "１２"])),
    )
)
def test_any_parameters_are_understood_or_left_out(parameters):
    for pk, kind in ((1, "number"), (2, "range"), (3, "choice")):
        fields = {"name": kind, "kind": kind, "choices": "EI\nCI", "is_facet": True}
        AttributeDefinition.objects.get_or_create(pk=pk, instrument_class_id="010100", defaults=fields)
    query = QueryDict(mutable=True)
    query.update(parameters)
    read = read_facets(Instrument, "010100", query)
    assert set(read.params) | set(read.wrong) <= set(parameters)
    assert search(category="010100", attributes=read.filters, counted=read.counted).total == 0


def test_the_list_costs_two_queries_more_with_facets(client, microscopes, django_assert_max_num_queries):
    asked = {"category": "010100", "q": "电镜"}
    client.get(reverse("catalogue:instrument_list"), asked)  # makes the pictures
    cache.clear()
    with django_assert_max_num_queries(13 if connection.vendor == "sqlite" else 19):
        client.get(reverse("catalogue:instrument_list"), asked)


def test_capabilities_have_those_of_their_field(client):
    force = AttributeFactory(
        name="最大试验力", unit="kN", instrument_class_id=None, testing_field_id="010000", is_facet=True
    )
    capability = CapabilityFactory(approved=True, attributes={force.key: "600"})
    page = CatalogueSearch().search(
        SearchQuery(
            kind=Kind.CAPABILITY,
            category="010100",
            attributes=(AttributeFilter(force.pk, low=Decimal(500)),),
            counted=(force.pk,),
        )
    )
    assert page.object_ids == [capability.pk]
    assert page.attributes[force.pk].high == Decimal(600)
    response = client.get(
        reverse("catalogue:capability_list"), {"category": "010100", f"a{force.pk}_min": "601"}
    )
    assert response.context["found"].total == 0
