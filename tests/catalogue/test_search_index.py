"""The index follows its records: in their transaction, in the order of publication, never stale."""

import sqlite3
from array import array
from datetime import timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from catalogue.models import Instrument, SearchDoc
from catalogue.search import CatalogueSearch, Kind, SearchQuery, Sort
from catalogue.search.checks import compare
from catalogue.search.engines import Scope, sqlite
from catalogue.search.engines.base import COLUMNS
from catalogue.search.engines.postgresql import PART_SIZES, part_bounds
from catalogue.search.engines.sqlite import SqliteEngine
from catalogue.search.indexing import rebuild, sync_record
from catalogue.search.tokens import Match, Term
from tests.factories import InstrumentFactory, ProviderFactory, reviewer
from workflow import services

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


def ids(text="", **filters):
    return CatalogueSearch().search(SearchQuery(text=text, **filters)).object_ids


def approve_again(record):
    """Withdraw and approve, through the services."""
    record = services.withdraw(record=record, actor=record.owner)
    record = services.submit(record=record, actor=record.owner)
    return services.approve(record=record, actor=reviewer())


def published(instrument, **ago):
    """Set back the first publication, as if the record had been here for long."""
    when = instrument.first_published_at - timedelta(**ago)
    Instrument.objects.filter(pk=instrument.pk).update(first_published_at=when)
    sync_record(instrument)


@pytest.fixture
def three():
    provider = ProviderFactory(approved=True)
    made = [InstrumentFactory(approved=True, provider=provider) for _ in range(3)]
    for days, instrument in zip((1, 3, 2), made, strict=True):
        published(instrument, days=days)
    return made


def test_newest_is_what_was_first_published_last(three):
    one, three_, two = (instrument.pk for instrument in three)
    for filters in ({}, {"text": "色谱"}, {"text": "色谱", "sort": Sort.NEWEST}, {"city": "6101"}):
        assert ids(**filters) == [one, two, three_]


def test_publishing_again_does_not_make_newer(three):
    before = ids()
    approve_again(Instrument.objects.get(pk=three[1].pk))
    assert ids() == before
    approve_again(three[0].provider)
    assert ids() == before
    rebuild()
    assert ids() == before


def test_records_of_the_same_second_stand_side_by_side(three):
    moment = three[0].first_published_at
    Instrument.objects.update(first_published_at=moment)
    rebuild()
    second = int(moment.timestamp())
    assert sorted(SearchDoc.objects.values_list("pk", flat=True)) == [second, second + 1, second + 2]
    # the one in the middle keeps its place, a fourth gets the next one
    sync_record(three[1])
    fourth = InstrumentFactory(approved=True, provider=three[0].provider)
    Instrument.objects.filter(pk=fourth.pk).update(first_published_at=moment)
    sync_record(fourth)
    assert SearchDoc.objects.get(object_id=fourth.pk).pk == second + 3
    assert not compare()


def test_a_decision_that_is_rolled_back_leaves_neither_document_nor_cache(three):
    assert len(ids("色谱")) == 3

    with transaction.atomic():
        services.withdraw(record=three[0], actor=three[0].owner)
        assert len(ids("色谱")) == 2
        assert len(ids()) == 2
        transaction.set_rollback(True)
    assert len(ids("色谱")) == 3
    assert len(ids()) == 3
    services.withdraw(record=Instrument.objects.get(pk=three[1].pk), actor=three[1].owner)
    assert ids("色谱") == ids() == [three[0].pk, three[2].pk]


def test_other_moves_leave_the_index_alone(three):
    docs = list(SearchDoc.objects.values())
    draft = InstrumentFactory()
    services.submit(record=draft, actor=draft.owner)
    services.return_for_changes(record=draft, actor=reviewer(), reason="照片不清晰")
    assert list(SearchDoc.objects.values()) == docs


def test_sqlite_finds_a_document_in_one_look_and_reads_prices_from_their_index_alone():
    """On a database of its own: whatever the others are tested on, this is what SQLite does."""
    engine = SqliteEngine()
    database = sqlite3.connect(":memory:")
    columns = ", ".join(COLUMNS)
    for statement in (f"CREATE TABLE catalogue_searchdoc ({columns})", *sqlite.CREATE, *sqlite.CREATE_HITS):
        database.execute(statement)

    def plan(found, params):
        rows = database.execute(f"EXPLAIN QUERY PLAN {found.replace('%s', '?')}", params)
        return [row[3] for row in rows]

    in_words = plan(*engine.matching(Match(((Term("色谱"),),)), Scope(Kind.INSTRUMENT)))
    assert in_words[1:] == ["SEARCH d USING INTEGER PRIMARY KEY (rowid=?)"]
    newest = Scope(Kind.INSTRUMENT, vouchers=True)
    source = f"{engine.source} d {engine.in_order}"
    assert plan(*engine.select(newest, source, "TRUE", [], "d.id DESC")) == ["SCAN d"]
    by_price = Scope(Kind.INSTRUMENT, vouchers=True, sort=Sort.PRICE)
    in_prices = plan(*engine.select(by_price, f"{engine.source} d", "TRUE", [], by_price.order))
    assert in_prices == ["SEARCH d USING COVERING INDEX catalogue_searchhit_price (kind=?)"]
    database.close()


def test_a_deleted_instrument_is_gone(three):
    gone = three[0].pk
    Instrument.objects.get(pk=gone).delete()
    assert gone not in ids("色谱")
    assert not compare()


