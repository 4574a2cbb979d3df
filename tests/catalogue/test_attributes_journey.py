"""From the moment staff define an attribute it is everywhere; once it is retired, nothing that is stored is lost."""

import pytest
from django.urls import reverse

from catalogue.models import AttributeDefinition, Instrument
from catalogue.search import CatalogueSearch, SearchQuery
from tests.conftest import signed_in
from tests.factories import InstrumentFactory, UserFactory, reviewer, seen
from workflow import services
from workflow.setup import DATA_MANAGERS
from workflow.statuses import SubmissionStatus

pytestmark = pytest.mark.reviewed

NAMES = "wagtailsnippets_catalogue_attributedefinition"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_attribute_from_its_definition_to_its_retirement(client):
    staff = signed_in(UserFactory(staff=True, groups=[DATA_MANAGERS]))
    judge = signed_in(reviewer())
    older = InstrumentFactory(approved=True, instrument_class_id="010100", name="透射电镜")
    instrument = InstrumentFactory(provider=older.provider, instrument_class_id="010100", name="扫描电镜")
    owner = signed_in(instrument.owner)
    step = reverse("instruments:step", args=[instrument.pk, "attributes"])
    public_list = reverse("catalogue:instrument_list")
    assert owner.get(step).status_code == 404

    # staff define it
    definition = {
        "node": "instrument_class:010100",
        "name": "放大倍率",
        "unit": "万倍",
        "kind": "range",
        "choices": "",
        "help_text": "",
        "is_required": "on",
        "is_public": "on",
        "is_searchable": "on",
        "is_facet": "on",
        "sort_order": "0",
    }
    staff.post(reverse(f"{NAMES}:add"), definition)
    attribute = AttributeDefinition.objects.get()

    # the provider is asked for it, and cannot submit without it
    assert "放大倍率" in owner.get(step).text
    assert instrument.submission_problems() == {attribute.field_name: ["请填写“放大倍率（万倍）”。"]}
    owner.post(
        step, {"version": 1, f"{attribute.field_name}_low": "0.001", f"{attribute.field_name}_high": "80"}
    )
    owner.post(reverse("instruments:submit", args=[instrument.pk]), {"confirmed": "1", "version": 2})
    instrument.refresh_from_db()
    assert instrument.status == SubmissionStatus.PENDING

    # the reviewer reads it and approves
    page = judge.get(instrument.get_review_url())
    assert "0.001–80 万倍" in page.text
    judge.post(page.context["decide_url"], {"decision": "approve", **seen(instrument)})

    # the public reads, finds and filters by it
    assert "0.001–80 万倍" in client.get(instrument.get_absolute_url()).text
    assert CatalogueSearch().search(SearchQuery(text="放大倍率 80")).object_ids == [instrument.pk]
    asked = {"category": "010100", f"a{attribute.pk}_min": "50"}
    assert [one.name for one in client.get(public_list, asked).context["records"]] == ["扫描电镜"]
    assert "放大倍率（万倍）" in client.get(public_list, {"category": "010100"}).text

    # what was approved before stays approved
    older.refresh_from_db()
    assert (older.status, older.is_public) == (SubmissionStatus.APPROVED, True)

    # withdrawn, changed, submitted again: the reviewer sees the difference
    instrument = services.withdraw(record=Instrument.objects.get(pk=instrument.pk), actor=instrument.owner)
    low, high = f"{attribute.field_name}_low", f"{attribute.field_name}_high"
    owner.post(step, {"version": instrument.version, low: "0.001", high: "100"})
    instrument = services.submit(record=Instrument.objects.get(pk=instrument.pk), actor=instrument.owner)
    row = judge.get(instrument.get_review_url()).context["sections"][-1].rows[0]
    assert (row.old, row.new, row.changed) == ("0.001–80 万倍", "0.001–100 万倍", True)
    instrument = services.approve(record=instrument, actor=UserFactory(admin=True))

    # staff retire it: nobody is asked, the public does not see it, the value stays
    staff.post(reverse(f"{NAMES}:retire", args=[attribute.pk]))
    assert "0.001–100 万倍" not in client.get(instrument.get_absolute_url()).text
    assert CatalogueSearch().search(SearchQuery(text="放大倍率")).object_ids == []
    assert "放大倍率" not in client.get(public_list, {"category": "010100"}).text
    assert "放大倍率（万倍）（已停用）" in judge.get(instrument.get_review_url()).text
    instrument = services.withdraw(record=instrument, actor=instrument.owner)
    basics = reverse("instruments:step", args=[instrument.pk, "contact"])
    owner.post(
        basics, {"version": instrument.version, "contact_name": "钱进", "contact_phone": "13800001234"}
    )
    instrument.refresh_from_db()
    assert (instrument.contact_name, instrument.attributes) == ("钱进", {attribute.key: ["0.001", "100"]})

    # restored, all is as it was
    services.approve(
        record=services.submit(record=instrument, actor=instrument.owner), actor=UserFactory(admin=True)
    )
    staff.post(reverse(f"{NAMES}:restore", args=[attribute.pk]))
    assert "0.001–100 万倍" in client.get(instrument.get_absolute_url()).text
    assert [one.name for one in client.get(public_list, asked).context["records"]] == ["扫描电镜"]