def test_the_comparison_tells_what_is_missing_surplus_and_stale(three):
    missing, surplus, stale = (instrument.pk for instrument in three)
    SearchDoc.objects.filter(object_id=missing).delete()
    Instrument.objects.filter(pk=surplus).update(live=False)
    Instrument.objects.filter(pk=stale).update(model="改过的型号")
    differences = compare()
    assert differences.missing == {("instrument", missing)}
    assert differences.surplus == {("instrument", surplus)}
    assert differences.stale == {("instrument", stale)}
    errors = StringIO()
    with pytest.raises(CommandError, match="differ; run rebuild_search"):
        call_command("rebuild_search", check=True, stderr=errors)
    assert errors.getvalue().splitlines() == [
        f"1 missing: instrument {missing}",
        f"1 surplus: instrument {surplus}",
        f"1 stale: instrument {stale}",
    ]
    call_command("rebuild_search", stdout=StringIO())
    assert not compare()


def test_the_comparison_notices_documents_without_tokens(three):
    with connection.cursor() as cursor:
        column = "rowid" if connection.vendor == "sqlite" else "id"
        number = SearchDoc.objects.get(object_id=three[0].pk).pk
        cursor.execute(f"DELETE FROM catalogue_searchtokens WHERE {column} = %s", [number])  # noqa: S608 - names of our own
    assert compare().problems == ["1 documents without tokens, or tokens without document"]
    rebuild()
    assert not compare()


def test_the_comparison_notices_what_searches_would_read_wrongly(three):
    wrong = {
        "sqlite": "UPDATE catalogue_searchhit SET facets = '1,010100,6101,1,1' WHERE id = %s",
        "postgresql": "UPDATE catalogue_searchtokens SET city = '6110' WHERE id = %s",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(wrong, [SearchDoc.objects.get(object_id=three[0].pk).pk])
    assert compare().problems == ["1 documents that searches read wrongly"]
    rebuild()
    assert not compare()


def test_a_provider_that_is_renamed_is_found_by_its_new_name(three):
    provider = services.withdraw(record=three[0].provider, actor=three[0].owner)
    provider.name = "终南山检测中心"
    services.save_draft(record=provider, actor=provider.owner, version=provider.version)
    provider = services.submit(record=provider, actor=provider.owner)
    assert ids("终南山") == []
    services.approve(record=provider, actor=reviewer())
    assert len(ids("终南山")) == 3


def test_a_few_letters_are_pinyin_only_where_nothing_has_them_literally(three):
    InstrumentFactory(approved=True, name="质谱仪", model="QX-1", provider=three[0].provider)
    assert len(ids("qxs")) == 3
    assert len(ids("qx")) == 1
    assert len(ids("qx", sort=Sort.NEWEST)) == 1
    assert len(ids("qxs", sort=Sort.NEWEST)) == 3


def test_more_hits_than_can_be_paged_are_counted_as_such(three, monkeypatch):
    monkeypatch.setattr("catalogue.search.service.CAP", 2)
    page = CatalogueSearch().search(SearchQuery(text="色谱"), page=9, per_page=1)
    assert (page.total, page.capped, page.num_pages, page.number) == (2, True, 2, 2)
    assert [count.count for count in page.facets["city"]] == [2]
    everything = CatalogueSearch().search(SearchQuery(), page=9, per_page=1)
    # without words the count stays exact, only the pages end
    assert (everything.total, everything.capped, everything.num_pages) == (3, False, 2)
    assert [count.count for count in everything.facets["city"]] == [3]


def test_a_search_costs_two_queries_and_none_when_repeated(three, django_assert_max_num_queries):
    words = 2 if connection.vendor == "sqlite" else 8
    with django_assert_max_num_queries(1 + words):
        ids("色谱")
    with django_assert_max_num_queries(1):
        ids("色谱")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_emptying_the_database_empties_the_tokens():
    InstrumentFactory(approved=True)
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM catalogue_searchtokens")
        assert cursor.fetchone() == (0,)
    assert ids("色谱") == []


def test_parts_double_in_size_and_never_meet():
    bounds = part_bounds(array("Q", range(1_000_000, 2_000_000)))
    assert bounds == [1_975_000, 1_925_000, 1_825_000, 1_625_000]


@pytest.mark.parametrize("seconds", [[], [7], [7] * 500_000, [7] * 30_000 + [9] * 26_000])
def test_parts_have_bounds_whatever_there_is(seconds):
    bounds = part_bounds(array("Q", seconds))
    assert len(bounds) == len(PART_SIZES)
    assert all(lower < upper for upper, lower in pairwise(bounds))
    # what is published from now on lies in the first part
    assert bounds[0] <= max(seconds, default=0)


def test_hits_come_in_one_order_from_all_parts(monkeypatch):
    monkeypatch.setattr("catalogue.search.engines.postgresql.PART_SIZES", (2, 2, 2, 2))
    provider = ProviderFactory(approved=True)
    start = timezone.now() - timedelta(days=30)
    made = [
        InstrumentFactory(approved=True, provider=provider, name="气相色谱仪", price_amount=100 + number % 4)
        for number in range(12)
    ]
    for number, instrument in enumerate(made):
        Instrument.objects.filter(pk=instrument.pk).update(first_published_at=start + timedelta(days=number))
    rebuild()
    newest_first = [instrument.pk for instrument in reversed(made)]
    assert ids("色谱") == newest_first
    prices = {instrument.pk: number % 4 for number, instrument in enumerate(made)}
    assert ids("色谱", sort=Sort.PRICE) == sorted(newest_first, key=prices.__getitem__)
    monkeypatch.setattr("catalogue.search.service.CAP", 5)
    page = CatalogueSearch().search(SearchQuery(text="气相"), per_page=100)
    assert (page.object_ids, page.capped) == (newest_first[:5], True)
